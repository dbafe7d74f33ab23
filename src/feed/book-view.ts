import type { BookView } from '../model/book.js';
import type { OrdersBookView } from '../model/orders-book.js';

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

/** The same for an order-by-order book. */
export function createOrdersBookView(book: OrdersBookView, symbol: string): OrdersBookView {
  const { venue, verifiedDepth } = book;
  return {
    ...{ venue, symbol, verifiedDepth },
    get state() {
      return book.state;
    },
    get bidCount() {
      return book.bidCount;
    },
    get askCount() {
      return book.askCount;
    },
    get orderCount() {
      return book.orderCount;
    },
    get venueAtMs() {
      return book.venueAtMs;
    },
    bestBid: (options) => book.bestBid(options),
    bestAsk: (options) => book.bestAsk(options),
    top: (depth, options) => book.top(depth, options),
    queueAt: (side, price, options) => book.queueAt(side, price, options),
    evidence: () => book.evidence(),
  };
}
