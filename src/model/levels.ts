/** Side of the book in columns: 0 is bid, 1 is ask. */
export const BID = 0;
/** Side of the book in columns: asks. */
export const ASK = 1;
/** Side of the book as columns hold it. */
export type SideIndex = typeof BID | typeof ASK;
/** Side of the book in words. */
export type Side = 'bid' | 'ask';

/**
 * Decoded levels as columns, in wire order; the arrays are reused and may be longer than `count`.
 *
 * A number is its digits as an integer (`units`) and the count of its decimals: `65083.67` is
 * 6508367
 * and 2, `0.00000000` is 0 and 8, as the wire spelled it. Where the integer is not a safe one, the
 * array holds NaN and `exactUnits` the integer, at key `2 * index` (price) or `2 * index + 1`
 * (size).
 * Size zero deletes the level.
 */
export interface LevelColumns {
  readonly count: number;
  readonly sides: Uint8Array;
  readonly priceUnits: Float64Array;
  readonly priceDecimals: Uint8Array;
  readonly sizeUnits: Float64Array;
  readonly sizeDecimals: Uint8Array;
  readonly exactUnits: ReadonlyMap<number, bigint>;
  /**
   * Copies the levels into arrays of their own where they are views of a memory that others use,
   * too; until then a clone of an array, as `postMessage` makes one, would be of all that memory.
   */
  keep?(): void;
}

/** One level as a user sees it: exact decimal strings, and doubles for those who want them. */
export interface Level {
  readonly price: string;
  readonly size: string;
  readonly priceNumber: number;
  readonly sizeNumber: number;
}

/** One change of a level, by side; size `0` deletes. */
export interface LevelChange extends Level {
  readonly side: Side;
}

/** The changes of one message. Valid during the listener's call only; `toArray()` keeps them. */
export interface LevelChanges {
  readonly count: number;
  /** The columns themselves, for those who read without objects; kept as by `keep`. */
  readonly columns: LevelColumns;
  at(index: number): LevelChange;
  toArray(): LevelChange[];
}

/** One side of a book to read, in units. Rank 0 is the best price. */
export interface SideReader<Units extends number | bigint = number | bigint> {
  readonly count: number;
  /** The rank must be below `count`. */
  priceAt(rank: number): Units;
  sizeAt(rank: number): Units;
  /**
   * Brings a copy of the best levels up to date, as many as there are and as the arrays hold.
   * Returns how many of them, from the best, were the same before. For sides whose integers are
   * never above 2^53: whoever reads them often need not read what is as it was.
   */
  refreshBest?(prices: Float64Array, sizes: Float64Array): number;
}

/** Both sides of a book to read, in units at the book's own decimals. */
export interface BookUnits {
  readonly bids: SideReader;
  readonly asks: SideReader;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}
