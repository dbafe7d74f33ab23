import type { BookReadOptions } from '../model/book.js';
import type { OrdersBookMessage } from '../model/message.js';
import type { OrderQueues, OrdersBookView, PriceQueue } from '../model/orders-book.js';
import { checkNames } from '../model/option-names.js';
import { asksForStale } from '../model/read-options.js';
import {
  BOOK_TERM_NAMES,
  createBookLife,
  refuseEarly,
  type ApplyOutcome,
  type BookLife,
  type BookTerms,
  type StaleCause,
} from './book-life.js';
import { compareDecimals } from './decimal-arithmetic.js';
import { createOrderQueueSide, type OrderQueueSide } from './order-queues.js';

/** Orders a side that a book holds at most, unless it is told otherwise. */
export const DEFAULT_MAX_ORDERS = 250_000;

/** What an order-by-order book is made of; its levels are prices. */
export interface OrderQueueBookOptions extends BookTerms {
  /** Orders a side that the book may hold. A message above is refused. */
  readonly maxOrders?: number | undefined;
  /** The venue's checksum over our queues; compared with the one a message brings. */
  readonly computeChecksum?: ((queues: OrderQueues) => number) | undefined;
}

/**
 * A book of orders in their queues, to keep. The methods here are the feed's; readers are given it
 * as an OrdersBookView.
 */
export interface OrderQueueBook extends OrdersBookView {
  /** Replaces every order and, if all checks pass, makes the book live; else it goes stale. */
  applySnapshot(message: OrdersBookMessage, atMs: number): ApplyOutcome;
  /**
   * Changes a live book, which goes stale where that fails. A book that is not live refuses and
   * stays as it is.
   */
  applyDelta(message: OrdersBookMessage, atMs: number): ApplyOutcome;
  /** A snapshot is on its way; readers get nothing until it is applied. */
  markSyncing(atMs: number): void;
  /** The orders are no longer to be trusted; only a snapshot makes the book live again. */
  markStale(cause: StaleCause, atMs: number): void;
  /** The queues, live or not; they change with the next message and do not fail closed. */
  readonly queues: OrderQueues;
}

interface Keeping {
  readonly options: OrderQueueBookOptions;
  readonly life: BookLife;
  readonly bids: OrderQueueSide;
  readonly asks: OrderQueueSide;
  venueAtMs: number;
}

const APPLIED: ApplyOutcome = Object.freeze({ kind: 'applied' });

/** Changes both sides; returns why they can no longer be right, or undefined. */
function applyOrders(keeping: Keeping, message: OrdersBookMessage): StaleCause | undefined {
  let unknownId: string | undefined;
  for (const { side, change, orderId, price, size, placedAtMs } of message.orders) {
    const orders = side === 'bid' ? keeping.bids : keeping.asks;
    const order = { orderId, price, size, placedAtMs };
    if (change === 'delete') orders.delete(orderId);
    else if (change === 'add') orders.add(order);
    else if (!orders.modify(order)) unknownId ??= orderId;
  }
  const { depth, maxOrders = DEFAULT_MAX_ORDERS } = keeping.options;
  for (const side of [keeping.bids, keeping.asks]) {
    if (depth !== 'whole') side.truncate(depth);
    if (side.orderCount > maxOrders) {
      const detail = `One side holds ${side.orderCount} orders; the limit is ${maxOrders}.`;
      return { reason: 'frame-invalid', detail };
    }
  }
  if (unknownId === undefined) return undefined;
  const detail = `The order ${unknownId} changed, but that it was placed did not arrive.`;
  return { reason: 'sequence-gap', detail };
}

function queuesOf({ bids, asks }: Keeping): OrderQueues {
  return { bids: bids.queues, asks: asks.queues };
}

function findFault(keeping: Keeping, message: OrdersBookMessage): StaleCause | undefined {
  const { options, life } = keeping;
  const queues = queuesOf(keeping);
  const [bid, ask] = [queues.bids[0], queues.asks[0]];
  if (bid && ask && compareDecimals(bid.price, ask.price) >= 0) {
    const detail = `The best bid ${bid.price} is not below the best ask ${ask.price}.`;
    return { reason: 'crossed', detail };
  }
  if (options.computeChecksum === undefined || Number.isNaN(message.checksum)) return undefined;
  const computed = options.computeChecksum(queues);
  if (computed !== message.checksum) {
    const detail = `The venue's checksum is ${message.checksum} and ours ${computed}.`;
    return { reason: 'checksum-mismatch', detail };
  }
  life.countVerified();
  return undefined;
}

