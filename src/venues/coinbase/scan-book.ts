/**
 * A fast reader of `l2_data` frames: this field order, no space, one event, one time for all
 * levels, as in every recorded frame.
 */
import { createDecimalReader } from '../../book/decimal.js';
import type { MutableLevelColumns } from '../../book/level-columns.js';
import { ASK, BID, type SideIndex } from '../../model/levels.js';
import type { MutableBook } from '../../wire/book-pool.js';
import type { BookScanner, FrameFacts } from '../../wire/frame-scan.js';
import {
  readQuotedDecimal,
  readTimeMs,
  skip,
  skipLast,
  skipByte,
  skipSame,
  toFixed,
  type Cursor,
} from '../../wire/byte-cursor.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { readEnvelope } from './scan-envelope.js';

const COMMA = 44;
const LIST_END = 93;
const LETTER_B = 98;
/** Where the letter is that tells the sides apart: `{"side":"b`. */
const SIDE_AT = 9;

const HEAD = toFixed('{"channel":"l2_data",');
const UPDATE = toFixed('update","product_id":"');
const SNAPSHOT = toFixed('snapshot","product_id":"');
const UPDATES = toFixed('","updates":[');
const BID_HEAD = toFixed('{"side":"bid","event_time":"');
const OFFER_HEAD = toFixed('{"side":"offer","event_time":"');
const PRICE = toFixed('","price_level":"');
const SIZE = toFixed('","new_quantity":"');
const LEVEL_END = toFixed('"}');
const TAIL = toFixed(']}]}');

/** Makes a scanner; `numbered` says whether `sequence_num` counts per symbol. */
export function createBookScanner(
  cursor: Cursor,
  { numbered }: { readonly numbered: boolean },
): BookScanner {
  const prices = createDecimalReader();
  const sizes = createDecimalReader();
  const symbols = new SymbolCache();
  /** Where the time of the frame's levels stands first; -1 where none was read yet. */
  let timeAt = -1;
  let timeLength = 0;
  /**
   * Where a level of each side begins; -1 where none was read yet. Up to its price each further one
   * has to be the same, which is compared at once.
   */
  const headAts = new Int32Array(2);
  const headLengths = new Int32Array(2);

  function readHead(book: MutableBook, facts: FrameFacts): boolean {
    if (!readEnvelope(cursor, HEAD, facts)) return false;
    if (numbered) book.firstNumber = book.lastNumber = facts.number;
    if (skip(cursor, UPDATE)) book.type = 'book.delta';
    else if (skip(cursor, SNAPSHOT)) book.type = 'book.snapshot';
    else return false;
    book.symbol = symbols.read(cursor);
    return book.symbol !== '' && skip(cursor, UPDATES);
  }

  /** What stands before the price of a level; the first of the frame says the time. */
  function readLevelHead(side: SideIndex, book: MutableBook): boolean {
    const start = cursor.at;
    if (!skip(cursor, side === BID ? BID_HEAD : OFFER_HEAD)) return false;
    if (timeAt < 0) {
      timeAt = cursor.at;
      book.venueAtMs = readTimeMs(cursor);
      if (Number.isNaN(book.venueAtMs)) return false;
      timeLength = cursor.at - timeAt;
    } else if (!skipSame(cursor, timeAt, timeLength)) return false;
    if (!skip(cursor, PRICE)) return false;
    headAts[side] = start;
    headLengths[side] = cursor.at - start;
    return true;
  }

  /** Levels up to the end of their list, all of the time of the first one; false for others. */
  function readLevels(book: MutableBook, columns: MutableLevelColumns): boolean {
    if (cursor.bytes[cursor.at] === LIST_END) return true;
    timeAt = headAts[BID] = headAts[ASK] = -1;
    do {
      const side = cursor.bytes[cursor.at + SIDE_AT] === LETTER_B ? BID : ASK;
      const headAt = headAts[side] as number;
      const isHead =
        headAt < 0
          ? readLevelHead(side, book)
          : skipSame(cursor, headAt, headLengths[side] as number);
      if (!isHead || !readQuotedDecimal(cursor, prices)) return false;
      if (!skip(cursor, SIZE) || !readQuotedDecimal(cursor, sizes)) return false;
      if (!skip(cursor, LEVEL_END)) return false;
      columns.push(side, prices, sizes);
    } while (skipByte(cursor, COMMA));
    return true;
  }

  return {
    scan(book, facts) {
      return readHead(book, facts) && readLevels(book, book.columns) && skipLast(cursor, TAIL);
    },
  };
}
