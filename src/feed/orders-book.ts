import { createOrderQueueBook } from '../book/order-queue-book.js';
import type { Side } from '../model/levels.js';
import type { OrdersBookMessage, QueuedOrder } from '../model/message.js';
import type { OrderQueues, OrdersBookView, PriceQueue } from '../model/orders-book.js';
import type { OrdersBookRule } from '../model/venue.js';
import { BookStream } from './book-stream.js';
import { createOrdersBookView } from './book-view.js';
import { createDeltaBuffer } from './delta-buffer.js';
import type { FeedTools } from './feed-tools.js';

/** An order-by-order book, as the feed keeps it. */
export type OrdersBookStream = BookStream<
  OrdersBookMessage,
  OrdersBookView,
  readonly QueuedOrder[]
>;

/** What is wanted of an order-by-order book, and the venue's rule for it. */
export interface OrdersBookWish {
  readonly rule: OrdersBookRule;
  readonly symbol: string;
  readonly depth: number | undefined;
}

/** Keeps an order-by-order book, at the depth that was asked for or the venue's own. */
export function createOrdersBookStream(tools: FeedTools, wish: OrdersBookWish): OrdersBookStream {
  const { venue, limits, runtime } = tools;
  const { rule, symbol, depth } = wish;
  const book = createOrderQueueBook({
    venue: venue.id,
    symbol,
    depth: depth ?? rule.depth,
    verifiedDepth: rule.verifiedDepth,
    computeChecksum: rule.computeChecksum,
    sinceAtMs: runtime.clock.nowMs(),
    nowMs: () => runtime.clock.nowMs(),
  });
  return new BookStream(tools, {
    kind: 'orders-book',
    book,
    buffer: createDeltaBuffer<OrdersBookMessage>({
      maxDeltas: limits.maxBufferedDeltas,
      maxLevels: limits.maxBufferedLevels,
    }),
    createView: (name) => createOrdersBookView(book, name),
    // What a snapshot holds below the depth is not in the book.
    listChanges: (message) =>
      message.type === 'orders-book.snapshot' ? listOrders(book.queues) : message.orders,
    listWhole: () => listOrders(book.queues),
    describeChange: ({ venue: name, symbol: as, venueAtMs, receivedAtMs }, view, change) => ({
      type: 'orders-book.changed',
      venue: name,
      symbol: as,
      venueAtMs,
      receivedAtMs,
      kind: change.kind,
      book: view,
      changes: change.changes,
    }),
  });
}

/** All orders as those of a snapshot: bids before asks, best price first, in queue order. */
function listOrders({ bids, asks }: OrderQueues): QueuedOrder[] {
  const listSide = (side: Side, queues: readonly PriceQueue[]): QueuedOrder[] =>
    queues.flatMap(({ orders }) => orders.map((order) => ({ side, change: 'add', ...order })));
  return [...listSide('bid', bids), ...listSide('ask', asks)];
}
