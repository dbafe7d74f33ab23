import { describe, expect, it } from 'vitest';
import { createLevelColumns } from '../../src/book/level-columns.js';
import type { Candle } from '../../src/model/market.js';
import type { VenueMessage } from '../../src/model/message.js';
import { BID } from '../../src/model/levels.js';
import { createBookPool, pushLevel } from '../../src/wire/book-pool.js';
import { makeTrade, pushCandles, pushTrades, readTicker } from '../../src/wire/market.js';
import { createPlace } from '../../src/wire/place.js';
import { listLevels } from '../contract/plain-message.js';

const trade = (tradeId: string) =>
  makeTrade({ tradeId, price: '1.50', size: '2', side: 'buy', tradedAtMs: 0 });

const candle = (openedAtMs: number): Candle => ({
  openedAtMs,
  intervalMs: 60_000,
  open: '1',
  high: '1',
  low: '1',
  close: '1',
  volume: '1',
});

describe('lists of several symbols', () => {
  it('become one message for each, oldest trade first by its id', () => {
    const messages: VenueMessage[] = [];
    const ids = ['9007199254740993', '9007199254740992', '10'];
    const items = ids.map((id) => ({ symbol: 'A', item: trade(id) }));
    pushTrades(messages, 'snapshot', [...items, { symbol: 'B', item: trade('7') }]);
    expect(messages).toMatchObject([
      { type: 'trades.snapshot', symbol: 'A', trades: [...ids].reverse().map(trade) },
      { type: 'trades.snapshot', symbol: 'B', trades: [trade('7')] },
    ]);
    expect(trade('7')).toMatchObject({ price: '1.50', priceNumber: 1.5, sizeNumber: 2 });
  });

  it('become one message for each, oldest candle first', () => {
    const messages: VenueMessage[] = [];
    const items = [120, 0, 60].map((at) => ({ symbol: 'A', item: candle(at) }));
    pushCandles(messages, 'update', items);
    expect(messages).toEqual([
      { type: 'candles.update', symbol: 'A', candles: [candle(0), candle(60), candle(120)] },
    ]);
  });
});

describe('a ticker', () => {
  it('says what the wire says, under our names', () => {
    const fields = [
      ['last', 'l'],
      ['bid', 'b'],
    ] as const;
    expect(readTicker({ l: '1.50', b: '', x: '7' }, fields, createPlace())).toEqual({
      last: '1.50',
    });
  });
});

describe('levels', () => {
  it('go into columns with their digits, an exponent written out', () => {
    const columns = createLevelColumns();
    const target = { side: BID, columns } as const;
    expect(pushLevel(target, '1.10', '0.00')).toBeUndefined();
    expect(pushLevel(target, '1e-3', '5')).toBeUndefined();
    expect(listLevels(columns)).toEqual([
      ['bid', '1.10', '0.00'],
      ['bid', '0.001', '5'],
    ]);
  });

  it.each([
    ['x', '1', 'price'],
    ['1', 'x', 'size'],
    ['-1', '-1', 'price'],
    [1, '1', 'price'],
    ['1', undefined, 'size'],
  ])('of %j and %j are not added', (price, size, wrong) => {
    const columns = createLevelColumns();
    expect(pushLevel({ side: BID, columns }, price, size)).toBe(wrong);
    expect(columns.count).toBe(0);
  });

  it('have columns of their own in each book of a frame, which the next frame reuses', () => {
    const pool = createBookPool();
    pool.startFrame();
    const first = Array.from({ length: 6 }, () => pool.take());
    expect(new Set(first).size).toBe(6);
    first[0]!.columns.pushText(BID, '1', '1');
    pool.startFrame();
    const again = pool.take();
    expect(again).toBe(first[0]);
    expect(again.columns.count).toBe(0);
  });
});
