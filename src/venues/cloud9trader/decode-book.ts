import { ASK, BID } from '../../model/levels.js';
import { pushLevel, type BookPool, type LevelTarget } from '../../wire/book-pool.js';
import { readCount } from '../../wire/decimals.js';
import { findTimeMs, readList, toObject, type RawObject } from '../../wire/fields.js';
import { faultAt, leaveList, type Place } from '../../wire/place.js';
import type { TopicDecoder } from './decoding.js';

/**
 * Makes a decoder of `order-book` data that fills books of the pool. What
 * answers a request is the whole book, everything else a change (order-book page). A whole book
 * must have both sides; a change may leave a side out that nothing happened on.
 */
export function createBookDecoder(pool: BookPool): TopicDecoder {
  return ({ data, symbol, isAnswer }, { place, messages }) => {
    const raw = toObject(data, place);
    const book = pool.take();
    const { columns } = book;
    book.type = isAnswer ? 'book.snapshot' : 'book.delta';
    book.symbol = symbol;
    book.firstNumber = book.lastNumber = readCount(raw, 'sequence', place);
    book.venueAtMs = findTimeMs(raw, 'time', place);
    readLevels(raw, { side: BID, name: 'bids', required: isAnswer, columns, place });
    readLevels(raw, { side: ASK, name: 'asks', required: isAnswer, columns, place });
    messages.push(book);
  };
}

interface SideTarget extends LevelTarget {
  readonly name: 'bids' | 'asks';
  readonly required: boolean;
  readonly place: Place;
}

function readLevels(book: RawObject, target: SideTarget): void {
  const { name, required, place } = target;
  if ((book[name] === undefined || book[name] === null) && !required) return;
  const list = readList(book, name, place);
  for (let index = 0; index < list.length; index += 1) {
    place.item = index;
    const level: unknown = list[index];
    if (!Array.isArray(level)) throw faultAt(place, '', ['a list of price and quantity', level]);
    const wrong = pushLevel(target, level[0], level[1]);
    if (wrong === undefined) continue;
    const at = wrong === 'price' ? 0 : 1;
    throw faultAt(place, `[${at}]`, ['a decimal', level[at]]);
  }
  leaveList(place);
}
