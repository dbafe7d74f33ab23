/** One synthetic product: a book in whole units that never crosses, moved by a seeded random source. */
import type { Side } from '../model/levels.js';
import type { RandomSource } from '../model/runtime.js';
import type { SyntheticProduct } from './synthetic-products.js';

const LEVELS_AT_START = 300;
const LEVELS_LEAST = 200;
const LEVELS_MOST = 450;
/** How far from the touch new levels lie, in steps of the price. */
const NEAR_STEPS = 25;
const FAR_STEPS = 4_000;
const TRADE_SHARE = 0.18;

/** One level in units; size 0 deletes. */
export interface UnitLevel {
  readonly side: Side;
  readonly priceUnits: number;
  readonly sizeUnits: number;
}

/** A trade in units; `side` is the taker's. */
export interface UnitTrade {
  readonly side: 'buy' | 'sell';
  readonly priceUnits: number;
  readonly sizeUnits: number;
}

/** What one step did. */
export interface Step {
  readonly levels: readonly UnitLevel[];
  readonly trade: UnitTrade | undefined;
}

/** A book that moves by steps. */
export interface SyntheticBook {
  readonly bestBid: UnitLevel;
  readonly bestAsk: UnitLevel;
  levels(): readonly UnitLevel[];
  step(): Step;
}

type Sides = Readonly<Record<Side, Map<number, number>>>;

/** Builds the book and gives it its first levels. */
export function createSyntheticBook(
  product: SyntheticProduct,
  random: RandomSource,
): SyntheticBook {
  const sides: Sides = { bid: new Map(), ask: new Map() };
  const whole = (below: number): number => Math.floor(random.fraction() * below);
  const newSize = (): number => 1 + Math.floor(product.sizeUnits * random.fraction() ** 3 * 2);
  const best = (side: Side): UnitLevel => {
    const prices = [...sides[side].keys()];
    const priceUnits = side === 'bid' ? Math.max(...prices) : Math.min(...prices);
    return { side, priceUnits, sizeUnits: sides[side].get(priceUnits) ?? 0 };
  };
  /** Records a change in the book and in the step's list. */
  const set = (changes: Map<string, UnitLevel>, level: UnitLevel): void => {
    const { side, priceUnits, sizeUnits } = level;
    if (sizeUnits === 0) sides[side].delete(priceUnits);
    else sides[side].set(priceUnits, sizeUnits);
    changes.set(`${side}:${priceUnits}`, level);
  };
  /** A price on the side's own half of the market, so that nothing crosses. */
  const newPrice = (side: Side): number => {
    const steps = random.fraction() < 0.8 ? whole(NEAR_STEPS) : whole(FAR_STEPS);
    const other = best(side === 'bid' ? 'ask' : 'bid').priceUnits;
    const price = side === 'bid' ? other - 1 - steps : other + 1 + steps;
    return Math.max(1, price);
  };

  fill(sides, product, { whole, newSize });

  const changeLevels = (changes: Map<string, UnitLevel>): void => {
    const side: Side = random.fraction() < 0.5 ? 'bid' : 'ask';
    const levels = sides[side];
    const isFull = levels.size > LEVELS_MOST;
    const isThin = levels.size < LEVELS_LEAST;
    if (isFull || (!isThin && random.fraction() < 0.45)) {
      const prices = [...levels.keys()].sort((left, right) => left - right);
      if (side === 'bid') prices.reverse();
      // Mostly near the touch, where orders come and go.
      const near = Math.min(prices.length, isFull ? prices.length : NEAR_STEPS);
      const priceUnits = prices[whole(near)] ?? newPrice(side);
      set(changes, { side, priceUnits, sizeUnits: 0 });
      return;
    }
    set(changes, { side, priceUnits: newPrice(side), sizeUnits: newSize() });
  };

  const tradeOnce = (changes: Map<string, UnitLevel>): UnitTrade => {
    const side = random.fraction() < 0.5 ? 'buy' : 'sell';
    const hit = best(side === 'buy' ? 'ask' : 'bid');
    const takesAll = random.fraction() < 0.3;
    const sizeUnits = takesAll ? hit.sizeUnits : 1 + whole(hit.sizeUnits);
    set(changes, { ...hit, sizeUnits: Math.max(0, hit.sizeUnits - sizeUnits) });
    return { side, priceUnits: hit.priceUnits, sizeUnits };
  };

  return {
    get bestBid() {
      return best('bid');
    },
    get bestAsk() {
      return best('ask');
    },
    levels: () =>
      (['bid', 'ask'] as const).flatMap((side) =>
        [...sides[side]].map(([priceUnits, sizeUnits]) => ({ side, priceUnits, sizeUnits })),
      ),
    step() {
      const changes = new Map<string, UnitLevel>();
      const trade = random.fraction() < TRADE_SHARE ? tradeOnce(changes) : undefined;
      for (let count = 1 + whole(4); count > 0; count -= 1) changeLevels(changes);
      return { levels: [...changes.values()], trade };
    },
  };
}

interface Dice {
  readonly whole: (below: number) => number;
  readonly newSize: () => number;
}

function fill(sides: Sides, product: SyntheticProduct, dice: Dice): void {
  let bid = product.priceUnits;
  let ask = product.priceUnits + 1;
  for (let count = 0; count < LEVELS_AT_START; count += 1) {
    if (bid > 0) sides.bid.set(bid, dice.newSize());
    sides.ask.set(ask, dice.newSize());
    bid -= 1 + dice.whole(3);
    ask += 1 + dice.whole(3);
  }
}
