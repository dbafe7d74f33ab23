import type { SideReader } from '../model/levels.js';

/** Levels to load. Size zero is no level. */
export interface OrderedLevels<Units extends number | bigint> {
  /** Rising strictly: a bid's price, an ask's negated one, so that the best is the last. */
  readonly keys: ArrayLike<Units>;
  readonly sizes: ArrayLike<Units>;
}

/**
 * One side of a book, sorted. There are two: one holds safe integers in typed arrays and is fast,
 * the other holds integers of any length. The same contract test is run against both.
 */
export interface LevelStore<Units extends number | bigint> extends SideReader<Units> {
  /** Size zero deletes; a level that is not there may be deleted. */
  set(price: Units, size: Units): void;
  /** Undefined where there is no such level. */
  sizeOf(price: Units): Units | undefined;
  /** Keeps the best levels. */
  truncate(depth: number): void;
  clear(): void;
  /** Replaces every level. The arrays are only lent. */
  load(levels: OrderedLevels<Units>): void;
  /** Multiplies every price and every size; the caller knows that the results fit. */
  rescale(priceFactor: Units, sizeFactor: Units): void;
}
