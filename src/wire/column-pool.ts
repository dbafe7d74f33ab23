import { createLevelColumns, type MutableLevelColumns } from '../book/level-columns.js';
import type { SideIndex } from '../model/levels.js';
import { toDecimal } from './decimals.js';

/** Columns kept from frame to frame; a frame with more books than this makes its own. */
const COLUMNS_KEPT_MAX = 4;

/** Columns for the books of one frame, reused for the next frame. */
export interface ColumnPool {
  /** The columns of the last frame are free again. */
  startFrame(): void;
  /** Empty columns that no other book of this frame has. */
  take(): MutableLevelColumns;
}

/** Makes a pool; each codec has its own. */
export function createColumnPool(): ColumnPool {
  const pool: MutableLevelColumns[] = [];
  let used = 0;
  return {
    startFrame() {
      used = 0;
      if (pool.length > COLUMNS_KEPT_MAX) pool.length = COLUMNS_KEPT_MAX;
    },
    take() {
      const columns = pool[used] ?? createLevelColumns();
      pool[used] = columns;
      used += 1;
      columns.clear();
      return columns;
    },
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
