import type { FeedEvent } from '../../src/model/event.js';

/**
 * How the matrix writes an event: its type with the code, the reason or the state that it carries;
 * undefined for the news of every day.
 */
export function labelEvent(event: FeedEvent): string | undefined {
  switch (event.type) {
    case 'book.staled':
    case 'account.staled':
      return `${event.type} (${event.reason})`;
    case 'book.failed':
    case 'session.closed':
    case 'frame.refused':
      return `${event.type} ${event.error.code}`;
    case 'auth.refused':
    case 'subscription.refused':
      return `${event.type} ${event.error.code}${event.final ? ' (final)' : ''}`;
    case 'venue.changed':
      return `${event.type} (${event.status})`;
    case 'stream.silenced':
      return event.silentMs > 0 ? event.type : undefined;
    case 'book.restored':
    case 'account.restored':
    case 'session.opened':
    case 'auth.accepted':
    case 'auth.renewed':
    case 'sequence.gapped':
    case 'trades.gapped':
    case 'fills.gapped':
    case 'frame.skipped':
    case 'order.vanished':
      return event.type;
    default:
      return undefined;
  }
}
