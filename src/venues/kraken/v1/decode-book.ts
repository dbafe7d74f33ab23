import type { MutableLevelColumns } from '../../../book/level-columns.js';
import { ASK, BID, type SideIndex } from '../../../model/levels.js';
import { pushLevel, type BookPool } from '../../../wire/book-pool.js';
import { toObject, type RawObject } from '../../../wire/fields.js';
import { enter, faultAt, leaveList, type Place } from '../../../wire/place.js';
import type { V1Decoder } from './decode-data.js';
import { readSecondsAt, toItems } from './items.js';

const CHECKSUM = /^\d{1,10}$/;
const CHECKSUM_MAX = 0xffff_ffff;

/** The lists of a payload: sides of a snapshot, sides of an update. */
const SNAPSHOT_LISTS = [
  ['as', ASK],
  ['bs', BID],
] as const;
const UPDATE_LISTS = [
  ['a', ASK],
  ['b', BID],
] as const;

/** What one message amounts to, over all its payloads. */
interface Reading {
  readonly columns: MutableLevelColumns;
  readonly place: Place;
  latestMs: number;
  checksum: number;
  lists: number;
}

/**
 * Makes a decoder of `book-N`. A snapshot (`as`, `bs`) has no checksum. An update has the asks and
 * the bids in one or two payloads, read in order, and the checksum in the last; reading the first
 * only would leave two-sided updates unverified.
 */
export function createV1BookDecoder(pool: BookPool): V1Decoder {
  return ({ payloads, symbol }, place, messages) => {
    const book = pool.take();
    const { columns } = book;
    const reading: Reading = { columns, place, latestMs: NaN, checksum: NaN, lists: 0 };
    let snapshotLists = 0;
    payloads.forEach((raw, index) => {
      enter(place, `[${index + 1}]`);
      const payload = toObject(raw, place);
      for (const [name, side] of SNAPSHOT_LISTS) {
        if (payload[name] === undefined) continue;
        readLevels(payload[name], { name, side }, reading);
        snapshotLists += 1;
      }
      for (const [name, side] of UPDATE_LISTS) {
        if (payload[name] !== undefined) readLevels(payload[name], { name, side }, reading);
      }
      if (payload['c'] !== undefined) reading.checksum = readChecksum(payload, place);
    });
    enter(place, '[1]');
    // Half a snapshot would leave the other side empty, and both at once is no message at all.
    const isMixed = snapshotLists > 0 && reading.lists !== 2;
    if (isMixed || snapshotLists === 1 || reading.lists === 0) {
      throw faultAt(place, '', ['"as" and "bs", or "a" or "b"', payloads[0]]);
    }
    book.type = snapshotLists > 0 ? 'book.snapshot' : 'book.delta';
    book.symbol = symbol;
    book.venueAtMs = reading.latestMs;
    book.checksum = reading.checksum;
    messages.push(book);
  };
}

/**
 * `["0.074738500","125000.00000000","1690246063.352141","r"]`: the mark "r" of a level that comes
 * back into the window changes nothing, and times are not in order, so that entries keep the wire's
 * order.
 */
function readLevels(
  value: unknown,
  { name, side }: { readonly name: string; readonly side: SideIndex },
  reading: Reading,
): void {
  const { columns, place } = reading;
  const list = toItems(value, name, { place, least: 0 });
  reading.lists += 1;
  place.list = name;
  const target = { side, columns };
  for (let index = 0; index < list.length; index += 1) {
    place.item = index;
    const level = toItems(list[index], '', { place, least: 3 });
    const wrong = pushLevel(target, level[0], level[1]);
    if (wrong !== undefined) {
      const at = wrong === 'price' ? 0 : 1;
      throw faultAt(place, `[${at}]`, ['a decimal in quotes', level[at]]);
    }
    const timeMs = readSecondsAt(level, 2, { place, field: '' });
    if (!(timeMs <= reading.latestMs)) reading.latestMs = timeMs;
  }
  leaveList(place);
}

function readChecksum(payload: RawObject, place: Place): number {
  const text = payload['c'];
  const checksum = typeof text === 'string' && CHECKSUM.test(text) ? Number(text) : NaN;
  if (checksum <= CHECKSUM_MAX) return checksum;
  throw faultAt(place, 'c', ['a whole number of 32 bits in quotes', text]);
}
