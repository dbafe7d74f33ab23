import { describeValue } from './excerpt.js';

/**
 * Where in the frame a decoder is. One per codec, moved along instead of building paths for each
 * level: a path is only needed where something is wrong.
 */
export interface Place {
  /** The part of the frame, such as `data[0]`; '' for the frame itself. */
  entry: string;
  /** The list inside the entry; '' where the entry itself is the list. */
  list: string;
  /** The item of the list; below 0 where the decoder is in no list. */
  item: number;
}

/** A field that is not what the protocol says; the codec turns it into a ProtocolError. */
export class FieldFault extends Error {
  override readonly name = 'FieldFault';
  readonly path: string;
  readonly expected: string;
  readonly received: string;

  constructor(path: string, expected: string, received: string) {
    super(`${path} should be ${expected}`);
    this.path = path;
    this.expected = expected;
    this.received = received;
  }
}

/** The frame itself. */
export function createPlace(): Place {
  return { entry: '', list: '', item: -1 };
}

/** Moves to a part of the frame, outside of any list in it. */
export function enter(place: Place, entry: string): void {
  place.entry = entry;
  leaveList(place);
}

/** Moves out of a list, back to the entry that holds it. */
export function leaveList(place: Place): void {
  place.list = '';
  place.item = -1;
}

/** The name of a field seen from the frame: `data[0].bids[3].price`, `[1].a[0][2]`. */
export function pathOf(place: Place, field: string): string {
  const item = place.item < 0 ? '' : `${place.list}[${place.item}]`;
  return [place.entry, item, field]
    .filter((part) => part !== '')
    .join('.')
    .replaceAll('.[', '[');
}

/** The fault of a field of what `place` points at; '' is what it points at itself. */
export function faultAt(
  place: Place,
  field: string,
  [expected, received]: readonly [string, unknown],
): FieldFault {
  return new FieldFault(pathOf(place, field), expected, describeValue(received));
}
