import { createLevelColumns, type MutableLevelColumns } from '../../book/level-columns.js';
import { ASK, BID, type SideIndex } from '../../model/levels.js';
import type { TopicDecoder } from './decoding.js';
import {
  faultAt,
  findTimeMs,
  readWholeNumber,
  toDecimal,
  toObject,
  type Place,
  type RawObject,
} from './fields.js';

/**
 * Makes a decoder of `order-book` data that fills one set of columns: a frame holds one book. What
 * answers a request is the whole book, everything else a change (order-book page). A whole book
 * must have both sides; a change may leave a side out that nothing happened on.
 */
export function createBookDecoder(): TopicDecoder {
  const columns = createLevelColumns();
  return ({ data, symbol, isAnswer }, { place, messages }) => {
    const book = toObject(data, place);
    const sequence = readWholeNumber(book, 'sequence', place);
    const venueAtMs = findTimeMs(book, 'time', place);
    columns.clear();
    readLevels(book, { side: BID, name: 'bids', required: isAnswer, columns, place });
    readLevels(book, { side: ASK, name: 'asks', required: isAnswer, columns, place });
    messages.push({
      type: isAnswer ? 'book.snapshot' : 'book.delta',
      symbol,
      venueAtMs,
      columns,
      firstNumber: sequence,
      lastNumber: sequence,
      checksum: NaN,
    });
  };
}

interface SideTarget {
  readonly side: SideIndex;
  readonly name: 'bids' | 'asks';
  readonly required: boolean;
  readonly columns: MutableLevelColumns;
  readonly place: Place;
}

function readLevels(book: RawObject, target: SideTarget): void {
  const { side, name, required, columns, place } = target;
  const list = book[name];
  if ((list === undefined || list === null) && !required) return;
  if (!Array.isArray(list)) throw faultAt(place, name, ['a list', list]);
  place.list = name;
  for (let index = 0; index < list.length; index += 1) {
    place.item = index;
    const level: unknown = list[index];
    if (!Array.isArray(level)) throw faultAt(place, '', ['a list of price and quantity', level]);
    const price: unknown = level[0];
    const size: unknown = level[1];
    const areTexts = typeof price === 'string' && typeof size === 'string';
    if (!areTexts || !columns.pushText(side, price, size)) pushOddLevel([price, size], target);
  }
  Object.assign(place, { list: '', item: 0 });
}

/** A level that the columns did not take as it is: written with an exponent, or wrong. */
function pushOddLevel(level: readonly [unknown, unknown], { side, columns, place }: SideTarget) {
  const price = toDecimal(level[0]);
  const size = toDecimal(level[1]);
  if (price !== undefined && size !== undefined && columns.pushText(side, price, size)) return;
  const index = price === undefined ? 0 : 1;
  throw faultAt(place, `[${index}]`, ['a decimal', level[index]]);
}
