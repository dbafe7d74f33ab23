import { describe, expect, it } from 'vitest';
import type { OrderReport } from '../../src/model/account.js';
import type { Candle, Instrument } from '../../src/model/market.js';
import type { VenueMessage } from '../../src/model/message.js';
import { createFakeVenue } from '../doubles/fake-venue.js';
import { FeedBench, makeTrade } from './feed-bench.js';

const credentials = { key: 'k' };

function order(orderId: string, status: OrderReport['status']): OrderReport {
  return {
    orderId,
    symbol: 'A',
    side: 'buy',
    status,
    venueStatus: status.toUpperCase(),
    venueFields: {},
  };
}

async function open(channel: string, symbols?: readonly string[]) {
  const bench = new FeedBench({ credentials, subscriptions: [{ channel, symbols }] });
  await bench.goLive();
  const served = bench.market.served.at(-1);
  if (!served) throw new Error('Nothing was dialled.');
  const say = (message: VenueMessage, at = bench.market.tick()): void =>
    served.exchange.send({ say: 'message', channel, message, at });
  return { bench, say, ...served };
}

describe('trades', () => {
  it('are history first, then printed once, under every name', async () => {
    const { bench } = await open('trades', ['A', 'A-ALIAS']);
    expect(
      bench.ofType('trades.listed').map(({ symbol, trades }) => [symbol, trades.length]),
    ).toEqual([
      ['A', 10],
      ['A-ALIAS', 10],
    ]);
    bench.market.trade('A', 2);
    const printed = bench.ofType('trade.printed');
    expect(printed.map(({ symbol, tradeId, recovered }) => [symbol, tradeId, recovered])).toEqual([
      ['A', '101', false],
      ['A-ALIAS', '101', false],
      ['A', '102', false],
      ['A-ALIAS', '102', false],
    ]);
    expect(printed[0]?.venueAtMs).toBe(101);
    await bench.feed.close();
  });

  it('that were lost in a frame are fetched and marked', async () => {
    const { bench, exchange } = await open('trades', ['A']);
    bench.tell();
    bench.market.trade('A', 3, () => (exchange.loseFrame(), false));
    bench.market.trade('A', 1);
    expect(bench.ofType('trades.gapped')).toMatchObject([
      { expected: '101', received: '104', missing: 3 },
    ]);
    await bench.run(1_000);
    const printed = bench.ofType('trade.printed');
    expect(printed.map(({ tradeId, recovered }) => [tradeId, recovered])).toEqual([
      ['104', false],
      ['101', true],
      ['102', true],
      ['103', true],
    ]);
    expect(bench.feed.status().counters).toMatchObject({ tradesMissing: 3, tradesRecovered: 3 });
    await bench.run(10_000);
    expect(bench.ofType('trade.printed')).toHaveLength(4);
    await bench.feed.close();
  });

  it('missing from the venue itself, with no frame lost, are looked for as well', async () => {
    const { bench, say } = await open('trades', ['A']);
    bench.market.lastTradeIds.set('A', 102);
    say({ type: 'trades.update', symbol: 'A', trades: [makeTrade(102)] });
    expect(bench.ofType('trades.gapped')).toHaveLength(1);
    expect(bench.ofType('sequence.gapped')).toHaveLength(0);
    await bench.run(1_000);
    expect(bench.ofType('trade.printed').map(({ tradeId }) => tradeId)).toEqual(['102', '101']);
    await bench.feed.close();
  });

  it('made while the socket was gone are printed as recovered', async () => {
    const { bench, socket } = await open('trades', ['A']);
    socket.closed({ code: 1001 });
    bench.market.lastTradeIds.set('A', 103);
    await bench.run(5_000);
    const printed = bench.ofType('trade.printed');
    expect(printed.map(({ tradeId, recovered }) => [tradeId, recovered])).toEqual([
      ['101', true],
      ['102', true],
      ['103', true],
    ]);
    expect(bench.ofType('trades.listed')).toHaveLength(1);
    await bench.feed.close();
  });

  it('that pause for longer than they should are reported, and their return', async () => {
    const { bench } = await open('trades', ['A']);
    await bench.run(61_000, 500);
    bench.market.trade('A', 1);
    const silences = bench.ofType('stream.silenced');
    expect(silences.map(({ channel, symbol }) => [channel, symbol])).toEqual([
      ['trades', 'A'],
      ['trades', 'A'],
    ]);
    expect(silences[0]?.silentMs).toBeGreaterThanOrEqual(60_000);
    expect(silences[1]?.silentMs).toBe(0);
    await bench.feed.close();
    expect(bench.time.armedCount).toBe(0);
  });
});

