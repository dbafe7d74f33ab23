/**
 * A fast reader of changes of `order-book.<id>`, in the order of fields of the documented snapshot;
 * the answer to a request comes once, and is the ordinary codec's.
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
  readWholeNumber,
  skip,
  skipByte,
  toFixed,
} from '../../wire/byte-cursor.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { isInstrumentId } from './topics.js';

const COMMA = 44;
const LIST_BEGIN = 91;
const LIST_END = 93;

const HEAD = toFixed('["order-book.');
const SEQUENCE = toFixed('",{"sequence":');
const BIDS = toFixed(',"bids":[');
const ASKS = toFixed(',"asks":[');
const TAIL = toFixed('}]');

/** Makes a scanner with a cursor and readers of its own, which it reuses. */
export function createBookScanner(): BookScanner {
  const cursor = createCursor();
  const prices = createDecimalReader();
  const sizes = createDecimalReader();
  const symbols = new SymbolCache(isInstrumentId);

  function readHead(book: MutableBook): boolean {
    if (!skip(cursor, HEAD)) return false;
    book.type = 'book.delta';
    book.symbol = symbols.read(cursor);
    if (book.symbol === '' || !skip(cursor, SEQUENCE)) return false;
    book.firstNumber = book.lastNumber = readWholeNumber(cursor);
    return !Number.isNaN(book.lastNumber);
  }

  /** Levels and the end of their list. */
  function readLevels(side: SideIndex, { columns }: MutableBook): boolean {
    if (skipByte(cursor, LIST_END)) return true;
    do {
      if (!skipByte(cursor, LIST_BEGIN) || !readBareDecimal(cursor, prices)) return false;
      if (!skipByte(cursor, COMMA) || !readBareDecimal(cursor, sizes)) return false;
      if (!skipByte(cursor, LIST_END)) return false;
      columns.push(side, prices, sizes);
    } while (skipByte(cursor, COMMA));
    return skipByte(cursor, LIST_END);
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
        skip(cursor, TAIL);
      return closeFrame(cursor) && isRead;
    },
  };
}
