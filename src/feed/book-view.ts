import type { AnyBookView, BookView } from '../model/book.js';
import type { OrdersBookView } from '../model/orders-book.js';

/** What a book shows of itself, under another name. */
function renameBook(book: AnyBookView, symbol: string): AnyBookView {
  const { venue, verifiedDepth } = book;
  return {
    venue,
    symbol,
    verifiedDepth,
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
    evidence: () => book.evidence(),
  };
}

/** A book under a name it was asked for; readers are given this and never the book itself. */
export function createBookView(book: BookView, symbol: string): BookView {
  const readings: Omit<BookView, keyof AnyBookView> = {
    bestBid: (options) => book.bestBid(options),
    bestAsk: (options) => book.bestAsk(options),
    top: (depth, options) => book.top(depth, options),
    sizeAt: (side, price, options) => book.sizeAt(side, price, options),
  };
  // Into the object with the getters: a copy of it would stand still.
  return Object.assign(renameBook(book, symbol), readings);
}

/** The same for an order-by-order book. */
export function createOrdersBookView(book: OrdersBookView, symbol: string): OrdersBookView {
  const readings: Omit<OrdersBookView, keyof AnyBookView> = {
    bestBid: (options) => book.bestBid(options),
    bestAsk: (options) => book.bestAsk(options),
    top: (depth, options) => book.top(depth, options),
    queueAt: (side, price, options) => book.queueAt(side, price, options),
  };
  return Object.assign(renameBook(book, symbol), readings);
}