it('a stream whose loss is never made good is told of, once', async () => {
  const bench = new FeedBench({
    credentials,
    subscriptions: [{ channel: 'user' }],
  });
  await bench.goLive();
  const lose = async (): Promise<void> => {
    const [user] = bench.market.served;
    user?.exchange.loseFrame();
    user?.exchange.send({ say: 'beat', counter: 1 });
    await bench.run(1_000);
  };
  for (let count = 0; count < 12; count += 1) await lose();
  const told = bench.ofType('subscription.refused');
  expect(told).toMatchObject([
    { channel: 'user', final: false, error: { code: 'BOOK_UNRECOVERED' } },
  ]);
  await bench.feed.close();
  expect(bench.time.armedCount).toBe(0);
});

describe('other channels', () => {
  it('tickers go to the channel they came on', async () => {
    const { bench, say } = await open('ticker', ['A-ALIAS']);
    say({ type: 'ticker.update', channel: 'ticker', symbol: 'A', venueAtMs: 77, ticker: {} });
    say({ type: 'ticker.update', channel: 'ticker-batch', symbol: 'A', venueAtMs: 1, ticker: {} });
    say({ type: 'ticker.update', channel: 'ticker', symbol: 'UNASKED', venueAtMs: 1, ticker: {} });
    expect(bench.ofType('ticker.changed')).toMatchObject([
      { symbol: 'A-ALIAS', channel: 'ticker', venueAtMs: 77 },
    ]);
    await bench.feed.close();
  });

  it('candles are history or not, and a repeated history is silent', async () => {
    const { bench, say } = await open('candles', ['A']);
    const candle = (openedAtMs: number, close: string): Candle => ({
      openedAtMs,
      intervalMs: 300_000,
      open: '1',
      high: '1',
      low: '1',
      close,
      volume: '1',
    });
    say({ type: 'candles.snapshot', symbol: 'A', candles: [candle(0, '1'), candle(300_000, '1')] });
    say({ type: 'candles.update', symbol: 'A', candles: [candle(300_000, '2')] });
    say({ type: 'candles.snapshot', symbol: 'A', candles: [candle(0, '1'), candle(300_000, '3')] });
    const candles = bench.ofType('candle.changed');
    expect(candles.map((event) => [event.candle.close, event.history])).toEqual([
      ['1', true],
      ['1', true],
      ['2', false],
      ['3', true],
    ]);
    await bench.feed.close();
  });

  it('instruments are told where they were asked for, and when they change', async () => {
    const { bench, say } = await open('status', ['A']);
    const instrument = (symbol: string, status: string): Instrument => ({
      symbol,
      base: symbol,
      quote: 'USD',
      status,
    });
    const all = [instrument('A', 'online'), instrument('B', 'online')];
    say({ type: 'instruments.snapshot', instruments: all });
    say({ type: 'instruments.update', instruments: all });
    say({ type: 'instruments.update', instruments: [instrument('A', 'delisted')] });
    const told = bench.ofType('instrument.changed');
    expect(told.map((event) => `${event.symbol} ${event.instrument.status}`)).toEqual([
      'A online',
      'A delisted',
    ]);
    await bench.feed.close();
  });

  it('heartbeats are told to those who asked, with the socket they came on', async () => {
    const { bench } = await open('heartbeats');
    await bench.run(2_000);
    expect(bench.ofType('heartbeat.received').at(-1)).toMatchObject({ session: 'market-1' });
    await bench.feed.close();
    const other = await open('ticker', ['A']);
    await other.bench.run(2_000);
    expect(other.bench.ofType('heartbeat.received')).toEqual([]);
    await other.bench.feed.close();
  });

  it('an order is told once for each state, on a socket of its own', async () => {
    const bench = new FeedBench({
      credentials,
      subscriptions: [{ channel: 'user' }, { channel: 'book', symbols: ['A'] }],
    });
    await bench.goLive();
    expect(bench.dialer.sockets.map((one) => one.target.url)).toEqual([
      'wss://market.fake.test/',
      'wss://user.fake.test/',
    ]);
    const user = bench.market.served.find(({ exchange }) => exchange.held.has('user'));
    const say = (message: VenueMessage): void =>
      user?.exchange.send({ say: 'message', channel: 'user', message });
    say({ type: 'orders.snapshot', orders: [order('1', 'open')], complete: true });
    say({ type: 'orders.update', orders: [order('1', 'open')], complete: true });
    say({ type: 'orders.update', orders: [order('1', 'filled')], complete: true });
    say({ type: 'orders.update', orders: [order('1', 'filled')], complete: true });
    const orders = bench.ofType('order.changed');
    expect(orders.map((event) => [event.order.status, event.snapshot])).toEqual([
      ['open', true],
      ['filled', false],
    ]);
    const before = user?.exchange.requests.length ?? 0;
    user?.exchange.loseFrame();
    say({ type: 'positions.update', positions: [], complete: true });
    await bench.run(500);
    const asked = user?.exchange.requests
      .slice(before)
      .map(({ op, channel }) => `${op} ${channel}`);
    expect(asked).toEqual(['unsubscribe user', 'subscribe user']);
    expect(bench.feed.book('A').state.status).toBe('live');
    await bench.feed.close();
  });

  it('positions and balances are told when they change', async () => {
    const { bench, say } = await open('user');
    const position = { symbol: 'A', kind: 'perpetual', size: '1', venueFields: {} };
    const balance = { kind: 'futures', total: '5', venueFields: {} };
    say({ type: 'positions.snapshot', positions: [position], complete: true });
    say({
      type: 'positions.update',
      positions: [position, { ...position, size: '2' }],
      complete: true,
    });
    say({ type: 'balances.snapshot', balances: [balance, balance], complete: true });
    expect(bench.ofType('position.changed').map((event) => event.position.size)).toEqual([
      '1',
      '2',
    ]);
    expect(bench.ofType('balance.changed')).toMatchObject([{ snapshot: true, symbol: '' }]);
    await bench.feed.close();
  });

  it('public channels are never signed, private ones are', async () => {
    const bench = new FeedBench({
      credentials,
      subscriptions: [{ channel: 'user' }, { channel: 'book', symbols: ['A'] }],
    });
    await bench.goLive();
    for (const { exchange } of bench.market.served) {
      for (const request of exchange.requests) {
        const isPrivate = request.channel === 'user';
        expect([request.channel, request.token !== undefined]).toEqual([
          request.channel,
          isPrivate,
        ]);
      }
    }
    await bench.feed.close();
  });
});

