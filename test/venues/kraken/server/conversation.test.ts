import { describe, expect, it } from 'vitest';
import {
  bookChange,
  connectFake,
  ladder,
  openScripted,
  requestOf,
  type FakeClient,
} from './server-harness.js';
import { issueToken } from './token-call.js';

const TIMES = '"time_in":"2026-08-09T21:00:00.000000Z","time_out":"2026-08-09T21:00:00.000000Z"}';
const TOKEN = '$token';

function open() {
  const opened = openScripted();
  opened.tell(ladder('BTC/USD', 12));
  opened.tell(ladder('DOGE/USD', 12));
  return opened;
}

function subscribe(params: object, requestId?: number): object {
  return { method: 'subscribe', params, ...(requestId !== undefined && { req_id: requestId }) };
}

interface Reply {
  readonly error?: string;
  readonly method?: string;
  readonly req_id?: number;
  readonly success?: boolean;
  readonly symbol?: string;
}

/** The last reply, without its times. */
function lastReply(client: FakeClient): Reply {
  const { time_in, time_out, ...rest } = JSON.parse(client.texts.at(-1) ?? '{}') as Record<
    string,
    unknown
  >;
  expect([time_in, time_out]).toEqual([expect.any(String), expect.any(String)]);
  return rest;
}

describe('protocol v2', () => {
  it('begins with the status, whose id no double holds', () => {
    const client = connectFake(open().server);
    expect(client.texts).toHaveLength(1);
    const [, id = '0'] =
      /^\{"channel":"status","data":\[\{"api_version":"v2","connection_id":(\d+),"system":"online","version":"2\.0\.\d+"\}\],"type":"update"\}$/.exec(
        client.texts[0] ?? '',
      ) ?? [];
    expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
  });

  it('acknowledges each symbol, all before the first snapshot, and echoes the id', () => {
    const client = connectFake(open().server);
    client.take();
    client.ask(
      subscribe({ channel: 'book', symbol: ['BTC/USD', 'DOGE/USD'], depth: 10 }, 12345678901),
    );
    const texts = client.take();
    expect(texts.slice(0, 2)).toEqual(
      ['BTC/USD', 'DOGE/USD'].map(
        (symbol) =>
          '{"method":"subscribe","req_id":12345678901,"result":{"channel":"book","depth":10,' +
          `"snapshot":true,"symbol":"${symbol}"},"success":true,${TIMES}`,
      ),
    );
    expect(texts.slice(2).map((text) => text.slice(0, 38))).toEqual([
      '{"channel":"book","type":"snapshot","d',
      '{"channel":"book","type":"snapshot","d',
    ]);
  });

  it('refuses the symbols that fail and serves the others', () => {
    const client = connectFake(open().server);
    client.take();
    client.ask(subscribe({ channel: 'ticker', symbol: ['WWW/USD', 'BTC/USD'] }, 0));
    const [refusal, ack] = client.take();
    expect(refusal).toBe(
      '{"error":"Currency pair not supported WWW/USD","method":"subscribe","req_id":0,' +
        `"success":false,"symbol":"WWW/USD",${TIMES}`,
    );
    expect(ack).toContain('"result":{"channel":"ticker","event_trigger":"trades","snapshot":true');
  });

  const refusals: readonly (readonly [string, object | string, string, string?])[] = [
    ['a broken message', '{"method":', 'Malformed request'],
    ['an array', '[]', 'Malformed request'],
    ['an unknown method', { method: 'hello' }, 'Unsupported event'],
    ['no method', {}, 'Unsupported event'],
    ['an unknown channel', subscribe({ channel: 'books' }), 'Unsupported event'],
    [
      'params on ping, even null',
      { method: 'ping', params: null },
      "Unsupported field: 'params' for the given msg type: ping",
    ],
    [
      'an unknown field',
      subscribe({ channel: 'book', symbol: ['BTC/USD'], warnings: [] }),
      "Unsupported field: 'warnings' for the given msg type: subscribe",
    ],
    [
      'an unknown field beside params',
      { ...subscribe({ channel: 'book', symbol: ['BTC/USD'] }), reqid: 1 },
      "Unsupported field: 'reqid' for the given msg type: subscribe",
    ],
    [
      'a token where none belongs',
      subscribe({ channel: 'book', symbol: ['BTC/USD'], token: 'x' }),
      "Unsupported field: 'token' for the given msg type: subscribe",
    ],
    ['no params', { method: 'subscribe' }, 'Params field must be an object'],
    [
      'a request id in quotes',
      { method: 'ping', req_id: '1' },
      'Req_id field must be a number_integer',
    ],
    ['no symbol', subscribe({ channel: 'book' }), 'Symbol(s) not found'],
    [
      'a bare symbol',
      subscribe({ channel: 'book', symbol: 'BTC/USD' }),
      'Symbol field must be an array',
    ],
    [
      'a depth in quotes',
      subscribe({ channel: 'book', symbol: ['BTC/USD'], depth: '10' }),
      'Depth field must be a number_float',
      'BTC/USD',
    ],
    [
      'a depth that is not offered',
      subscribe({ channel: 'book', symbol: ['BTC/USD'], depth: 42 }),
      'Subscription depth not supported',
      'BTC/USD',
    ],
    [
      'an interval that is not offered',
      subscribe({ channel: 'ohlc', symbol: ['BTC/USD'], interval: 2 }),
      'Subscription ohlc interval not supported',
      'BTC/USD',
    ],
    [
      'the name of v1',
      subscribe({ channel: 'book', symbol: ['XBT/USD'] }),
      'Currency pair not supported XBT/USD',
      'XBT/USD',
    ],
    ['no token', subscribe({ channel: 'level3', symbol: ['BTC/USD'] }), 'Token(s) not found'],
    ['no token for an order', { method: 'add_order', params: {} }, 'Token(s) not found'],
    [
      'a bad token',
      subscribe({ channel: 'level3', symbol: ['BTC/USD'], token: 'bad' }),
      'ESession:Invalid session',
      'BTC/USD',
    ],
    [
      'a bad token for an order',
      { method: 'add_order', params: { token: 'bad' } },
      'ESession:Invalid session',
    ],
    [
      'an order, with a token',
      { method: 'cancel_all', params: { token: TOKEN } },
      'EGeneral:Permission denied',
    ],
    [
      'the end of what was never begun',
      { method: 'unsubscribe', params: { channel: 'trade', symbol: ['BTC/USD'] } },
      'Subscription not found',
      'BTC/USD',
    ],
  ];
  it.each(refusals)('refuses %s', (_, message, error, symbol) => {
    const { server } = open();
    const client = connectFake(server);
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    client.ask(text.replace(TOKEN, issueToken(server)));
    const method = typeof message === 'string' ? undefined : (message as Reply).method;
    expect(lastReply(client)).toEqual({
      error,
      success: false,
      ...(method !== undefined && { method }),
      ...(symbol !== undefined && { symbol }),
    });
    expect(client.ending()).toBe('open');
  });

  it('keeps one book of a pair, at whatever depth, and sends no other snapshot', () => {
    const client = connectFake(open().server);
    client.ask(subscribe({ channel: 'book', symbol: ['BTC/USD'], depth: 10 }));
    client.take();
    client.ask(subscribe({ channel: 'book', symbol: ['BTC/USD'], depth: 25 }));
    expect(client.take()).toHaveLength(1);
    expect(lastReply(client)).toMatchObject({ error: 'Already subscribed', symbol: 'BTC/USD' });
  });

  it('ends a book and begins it anew with a fresh snapshot', () => {
    const { server, tell } = open();
    const client = connectFake(server);
    client.ask(subscribe({ channel: 'book', symbol: ['BTC/USD'], depth: 25 }));
    client.ask({
      method: 'unsubscribe',
      params: { channel: 'book', symbol: ['BTC/USD'], depth: 10 },
    });
    expect(lastReply(client).error).toBe('Subscription not found');
    const params = { channel: 'book', symbol: ['BTC/USD'], depth: 25 };
    client.ask({ method: 'unsubscribe', params, req_id: 3 });
    expect(client.texts.at(-1)).toBe(
      '{"method":"unsubscribe","req_id":3,"result":{"channel":"book","depth":25,' +
        `"symbol":"BTC/USD"},"success":true,${TIMES}`,
    );
    client.take();
    tell(bookChange('BTC/USD', ['bid 100 9']));
    expect(client.take()).toEqual([]);
    client.ask(subscribe(params));
    expect(client.take()[1]).toContain('"bids":[{"price":100.0,"qty":9.00000000}');
  });

  it('sends no snapshot where none is wanted, and then every update', () => {
    const { server, tell } = open();
    const client = connectFake(server);
    client.ask(subscribe({ channel: 'book', symbol: ['BTC/USD'], snapshot: false }));
    expect(client.take().at(-1)).toContain('"snapshot":false');
    tell(bookChange('BTC/USD', ['bid 100 9']));
    expect(client.take()[0]).toContain('"type":"update"');
  });

  it('answers a ping without a word of success, the digits of its id as they are', () => {
    const client = connectFake(open().server);
    client.ask('{"method":"ping","req_id":12393906104898154338}');
    expect(client.texts.at(-1)).toBe(`{"method":"pong","req_id":12393906104898154338,${TIMES}`);
  });

  it('beats once a second from the first subscription on, whatever else is sent', async () => {
    const { server, tell, time } = open();
    const client = connectFake(server);
    const beats = (): number =>
      client.texts.filter((text) => text === '{"channel":"heartbeat"}').length;
    await time.advance(5_000);
    expect(beats()).toBe(0);
    client.ask(subscribe({ channel: 'book', symbol: ['WWW/USD'] }));
    await time.advance(5_000);
    expect(beats()).toBe(0);
    client.ask(subscribe({ channel: 'book', symbol: ['BTC/USD'] }));
    for (let step = 0; step < 100; step += 1) {
      tell(bookChange('BTC/USD', [`bid 100 ${step + 1}`]));
      await time.advance(100);
    }
    expect(beats()).toBe(10);
    client.leave();
    await time.advance(5_000);
    expect(time.armedCount).toBe(0);
  });
});

