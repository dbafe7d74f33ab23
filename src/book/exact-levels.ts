// The same side of a book for integers of any length. It is slow, and only holds the books of
// markets whose numbers do not fit into 53 bits at the decimals they come with.
import { ASK, type SideIndex } from '../model/levels.js';
import type { LevelStore } from './levels.js';

/** The first index whose key is not below `key`. */
function findIndex(keys: readonly bigint[], key: bigint): number {
  let low = -1;
  let high = keys.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as bigint) >= key) high = middle;
    else low = middle;
  }
  return high;
}

/** One side whose prices and sizes may be of any length. */
export function createExactLevels(side: SideIndex): LevelStore<bigint> {
  const sign = side === ASK ? -1n : 1n;
  let keys: bigint[] = [];
  let sizes: bigint[] = [];
  const store: LevelStore<bigint> = {
    get count() {
      return keys.length;
    },
    priceAt: (rank) => sign * (keys[keys.length - 1 - rank] as bigint),
    sizeAt: (rank) => sizes[sizes.length - 1 - rank] as bigint,
    sizeOf(price) {
      const index = findIndex(keys, sign * price);
      return keys[index] === sign * price ? sizes[index] : undefined;
    },
    set(price, size) {
      const key = sign * price;
      const index = findIndex(keys, key);
      const found = keys[index] === key;
      if (size === 0n) {
        if (!found) return;
        keys.splice(index, 1);
        sizes.splice(index, 1);
      } else if (found) {
        sizes[index] = size;
      } else {
        keys.splice(index, 0, key);
        sizes.splice(index, 0, size);
      }
    },
    truncate(depth) {
      if (keys.length <= depth) return;
      keys = keys.slice(keys.length - depth);
      sizes = sizes.slice(sizes.length - depth);
    },
    clear() {
      keys = [];
      sizes = [];
    },
    load({ prices, sizes: given }) {
      store.clear();
      prices.forEach((price, index) => store.set(price, given[index]!));
    },
    rescale(priceFactor, sizeFactor) {
      keys = keys.map((key) => key * priceFactor);
      sizes = sizes.map((size) => size * sizeFactor);
    },
  };
  return store;
}
