import { describe, expect, it } from 'vitest';
import { BTC, openEngine, orderOf, placed } from './engine-bench.js';

const AT = '2026-11-26T00:00:00Z';
const SYMBOL = BTC.symbol;

describe('what the background tells', () => {
  it('wakes an order with each price of a message, not only with the last one', () => {
    const bench = openEngine();
    const stop = { orderType: 'stop-loss', limitPrice: undefined, stopPrice: '95' } as const;
    const { orderId } = placed(bench.place({ ...stop, side: 'sell' }));
    const trade = { size: '0.1', side: 'sell', time: AT } as const;
    bench.background.tell({
      type: 'trades.printed',
      symbol: SYMBOL,
      trades: [
        { ...trade, tradeId: '601', price: '100' },
        { ...trade, tradeId: '600', price: '95' },
      ],
    });
    expect(orderOf(bench, orderId)?.status).toBe('filled');
  });

  it('lists a symbol later, and it can be traded', () => {
    const bench = openEngine();
    const symbol = 'ETH/USD';
    bench.background.tell({
      type: 'instruments.changed',
      instruments: [BTC, { ...BTC, symbol, base: 'ETH' }],
    });
    expect(bench.market.book(symbol)).toBeUndefined();
    bench.background.tell({
      type: 'book.changed',
      symbol,
      snapshot: true,
      time: AT,
      levels: [{ side: 'ask', price: '10', size: '1' }],
    });
    expect(bench.market.book(symbol)?.levels).toEqual([{ side: 'ask', price: '10', size: '1' }]);
    expect(placed(bench.place({ symbol, limitPrice: '10' })).status).toBe('filled');
    expect(bench.market.book(symbol)?.levels).toEqual([]);
  });

  it('says only so many levels: what falls out of them is gone', () => {
    const bench = openEngine();
    bench.background.tell({
      type: 'book.changed',
      symbol: SYMBOL,
      snapshot: false,
      time: AT,
      depth: 3,
      levels: [{ side: 'bid', price: '99.5', size: '1' }],
    });
    expect(bench.told.has('97')).toBe(false);
    const prices = bench.market.book(SYMBOL)?.levels.map(({ price }) => price);
    expect(prices).toEqual(['99.5', '99', '98', '101', '102', '103']);
  });

  it('tells a trade twice, and it is printed once', () => {
    const bench = openEngine();
    bench.print('buy', '101', '0.1');
    const [latest] = bench.background.trades(SYMBOL);
    expect(bench.market.trades(SYMBOL)).toHaveLength(2);
    bench.background.tell({ type: 'trades.printed', symbol: SYMBOL, trades: [latest!] });
    expect(bench.market.trades(SYMBOL)).toHaveLength(2);
  });

  it('has candles, in which the trades of accounts are counted', () => {
    const bench = openEngine();
    const openedAtSeconds = Math.floor(bench.time.clock.nowMs() / 1000);
    const flat = { open: '100', high: '100', low: '100', close: '100', volume: '1' };
    bench.background.tell({
      type: 'candles.changed',
      symbol: SYMBOL,
      candles: [{ openedAtSeconds, ...flat }],
    });
    placed(bench.place({ limitPrice: '101', size: '0.5' }));
    expect(bench.market.candles(SYMBOL).at(-1)).toMatchObject({
      open: '100',
      high: '101',
      low: '100',
      close: '101',
      volume: '1.5',
    });
  });
});

describe('a clock that is set back', () => {
  it('does not end an order before its time', async () => {
    const bench = openEngine();
    const expiresAtMs = bench.time.clock.nowMs() + 5_000;
    const terms = { limitPrice: '90', timeInForce: 'gtd', expiresAtMs } as const;
    const { orderId } = placed(bench.place(terms));
    bench.time.jumpWallClock(-60_000);
    await bench.time.advance(5_000);
    expect(orderOf(bench, orderId)?.status).toBe('open');
    await bench.time.advance(60_000);
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'expired', endedBecause: 'timer' });
  });
});
