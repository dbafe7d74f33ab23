import type { BookEvidence, BookState } from '../model/book.js';
import type { OrdersBookMessage } from '../model/message.js';
import type { OrderQueues, PriceQueue } from '../model/orders-book.js';
import type { ApplyOutcome } from './book.js';
import { createBookLife, type BookLife, type StaleCause } from './book-life.js';
import { compareDecimals } from './decimal-arithmetic.js';
import { createOrderQueueSide, type OrderQueueSide } from './order-queues.js';

/** Orders a side that a book holds at most, unless it is told otherwise. */
export const DEFAULT_MAX_ORDERS = 250_000;

/** What an order-by-order book is made of. */
export interface OrderQueueBookOptions {
  readonly symbol: string;
  /** How many prices a side the venue keeps us informed of; `whole` is all of them. */
  readonly depth: 'whole' | number;
  /** When the book was first wanted, Unix milliseconds. */
  readonly sinceAtMs: number;
  /** Orders a side that the book may hold. A message above is refused. */
  readonly maxOrders?: number | undefined;
  /** The venue's checksum over our queues; compared with the one a message brings. */
  readonly computeChecksum?: ((queues: OrderQueues) => number) | undefined;
}

/**
 * A book of orders in their queues. Like the book of levels it fails closed: while it is not live,
 * or no longer, readers get nothing.
 */
export interface OrderQueueBook {
  readonly symbol: string;
  readonly state: BookState;
  /** The best queues of both sides, best price first; empty while the book is not live. */
  top(depth: number): OrderQueues;
  /** Replaces every order and, if all checks pass, makes the book live; else it goes stale. */
  applySnapshot(message: OrdersBookMessage, atMs: number): ApplyOutcome;
  /** Changes a live book, which goes stale where that fails; any other book refuses. */
  applyDelta(message: OrdersBookMessage, atMs: number): ApplyOutcome;
  markSyncing(atMs: number): void;
  markStale(cause: StaleCause, atMs: number): void;
  evidence(): BookEvidence;
}

interface Keeping {
  readonly options: OrderQueueBookOptions;
  readonly life: BookLife;
  readonly bids: OrderQueueSide;
  readonly asks: OrderQueueSide;
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

function findFault(keeping: Keeping, message: OrdersBookMessage): StaleCause | undefined {
  const { options, life } = keeping;
  const queues = { bids: keeping.bids.queues, asks: keeping.asks.queues };
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
  keeping.life.countApplied(isSnapshot ? 'snapshot' : 'delta', atMs);
  if (isSnapshot) keeping.life.markLive(atMs);
  return APPLIED;
}

/** A book that waits for its first snapshot. */
export function createOrderQueueBook(options: OrderQueueBookOptions): OrderQueueBook {
  const { symbol, sinceAtMs } = options;
  const life = createBookLife(sinceAtMs);
  const bids = createOrderQueueSide('bid');
  const asks = createOrderQueueSide('ask');
  const keeping: Keeping = { options, life, bids, asks };
  /** Copies: the queues change with the next message. */
  const best = (queues: readonly PriceQueue[], depth: number): PriceQueue[] =>
    queues.slice(0, depth).map(({ price, orders }) => ({ price, orders: [...orders] }));
  return {
    symbol,
    get state() {
      return life.state;
    },
    top(depth) {
      if (!(depth >= 0)) throw new RangeError(`depth is ${depth}; it must be a number from 0.`);
      if (!life.isLive) return { bids: [], asks: [] };
      return { bids: best(bids.queues, depth), asks: best(asks.queues, depth) };
    },
    applySnapshot(message, atMs) {
      if (message.type !== 'orders-book.snapshot') throw new TypeError('That is no snapshot.');
      bids.clear();
      asks.clear();
      return conclude(keeping, message, atMs);
    },
    applyDelta(message, atMs) {
      if (message.type !== 'orders-book.delta') throw new TypeError('That is no delta.');
      if (life.isLive) return conclude(keeping, message, atMs);
      const reason = life.state.status === 'stale' ? life.state.reason : 'sequence-gap';
      return { kind: 'refused', reason, detail: 'A change came while no snapshot holds.' };
    },
    markSyncing: (atMs) => life.markSyncing(atMs),
    markStale: (cause, atMs) => life.markStale(cause, atMs),
    evidence: () => life.evidence(),
  };
}
