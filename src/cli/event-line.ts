import { describeKey, EVENT_CLASSES } from '../feed/event-classes.js';
import { TruefeedError } from '../model/error.js';
import type { BookChanged, FeedEvent, OrdersBookChanged } from '../model/event.js';
import type { Level } from '../model/levels.js';
import type { PriceQueue } from '../model/orders-book.js';
import type { QueuedLine } from './line-queue.js';

/** Doubles beside exact strings: a JSON reader has no use for both. */
const LEFT_OUT = new Set(['priceNumber', 'sizeNumber']);

/** `this` is what holds the value: an error has been made plain by its own `toJSON` before. */
function replaceValue(
  this: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
): unknown {
  if (LEFT_OUT.has(key)) return undefined;
  const { [key]: original } = this;
  if (original instanceof TruefeedError) {
    return { code: original.code, message: original.message, retryable: original.retryable };
  }
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  return typeof value === 'bigint' ? value.toString() : value;
}

function formatSide(levels: readonly Level[]): [string, string][] {
  return levels.map((level) => [level.price, level.size]);
}

/** Each price with the orders that wait there, the first to be filled first. */
function formatQueues(queues: readonly PriceQueue[]): [string, [string, string][]][] {
  return queues.map(({ price, orders }) => [
    price,
    orders.map(({ orderId, size }) => [orderId, size]),
  ]);
}

/** The best of both sides as it stands now. */
function readTop(event: BookChanged | OrdersBookChanged, depth: number): object {
  if (event.type === 'book.changed') {
    const { bids, asks } = event.book.top(depth);
    return { bids: formatSide(bids), asks: formatSide(asks) };
  }
  const { bids, asks } = event.book.top(depth);
  return { bids: formatQueues(bids), asks: formatQueues(asks) };
}

/** The book as it stands now, so it must be called while the event is being delivered. */
function describeBook(event: BookChanged | OrdersBookChanged, depth: number): object {
  return {
    type: event.type,
    venue: event.venue,
    symbol: event.symbol,
    kind: event.kind,
    status: event.book.state.status,
    venueAtMs: event.venueAtMs,
    receivedAtMs: event.receivedAtMs,
    ...readTop(event, depth),
  };
}

/**
 * One event as one line of JSON. A number that is not known (NaN) is `null`; an error is its code,
 * message and whether trying again can help.
 */
export function formatEventLine(event: FeedEvent, depth: number): string {
  if (event.type === 'book.changed' || event.type === 'orders-book.changed') {
    return JSON.stringify(describeBook(event, depth));
  }
  const { type, ...rest } = event;
  // `type` first, so that a person reading along sees what a line is about.
  return JSON.stringify({ type, ...rest }, replaceValue);
}

/**
 * One event as a line that may have to wait. A line holds the whole top of a book, so that a newer
 * one stands for an older one, as with everything of which only the newest counts.
 */
export function toQueuedLine(event: FeedEvent, depth: number): QueuedLine {
  const kind = EVENT_CLASSES[event.type];
  const isState = kind === 'book' || kind === 'newest-counts';
  return {
    text: formatEventLine(event, depth),
    droppable: kind !== 'essential',
    ...(isState ? { conflateAs: describeKey(event) } : {}),
  };
}
