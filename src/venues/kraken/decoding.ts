import type { VenueMessage } from '../../model/message.js';
import { excerptName } from './excerpt.js';
import { faultAt, toObject, type Place, type RawObject } from './fields.js';

/** Entries in one frame; the most recorded is the 683 pairs of the instruments (2024-04). */
const ENTRIES_MAX = 100_000;

/** What the decoders of one frame share. Reused: it holds nothing that outlives the frame. */
export interface Decoding {
  readonly place: Place;
  /** The channel as the wire names it, '' where the frame has none. */
  wireChannel: string;
  readonly messages: VenueMessage[];
}

/** Whether a frame of data is a whole state or a change. */
export type FrameType = 'snapshot' | 'update';

/** Decodes one frame of a channel into `decoding.messages`; throws FieldFault. */
export type FrameDecoder = (frame: RawObject, type: FrameType, decoding: Decoding) => void;

/** Adds a `frame.skipped` for something of a kind that we do not know. */
export function reportSkipped(decoding: Decoding, kind: string, reason: string): void {
  const { wireChannel, messages } = decoding;
  const name = excerptName(kind) || 'empty';
  const whole = wireChannel === '' ? name : `${excerptName(wireChannel)}/${name}`;
  messages.push({ type: 'frame.skipped', kind: whole, reason });
}

/** Hands on each entry of `data`, as an object, with the place moved to it. */
export function forEachEntry(
  frame: RawObject,
  { place }: Decoding,
  take: (entry: RawObject, index: number) => void,
): void {
  const data = frame['data'];
  Object.assign(place, { entry: '', list: '', item: 0 });
  if (!Array.isArray(data) || data.length > ENTRIES_MAX) {
    throw faultAt(place, 'data', [`a list of at most ${ENTRIES_MAX}`, data]);
  }
  const entries: readonly unknown[] = data;
  entries.forEach((raw, index) => {
    Object.assign(place, { entry: `data[${index}]`, list: '', item: 0 });
    take(toObject(raw, place), index);
  });
}

/**
 * Sorts entries by symbol and hands each symbol's on, in the order in which the symbols first
 * appear. One symbol a frame is all that was ever recorded.
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
