import { ASK, type SideIndex } from '../model/levels.js';
import type { ColumnReader } from './column-units.js';
import type { LevelStore } from './levels.js';

/** Whether each price is strictly worse than the one before; undefined where it is neither way. */
function findOrder(
  prices: readonly (number | bigint)[],
  side: SideIndex,
): 'best-first' | 'worst-first' | undefined {
  let rises = true;
  let falls = true;
  for (let at = 1; at < prices.length && (rises || falls); at += 1) {
    const before = prices[at - 1]!;
    const price = prices[at]!;
    rises &&= price > before;
    falls &&= price < before;
  }
  if (rises) return side === ASK ? 'best-first' : 'worst-first';
  if (falls) return side === ASK ? 'worst-first' : 'best-first';
  return undefined;
}

/** Where each level is, from the worst to the best; of two of one price the later one is later. */
function listWorstFirst(prices: readonly (number | bigint)[], side: SideIndex): number[] {
  const better = side === ASK ? -1 : 1;
  return [...prices.keys()].sort((left, right) => {
    const first = prices[left]!;
    const second = prices[right]!;
    return first > second ? better : first < second ? -better : 0;
  });
}

/**
 * Loads one side of a snapshot, in any order of the wire; of a price that occurs twice the last one
 * counts. The worst first, so that each level is appended: inserting the best price first would
 * move the whole book for each of its levels. Venues send them in order, so that there is nothing
 * to sort in the moments in which everything waits for the book. They are copied into arrays once:
 * at the first snapshot of a process nothing is compiled, and each call costs.
 */
export function loadSide<Units extends number | bigint>(
  store: LevelStore<Units>,
  reader: ColumnReader<Units>,
  side: SideIndex,
): void {
  const { count, sides } = reader.columns;
  const prices: Units[] = [];
  const sizes: Units[] = [];
  for (let index = 0; index < count; index += 1) {
    if (sides[index] !== side) continue;
    prices.push(reader.price(index));
    sizes.push(reader.size(index));
  }
  const order = findOrder(prices, side);
  if (order === 'worst-first') return store.load({ prices, sizes });
  if (order === 'best-first') {
    return store.load({ prices: prices.reverse(), sizes: sizes.reverse() });
  }
  const places = listWorstFirst(prices, side);
  store.load({
    prices: places.map((at) => prices[at]!),
    sizes: places.map((at) => sizes[at]!),
  });
}
