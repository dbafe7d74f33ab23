import type { MutableLevelColumns } from '../../book/level-columns.js';
import { ASK, BID, type LevelColumns, type SideIndex } from '../../model/levels.js';
import type { BookMessage } from '../../model/message.js';
import { createColumnPool } from '../../wire/column-pool.js';
import { isPlainDecimal } from '../../wire/decimals.js';
import { findTimeMs, readList, readSymbol, toObject, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { faultAt, type Place } from '../../wire/place.js';
import { requireEventType, type EventDecoder } from './decoding.js';
import { createBookScanner } from './scan.js';

/** Decodes `l2_data`. */
export interface BookDecoder {
  /** Must be called before each frame: the columns of the last one are free again. */
  startFrame(): void;
  readonly decodeEvent: EventDecoder;
  /**
   * Decodes a whole frame the fast way; false, and nothing is changed, where that is not for it.
   */
  scanFrame(frame: Uint8Array, decoding: Decoding): boolean;
}

/** What a book decoder has to know of the venue's numbering. */
export interface BookDecoderOptions {
  /** Whether `sequence_num` counts per symbol, so that books carry it. */
  readonly numbered: boolean;
}

/** Makes a decoder with columns of its own, which it reuses. */
export function createBookDecoder(options: BookDecoderOptions): BookDecoder {
  const pool = createColumnPool();
  const scanner = createBookScanner();

  function pushMessage(part: BookPart, columns: LevelColumns, decoding: Decoding): void {
    const number = options.numbered ? decoding.frame.number : NaN;
    decoding.messages.push({
      type: part.type,
      symbol: part.symbol,
      venueAtMs: part.venueAtMs,
      columns,
      firstNumber: number,
      lastNumber: number,
      checksum: NaN,
    });
  }

  return {
    startFrame: () => pool.startFrame(),
    decodeEvent(event, decoding) {
      // What is not understood here may have changed any book.
      const kind = requireEventType(event, decoding);
      const type = kind === 'snapshot' ? 'book.snapshot' : 'book.delta';
      const symbol = readSymbol(event, 'product_id', decoding.place);
      const updates = readList(event, 'updates', decoding.place);
      const columns = pool.take();
      const venueAtMs = readLevels(updates, columns, decoding.place);
      pushMessage({ type, symbol, venueAtMs }, columns, decoding);
    },
    scanFrame(frame, decoding) {
      const columns = pool.take();
      const scan = scanner.scan(frame, columns);
      if (scan === undefined) {
        pool.startFrame();
        return false;
      }
      decoding.frame.number = scan.number;
      decoding.frame.sentAtMs = scan.sentAtMs;
      pushMessage(scan, columns, decoding);
      return true;
    },
  };
}

/** What a book message says beside its levels and numbers. */
type BookPart = Pick<BookMessage, 'type' | 'symbol' | 'venueAtMs'>;

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
