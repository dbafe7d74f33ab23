import { compareDecimals, subtractDecimals, addDecimals } from '../../book/decimal-arithmetic.js';
import type { MarketBookChange, MarketLevel } from '../../model/exchange.js';
import type { Side } from '../../model/levels.js';

/** The liquidity of others in one market, and what our accounts took of it. */
export interface Background {
  /** What is left at a price; '0' where there is nothing. */
  sizeAt(side: Side, price: string): string;
  best(side: Side): string | undefined;
  /** Takes what the market says now; returns the levels that may have changed. */
  apply(change: MarketBookChange): readonly MarketLevel[];
  take(side: Side, price: string, size: string): void;
  /** How much less the last change of a level left there: what a trade told after it took. */
  takeGivenUp(side: Side, price: string, size: string): string;
  prices(side: Side): Iterable<string>;
}

interface Level {
  told: string;
  /** Taken by accounts since the market last said anything of the level. */
  taken: string;
}

/** Prices in the shortest form, so that one price has one name. */
export function toShortest(decimal: string): string {
  return addDecimals(decimal, '0');
}

/** The better of two prices of a side comes first. */
export function comparePrices(side: Side, left: string, right: string): number {
  return side === 'bid' ? compareDecimals(right, left) : compareDecimals(left, right);
}

/** The smaller of two sizes. */
export function lesserOf(left: string, right: string): string {
  return compareDecimals(left, right) < 0 ? left : right;
}

/** The levels of one side, and the best of those of which something is left. */
class BackgroundSide {
  readonly #side: Side;
  readonly #levels = new Map<string, Level>();
  /** Sought anew where it is undefined. */
  #best: string | undefined;

  constructor(side: Side) {
    this.#side = side;
  }

  get prices(): Iterable<string> {
    return this.#levels.keys();
  }

  sizeAt(price: string): string {
    const level = this.#levels.get(price);
    if (!level || compareDecimals(level.told, level.taken) <= 0) return '0';
    return subtractDecimals(level.told, level.taken);
  }

  set(price: string, size: string): void {
    if (size === '0') this.#levels.delete(price);
    else this.#levels.set(price, { told: size, taken: '0' });
    this.#noteBest(price, size);
  }

  take(price: string, size: string): void {
    const level = this.#levels.get(price);
    if (level) level.taken = addDecimals(level.taken, size);
    this.#noteBest(price, this.sizeAt(price));
  }

  best(): string | undefined {
    if (this.#best !== undefined) return this.#best;
    for (const price of this.#levels.keys()) {
      if (this.sizeAt(price) !== '0') this.#keepBetter(price);
    }
    return this.#best;
  }

  #noteBest(price: string, size: string): void {
    if (size === '0') {
      if (this.#best === price) this.#best = undefined;
    } else if (this.#best !== undefined) this.#keepBetter(price);
  }

  #keepBetter(price: string): void {
    const isBetter = this.#best === undefined || comparePrices(this.#side, price, this.#best) < 0;
    if (isBetter) this.#best = price;
  }
}

/** Starts empty: its first change is a snapshot. */
export function createBackground(): Background {
  const sides = { bid: new BackgroundSide('bid'), ask: new BackgroundSide('ask') } as const;
  let givenUp = new Map<string, string>();

  const set = ({ side, price, size }: MarketLevel): void => {
    const before = sides[side].sizeAt(price);
    sides[side].set(price, size);
    if (compareDecimals(before, size) <= 0) return;
    givenUp.set(`${side}:${price}`, subtractDecimals(before, size));
  };
  const listGone = (told: readonly MarketLevel[]): readonly MarketLevel[] => {
    const named = new Set(told.map(({ side, price }) => `${side}:${price}`));
    return (['bid', 'ask'] as const).flatMap((side) =>
      [...sides[side].prices]
        .filter((price) => !named.has(`${side}:${price}`))
        .map((price) => ({ side, price, size: '0' })),
    );
  };

  return {
    sizeAt: (side, price) => sides[side].sizeAt(price),
    best: (side) => sides[side].best(),
    apply({ snapshot, levels }) {
      givenUp = new Map();
      const told = levels.map(({ side, price, size }) => ({
        ...{ side, price: toShortest(price), size: toShortest(size) },
      }));
      const all = snapshot ? [...listGone(told), ...told] : told;
      for (const level of all) set(level);
      return all;
    },
    take: (side, price, size) => sides[side].take(price, size),
    takeGivenUp(side, price, size) {
      const key = `${side}:${price}`;
      const taken = lesserOf(givenUp.get(key) ?? '0', size);
      givenUp.set(key, subtractDecimals(givenUp.get(key) ?? '0', taken));
      return taken;
    },
    prices: (side) => sides[side].prices,
  };
}
