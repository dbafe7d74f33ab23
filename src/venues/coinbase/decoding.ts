import type { VenueMessage } from '../../model/message.js';
import { excerptText } from './excerpt.js';
import { faultAt, type Place, type RawObject } from './fields.js';

/** What the decoders of one frame share. Reused: it holds nothing that outlives the frame. */
export interface Decoding {
  readonly place: Place;
  /** The channel as the wire names it. */
  wireChannel: string;
  sentAtMs: number;
  /** The frame's `sequence_num`. */
  number: number;
  readonly messages: VenueMessage[];
}

/** Decodes one event of a channel into `decoding.messages`; throws FieldFault. */
export type EventDecoder = (event: RawObject, decoding: Decoding) => void;

/**
 * The type of an event: `snapshot` or `update`. Any other text is a kind that the venue added after
 * this was written: it is reported and passed over.
 */
export function readEventType(
  event: RawObject,
  decoding: Decoding,
): 'snapshot' | 'update' | undefined {
  const type = event['type'];
  if (type === 'snapshot' || type === 'update') return type;
  if (typeof type !== 'string') throw faultAt(decoding.place, 'type', ['a text', type]);
  reportSkipped(decoding, type, 'The event type is not known to truefeed.');
  return undefined;
}

/** Adds a `frame.skipped` for something of a kind that we do not know. */
export function reportSkipped(decoding: Decoding, kind: string, reason: string): void {
  const name = excerptText(kind, 40).replace(/[^\w./:-]/g, '_');
  const channel = excerptText(decoding.wireChannel, 40).replace(/[^\w./:-]/g, '_');
  decoding.messages.push({
    type: 'frame.skipped',
    kind: channel === '' ? name : `${channel}/${name}`,
    reason,
  });
}

/**
 * Sorts the items of a list by product and hands each product's on, in the order in which the
 * products first appear. One product a list is all that was ever recorded.
 */
export function groupBySymbol<Item>(
  items: readonly { readonly symbol: string; readonly item: Item }[],
  take: (symbol: string, items: Item[]) => void,
): void {
  const groups = new Map<string, Item[]>();
  for (const { symbol, item } of items) {
    const group = groups.get(symbol);
    if (group === undefined) groups.set(symbol, [item]);
    else group.push(item);
  }
  for (const [symbol, group] of groups) take(symbol, group);
}
