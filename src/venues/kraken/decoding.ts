import { toObject, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import type { UpdateKind } from '../../wire/market.js';
import { enter, faultAt } from '../../wire/place.js';

/** Entries in one frame; the most recorded is the 683 pairs of the instruments (2024-04). */
const ENTRIES_MAX = 100_000;

/** Decodes one frame of a channel into `decoding.messages`; throws FieldFault. */
export type FrameDecoder = (frame: RawObject, type: UpdateKind, decoding: Decoding) => void;

/** Hands on each entry of `data`, as an object, with the place moved to it. */
export function forEachEntry(
  frame: RawObject,
  { place }: Decoding,
  take: (entry: RawObject) => void,
): void {
  const data = frame['data'];
  enter(place, '');
  if (!Array.isArray(data) || data.length > ENTRIES_MAX) {
    throw faultAt(place, 'data', [`a list of at most ${ENTRIES_MAX}`, data]);
  }
  const entries: readonly unknown[] = data;
  entries.forEach((raw, index) => {
    enter(place, `data[${index}]`);
    take(toObject(raw, place));
  });
}

/** The id of the request that is answered; an odd one is as good as none. */
export function findRequestId(from: RawObject, name: string): number | undefined {
  const value = from[name];
  if (typeof value !== 'string' || !/^\d{1,16}$/.test(value)) return undefined;
  const requestId = Number(value);
  return Number.isSafeInteger(requestId) ? requestId : undefined;
}
