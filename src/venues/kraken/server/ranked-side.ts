import { compareDecimals } from '../../../book/decimal-arithmetic.js';
import type { Side } from '../../../model/levels.js';

/** Something at a price; `rough` is the price as a double, to compare fast. */
export interface Priced {
  readonly price: string;
  readonly rough: number;
}

/** Where a price is, or would be. */
export interface Rank {
  readonly rank: number;
  readonly isFound: boolean;
}

/** One side of a book, best first. Exact where doubles are not enough. */
export class RankedSide<Level extends Priced> {
  readonly levels: Level[] = [];
  readonly #isBid: boolean;

  constructor(side: Side) {
    this.#isBid = side === 'bid';
  }

  find(price: string): Rank {
    const rough = Number(price);
    let low = 0;
    let high = this.levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const level = this.levels[middle] as Level;
      const difference = level.rough - rough || compareDecimals(level.price, price);
      if (difference === 0) return { rank: middle, isFound: true };
      const isBetter = this.#isBid ? difference > 0 : difference < 0;
      if (isBetter) low = middle + 1;
      else high = middle;
    }
    return { rank: low, isFound: false };
  }
}
