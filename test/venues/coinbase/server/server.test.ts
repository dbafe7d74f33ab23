import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { MarketLevel } from '../../../../src/model/exchange.js';
import { connectFake, openScripted, openSynthetic, type FakeClient } from './server-harness.js';

const subscribe = (channel: string, ...products: string[]) => ({
  type: 'subscribe',
  channel,
  product_ids: products,
});

const bid = (price: string, size: string): MarketLevel => ({ side: 'bid', price, size });
const ask = (price: string, size: string): MarketLevel => ({ side: 'ask', price, size });
const change = (time: string, ...levels: MarketLevel[]) =>
  ({ type: 'book.changed', symbol: 'BTC-USD', snapshot: false, time, levels }) as const;
const ticker = (last: string) =>
  ({ type: 'ticker.changed', symbol: 'BTC-USD', ticker: { last, bid: '9', ask: '11' } }) as const;
const trade = (tradeId: string) =>
  ({
    type: 'trades.printed',
    symbol: 'BTC-USD',
    trades: [{ tradeId, price: '10', size: '1', side: 'buy', time: '2026-08-09T21:00:00Z' }],
  }) as const;

const ofChannel = (client: FakeClient, channel: string) =>
  client.frames().filter((one) => one.channel === channel);

describe('level2', () => {
  it('merges 50 ms: last value per level, bids high to low, then offers low to high', async () => {
    const { server, time, tell } = openScripted();
    const client = connectFake(server);
    tell(change('2026-08-09T21:00:00Z', bid('9', '1'), ask('11', '1')));
    client.ask(subscribe('level2', 'BTC-USD'));
    client.texts.length = 0;
    tell(change('2026-08-09T21:00:01Z', ask('12', '3'), bid('8', '2')));
    tell(change('2026-08-09T21:00:02Z', bid('9', '5'), bid('9.5', '1'), ask('11.5', '7')));
    tell(change('2026-08-09T21:00:03.5Z', bid('9', '6'), bid('9.5', '0')));
    await time.advance(49);
    expect(client.texts).toEqual([]);
    await time.advance(1);
    expect(client.texts).toHaveLength(1);
    const [event] = client.frames()[0]?.events ?? [];
    const level = (side: string, price: string, size: string) => ({
      side,
      event_time: '2026-08-09T21:00:03.5Z',
      price_level: price,
      new_quantity: size,
    });
    expect(event).toEqual({
      type: 'update',
      product_id: 'BTC-USD',
      updates: [
        // Born and gone within the window: sent all the same, as the venue does.
        level('bid', '9.5', '0'),
        level('bid', '9', '6'),
        level('bid', '8', '2'),
        level('offer', '11.5', '7'),
        level('offer', '12', '3'),
      ],
    });
  });

  it('leaves no seam for a late joiner', async () => {
    const { server, time, tell } = openScripted();
    const early = connectFake(server);
    const late = connectFake(server);
    early.ask(subscribe('level2', 'BTC-USD'));
    tell(change('2026-08-09T21:00:01Z', bid('9', '1')));
    late.ask(subscribe('level2', 'BTC-USD'));
    // The pending change went to the early one at once and is in the snapshot of the late one.
    expect(ofChannel(early, 'l2_data').map((one) => one.events[0]?.type)).toEqual(['update']);
    expect(ofChannel(late, 'l2_data').map((one) => one.events[0]?.type)).toEqual(['snapshot']);
    await time.advance(100);
    expect(ofChannel(late, 'l2_data')).toHaveLength(1);
  });

  it('writes numbers without trailing zeros', () => {
    const { server, tell } = openScripted();
    tell(change('2026-08-09T21:00:00Z', bid('10.10', '0.50000000'), ask('100', '20.000')));
    const client = connectFake(server);
    client.ask(subscribe('level2', 'BTC-USD'));
    expect(client.texts[0]).toContain('"price_level":"10.1","new_quantity":"0.5"');
    expect(client.texts[0]).toContain('"price_level":"100","new_quantity":"20"');
  });
});

