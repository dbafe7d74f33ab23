/** One side of a book to read, in units. Rank 0 is the best price. */
export interface SideReader<Units extends number | bigint = number | bigint> {
  readonly count: number;
  /** The rank must be below `count`. */
  priceAt(rank: number): Units;
  sizeAt(rank: number): Units;
}

/** Both sides of a book to read, in units at the book's own decimals. */
export interface BookUnits {
  readonly bids: SideReader;
  readonly asks: SideReader;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

/**
 * One side of a book, sorted. There are two: one holds safe integers in typed arrays and is fast, the
 * other holds integers of any length. The same contract test is run against both.
 */
export interface LevelStore<Units extends number | bigint> extends SideReader<Units> {
  /** Size zero deletes; a level that is not there may be deleted. */
  set(price: Units, size: Units): void;
  /** Undefined where there is no such level. */
  sizeOf(price: Units): Units | undefined;
  /** Keeps the best levels. */
  truncate(depth: number): void;
  clear(): void;
  /** Multiplies every price and every size; the caller knows that the results fit. */
  rescale(priceFactor: Units, sizeFactor: Units): void;
}
