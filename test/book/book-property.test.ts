import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, createBook, type BookMessage } from '../../src/book/index.js';
import { delta, snapshot, type LevelText } from './book-message.js';
import { spell } from './test-books.js';

/** A book as simple as can be: texts in a map, sorted when read. */
type NaiveSide = Map<string, string>;

function shorten(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function applyNaively(side: NaiveSide, levels: readonly LevelText[]): void {
  for (const [price, size] of levels) {
    if (/^[0.]+$/.test(size)) side.delete(shorten(price));
    else side.set(shorten(price), shorten(size));
  }
}

function listNaively(side: NaiveSide, isAsk: boolean): string[] {
  const better = isAsk ? 1 : -1;
  return [...side]
    .sort(([a], [b]) => compareDecimals(a, b) * better)
    .map(([price, size]) => `${price} ${size}`);
}

function cut(side: NaiveSide, isAsk: boolean, depth: number): NaiveSide {
  const kept = listNaively(side, isAsk).slice(0, depth);
  return new Map(kept.map((line) => line.split(' ') as [string, string]));
}

/** Bids end with a digit in the integer part that keeps them below every ask. */
function priceBetween(integers: readonly string[]): fc.Arbitrary<string> {
  const fraction = fc.constantFrom(
    '',
    '.0',
    '.1',
    '.10',
    '.5',
    '.25',
    '.250',
    `.${'0'.repeat(17)}3`,
  );
  return fc
    .tuple(
      fc.constantFrom(...integers),
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom('', '.5', '.25') }, fraction),
    )
    .map(([integer, decimals]) => integer + decimals);
}

const bidPrice = priceBetween(['0', '1', '2', '3', '4', '5', '6']);
const askPrice = fc.oneof(
  { weight: 30, arbitrary: priceBetween(['7', '8', '9', '10', '11', '138991023']) },
  { weight: 1, arbitrary: fc.constantFrom('886110000000.00', '9'.repeat(30), '9007199254740993') },
);
const size = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('0', '0.00000000', '1', '1.50', '0.00001', '1505') },
  { weight: 1, arbitrary: fc.constantFrom('301727260.79999999', `0.${'0'.repeat(29)}1`) },
);

const levels = (price: fc.Arbitrary<string>): fc.Arbitrary<LevelText[]> =>
  fc.array(fc.tuple(price, size), { maxLength: 12 });

const message = fc.record({
  type: fc.constantFrom<BookMessage['type']>(
    'book.delta',
    'book.delta',
    'book.delta',
    'book.snapshot',
  ),
  bids: levels(bidPrice),
  asks: levels(askPrice),
});

describe('a book over any messages', () => {
  it('equals a naive one after each of them', () => {
    const depths = fc.constantFrom<'whole' | number>('whole', 'whole', 1, 3, 10);
    fc.assert(
      fc.property(depths, fc.array(message, { maxLength: 25 }), (depth, messages) => {
        const book = createBook({
          venue: 'test',
          symbol: 'BTC-USD',
          depth,
          verifiedDepth: 'none',
          sinceAtMs: 0,
        });
        book.applySnapshot(snapshot({}), 0);
        let bids: NaiveSide = new Map();
        let asks: NaiveSide = new Map();
        for (const { type, ...parts } of messages) {
          if (type === 'book.snapshot')
            [bids, asks] = [new Map<string, string>(), new Map<string, string>()];
          const outcome =
            type === 'book.snapshot'
              ? book.applySnapshot(snapshot(parts), 1)
              : book.applyDelta(delta(parts), 1);
          expect(outcome).toEqual({ kind: 'applied' });
          applyNaively(bids, parts.bids);
          applyNaively(asks, parts.asks);
          if (depth !== 'whole') [bids, asks] = [cut(bids, false, depth), cut(asks, true, depth)];
          const top = book.top(Infinity);
          expect(spell(top.bids)).toEqual(listNaively(bids, false));
          expect(spell(top.asks)).toEqual(listNaively(asks, true));
          expect([book.bidCount, book.askCount]).toEqual([bids.size, asks.size]);
          // These are remembered from reading to reading.
          expect([book.bestBid(), book.bestAsk()]).toEqual([top.bids[0], top.asks[0]]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
