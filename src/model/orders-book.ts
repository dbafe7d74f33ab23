import type { AnyBookView, BookReadOptions } from './book.js';
import type { Side } from './levels.js';

/** An order that waits in the book, as far as the venue shows it; exact decimal strings. */
export interface RestingOrder {
  readonly orderId: string;
  readonly price: string;
  /** What is left of it, visibly. */
  readonly size: string;
  readonly placedAtMs: number;
}

/** One price and the orders that wait there, the first to be filled first. */
export interface PriceQueue {
  readonly price: string;
  readonly orders: readonly RestingOrder[];
}

/** Both sides of an order-by-order book, best price first. */
export interface OrderQueues {
  readonly bids: readonly PriceQueue[];
  readonly asks: readonly PriceQueue[];
}

/**
 * An order-by-order book to read. It fails closed: while it is not live every reading is empty,
 * unless the caller asks for stale data by name. The view always shows the present; what it
 * returns stays as it is.
 */
export interface OrdersBookView extends AnyBookView {
  bestBid(options?: BookReadOptions): PriceQueue | undefined;
  bestAsk(options?: BookReadOptions): PriceQueue | undefined;
  /** The queues at the best prices of both sides. */
  top(depth: number, options?: BookReadOptions): OrderQueues;
  /** The queue at one price, however it is spelled; undefined where nothing waits there. */
  queueAt(side: Side, price: string, options?: BookReadOptions): PriceQueue | undefined;
}
