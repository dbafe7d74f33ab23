/**
 * A fast reader of changes of `order-book.<id>`, in the order of fields of the documented snapshot;
 * the answer to a request comes once, and is the ordinary codec's.
 */
import { ASK, BID } from '../../model/levels.js';
import { BareLevels } from '../../wire/bare-levels.js';
import type { MutableBook } from '../../wire/book-pool.js';
import type { BookScanner } from '../../wire/frame-scan.js';
import { readWholeNumber, skip, skipLast, toFixed, type Cursor } from '../../wire/byte-cursor.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { isInstrumentId } from './topics.js';

const HEAD = toFixed('["order-book.');
const SEQUENCE = toFixed('",{"sequence":');
const BIDS = toFixed(',"bids":[');
const ASKS = toFixed(',"asks":[');
const LEVEL = ['[', ',', ']'] as const;
const TAIL = toFixed('}]');

/** Makes a scanner that reads at the cursor. */
export function createBookScanner(cursor: Cursor): BookScanner {
  const levels = new BareLevels(cursor, LEVEL);
  const symbols = new SymbolCache(isInstrumentId);

  function readHead(book: MutableBook): boolean {
    if (!skip(cursor, HEAD)) return false;
    book.type = 'book.delta';
    book.symbol = symbols.read(cursor);
    if (book.symbol === '' || !skip(cursor, SEQUENCE)) return false;
    book.firstNumber = book.lastNumber = readWholeNumber(cursor);
    return !Number.isNaN(book.lastNumber);
  }

  return {
    scan(book) {
      return (
        readHead(book) &&
        skip(cursor, BIDS) &&
        levels.read(BID, book.columns) &&
        skip(cursor, ASKS) &&
        levels.read(ASK, book.columns) &&
        skipLast(cursor, TAIL)
      );
    },
  };
}
