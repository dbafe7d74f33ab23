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
