/**
 * A fast reader of the updates of `book-N` in protocol v1: asks, bids, or first the one and then
 * the other in a payload of its own, with the checksum in the last, as in every recorded frame.
 */
import { createDecimalReader } from '../../../book/decimal.js';
import { ASK, BID, type SideIndex } from '../../../model/levels.js';
import type { MutableBook } from '../../../wire/book-pool.js';
import type { BookScanner } from '../../../wire/frame-scan.js';
import {
  readQuotedDecimal,
  readSecondsMs,
  readWholeNumber,
  skip,
  skipLast,
  skipByte,
  toFixed,
  type Cursor,
} from '../../../wire/byte-cursor.js';
import { SymbolCache } from '../../../wire/symbol-cache.js';
import { CHECKSUM_MAX } from '../decode-book.js';

const LIST_BEGIN = 91;
const COMMA = 44;
const LIST_END = 93;

const ASKS = toFixed(',{"a":[');
const BIDS = toFixed(',{"b":[');
const BIDS_AFTER_ASKS = toFixed('},{"b":[');
const LEVEL = toFixed('["');
const NEXT = toFixed('","');
const LEVEL_END = toFixed('"]');
const REPUBLISHED = toFixed('","r"]');
const CHECKSUM = toFixed(',"c":"');
const CHANNEL = toFixed('"},"book-');
const SYMBOL = toFixed('","');
const TAIL = toFixed('"]');

/** Makes a scanner that reads at the cursor. */
export function createV1BookScanner(cursor: Cursor): BookScanner {
  const prices = createDecimalReader();
  const sizes = createDecimalReader();
  const symbols = new SymbolCache();

  /** Levels and the end of their list. The mark of one that comes back changes nothing. */
  function readLevels(side: SideIndex, book: MutableBook): boolean {
    if (skipByte(cursor, LIST_END)) return true;
    do {
      if (!skip(cursor, LEVEL) || !readQuotedDecimal(cursor, prices)) return false;
      if (!skip(cursor, NEXT) || !readQuotedDecimal(cursor, sizes)) return false;
      if (!skip(cursor, NEXT)) return false;
      const timeMs = readSecondsMs(cursor);
      if (Number.isNaN(timeMs)) return false;
      if (!(timeMs <= book.venueAtMs)) book.venueAtMs = timeMs;
      if (!skip(cursor, LEVEL_END) && !skip(cursor, REPUBLISHED)) return false;
      book.columns.push(side, prices, sizes);
    } while (skipByte(cursor, COMMA));
    return skipByte(cursor, LIST_END);
  }

  function readLists(book: MutableBook): boolean {
    if (skip(cursor, BIDS)) return readLevels(BID, book);
    if (!skip(cursor, ASKS) || !readLevels(ASK, book)) return false;
    return !skip(cursor, BIDS_AFTER_ASKS) || readLevels(BID, book);
  }

  function readEnd(book: MutableBook): boolean {
    if (!skip(cursor, CHECKSUM)) return false;
    book.checksum = readWholeNumber(cursor);
    if (!(book.checksum <= CHECKSUM_MAX) || !skip(cursor, CHANNEL)) return false;
    const depth = readWholeNumber(cursor);
    if (!(depth < 1e9) || !skip(cursor, SYMBOL)) return false;
    book.symbol = symbols.read(cursor);
    return book.symbol !== '' && skipLast(cursor, TAIL);
  }

  return {
    scan(book) {
      book.type = 'book.delta';
      return (
        skipByte(cursor, LIST_BEGIN) &&
        !Number.isNaN(readWholeNumber(cursor)) &&
        readLists(book) &&
        readEnd(book)
      );
    },
  };
}
