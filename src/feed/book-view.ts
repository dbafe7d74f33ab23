import type { BookView } from '../model/book.js';

/** A book under a name it was asked for; readers are given this and never the book itself. */
export function createBookView(book: BookView, symbol: string): BookView {
  return {
    symbol,
    venue: book.venue,
    verifiedDepth: book.verifiedDepth,
    get state() {
      return book.state;
    },
    get bidCount() {
      return book.bidCount;
    },
    get askCount() {
      return book.askCount;
    },
    get venueAtMs() {
      return book.venueAtMs;
    },
    bestBid: (options) => book.bestBid(options),
    bestAsk: (options) => book.bestAsk(options),
    top: (depth, options) => book.top(depth, options),
    sizeAt: (side, price, options) => book.sizeAt(side, price, options),
    evidence: () => book.evidence(),
  };
}