describe('frames that say nothing we know', () => {
  it('are told once for each kind, counted each time, and count in the sequence', async () => {
    const { bench, exchange, socket } = await open('book', ['A']);
    bench.tell();
    const skipped = (kind: string): VenueMessage => ({
      type: 'frame.skipped',
      kind,
      reason: 'new',
    });
    for (const kind of ['auction', 'auction', 'halt']) {
      exchange.send({ say: 'message', channel: kind, message: skipped(kind) });
    }
    bench.market.move('A', 'bids', ['98', '1']);
    expect(bench.ofType('frame.skipped').map(({ kind }) => kind)).toEqual(['auction', 'halt']);
    expect(bench.feed.status().counters).toMatchObject({ framesSkipped: 3, sequenceGaps: 0 });
    socket.frame('{}');
    socket.frame('nonsense');
    expect(bench.ofType('frame.refused').length).toBeLessThanOrEqual(2);
    expect(bench.feed.status().counters.framesInvalid).toBe(2);
    await bench.feed.close();
  });
});

describe('a venue without whole trade ids', () => {
  it('still delivers each trade once', async () => {
    const sequence = { ...createFakeVenue().sequence, tradeIdsContiguous: false };
    const bench = new FeedBench({
      venue: createFakeVenue({ sequence }),
      subscriptions: [{ channel: 'trades', symbols: ['A'] }],
    });
    await bench.goLive();
    const { exchange } = bench.serving('trades', 'A');
    const message = { type: 'trades.update', symbol: 'A', trades: [makeTrade(205)] } as const;
    exchange.send({ say: 'message', channel: 'trades', message });
    exchange.send({ say: 'message', channel: 'trades', message });
    expect(bench.ofType('trade.printed')).toHaveLength(1);
    expect(bench.ofType('trades.gapped')).toHaveLength(0);
    await bench.feed.close();
  });
});
