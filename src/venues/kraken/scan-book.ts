/**
 * A fast reader of `book` frames of protocol v2: this field order, no space, one book, as in every
 * recorded frame. Snapshots recorded in 2024 have no time.
 */
import { createDecimalReader } from '../../book/decimal.js';
import { ASK, BID, type SideIndex } from '../../model/levels.js';
import type { MutableBook } from '../../wire/book-pool.js';
import type { BookScanner } from '../../wire/frame-scan.js';
import {
  closeFrame,
  createCursor,
  openFrame,
  readBareDecimal,
  readTimeMs,
  readWholeNumber,
  skip,
  skipByte,
  toFixed,
} from '../../wire/byte-cursor.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { CHECKSUM_MAX } from './decode-book.js';

const COMMA = 44;
const LIST_END = 93;

const HEAD = toFixed('{"channel":"book","type":"');
const UPDATE = toFixed('update","data":[{"symbol":"');
const SNAPSHOT = toFixed('snapshot","data":[{"symbol":"');
const BIDS = toFixed('","bids":[');
const ASKS = toFixed(',"asks":[');
const PRICE = toFixed('{"price":');
const SIZE = toFixed(',"qty":');
const LEVEL_END = toFixed('}');
const CHECKSUM = toFixed(',"checksum":');
const TIMESTAMP = toFixed(',"timestamp":"');
const TIME_END = toFixed('"');
const TAIL = toFixed('}]}');

/** Makes a scanner with a cursor and readers of its own, which it reuses. */
export function createBookScanner(): BookScanner {
  const cursor = createCursor();
  const prices = createDecimalReader();
  const sizes = createDecimalReader();
  const symbols = new SymbolCache();

  function readHead(book: MutableBook): boolean {
    if (!skip(cursor, HEAD)) return false;
    if (skip(cursor, UPDATE)) book.type = 'book.delta';
    else if (skip(cursor, SNAPSHOT)) book.type = 'book.snapshot';
    else return false;
    book.symbol = symbols.read(cursor);
    return book.symbol !== '';
  }

  /** Levels and the end of their list. */
  function readLevels(side: SideIndex, { columns }: MutableBook): boolean {
    if (skipByte(cursor, LIST_END)) return true;
    do {
      if (!skip(cursor, PRICE) || !readBareDecimal(cursor, prices)) return false;
      if (!skip(cursor, SIZE) || !readBareDecimal(cursor, sizes)) return false;
      if (!skip(cursor, LEVEL_END)) return false;
      columns.push(side, prices, sizes);
    } while (skipByte(cursor, COMMA));
    return skipByte(cursor, LIST_END);
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
    scan(frame, book) {
      openFrame(cursor, frame);
      const isRead =
        readHead(book) &&
        skip(cursor, BIDS) &&
        readLevels(BID, book) &&
        skip(cursor, ASKS) &&
        readLevels(ASK, book) &&
        readProof(book) &&
        skip(cursor, TAIL);
      return closeFrame(cursor) && isRead;
    },
  };
}
