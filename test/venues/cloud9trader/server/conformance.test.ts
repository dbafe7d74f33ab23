import { describe, expect, it } from 'vitest';
import { RESERVED_NAMES } from '../../../../src/venues/cloud9trader/messages.js';
import { BTC, connectRaw, EUR, hostServer, KEY, SECRET, signUpgrade } from './server-harness.js';

const ORDERS = [
  { broker: 'BitMEX', id: '1', instrumentId: 'XBTUSD:BitMEX', quantity: '100', status: 'NEW' },
  { broker: 'FXCM', id: '1', instrumentId: EUR, quantity: '1000', status: 'FILLED' },
  { broker: 'BitMEX', id: '2', instrumentId: 'XBTUSD:BitMEX', quantity: '5', status: 'NEW' },
];

const toWire = (row: (typeof ORDERS)[number]) => ({
  ...row,
  quantity: Number(row.quantity),
  snapshot: true,
});

/** What an unmodified client of the venue needs, point by point, over a real socket. */
describe('upgrades', () => {
  it.each(['/', '/?key=PUBKEY', '/?key=anything', '/?other=1'])(
    'on %s are public',
    async (path) => {
      await using bench = await hostServer();
      await using client = await connectRaw(`${bench.wsUrl}${path}`);
      client.ask('request', 'orders', 'r1');
      expect(await client.take(1)).toEqual([
        ['r1', 'This topic needs an authenticated socket: orders'],
      ]);
    },
  );

  it('with signed headers are private, also beside a key in the address', async () => {
    await using bench = await hostServer({ account: { orders: ORDERS } });
    await using client = await connectRaw(`${bench.wsUrl}/?key=${KEY}`, signUpgrade(Date.now()));
    client.ask('request', 'orders', 'r1');
    expect((await client.take(2))[1]).toEqual(['r1', null, ORDERS.map(toWire)]);
  });

  it.each([
    ['a wrong secret', () => signUpgrade(Date.now(), { secret: 'AAECAwQFBgcICQoLDA0ODw==' })],
    ['an unknown key', () => signUpgrade(Date.now(), { key: 'OTHER' })],
    ['an old nonce', () => signUpgrade(Date.now() - 60_000)],
    ['a missing header', () => ({ 'x-c9t-key': KEY })],
    [
      'the text of the secret as the key',
      () => signUpgrade(Date.now(), { secret: Buffer.from(SECRET).toString('base64') }),
    ],
  ])('with %s get HTTP 401 before the upgrade', async (_name, makeHeaders) => {
    await using bench = await hostServer();
    await expect(connectRaw(bench.wsUrl, makeHeaders())).rejects.toThrow('HTTP 401');
    expect(bench.server.connectionCount).toBe(0);
  });

  it('signed with the same nonce twice get HTTP 401', async () => {
    await using bench = await hostServer();
    const headers = signUpgrade(Date.now());
    await using client = await connectRaw(bench.wsUrl, headers);
    await expect(connectRaw(bench.wsUrl, headers)).rejects.toThrow('HTTP 401');
    expect(client.texts.length).toBe(1);
  });

  it('with an unknown public key get HTTP 401 where keys are listed', async () => {
    await using bench = await hostServer({ publicKeys: new Set([KEY]) });
    await expect(connectRaw(`${bench.wsUrl}/?key=OTHER`)).rejects.toThrow('HTTP 401');
    await using client = await connectRaw(`${bench.wsUrl}/?key=${KEY}`);
    expect(client.extensions).toBe('');
  });

  it('on another path get HTTP 404', async () => {
    await using bench = await hostServer();
    await expect(connectRaw(`${bench.wsUrl}/ws`)).rejects.toThrow('HTTP 404');
  });
});

