import type { LevelStore, OrderedLevels } from './levels.js';

/** One side of a message in the order of the wire, by key. The arrays are only lent. */
export interface WireLevels<Units extends number | bigint> {
  readonly keys: Row<Units>;
  readonly sizes: Row<Units>;
}

/** An array, of whichever kind. */
interface Row<Value> extends ArrayLike<Value> {
  reverse(): unknown;
}

/** Whether each key is above the one before, or below; undefined where it is neither way. */
function findOrder(keys: ArrayLike<number | bigint>): 'rising' | 'falling' | undefined {
  const { length } = keys;
  if (length < 2) return 'rising';
  const rises = keys[1]! > keys[0]!;
  let at = 1;
  if (rises) while (at < length && keys[at]! > keys[at - 1]!) at += 1;
  else while (at < length && keys[at]! < keys[at - 1]!) at += 1;
  if (at < length) return undefined;
  return rises ? 'rising' : 'falling';
}

/** By rising key; of two with one key the last of the wire. */
function sortLevels<Units extends number | bigint>({
  keys,
  sizes,
}: WireLevels<Units>): OrderedLevels<Units> {
  const byKey = new Map(Array.from(keys, (key, at): [Units, Units] => [key, sizes[at]!]));
  const sorted = [...byKey].sort(([left], [right]) => (left < right ? -1 : 1));
  return { keys: sorted.map(([key]) => key), sizes: sorted.map(([, size]) => size) };
}

/**
 * Loads one side of a snapshot, in any order of the wire; of a price that occurs twice the last one
 * counts. Venues send them in order, so that there is nothing to sort in the moments in which
 * everything waits for the book.
 */
export function loadSide<Units extends number | bigint>(
  store: LevelStore<Units>,
  levels: WireLevels<Units>,
): void {
  const order = findOrder(levels.keys);
  if (order === undefined) return store.load(sortLevels(levels));
  if (order === 'falling') {
    levels.keys.reverse();
    levels.sizes.reverse();
  }
  store.load(levels);
}
