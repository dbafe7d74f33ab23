import { createLevelColumns, type MutableLevelColumns } from '../../book/level-columns.js';

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