describe('protocol v1', () => {
  const ask = (pair: unknown, subscription: unknown, more: object = {}): object => ({
    event: 'subscribe',
    pair,
    subscription,
    ...more,
  });

  it('begins with the status and tells of each pair', () => {
    const client = connectFake(open().server, { path: '/' });
    expect(client.take()[0]).toMatch(
      /^\{"connectionID":\d{19,20},"event":"systemStatus","status":"online","version":"[\d.]+"\}$/,
    );
    client.ask(ask(['XBT/USD', 'XDG/USD'], { name: 'book', depth: 25 }, { reqid: 7 }));
    const texts = client.take();
    expect(texts[0]).toMatch(
      /^\{"channelID":\d+,"channelName":"book-25","event":"subscriptionStatus","pair":"XBT\/USD","status":"subscribed","subscription":\{"depth":25,"name":"book"\},"reqid":7\}$/,
    );
    expect(texts[1]).toContain('"pair":"XDG/USD","status":"subscribed"');
    expect(texts.slice(2).map((text) => text.slice(-22))).toEqual([
      ']},"book-25","XBT/USD"]'.slice(-22),
      ']},"book-25","XDG/USD"]'.slice(-22),
    ]);
  });

  it('answers a ping and beats once a second', async () => {
    const { server, time } = open();
    const client = connectFake(server, { path: '/auth' });
    client.take();
    client.ask({ event: 'ping', reqid: 42 });
    client.ask({ event: 'ping' });
    expect(client.take()).toEqual(['{"event":"pong","reqid":42}', '{"event":"pong"}']);
    client.ask(ask(['XBT/USD'], { name: 'trade' }));
    client.take();
    await time.advance(2_500);
    expect(client.take()).toEqual(['{"event":"heartbeat"}', '{"event":"heartbeat"}']);
  });

  const errors: readonly (readonly [string, object | string, string])[] = [
    ['a broken message', 'nonsense', 'Malformed request'],
    ['no event', {}, 'Event(s) not found'],
    ['an unknown event', { event: 'hello' }, 'Unsupported event'],
    [
      'no subscription',
      { event: 'subscribe', pair: ['XBT/USD'] },
      'Subscription field must be an object',
    ],
  ];
  it.each(errors)('tells of %s as an error', (_, message, errorMessage) => {
    const client = connectFake(open().server, { path: '/' });
    client.ask(message);
    expect(JSON.parse(client.texts.at(-1) ?? '')).toEqual({ event: 'error', errorMessage });
  });

  const refusals: readonly (readonly [string, object, string])[] = [
    ['an unknown name', ask(['XBT/USD'], { name: 'books' }), 'Subscription name invalid'],
    [
      'a depth that is not offered',
      ask(['XBT/USD'], { name: 'book', depth: 42 }),
      'Subscription depth not supported',
    ],
    [
      'a depth in quotes',
      ask(['XBT/USD'], { name: 'book', depth: '10' }),
      'Subscription book depth must be an integer',
    ],
    [
      'an odd interval',
      ask(['XBT/USD'], { name: 'ohlc', interval: 2 }),
      'Subscription ohlc interval not supported',
    ],
    [
      'an interval in quotes',
      ask(['XBT/USD'], { name: 'ohlc', interval: '5' }),
      'Subscription ohlc interval must be an integer',
    ],
    [
      'an unknown field',
      ask(['XBT/USD'], { name: 'book', color: 1 }),
      'Subscription object unsupported field',
    ],
    ['a bare pair', ask('XBT/USD', { name: 'book' }), 'Pair field must be an array'],
    ['no pair', ask(undefined, { name: 'book' }), 'Pair(s) not found'],
    ['the name of v2', ask(['BTC/USD'], { name: 'book' }), 'Currency pair not supported BTC/USD'],
    [
      'a pair without a slash',
      ask(['XBTUSD'], { name: 'book' }),
      'Currency pair not in ISO 4217-A3 format XBTUSD',
    ],
    [
      'a pair on a private name',
      ask(['XBT/USD'], { name: 'openOrders', token: 'x' }),
      'Pair field unsupported for this subscription type',
    ],
    ['no token', ask(undefined, { name: 'openOrders' }), 'Token(s) not found'],
    ['a bad token', ask(undefined, { name: 'openOrders', token: 'x' }), 'ESession:Invalid session'],
  ];
  it.each(refusals)('refuses %s', (_, message, errorMessage) => {
    const client = connectFake(open().server, { path: '/' });
    client.ask(message);
    expect(JSON.parse(client.texts.at(-1) ?? '')).toMatchObject({
      ...{ errorMessage, event: 'subscriptionStatus', status: 'error' },
    });
    expect(client.texts.at(-1)).not.toContain('token');
  });

  it('opens private names with a token, and refuses a second book of a pair', () => {
    const { server } = open();
    const client = connectFake(server, { path: '/auth' });
    client.ask(ask(undefined, { name: 'openOrders', token: issueToken(server) }));
    expect(client.texts.slice(-2)).toEqual([
      '{"channelName":"openOrders","event":"subscriptionStatus","status":"subscribed",' +
        '"subscription":{"name":"openOrders"}}',
      '[[],"openOrders",{"sequence":1}]',
    ]);
    client.ask(ask(['XBT/USD'], { name: 'book', depth: 10 }));
    client.ask(ask(['XBT/USD'], { name: 'book', depth: 25 }));
    expect(client.texts.at(-1)).toContain('"errorMessage":"Already subscribed"');
    client.ask({
      event: 'unsubscribe',
      pair: ['XBT/USD'],
      subscription: { name: 'book', depth: 10 },
    });
    expect(client.texts.at(-1)).toContain('"status":"unsubscribed"');
  });
});

