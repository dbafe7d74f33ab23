import { createLevelColumns, type MutableLevelColumns } from '../book/level-columns.js';
import type { SideIndex } from '../model/levels.js';
import type { BookMessage } from '../model/message.js';
import { toDecimal } from './decimals.js';

/** Books kept from frame to frame; a frame with more of them than this makes its own. */
const BOOKS_KEPT_MAX = 4;

/** Room for a snapshot of more levels than this is not kept for the changes that follow it. */
const LEVELS_KEPT_MAX = 8_192;

/** A message of a book that the codec may change; users see it as a BookMessage. */
export type MutableBook = {
  -readonly [Field in keyof Omit<BookMessage, 'columns'>]: BookMessage[Field];
} & { readonly columns: MutableLevelColumns };

/** Messages for the books of one frame, reused for the next frame. */
export interface BookPool {
  /** The books of the last frame are free again. */
  startFrame(): void;
  /** One with empty columns and no numbers, that nothing else of this frame has. */
  take(): MutableBook;
}

/** Makes a pool; each codec has its own. */
export function createBookPool(): BookPool {
  const pool: MutableBook[] = [];
  let used = 0;
  return {
    startFrame() {
      used = 0;
      if (pool.length > BOOKS_KEPT_MAX) pool.length = BOOKS_KEPT_MAX;
      if ((pool[0]?.columns.sides.length ?? 0) > LEVELS_KEPT_MAX) pool.length = 0;
    },
    take() {
      const book = pool[used] ?? createBook();
      pool[used] = book;
      used += 1;
      book.columns.clear();
      book.venueAtMs = book.firstNumber = book.lastNumber = book.checksum = NaN;
      return book;
    },
  };
}

function createBook(): MutableBook {
  return {
    type: 'book.delta',
    symbol: '',
    venueAtMs: NaN,
    columns: createLevelColumns(),
    firstNumber: NaN,
    lastNumber: NaN,
    checksum: NaN,
  };
}

/** Where the levels of one list go. */
export interface LevelTarget {
  readonly side: SideIndex;
  readonly columns: MutableLevelColumns;
}

/**
 * Adds a level, of which an exponent is written out. Returns which of its numbers is no decimal,
 * and nothing was added, or undefined.
 */
export function pushLevel(
  target: LevelTarget,
  price: unknown,
  size: unknown,
): 'price' | 'size' | undefined {
  const { side, columns } = target;
  const areTexts = typeof price === 'string' && typeof size === 'string';
  if (areTexts && columns.pushText(side, price, size)) return undefined;
  const priceText = toDecimal(price);
  const sizeText = toDecimal(size);
  if (priceText === undefined) return 'price';
  if (sizeText === undefined || !columns.pushText(side, priceText, sizeText)) return 'size';
  return undefined;
}