describe('the four instructions', () => {
  it('request, with an id: the id, no error, the data', async () => {
    await using bench = await hostServer();
    await using client = await connectRaw(bench.wsUrl);
    client.ask('request', `order-book.${BTC}`, 'aB3xZ/0');
    expect(await client.take(1)).toEqual([
      ['aB3xZ/0', null, { sequence: 100, bids: [[99, 1]], asks: [[101, 1]] }],
    ]);
  });

  it('request, without an id: the topic and the data', async () => {
    await using bench = await hostServer();
    bench.market.trade(BTC, 't1');
    bench.market.trade(BTC, 't2', 'sell');
    await using client = await connectRaw(bench.wsUrl);
    client.ask('request', `trades.${BTC}`);
    const trade = { time: '2026-08-09T21:00:00.123Z', price: 100.5, quantity: 0.1 };
    expect(await client.take(1)).toEqual([
      [
        `trades.${BTC}`,
        [
          { id: 't1', ...trade, side: 'BUY' },
          { id: 't2', ...trade, side: 'SELL' },
        ],
      ],
    ]);
  });

  it('subscribe: no acknowledgement, then one frame a change', async () => {
    await using bench = await hostServer();
    await using client = await connectRaw(bench.wsUrl);
    client.ask('subscribe', `trades.${EUR}`);
    client.ask('subscribe', `trades.${EUR}`);
    await client.sync();
    expect(client.texts).toEqual([]);
    bench.market.trade(EUR, 't1');
    bench.market.trade(BTC, 't2');
    bench.market.trade(EUR, 't3');
    const frames = await client.take(2);
    expect(frames.map((frame) => (frame as [string, { id: string }[]])[1][0]?.id)).toEqual([
      't1',
      't3',
    ]);
    await client.sync();
    expect(client.texts.length).toBe(2);
  });

  it('unsubscribe: no acknowledgement and nothing more, held or not', async () => {
    await using bench = await hostServer();
    await using client = await connectRaw(bench.wsUrl);
    client.ask('unsubscribe', `trades.${EUR}`);
    client.ask('subscribe', `trades.${EUR}`);
    client.ask('unsubscribe', `trades.${EUR}`);
    await client.sync();
    bench.market.trade(EUR, 't1');
    await client.sync();
    expect(client.texts).toEqual([]);
  });

  it('submit: refused in words, with and without an id', async () => {
    await using bench = await hostServer();
    await using client = await connectRaw(bench.wsUrl, signUpgrade(Date.now()));
    client.ask('submit', 'order', { broker: 'BitMEX' }, 'r1');
    client.ask('submit', 'order', { broker: 'BitMEX' });
    expect((await client.take(3)).slice(1)).toEqual([
      ['r1', 'Orders are not available here'],
      ['error', 'Orders are not available here'],
    ]);
  });
});

describe('bad input', () => {
  it.each([
    ['not json', ['error', 'Malformed message: one JSON array a frame is due']],
    ['{"a":1}', ['error', 'Malformed message: one JSON array a frame is due']],
    ['[]', ['error', 'Unknown instruction; there are: request, subscribe, unsubscribe, submit']],
    [
      '["ping"]',
      ['error', 'Unknown instruction; there are: request, subscribe, unsubscribe, submit'],
    ],
    ['["subscribe"]', ['error', 'Malformed message: a name is due second']],
    ['["subscribe","price.X:Y"]', ['error', 'Unknown topic "price.X:Y"']],
    ['["subscribe","order-book.*"]', ['error', 'Unknown topic "order-book.*"']],
    ['["subscribe","candles.X:Y"]', ['error', 'Unknown topic "candles.X:Y"']],
    ['["subscribe","orders"]', ['error', 'This topic needs an authenticated socket: orders']],
    ['["subscribe","logs"]', ['error', 'This topic needs an authenticated socket: logs']],
    ['["request","price.X:Y","r1"]', ['r1', 'Unknown topic "price.X:Y"']],
    ['["request","price.X:Y"]', ['error', 'Unknown topic "price.X:Y"']],
    ['["subscribe","\\u001b[31m"]', ['error', 'Unknown topic "?[31m"']],
  ])('%s is answered in words, and the socket stays open', async (text, answer) => {
    await using bench = await hostServer();
    await using client = await connectRaw(bench.wsUrl);
    client.say(text);
    expect(await client.take(1)).toEqual([answer]);
    client.ask('request', `price.${BTC}`, 'r2');
    expect((await client.take(2))[1]).toMatchObject(['r2', null, { bid: 99, ask: 101 }]);
  });

  it.each([...RESERVED_NAMES, 'orders', 'logs', `price.${BTC}`, 'x'.repeat(201), 7, {}, ''])(
    'the request id %j is not echoed as a channel',
    async (id) => {
      await using bench = await hostServer();
      await using client = await connectRaw(bench.wsUrl);
      client.ask('request', `price.${BTC}`, id);
      const [frame] = await client.take(1);
      expect(frame).toEqual([
        'error',
        'Malformed request id: a short text is due that is no name of a channel',
      ]);
    },
  );
});