describe('connections', () => {
  it('echoes the first subprotocol that is offered, and agrees to no compression', () => {
    const { server } = open();
    expect(server.onUpgrade(requestOf({ subprotocols: 'v1, v2' }))).toMatchObject({
      ...{ kind: 'accept', subprotocol: 'v1', compression: false },
    });
    expect(server.onUpgrade(requestOf({}))).not.toHaveProperty('subprotocol');
    expect(server.onUpgrade(requestOf({ path: '/v3' }))).toMatchObject({ status: 404 });
  });

  it('bans an address for the length of the window after 150 attempts, and no other', async () => {
    const { server, time } = open();
    const dial = (address: string): string => server.onUpgrade(requestOf({ address })).kind;
    for (let attempt = 0; attempt < 150; attempt += 1) expect(dial('10.0.0.1')).toBe('accept');
    expect(dial('10.0.0.1')).toBe('refuse');
    expect(dial('10.0.0.2')).toBe('accept');
    await time.advance(599_000);
    expect(dial('10.0.0.1')).toBe('refuse');
    await time.advance(2_000);
    expect(dial('10.0.0.1')).toBe('accept');
  });

  it('refuses what comes too fast, and serves the same connection a moment later', async () => {
    const { server, time } = open();
    const client = connectFake(server);
    for (let count = 1; count <= 21; count += 1) client.ask({ method: 'ping', req_id: count });
    expect(client.texts.filter((text) => text.includes('"pong"'))).toHaveLength(20);
    expect(lastReply(client)).toEqual({
      ...{ error: 'Exceeded msg rate', method: 'ping', req_id: 21, success: false },
    });
    await time.advance(1_000);
    client.ask({ method: 'ping' });
    expect(client.texts.at(-1)).toContain('"pong"');
  });

  it('closes a connection that holds nothing and asks nothing for a minute', async () => {
    const { server, time } = open();
    const [idle, asking, holding] = [connectFake(server), connectFake(server), connectFake(server)];
    holding?.ask(subscribe({ channel: 'book', symbol: ['BTC/USD'] }));
    for (let count = 0; count < 4; count += 1) {
      await time.advance(30_000);
      asking?.ask({ method: 'ping' });
    }
    expect(idle?.ending()).toMatch(/^closed 1000/);
    expect([asking?.ending(), holding?.ending()]).toEqual(['open', 'open']);
  });

  it('cuts a client that reads too slowly', () => {
    const { server, tell } = open();
    const client = connectFake(server);
    client.ask(subscribe({ channel: 'book', symbol: ['BTC/USD'] }));
    client.buffered = 33 * 1024 * 1024;
    tell(bookChange('BTC/USD', ['bid 100 9']));
    expect(client.ending()).toBe('terminated');
  });
});
