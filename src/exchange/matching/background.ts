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

export function lesserOf(left: string, right: string): string {
  return compareDecimals(left, right) < 0 ? left : right;
}

/** Starts empty: its first change is a snapshot. */
export function createBackground(): Background {
  const sides: Readonly<Record<Side, Map<string, Level>>> = { bid: new Map(), ask: new Map() };
  let givenUp = new Map<string, string>();
  /** Sought anew where it is absent; nothing at all is null. */
  const bests: { -readonly [Name in Side]?: string | null } = {};

  const findBest = (side: Side): string | undefined => {
    let best: string | undefined;
    for (const [price, level] of sides[side]) {
      if (sizeOf(level) === '0') continue;
      if (best === undefined || comparePrices(side, price, best) < 0) best = price;
    }
    return best;
  };
  const noteBest = (side: Side, price: string, size: string): void => {
    const best = bests[side];
    if (size === '0') {
      if (best === price) delete bests[side];
    } else if (best === null || (best !== undefined && comparePrices(side, price, best) < 0)) {
      bests[side] = price;
    }
  };
  const sizeOf = (level: Level | undefined): string => {
    if (!level || compareDecimals(level.told, level.taken) <= 0) return '0';
    return subtractDecimals(level.told, level.taken);
  };
  const set = (side: Side, price: string, size: string): void => {
    const before = sizeOf(sides[side].get(price));
    if (compareDecimals(size, '0') === 0) sides[side].delete(price);
    else sides[side].set(price, { told: size, taken: '0' });
    noteBest(side, price, size);
    if (compareDecimals(before, size) > 0) {
      givenUp.set(`${side}:${price}`, subtractDecimals(before, size));
    }
  };

  return {
    sizeAt: (side, price) => sizeOf(sides[side].get(price)),
    best(side) {
      bests[side] ??= findBest(side) ?? null;
      return bests[side] ?? undefined;
    },
    apply({ snapshot, levels }) {
      givenUp = new Map();
      const told = levels.map(({ side, price, size }) => ({
        side,
        price: toShortest(price),
        size,
      }));
      const named = new Set(told.map(({ side, price }) => `${side}:${price}`));
      const gone: MarketLevel[] = [];
      for (const side of snapshot ? (['bid', 'ask'] as const) : []) {
        for (const price of sides[side].keys()) {
          if (!named.has(`${side}:${price}`)) gone.push({ side, price, size: '0' });
        }
      }
      const all = [...gone, ...told];
      for (const { side, price, size } of all) set(side, price, toShortest(size));
      return all;
    },
    take(side, price, size) {
      const level = sides[side].get(price);
      if (level) level.taken = addDecimals(level.taken, size);
      noteBest(side, price, sizeOf(level));
    },
    takeGivenUp(side, price, size) {
      const key = `${side}:${price}`;
      const taken = lesserOf(givenUp.get(key) ?? '0', size);
      givenUp.set(key, subtractDecimals(givenUp.get(key) ?? '0', taken));
      return taken;
    },
    prices: (side) => sides[side].keys(),
  };
}