describe('the other channels', () => {
  it('merges trades for 100 ms, newest first, with the side of the maker', async () => {
    const { server, time, tell } = openScripted();
    const client = connectFake(server);
    client.ask(subscribe('market_trades', 'BTC-USD'));
    client.texts.length = 0;
    tell(trade('1'));
    await time.advance(60);
    tell(trade('2'));
    await time.advance(39);
    expect(client.texts).toEqual([]);
    await time.advance(1);
    const [event] = client.frames()[0]?.events ?? [];
    expect(event?.trades).toMatchObject([
      { trade_id: '2', side: 'SELL' },
      { trade_id: '1', side: 'SELL' },
    ]);
  });

  it('sends the ticker on a trade at once, and otherwise on a grid of 250 ms', async () => {
    const { server, time, tell } = openScripted();
    const client = connectFake(server);
    client.ask(subscribe('ticker', 'BTC-USD'));
    client.texts.length = 0;
    await time.advance(100);
    tell(ticker('10'));
    await time.advance(149);
    expect(client.texts).toEqual([]);
    await time.advance(1);
    expect(client.texts).toHaveLength(1);
    tell(trade('1'));
    tell(ticker('11'));
    expect(client.texts).toHaveLength(2);
    expect(client.frames()[1]?.events[0]).toMatchObject({ tickers: [{ price: '11' }] });
  });

  it('sends ticker_batch each 5 s, without the touch', async () => {
    const { server, time, tell } = openScripted();
    const client = connectFake(server);
    client.ask(subscribe('ticker_batch', 'BTC-USD'));
    client.texts.length = 0;
    tell(ticker('10'));
    tell(ticker('11'));
    await time.advance(5_000);
    expect(client.texts).toHaveLength(1);
    expect(client.texts[0]).toContain('"price":"11"');
    expect(client.texts[0]).not.toContain('best_bid');
  });

  it('beats each second of its own life, whatever the timers do', async () => {
    const { server, time } = openScripted();
    const client = connectFake(server);
    client.ask(subscribe('heartbeats'));
    await time.advance(10_000);
    const counters = ofChannel(client, 'heartbeats').map((one) => one.events[0]?.heartbeat_counter);
    expect(counters).toHaveLength(10);
    counters.forEach((one, index) => expect(one).toBe(Number(counters[0]) + index));
  });

  it('lists the products asked for on status, or all', () => {
    const { server } = openScripted();
    const client = connectFake(server);
    client.ask({ type: 'subscribe', channel: 'status' });
    expect(client.frames()[0]).toMatchObject({
      channel: 'status',
      events: [{ type: 'snapshot', products: [{ id: 'BTC-USD', display_name: 'BTC/USD' }] }],
    });
  });

  it('narrows the user channel to the products that were named', () => {
    const { server, tell } = openScripted();
    const order = (id: string, product: string) => ({
      order_id: id,
      product_id: product,
      status: 'OPEN',
    });
    tell({ type: 'orders.changed', orders: [order('1', 'BTC-USD'), order('2', 'NEAR-USDC')] });
    const client = connectFake(server, '/user');
    client.ask({ ...subscribe('user', 'NEAR-USDC'), jwt: 'good' });
    expect(client.frames()[0]?.events[0]).toMatchObject({ orders: [{ order_id: '2' }] });
    expect(client.frames()[1]?.events[0]).toEqual({ subscriptions: { user: ['user-1'] } });
    tell({ type: 'orders.changed', orders: [order('3', 'BTC-USD')] });
    expect(client.texts).toHaveLength(2);
    expect(client.texts[0]).toMatch(/^\{"channel":"user","client_id":"",/);
  });

  it('reports the same order twice where that is asked for', () => {
    const { server, tell } = openScripted({ rules: [{ fault: 'user-update-twice', at: {} }] });
    const client = connectFake(server);
    client.ask({ ...subscribe('user'), jwt: 'good' });
    const order = { order_id: '1', product_id: 'BTC-USD', status: 'FILLED' };
    tell({ type: 'orders.changed', orders: [order] });
    const updates = ofChannel(client, 'user').slice(1);
    expect(updates.map((one) => one.sequence_num)).toEqual([2, 3]);
    expect(updates[0]?.events).toEqual(updates[1]?.events);
  });
});

describe('the life of a connection', () => {
  it('ends after 5 s without a subscription, and not before', async () => {
    const { server, time } = openScripted();
    const idle = connectFake(server);
    const busy = connectFake(server);
    busy.ask(subscribe('heartbeats'));
    await time.advance(4_999);
    expect(idle.ending()).toBe('open');
    await time.advance(1);
    expect(idle.ending()).toBe('closed 1008');
    await time.advance(60_000);
    expect(busy.ending()).toBe('open');
  });

  it('ends after 90 s of quiet, unless heartbeats are held', async () => {
    const { server, time } = openScripted();
    const quiet = connectFake(server);
    const beating = connectFake(server);
    quiet.ask(subscribe('candles', 'BTC-USD'));
    beating.ask(subscribe('heartbeats'));
    await time.advance(89_000);
    expect(quiet.ending()).toBe('open');
    await time.advance(2_000);
    expect(quiet.ending()).toBe('terminated');
    expect(beating.ending()).toBe('open');
  });

  it('is cut when it leaves too much unread', async () => {
    const { server, time } = openScripted({ limits: { maxBufferedBytes: 1_000 } });
    const client = connectFake(server);
    client.ask(subscribe('heartbeats'));
    client.buffered = 1_000;
    await time.advance(1_000);
    expect(client.ending()).toBe('open');
    client.buffered = 1_001;
    await time.advance(1_000);
    expect(client.ending()).toBe('terminated');
    expect(server.connectionCount).toBe(0);
  });

  it('lets nine messages pass in two seconds, and none with a token is counted', async () => {
    const { server, time } = openScripted();
    const client = connectFake(server);
    for (let count = 0; count < 8; count += 1) client.ask(subscribe('heartbeats'));
    for (let count = 0; count < 20; count += 1) {
      client.ask({ ...subscribe('heartbeats'), jwt: 'good' });
    }
    expect(client.texts).toHaveLength(28);
    client.ask(subscribe('heartbeats'));
    expect(client.texts.at(-1)).toContain('rate limit exceeded');
    await time.advance(1_000);
    client.ask(subscribe('heartbeats'));
    expect(client.texts.at(-1)).toContain('"subscriptions"');
  });

  it('leaves no timer behind when it is closed', async () => {
    const { server, time, market } = openSynthetic(1);
    const client = connectFake(server);
    client.ask(subscribe('level2', 'BTC-USD'));
    await time.advance(500);
    expect(client.texts.length).toBeGreaterThan(5);
    server.close();
    market.close();
    expect(client.ending()).toBe('closed 1001');
    expect(time.armedCount).toBe(0);
  });
});

describe('the random market', () => {
  const run = async (seed: number): Promise<string> => {
    const { server, time } = openSynthetic(seed);
    const client = connectFake(server);
    for (const channel of ['level2', 'market_trades', 'ticker', 'candles', 'heartbeats']) {
      client.ask(subscribe(channel, 'BTC-USD', 'SHIB-USD', 'XRP-USD'));
    }
    await time.advance(15_000);
    server.close();
    const numbers = client.frames().map((one) => one.sequence_num);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(numbers.length).toBeGreaterThan(300);
    for (const text of client.texts) expect(text).not.toMatch(/"-?\d+(\.\d+)?e/i);
    return createHash('sha256').update(client.texts.join('\n')).digest('hex');
  };

  it('gives the same bytes for the same seed, and others for another', async () => {
    expect(await run(7)).toBe(await run(7));
    expect(await run(8)).not.toBe(await run(7));
  });
});
