// One side of a book in two typed arrays. The best price is LAST: nearly all changes happen there,
// so that an insertion moves a few numbers and not the book. Asks are kept under their negated
// price, and both sides are one algorithm.
import { ASK, type SideIndex } from '../model/levels.js';
import type { LevelStore } from './levels.js';

const FIRST_CAPACITY = 64;
/** Up to this many numbers a plain loop is faster than a call to copyWithin. */
const LOOP_MOVES = 24;

/** The first index whose key is not below `key`; the search widens from the best price down. */
function findIndex(keys: Float64Array, count: number, key: number): number {
  let high = count;
  let low = count - 1;
  let step = 1;
  while (low >= 0 && (keys[low] as number) >= key) {
    high = low;
    low -= step;
    step *= 2;
  }
  if (low < 0) low = -1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as number) >= key) high = middle;
    else low = middle;
  }
  return high;
}

/** Makes room at `index`, which is at most `count`. */
function shiftUp(values: Float64Array, index: number, count: number): void {
  if (count - index > LOOP_MOVES) {
    values.copyWithin(index + 1, index, count);
    return;
  }
  for (let at = count; at > index; at -= 1) values[at] = values[at - 1] as number;
}

/** Closes the room at `index`, which is below `count`. */
function shiftDown(values: Float64Array, index: number, count: number): void {
  if (count - index > LOOP_MOVES) {
    values.copyWithin(index, index + 1, count);
    return;
  }
  for (let at = index + 1; at < count; at += 1) values[at - 1] = values[at] as number;
}

function growArray(values: Float64Array): Float64Array {
  const grown = new Float64Array(values.length * 2);
  grown.set(values);
  return grown;
}

/** One side whose prices and sizes are safe integers. The caller sees to it that they are. */
export function createUnitLevels(side: SideIndex): LevelStore<number> {
  const sign = side === ASK ? -1 : 1;
  let keys: Float64Array = new Float64Array(FIRST_CAPACITY);
  let sizes: Float64Array = new Float64Array(FIRST_CAPACITY);
  let count = 0;

  function insert(index: number, key: number, size: number): void {
    if (count === keys.length) {
      keys = growArray(keys);
      sizes = growArray(sizes);
    }
    shiftUp(keys, index, count);
    shiftUp(sizes, index, count);
    keys[index] = key;
    sizes[index] = size;
    count += 1;
  }

  return {
    get count() {
      return count;
    },
    priceAt: (rank) => sign * (keys[count - 1 - rank] as number),
    sizeAt: (rank) => sizes[count - 1 - rank] as number,
    sizeOf(price) {
      const key = sign * price;
      const index = findIndex(keys, count, key);
      return index < count && keys[index] === key ? sizes[index] : undefined;
    },
    set(price, size) {
      const key = sign * price;
      const index = findIndex(keys, count, key);
      if (index === count || keys[index] !== key) {
        if (size !== 0) insert(index, key, size);
      } else if (size !== 0) {
        sizes[index] = size;
      } else {
        shiftDown(keys, index, count);
        shiftDown(sizes, index, count);
        count -= 1;
      }
    },
    truncate(depth) {
      if (count <= depth) return;
      keys.copyWithin(0, count - depth, count);
      sizes.copyWithin(0, count - depth, count);
      count = depth;
    },
    clear() {
      count = 0;
    },
    rescale(priceFactor, sizeFactor) {
      for (let at = 0; at < count; at += 1) {
        keys[at] = (keys[at] as number) * priceFactor;
        sizes[at] = (sizes[at] as number) * sizeFactor;
      }
    },
  };
}
