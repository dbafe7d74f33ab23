/** A book in whole units that never crosses, moved by a seeded random source. */
import type { Side } from '../model/levels.js';
import type { RandomSource } from '../model/runtime.js';
import type { LevelCounts, SyntheticProduct } from './synthetic-products.js';

const LEVELS: LevelCounts = { atStart: 300, least: 200, most: 450 };
/** How far from the touch new levels lie, in steps of the price. */
const NEAR_STEPS = 25;
const FAR_STEPS = 4_000;
const TRADE_SHARE = 0.18;
const TRADE_SHARE_MOST = 0.9;

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

const SIDES: readonly Side[] = ['bid', 'ask'];

/** A book that moves by steps. */
export class SyntheticBook {
  readonly #product: SyntheticProduct;
  readonly #random: RandomSource;
  readonly #counts: LevelCounts;
  readonly #sides: Readonly<Record<Side, Map<number, number>>> = {
    bid: new Map(),
    ask: new Map(),
  };

  constructor(product: SyntheticProduct, random: RandomSource) {
    this.#product = product;
    this.#random = random;
    this.#counts = product.levels ?? LEVELS;
    let bid = product.priceUnits;
    let ask = product.priceUnits + 1;
    for (let count = 0; count < this.#counts.atStart; count += 1) {
      if (bid > 0) this.#sides.bid.set(bid, this.#newSize());
      this.#sides.ask.set(ask, this.#newSize());
      bid -= 1 + this.#whole(3);
      ask += 1 + this.#whole(3);
    }
  }

  best(side: Side): UnitLevel {
    const prices = [...this.#sides[side].keys()];
    const priceUnits = side === 'bid' ? Math.max(...prices) : Math.min(...prices);
    return { side, priceUnits, sizeUnits: this.#sides[side].get(priceUnits) ?? 0 };
  }

  levels(): UnitLevel[] {
    return SIDES.flatMap((side) =>
      [...this.#sides[side]].map(([priceUnits, sizeUnits]) => ({ side, priceUnits, sizeUnits })),
    );
  }

  /**
   * Some levels come, change or go, and now and then there is a trade. `violence` is 1 in quiet
   * times; so much more often there is one, and it takes up to so many levels.
   */
  step(violence = 1): Step {
    const changes = new Map<string, UnitLevel>();
    const share = Math.min(TRADE_SHARE_MOST, TRADE_SHARE * violence);
    const trade = this.#random.fraction() < share ? this.#trade(changes) : undefined;
    if (trade && violence > 1) this.#sweep(changes, trade, violence);
    for (let count = 1 + this.#whole(4); count > 0; count -= 1) this.#changeLevel(changes);
    return { levels: [...changes.values()], trade };
  }

  #changeLevel(changes: Map<string, UnitLevel>): void {
    const side: Side = this.#random.fraction() < 0.5 ? 'bid' : 'ask';
    const { size } = this.#sides[side];
    const isFull = size > this.#counts.most;
    const goes = isFull || (size > this.#counts.least && this.#random.fraction() < 0.45);
    const priceUnits = goes ? this.#pickPrice(side, isFull) : this.#newPrice(side);
    this.#set(changes, { side, priceUnits, sizeUnits: goes ? 0 : this.#newSize() });
  }

  #trade(changes: Map<string, UnitLevel>): UnitTrade {
    const side = this.#random.fraction() < 0.5 ? 'buy' : 'sell';
    const hit = this.best(side === 'buy' ? 'ask' : 'bid');
    const canEmpty = this.#sides[hit.side].size > 1;
    const takesAll = this.#random.fraction() < 0.3 && canEmpty;
    const sizeUnits = takesAll ? hit.sizeUnits : 1 + this.#whole(hit.sizeUnits);
    this.#set(changes, { ...hit, sizeUnits: Math.max(0, hit.sizeUnits - sizeUnits) });
    return { side, priceUnits: hit.priceUnits, sizeUnits };
  }

  /** A large order takes further levels with it; the trade is told at its first price. */
  #sweep(changes: Map<string, UnitLevel>, { side }: UnitTrade, violence: number): void {
    const hit: Side = side === 'buy' ? 'ask' : 'bid';
    for (let count = this.#whole(violence); count > 0; count -= 1) {
      if (this.#sides[hit].size <= this.#counts.least) return;
      this.#set(changes, { ...this.best(hit), sizeUnits: 0 });
    }
  }

  /** Shifts the whole book until this is the best bid: first what goes, then what comes. */
  moveTo(bidUnits: number): UnitLevel[] {
    const before = this.levels();
    const byUnits = bidUnits - this.best('bid').priceUnits;
    for (const side of SIDES) this.#sides[side].clear();
    const after = before
      .map((level) => ({ ...level, priceUnits: level.priceUnits + byUnits }))
      .filter(({ priceUnits }) => priceUnits > 0);
    for (const { side, priceUnits, sizeUnits } of after)
      this.#sides[side].set(priceUnits, sizeUnits);
    const stays = new Set(after.map(({ side, priceUnits }) => `${side}:${priceUnits}`));
    const gone = before.filter(({ side, priceUnits }) => !stays.has(`${side}:${priceUnits}`));
    return [...gone.map((level) => ({ ...level, sizeUnits: 0 })), ...after];
  }

  /** Records a change in the book and in the step's list. */
  #set(changes: Map<string, UnitLevel>, level: UnitLevel): void {
    const { side, priceUnits, sizeUnits } = level;
    if (sizeUnits === 0) this.#sides[side].delete(priceUnits);
    else this.#sides[side].set(priceUnits, sizeUnits);
    changes.set(`${side}:${priceUnits}`, level);
  }

  /** The level that goes: mostly near the touch, where orders come and go. */
  #pickPrice(side: Side, isFull: boolean): number {
    const prices = [...this.#sides[side].keys()].sort((left, right) => left - right);
    if (side === 'bid') prices.reverse();
    const choice = isFull ? prices.length : Math.min(prices.length, NEAR_STEPS);
    return prices[this.#whole(choice)] ?? this.#newPrice(side);
  }

  /** A price on the side's own half of the market, so that nothing crosses. */
  #newPrice(side: Side): number {
    const reach = this.#random.fraction() < 0.8 ? NEAR_STEPS : FAR_STEPS;
    const steps = 1 + this.#whole(reach);
    const other = this.best(side === 'bid' ? 'ask' : 'bid').priceUnits;
    return Math.max(1, side === 'bid' ? other - steps : other + steps);
  }

  #newSize(): number {
    return 1 + Math.floor(this.#product.sizeUnits * this.#random.fraction() ** 3 * 2);
  }

  #whole(below: number): number {
    return Math.floor(this.#random.fraction() * below);
  }
}
