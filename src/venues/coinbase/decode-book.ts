import { createLevelColumns, type MutableLevelColumns } from '../../book/level-columns.js';
import { ASK, BID, type LevelColumns, type SideIndex } from '../../model/levels.js';
import type { BookMessage } from '../../model/message.js';
import { readEventType, type Decoding, type EventDecoder } from './decoding.js';
import {
  faultAt,
  findTimeMs,
  isDecimal,
  isObject,
  readList,
  readProduct,
  type RawObject,
} from './fields.js';
import { createBookScanner } from './scan.js';

/** Columns kept from frame to frame; a frame with more books than this makes its own. */
const COLUMNS_KEPT_MAX = 4;

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
  const pool: MutableLevelColumns[] = [];
  let used = 0;

  function takeColumns(): MutableLevelColumns {
    const columns = pool[used] ?? createLevelColumns();
    pool[used] = columns;
    used += 1;
    columns.clear();
    return columns;
  }

  const scanner = createBookScanner();

  function pushMessage(part: BookPart, columns: LevelColumns, decoding: Decoding): void {
    const number = options.numbered ? decoding.number : NaN;
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
    startFrame() {
      used = 0;
      if (pool.length > COLUMNS_KEPT_MAX) pool.length = COLUMNS_KEPT_MAX;
    },
    decodeEvent(event, decoding) {
      const eventType = readEventType(event, decoding);
      if (eventType === undefined) return;
      const type = eventType === 'snapshot' ? 'book.snapshot' : 'book.delta';
      const symbol = readProduct(event, 'product_id', decoding.place);
      const updates = readList(event, 'updates', decoding.place);
      const columns = takeColumns();
      const venueAtMs = readLevels(updates, columns, decoding);
      pushMessage({ type, symbol, venueAtMs }, columns, decoding);
    },
    scanFrame(frame, decoding) {
      const columns = takeColumns();
      const scan = scanner.scan(frame, columns);
      if (scan === undefined) {
        used = 0;
        return false;
      }
      decoding.number = scan.number;
      decoding.sentAtMs = scan.sentAtMs;
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
  decoding: Decoding,
): number {
  const place = decoding.place;
  let lastTimeText: unknown;
  let latestMs = NaN;
  for (let index = 0; index < updates.length; index += 1) {
    place.item = index;
    const level = updates[index];
    if (!isObject(level)) throw faultAt(place, '', ['an object', level]);
    const side = readSide(level['side'], decoding);
    const price = level['price_level'];
    const size = level['new_quantity'];
    const areTexts = typeof price === 'string' && typeof size === 'string';
    if (!areTexts || !columns.pushText(side, price, size)) throw faultInLevel(level, decoding);
    // One time holds for a whole message (recorded 2026-08), so that it is read once.
    if (level['event_time'] !== lastTimeText) {
      lastTimeText = level['event_time'];
      const timeMs = findTimeMs(level, 'event_time', place);
      if (!(timeMs <= latestMs) && !Number.isNaN(timeMs)) latestMs = timeMs;
    }
  }
  return latestMs;
}

/** The fault of a level that the columns did not take: its price, else its size. */
function faultInLevel(level: RawObject, decoding: Decoding): Error {
  const name = isDecimal(level['price_level']) ? 'new_quantity' : 'price_level';
  return faultAt(decoding.place, name, ['a decimal in quotes', level[name]]);
}

/** The wire says `offer`; `ask` is accepted because documentation and clients use it. */
function readSide(side: unknown, decoding: Decoding): SideIndex {
  if (side === 'bid') return BID;
  if (side === 'offer' || side === 'ask') return ASK;
  throw faultAt(decoding.place, 'side', ['"bid" or "offer"', side]);
}
