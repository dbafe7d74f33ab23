import { createBook, type Book, type BookOptions, type Level } from '../../src/book/index.js';
import { snapshot } from './book-message.js';

/** A book that waits for its snapshot. */
export function createTestBook(options: Partial<BookOptions> = {}): Book {
  return createBook({
    venue: 'test',
    symbol: 'BTC-USD',
    depth: 'whole',
    verifiedDepth: 'whole',
    sinceAtMs: 1000,
    ...options,
  });
}

/** A live book of three bids and two asks. */
export function createLiveBook(options: Partial<BookOptions> = {}): Book {
  const book = createTestBook(options);
  const outcome = book.applySnapshot(
    snapshot({
      bids: [
        ['65083.67', '0.5'],
        ['65083.5', '1505'],
        ['0.01', '3'],
      ],
      asks: [
        ['65084', '0.25'],
        ['138991023.41', '2'],
      ],
      venueAtMs: 1900,
    }),
    2000,
  );
  if (outcome.kind === 'refused') throw new Error(outcome.detail);
  return book;
}

/** Price and size of each level, as text. */
export function spell(levels: readonly Level[]): string[] {
  return levels.map((level) => `${level.price} ${level.size}`);
}
