import { ConfigError } from '../model/error.js';
import type { FeedEventType } from '../model/event.js';
import { explainUnknownName } from '../model/option-names.js';

/** Complete by its type: a new event that is left out here does not compile. */
const EVENT_TYPES: Readonly<Record<FeedEventType, true>> = {
  'book.changed': true,
  'book.staled': true,
  'book.restored': true,
  'book.failed': true,
  'orders-book.changed': true,
  'orders-book.staled': true,
  'orders-book.restored': true,
  'orders-book.failed': true,
  'trade.printed': true,
  'trades.listed': true,
  'trades.gapped': true,
  'ticker.changed': true,
  'candle.changed': true,
  'instrument.changed': true,
  'heartbeat.received': true,
  'order.changed': true,
  'fill.printed': true,
  'fills.listed': true,
  'fills.gapped': true,
  'account.staled': true,
  'account.restored': true,
  'notice.received': true,
  'order.vanished': true,
  'position.changed': true,
  'balance.changed': true,
  'sequence.gapped': true,
  'venue.changed': true,
  'session.opened': true,
  'session.closed': true,
  'auth.accepted': true,
  'auth.renewed': true,
  'auth.refused': true,
  'subscription.accepted': true,
  'subscription.refused': true,
  'stream.silenced': true,
  'frame.skipped': true,
  'frame.refused': true,
  'switch.changed': true,
  'events.dropped': true,
};

/** The names of all events, in the order of their declarations. */
export const EVENT_NAMES = Object.keys(EVENT_TYPES) as readonly FeedEventType[];

/** A misspelt event would never be heard, and nothing would say so. Throws OPTION_INVALID. */
export function checkEventName(type: string): void {
  if (Object.hasOwn(EVENT_TYPES, type)) return;
  const { text, facts } = explainUnknownName('the events of a feed', String(type), EVENT_NAMES);
  throw new ConfigError('OPTION_INVALID', text, { facts });
}
