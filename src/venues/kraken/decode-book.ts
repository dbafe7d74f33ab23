import type { MutableLevelColumns } from '../../book/level-columns.js';
import { ASK, BID, type SideIndex } from '../../model/levels.js';
import type { ColumnPool } from './column-pool.js';
import { forEachEntry, type Decoding, type FrameDecoder } from './decoding.js';
import {
  faultAt,
  findTimeMs,
  isObject,
  readCount,
  readList,
  readSymbol,
  toDecimal,
  type Place,
  type RawObject,
} from './fields.js';

const CHECKSUM_MAX = 0xffff_ffff;

/** Makes a decoder of `book` frames that fills columns of the pool. */
export function createBookDecoder(pool: ColumnPool): FrameDecoder {
  return (frame, type, decoding) => {
    forEachEntry(frame, decoding, (entry) => {
      const { place } = decoding;
      const symbol = readSymbol(entry, 'symbol', place);
      const venueAtMs = findTimeMs(entry, 'timestamp', place);
      const checksum = readChecksum(entry, place);
      const columns = pool.take();
      readSide(entry, 'bids', { side: BID, columns, decoding });
      readSide(entry, 'asks', { side: ASK, columns, decoding });
      decoding.messages.push({
        type: type === 'snapshot' ? 'book.snapshot' : 'book.delta',
        symbol,
        venueAtMs,
        columns,
        firstNumber: NaN,
        lastNumber: NaN,
        checksum,
      });
    });
  };
}

/** An unsigned integer of 32 bits: as a signed one, half of all checksums would be missed. */
export function readChecksum(entry: RawObject, place: Place): number {
  const checksum = readCount(entry, 'checksum', place);
  if (checksum <= CHECKSUM_MAX) return checksum;
  throw faultAt(place, 'checksum', ['a whole number of 32 bits', entry['checksum']]);
}

/** Where the levels of one list go. */
interface SideTarget {
  readonly side: SideIndex;
  readonly columns: MutableLevelColumns;
  readonly decoding: Decoding;
}

/** Levels keep the order of the wire: the same price may come twice, and the later counts. */
function readSide(entry: RawObject, name: string, target: SideTarget): void {
  const { side, columns, decoding } = target;
  const { place } = decoding;
  const list = readList(entry, name, place);
  for (let index = 0; index < list.length; index += 1) {
    place.item = index;
    const level = list[index];
    if (!isObject(level)) throw faultAt(place, '', ['an object', level]);
    const price = level['price'];
    const size = level['qty'];
    const areTexts = typeof price === 'string' && typeof size === 'string';
    if (!areTexts || !columns.pushText(side, price, size)) pushOddLevel(level, target);
  }
  Object.assign(place, { list: '', item: 0 });
}

/** A level that the columns did not take as it is: written with an exponent, or wrong. */
function pushOddLevel(level: RawObject, { side, columns, decoding }: SideTarget): void {
  const price = toDecimal(level['price']);
  const size = toDecimal(level['qty']);
  if (price !== undefined && size !== undefined && columns.pushText(side, price, size)) return;
  const name = price === undefined ? 'price' : 'qty';
  throw faultAt(decoding.place, name, ['a decimal', level[name]]);
}