/** Checks what the message left behind, and says what became of it. */
function conclude(keeping: Keeping, message: OrdersBookMessage, atMs: number): ApplyOutcome {
  const fault = applyOrders(keeping, message) ?? findFault(keeping, message);
  if (fault) {
    keeping.life.markStale(fault, atMs);
    return { kind: 'refused', ...fault };
  }
  const isSnapshot = message.type === 'orders-book.snapshot';
  keeping.venueAtMs = message.venueAtMs;
  keeping.life.countApplied(isSnapshot ? 'snapshot' : 'delta', atMs);
  if (isSnapshot) keeping.life.markLive(atMs);
  return APPLIED;
}

/** A copy: the queue changes with the next message. */
function copyQueue({ price, orders }: PriceQueue): PriceQueue {
  return { price, orders: [...orders] };
}

/** What readers get, and nothing while they must not. */
function createReadings(
  keeping: Keeping,
): Pick<OrdersBookView, 'bestBid' | 'bestAsk' | 'top' | 'queueAt'> {
  const { life, bids, asks } = keeping;
  const isReadable = (read: BookReadOptions | undefined): boolean =>
    asksForStale(read) || life.isLive;
  const best = (
    { queues }: OrderQueueSide,
    read: BookReadOptions | undefined,
  ): PriceQueue | undefined => {
    const [first] = queues;
    return isReadable(read) && first ? copyQueue(first) : undefined;
  };
  return {
    bestBid: (read) => best(bids, read),
    bestAsk: (read) => best(asks, read),
    top(depth, read) {
      if (!(depth >= 0)) throw new RangeError(`depth is ${depth}; it must be a number from 0.`);
      if (!isReadable(read)) return { bids: [], asks: [] };
      const [bidQueues, askQueues] = [bids.queues.slice(0, depth), asks.queues.slice(0, depth)];
      return { bids: bidQueues.map(copyQueue), asks: askQueues.map(copyQueue) };
    },
    queueAt(side, price, read) {
      if (!isReadable(read)) return undefined;
      const queue = (side === 'bid' ? bids : asks).find(price);
      return queue && copyQueue(queue);
    },
  };
}

/** As in a book of levels: what is misspelt would not be heard. */
const OPTION_NAMES: Readonly<Record<keyof OrderQueueBookOptions, true>> = {
  ...BOOK_TERM_NAMES,
  maxOrders: true,
};

/** A book that waits for its first snapshot. Throws OPTION_INVALID for a name that nobody reads. */
export function createOrderQueueBook(options: OrderQueueBookOptions): OrderQueueBook {
  checkNames('the options of createOrderQueueBook', options, OPTION_NAMES);
  const life = createBookLife(options);
  const bids = createOrderQueueSide('bid');
  const asks = createOrderQueueSide('ask');
  const keeping: Keeping = { options, life, bids, asks, venueAtMs: NaN };
  return {
    venue: options.venue,
    symbol: options.symbol,
    verifiedDepth: options.verifiedDepth,
    queues: queuesOf(keeping),
    get state() {
      return life.state;
    },
    get bidCount() {
      return life.isLive ? bids.queues.length : 0;
    },
    get askCount() {
      return life.isLive ? asks.queues.length : 0;
    },
    get venueAtMs() {
      return keeping.venueAtMs;
    },
    ...createReadings(keeping),
    applySnapshot(message, atMs) {
      if (message.type !== 'orders-book.snapshot') throw new TypeError('That is no snapshot.');
      bids.clear();
      asks.clear();
      return conclude(keeping, message, atMs);
    },
    applyDelta(message, atMs) {
      if (message.type !== 'orders-book.delta') throw new TypeError('That is no delta.');
      return life.isLive ? conclude(keeping, message, atMs) : refuseEarly(life);
    },
    markSyncing: (atMs) => life.markSyncing(atMs),
    markStale: (cause, atMs) => life.markStale(cause, atMs),
    evidence: () => life.evidence(),
  };
}