describe('private topics', () => {
  it('push messages and logs unasked, on private sockets alone', async () => {
    await using bench = await hostServer();
    await using open = await connectRaw(bench.wsUrl);
    await using client = await connectRaw(bench.wsUrl, signUpgrade(Date.now()));
    bench.server.push('messages', 'Maintenance at noon');
    client.ask('subscribe', 'messages');
    expect(await client.take(2)).toEqual([
      ['logs', 'The socket is signed in'],
      ['messages', 'Maintenance at noon'],
    ]);
    for (const one of [client, open]) await one.sync();
    expect(client.texts.length).toBe(2);
    expect(open.texts).toEqual([]);
  });

  it('tell the past on subscribe, one message an exchange, and live rows unmarked', async () => {
    await using bench = await hostServer({ account: { orders: ORDERS } });
    await using client = await connectRaw(bench.wsUrl, signUpgrade(Date.now()));
    client.ask('subscribe', 'orders');
    await client.sync();
    bench.server.changeAccount('orders', [{ broker: 'FXCM', id: '2', status: 'NEW' }]);
    expect((await client.take(4)).slice(1)).toEqual([
      ['orders', [toWire(ORDERS[0]!), toWire(ORDERS[2]!)]],
      ['orders', [toWire(ORDERS[1]!)]],
      ['orders', [{ broker: 'FXCM', id: '2', status: 'NEW' }]],
    ]);
  });

  it('answer a request with an id in one message, all exchanges together', async () => {
    await using bench = await hostServer({ account: { orders: ORDERS } });
    await using client = await connectRaw(bench.wsUrl, signUpgrade(Date.now()));
    client.ask('request', 'orders', 'r1');
    client.ask('request', 'positions', 'r2');
    client.ask('request', 'orders');
    const frames = (await client.take(5)) as [string, unknown, unknown[]][];
    expect(frames[1]?.[2].length).toBe(3);
    expect(frames[2]).toEqual(['r2', null, []]);
    expect(frames.slice(3).map(([name]) => name)).toEqual(['orders', 'orders']);
  });
});

describe('books', () => {
  it('are one ordered stream: a snapshot of S, and then the change S + 1', async () => {
    await using bench = await hostServer();
    await using client = await connectRaw(bench.wsUrl);
    client.ask('subscribe', `order-book.${BTC}`);
    await client.sync();
    bench.market.move(BTC, 'bid', ['99.50', '2']);
    client.ask('request', `order-book.${BTC}`, 'r1');
    await client.take(2);
    bench.market.move(BTC, 'bid', ['99.5', '0']);
    expect(await client.take(3)).toEqual([
      [`order-book.${BTC}`, { sequence: 101, bids: [[99.5, 2]], asks: [] }],
      [
        'r1',
        null,
        {
          sequence: 101,
          bids: [
            [99.5, 2],
            [99, 1],
          ],
          asks: [[101, 1]],
        },
      ],
      [`order-book.${BTC}`, { sequence: 102, bids: [[99.5, 0]], asks: [] }],
    ]);
  });

  it('share one row of numbers among all sockets, and have one for each instrument', async () => {
    await using bench = await hostServer();
    await using one = await connectRaw(bench.wsUrl);
    await using other = await connectRaw(bench.wsUrl);
    for (const client of [one, other]) {
      client.ask('subscribe', `order-book.${BTC}`);
      await client.sync();
      bench.market.move(EUR, 'bid', ['98', '1']);
      bench.market.move(BTC, 'bid', ['98', '1']);
    }
    const sequences = (frames: readonly unknown[]): number[] =>
      (frames as [string, { sequence: number }][]).map(([, { sequence }]) => sequence);
    expect(sequences(await one.take(2))).toEqual([101, 102]);
    expect(sequences(await other.take(1))).toEqual([102]);
  });
});

describe('clients', () => {
  it('need to send nothing, and may come back as often as they like', async () => {
    await using bench = await hostServer();
    for (let round = 0; round < 20; round += 1) {
      await using client = await connectRaw(bench.wsUrl);
      expect(client.texts).toEqual([]);
    }
    await using client = await connectRaw(bench.wsUrl);
    await client.sync();
    expect(bench.server.connectionCount).toBeLessThan(21);
  });
});

describe('the two HTTP answers of the library', () => {
  it('list the instruments and their bars', async () => {
    await using bench = await hostServer();
    const candle = { open: '1', high: '3', low: '0.5', close: '2', volume: '10' };
    bench.market.tell({
      type: 'candles.changed',
      symbol: BTC,
      candles: [60, 120].map((openedAtSeconds) => ({ openedAtSeconds, ...candle })),
    });
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`${bench.httpUrl}${path}`)).json();
    expect(await get('/api/v1/instruments')).toMatchObject([
      { id: BTC, broker: 'Binance', symbol: 'BTCUSDT', dealt: 'BTC', quote: 'USDT', precision: 2 },
      { id: EUR, broker: 'FXCM', symbol: 'EUR/USD' },
    ]);
    const id = encodeURIComponent(BTC);
    expect(await get(`/historical?instrumentId=${id}&start=1970-01-01T00:01:30Z&end=`)).toEqual([
      { time: '1970-01-01T00:02:00.000Z', open: 1, high: 3, low: 0.5, close: 2, volume: 10 },
    ]);
    expect(await get('/historical?instrumentId=x')).toEqual({ error: 'Unknown instrument' });
  });
});
