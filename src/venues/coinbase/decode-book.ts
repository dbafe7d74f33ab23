import type { MutableLevelColumns } from '../../book/level-columns.js';
import { ASK, BID, type SideIndex } from '../../model/levels.js';
import type { BookPool } from '../../wire/book-pool.js';
import { isPlainDecimal } from '../../wire/decimals.js';
import { findTimeMs, readList, readSymbol, toObject, type RawObject } from '../../wire/fields.js';
import { faultAt, type Place } from '../../wire/place.js';
import { requireEventType, type EventDecoder } from './decoding.js';

/** What a book decoder has to know. */
export interface BookDecoderOptions {
  readonly pool: BookPool;
  /** Whether `sequence_num` counts per symbol, so that books carry it. */
  readonly numbered: boolean;
}

/** Makes a decoder of `l2_data` that fills books of the pool. */
export function createBookDecoder({ pool, numbered }: BookDecoderOptions): EventDecoder {
  return (event, decoding) => {
    const { frame, place, messages } = decoding;
    const book = pool.take();
    // What is not understood here may have changed any book.
    const kind = requireEventType(event, decoding);
    book.type = kind === 'snapshot' ? 'book.snapshot' : 'book.delta';
    book.symbol = readSymbol(event, 'product_id', place);
    book.venueAtMs = readLevels(readList(event, 'updates', place), book.columns, place);
    if (numbered) book.firstNumber = book.lastNumber = frame.number;
    messages.push(book);
  };
}

/** Fills the columns and returns the latest time of all levels; NaN where none has one. */
function readLevels(
  updates: readonly unknown[],
  columns: MutableLevelColumns,
  place: Place,
): number {
  let lastTimeText: unknown;
  let latestMs = NaN;
  for (let index = 0; index < updates.length; index += 1) {
    place.item = index;
    const level = toObject(updates[index], place);
    const side = readSide(level['side'], place);
    const price = level['price_level'];
    const size = level['new_quantity'];
    const areTexts = typeof price === 'string' && typeof size === 'string';
    if (!areTexts || !columns.pushText(side, price, size)) throw faultInLevel(level, place);
    // One time holds for a whole message (recorded 2026-08), so that it is read once.
    if (level['event_time'] !== lastTimeText) {
      lastTimeText = level['event_time'];
      const timeMs = findTimeMs(level, 'event_time', place);
      if (!(timeMs <= latestMs) && !Number.isNaN(timeMs)) latestMs = timeMs;
    }
  }
  return latestMs;
}

/**
 * The fault of a level that the columns did not take: its price, else its size. The venue writes no
 * exponents, so that one is no decimal here.
 */
function faultInLevel(level: RawObject, place: Place): Error {
  const name = isPlainDecimal(level['price_level']) ? 'new_quantity' : 'price_level';
  return faultAt(place, name, ['a decimal in quotes', level[name]]);
}

/** The wire says `offer`; `ask` is accepted because documentation and clients use it. */
function readSide(side: unknown, place: Place): SideIndex {
  if (side === 'bid') return BID;
  if (side === 'offer' || side === 'ask') return ASK;
  throw faultAt(place, 'side', ['"bid" or "offer"', side]);
}
