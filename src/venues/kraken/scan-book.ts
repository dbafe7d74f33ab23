/**
 * A fast reader of `book` frames of protocol v2: this field order, no space, one book, as in every
 * recorded frame. Snapshots recorded in 2024 have no time.
 */
import { ASK, BID } from '../../model/levels.js';
import { BareLevels } from '../../wire/bare-levels.js';
import type { MutableBook } from '../../wire/book-pool.js';
import type { BookScanner } from '../../wire/frame-scan.js';
import {
  readTimeMs,
  readWholeNumber,
  skip,
  skipLast,
  toFixed,
  type Cursor,
} from '../../wire/byte-cursor.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { CHECKSUM_MAX } from './decode-book.js';

const HEAD = toFixed('{"channel":"book","type":"');
const UPDATE = toFixed('update","data":[{"symbol":"');
const SNAPSHOT = toFixed('snapshot","data":[{"symbol":"');
const BIDS = toFixed('","bids":[');
const ASKS = toFixed(',"asks":[');
const CHECKSUM = toFixed(',"checksum":');
const TIMESTAMP = toFixed(',"timestamp":"');
const TIME_END = toFixed('"');
const LEVEL = ['{"price":', ',"qty":', '}'] as const;
const TAIL = toFixed('}]}');

/** Makes a scanner that reads at the cursor. */
export function createBookScanner(cursor: Cursor): BookScanner {
  const levels = new BareLevels(cursor, LEVEL);
  const symbols = new SymbolCache();

  function readHead(book: MutableBook): boolean {
    if (!skip(cursor, HEAD)) return false;
    if (skip(cursor, UPDATE)) book.type = 'book.delta';
    else if (skip(cursor, SNAPSHOT)) book.type = 'book.snapshot';
    else return false;
    book.symbol = symbols.read(cursor);
    return book.symbol !== '';
  }

  function readProof(book: MutableBook): boolean {
    if (!skip(cursor, CHECKSUM)) return false;
    book.checksum = readWholeNumber(cursor);
    if (!(book.checksum <= CHECKSUM_MAX)) return false;
    if (!skip(cursor, TIMESTAMP)) return true;
    book.venueAtMs = readTimeMs(cursor);
    return !Number.isNaN(book.venueAtMs) && skip(cursor, TIME_END);
  }

  return {
    scan(book) {
      return (
        readHead(book) &&
        skip(cursor, BIDS) &&
        levels.read(BID, book.columns) &&
        skip(cursor, ASKS) &&
        levels.read(ASK, book.columns) &&
        readProof(book) &&
        skipLast(cursor, TAIL)
      );
    },
  };
}
