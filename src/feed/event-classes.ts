import type { FeedEvent, FeedEventType } from '../model/event.js';

/**
 * What may become of an event when its consumer is too slow: a book's change makes room for one
 * snapshot, of what only the newest counts of the older ones go, what is droppable may be left out
 * and counted, and what is essential always comes.
 */
export type EventClass = 'book' | 'newest-counts' | 'droppable' | 'essential';

/** The one place that says it, for queues of events and of lines. */
export const EVENT_CLASSES: Readonly<Record<FeedEventType, EventClass>> = {
  'book.changed': 'book',
  'book.staled': 'essential',
  'book.restored': 'essential',
  'book.failed': 'essential',
  'orders-book.changed': 'book',
  'orders-book.staled': 'essential',
  'orders-book.restored': 'essential',
  'orders-book.failed': 'essential',
  'trade.printed': 'droppable',
  'trades.listed': 'droppable',
  'trades.gapped': 'essential',
  'ticker.changed': 'newest-counts',
  'candle.changed': 'newest-counts',
  'instrument.changed': 'newest-counts',
  'heartbeat.received': 'newest-counts',
  'order.changed': 'essential',
  'order.vanished': 'essential',
  'fill.printed': 'essential',
  'fills.listed': 'essential',
  'fills.gapped': 'essential',
  'account.staled': 'essential',
  'account.restored': 'essential',
  'notice.received': 'essential',
  'position.changed': 'essential',
  'balance.changed': 'essential',
  'sequence.gapped': 'essential',
  'venue.changed': 'essential',
  'session.opened': 'essential',
  'session.closed': 'essential',
  'auth.accepted': 'essential',
  'auth.renewed': 'essential',
  'auth.refused': 'essential',
  'subscription.accepted': 'essential',
  'subscription.refused': 'essential',
  'stream.silenced': 'droppable',
  'frame.skipped': 'droppable',
  'frame.refused': 'droppable',
  'switch.changed': 'essential',
  'events.dropped': 'essential',
};

/** What a later event must share with an earlier one to take its place. */
export function describeKey(event: FeedEvent): string {
  switch (event.type) {
    case 'ticker.changed':
      return `${event.type} ${event.channel} ${event.symbol}`;
    case 'candle.changed':
      return `${event.type} ${event.symbol} ${event.candle.openedAtMs}`;
    case 'heartbeat.received':
      return `${event.type} ${event.session}`;
    default:
      return `${event.type} ${event.symbol}`;
  }
}
