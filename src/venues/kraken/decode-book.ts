import { ASK, BID } from '../../model/levels.js';
import { pushLevel, type BookPool, type LevelTarget } from '../../wire/book-pool.js';
import { readCount } from '../../wire/decimals.js';
import { findTimeMs, readList, readSymbol, toObject, type RawObject } from '../../wire/fields.js';
import { faultAt, leaveList, type Place } from '../../wire/place.js';
import { forEachEntry, type FrameDecoder } from './decoding.js';

/** The largest checksum: an unsigned integer of 32 bits. */
export const CHECKSUM_MAX = 0xffff_ffff;

/** Makes a decoder of `book` frames that fills books of the pool. */
export function createBookDecoder(pool: BookPool): FrameDecoder {
  return (frame, type, decoding) => {
    forEachEntry(frame, decoding, (entry) => {
      const { place } = decoding;
      const book = pool.take();
      const { columns } = book;
      book.type = type === 'snapshot' ? 'book.snapshot' : 'book.delta';
      book.symbol = readSymbol(entry, 'symbol', place);
      book.venueAtMs = findTimeMs(entry, 'timestamp', place);
      book.checksum = readChecksum(entry, place);
      readSide(entry, 'bids', { side: BID, columns, place });
      readSide(entry, 'asks', { side: ASK, columns, place });
      decoding.messages.push(book);
    });
  };
}

/** An unsigned integer of 32 bits: as a signed one, half of all checksums would be missed. */
export function readChecksum(entry: RawObject, place: Place): number {
  const checksum = readCount(entry, 'checksum', place);
  if (checksum <= CHECKSUM_MAX) return checksum;
  throw faultAt(place, 'checksum', ['a whole number of 32 bits', entry['checksum']]);
}

/** Levels keep the order of the wire: the same price may come twice, and the later counts. */
function readSide(
  entry: RawObject,
  name: string,
  target: LevelTarget & { readonly place: Place },
): void {
  const { place } = target;
  const list = readList(entry, name, place);
  for (let index = 0; index < list.length; index += 1) {
    place.item = index;
    const level = toObject(list[index], place);
    const wrong = pushLevel(target, level['price'], level['qty']);
    if (wrong === undefined) continue;
    const field = wrong === 'price' ? 'price' : 'qty';
    throw faultAt(place, field, ['a decimal', level[field]]);
  }
  leaveList(place);
}
