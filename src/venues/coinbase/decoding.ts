import type { RawObject } from '../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../wire/frame.js';
import type { UpdateKind } from '../../wire/market.js';
import { faultAt } from '../../wire/place.js';

/** Decodes one event of a channel into `decoding.messages`; throws FieldFault. */
export type EventDecoder = (event: RawObject, decoding: Decoding) => void;

/**
 * The type of an event. Any other text is a kind that the venue added after this was written: it is
 * reported and passed over.
 */
export function readEventType(event: RawObject, decoding: Decoding): UpdateKind | undefined {
  const type = event['type'];
  if (type === 'snapshot' || type === 'update') return type;
  if (typeof type !== 'string') throw faultAt(decoding.place, 'type', ['a text', type]);
  reportSkipped(decoding, type, 'The event type is not known to truefeed.');
  return undefined;
}

/** The same where passing over an event would leave a book without what the event says. */
export function requireEventType(event: RawObject, decoding: Decoding): UpdateKind {
  const type = event['type'];
  if (type === 'snapshot' || type === 'update') return type;
  throw faultAt(decoding.place, 'type', ['"snapshot" or "update"', type]);
}
