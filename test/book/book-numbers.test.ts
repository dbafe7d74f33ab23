import { describe, expect, it } from 'vitest';
import { delta, snapshot } from './book-message.js';
import { createLiveBook, createTestBook, spell } from './test-books.js';

describe('numbers of any size', () => {
  it('follow the wire to more decimals without rounding', () => {
    const book = createLiveBook({ priceDecimals: 2, sizeDecimals: 8 });
    book.applyDelta(delta({ bids: [['65083.671', '0.000000001']] }), 3000);
    expect(spell(book.top(3).bids)).toEqual([
      '65083.671 0.000000001',
      '65083.67 0.5',
      '65083.5 1505',
    ]);
    expect(book.levels.priceDecimals).toBe(3);
    expect(spell(book.top(2).asks)).toEqual(['65084 0.25', '138991023.41 2']);
  });

  it('stay exact where a double would round', () => {
    const book = createLiveBook();
    const asks = [
      ['886110000000.00', '301727260.79999999'],
      ['123456789012345678901234567890', '0.00000001'],
    ] as const;
    expect(book.applyDelta(delta({ asks }), 3000)).toEqual({ kind: 'applied' });
    expect(spell(book.top(9).asks)).toEqual([
      '65084 0.25',
      '138991023.41 2',
      '886110000000 301727260.79999999',
      '123456789012345678901234567890 0.00000001',
    ]);
    expect(book.sizeAt('ask', '886110000000')).toBe('301727260.79999999');
    book.applyDelta(delta({ asks: [['123456789012345678901234567890', '0']] }), 3100);
    book.applyDelta(delta({ bids: [['65083.6789', '1']] }), 3200);
    expect(book.bestBid()?.price).toBe('65083.6789');
    expect(book.askCount).toBe(3);
  });

  it.each([
    ['7', '0.5'],
    ['0.7', '5'],
  ])('are told apart where the digits of the best level are the same: %s and %s', (price, size) => {
    const book = createLiveBook();
    for (const [onePrice, oneSize] of [
      ['7', '5'],
      [price, size],
    ] as const) {
      book.applySnapshot(snapshot({ bids: [[onePrice, oneSize]], asks: [] }), 3000);
      expect(book.bestBid()).toMatchObject({ price: onePrice, size: oneSize });
    }
  });

  it('go back to plain integers with the next snapshot', () => {
    const book = createLiveBook();
    book.applyDelta(delta({ asks: [['9'.repeat(30), '1']] }), 3000);
    expect(typeof book.levels.asks.priceAt(0)).toBe('bigint');
    book.applySnapshot(snapshot({ asks: [['5.5', '1']] }), 4000);
    expect(typeof book.levels.asks.priceAt(0)).toBe('number');
    expect(book.levels.priceDecimals).toBe(1);
  });

  it('go exact when only the levels that are there outgrow a double', () => {
    const book = createTestBook();
    book.applySnapshot(snapshot({ asks: [['9007199254740991', '1']] }), 2000);
    book.applyDelta(delta({ bids: [['0.5', '1']] }), 3000);
    expect(book.bestAsk()?.price).toBe('9007199254740991');
    expect(book.bestBid()?.price).toBe('0.5');
  });
});

describe('a book of limited depth', () => {
  it('drops what is pushed out, in a snapshot and in a delta', () => {
    const book = createTestBook({ depth: 2 });
    const bids = [
      ['5', '1'],
      ['4', '1'],
      ['3', '1'],
    ] as const;
    book.applySnapshot(snapshot({ bids }), 2000);
    expect(spell(book.top(9).bids)).toEqual(['5 1', '4 1']);
    book.applyDelta(delta({ bids: [['6', '1']] }), 3000);
    expect(spell(book.top(9).bids)).toEqual(['6 1', '5 1']);
    expect(book.sizeAt('bid', '4')).toBeUndefined();
  });

  it('cuts after the message, so that a deletion and its successor fit', () => {
    const book = createTestBook({ depth: 1 });
    book.applySnapshot(snapshot({ asks: [['5', '1']] }), 2000);
    const asks = [
      ['6', '1'],
      ['5', '0'],
    ] as const;
    book.applyDelta(delta({ asks }), 3000);
    expect(spell(book.top(9).asks)).toEqual(['6 1']);
  });
});
