import { describe, expect, it } from 'vitest';
import {
  type Reply,
  bookChange,
  connectFake,
  lastReply,
  openBooks,
  subscribeV2,
} from './server-harness.js';
import { issueToken } from './token-call.js';

const TIMES = '"time_in":"2026-08-09T21:00:00.000000Z","time_out":"2026-08-09T21:00:00.000000Z"}';
const TOKEN = '$token';

describe('protocol v2', () => {
  it('begins with the status, whose id no double holds', () => {
    const client = connectFake(openBooks().server);
    expect(client.texts).toHaveLength(1);
    const [, id = '0'] =
      /^\{"channel":"status","data":\[\{"api_version":"v2","connection_id":(\d+),"system":"online","version":"2\.0\.\d+"\}\],"type":"update"\}$/.exec(
        client.texts[0] ?? '',
      ) ?? [];
    expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
  });

  it('acknowledges each symbol, all before the first snapshot, and echoes the id', () => {
    const client = connectFake(openBooks().server);
    client.take();
    client.ask(
      subscribeV2({ channel: 'book', symbol: ['BTC/USD', 'DOGE/USD'], depth: 10 }, 12345678901),
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
    const client = connectFake(openBooks().server);
    client.take();
    client.ask(subscribeV2({ channel: 'ticker', symbol: ['WWW/USD', 'BTC/USD'] }, 0));
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
    ['an unknown channel', subscribeV2({ channel: 'books' }), 'Unsupported event'],
    [
      'params on ping, even null',
      { method: 'ping', params: null },
      "Unsupported field: 'params' for the given msg type: ping",
    ],
    [
      'an unknown field',
      subscribeV2({ channel: 'book', symbol: ['BTC/USD'], warnings: [] }),
      "Unsupported field: 'warnings' for the given msg type: subscribe",
    ],
    [
      'an unknown field beside params',
      { ...subscribeV2({ channel: 'book', symbol: ['BTC/USD'] }), reqid: 1 },
      "Unsupported field: 'reqid' for the given msg type: subscribe",
    ],
    [
      'a token where none belongs',
      subscribeV2({ channel: 'book', symbol: ['BTC/USD'], token: 'x' }),
      "Unsupported field: 'token' for the given msg type: subscribe",
    ],
    ['no params', { method: 'subscribe' }, 'Params field must be an object'],
    [
      'a request id in quotes',
      { method: 'ping', req_id: '1' },
      'Req_id field must be a number_integer',
    ],
    ['no symbol', subscribeV2({ channel: 'book' }), 'Symbol(s) not found'],
    [
      'a bare symbol',
      subscribeV2({ channel: 'book', symbol: 'BTC/USD' }),
      'Symbol field must be an array',
    ],
    [
      'a depth in quotes',
      subscribeV2({ channel: 'book', symbol: ['BTC/USD'], depth: '10' }),
      'Depth field must be a number_float',
      'BTC/USD',
    ],
    [
      'a depth that is not offered',
      subscribeV2({ channel: 'book', symbol: ['BTC/USD'], depth: 42 }),
      'Subscription depth not supported',
      'BTC/USD',
    ],
    [
      'an interval that is not offered',
      subscribeV2({ channel: 'ohlc', symbol: ['BTC/USD'], interval: 2 }),
      'Subscription ohlc interval not supported',
      'BTC/USD',
    ],
    [
      'the name of v1',
      subscribeV2({ channel: 'book', symbol: ['XBT/USD'] }),
      'Currency pair not supported XBT/USD',
      'XBT/USD',
    ],
    ['no token', subscribeV2({ channel: 'level3', symbol: ['BTC/USD'] }), 'Token(s) not found'],
    ['no token for an order', { method: 'add_order', params: {} }, 'Token(s) not found'],
    [
      'a bad token',
      subscribeV2({ channel: 'level3', symbol: ['BTC/USD'], token: 'bad' }),
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
  it.each(refusals)('refuses %s', (...row) => {
    const [, message, error, symbol] = row;
    const { server } = openBooks();
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
    const client = connectFake(openBooks().server);
    client.ask(subscribeV2({ channel: 'book', symbol: ['BTC/USD'], depth: 10 }));
    client.take();
    client.ask(subscribeV2({ channel: 'book', symbol: ['BTC/USD'], depth: 25 }));
    expect(client.take()).toHaveLength(1);
    expect(lastReply(client)).toMatchObject({ error: 'Already subscribed', symbol: 'BTC/USD' });
  });

  it('ends a book and begins it anew with a fresh snapshot', () => {
    const { server, tell } = openBooks();
    const client = connectFake(server);
    client.ask(subscribeV2({ channel: 'book', symbol: ['BTC/USD'], depth: 25 }));
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
    client.ask(subscribeV2(params));
    expect(client.take()[1]).toContain('"bids":[{"price":100.0,"qty":9.00000000}');
  });

  it('sends no snapshot where none is wanted, and then every update', () => {
    const { server, tell } = openBooks();
    const client = connectFake(server);
    client.ask(subscribeV2({ channel: 'book', symbol: ['BTC/USD'], snapshot: false }));
    expect(client.take().at(-1)).toContain('"snapshot":false');
    tell(bookChange('BTC/USD', ['bid 100 9']));
    expect(client.take()[0]).toContain('"type":"update"');
  });

  it('answers a ping without a word of success, the digits of its id as they are', () => {
    const client = connectFake(openBooks().server);
    client.ask('{"method":"ping","req_id":12393906104898154338}');
    expect(client.texts.at(-1)).toBe(`{"method":"pong","req_id":12393906104898154338,${TIMES}`);
  });

  it('beats once a second from the first subscription on, whatever else is sent', async () => {
    const { server, tell, time } = openBooks();
    const client = connectFake(server);
    const beats = (): number =>
      client.texts.filter((text) => text === '{"channel":"heartbeat"}').length;
    await time.advance(5_000);
    expect(beats()).toBe(0);
    client.ask(subscribeV2({ channel: 'book', symbol: ['WWW/USD'] }));
    await time.advance(5_000);
    expect(beats()).toBe(0);
    client.ask(subscribeV2({ channel: 'book', symbol: ['BTC/USD'] }));
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
