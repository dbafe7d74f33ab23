import type { Side } from '../../model/levels.js';
import { comparePrices, isPositive, lesserOf, oppositeOf, SIDES } from './amounts.js';
import type { LiveOrder } from './live-order.js';
import { limitOf, sideOf } from './order-terms.js';
import { PriceLevel } from './price-level.js';

/** A level that may look different than it did. */
export interface TouchedLevel {
  readonly side: Side;
  readonly price: string;
}

/** A level of the background that meets an order on the other side. */
export interface Crossing {
  readonly level: PriceLevel;
  readonly order: LiveOrder;
}

/** The whole book of one market: a queue at each price, best first. */
export class QueueBook {
  readonly #sorted: Readonly<Record<Side, PriceLevel[]>> = { bid: [], ask: [] };
  readonly #byPrice: Readonly<Record<Side, Map<string, PriceLevel>>> = {
    bid: new Map(),
    ask: new Map(),
  };
  #touched = new Map<string, TouchedLevel>();
  /** Levels where the background's last change took something back. */
  #reduced: PriceLevel[] = [];

  /** Best first; some may show nothing. */
  levels(side: Side): readonly PriceLevel[] {
    return this.#sorted[side];
  }

  find(side: Side, price: string): PriceLevel | undefined {
    return this.#byPrice[side].get(price);
  }

  /** The best level that has something to offer. */
  best(side: Side): PriceLevel | undefined {
    return this.#sorted[side].find((level) => level.first !== undefined);
  }

  add(order: LiveOrder): void {
    const level = this.#open(sideOf(order.request), limitOf(order.request));
    level.add(order);
    this.touch(level);
  }

  remove(order: LiveOrder): void {
    const level = this.find(sideOf(order.request), limitOf(order.request));
    if (!level) return;
    level.remove(order);
    this.touch(level);
  }

  /** What it shows changed; its place did not. */
  change(order: LiveOrder): void {
    const level = this.find(sideOf(order.request), limitOf(order.request));
    if (level) this.touch(level);
  }

  /** What the background says of a price, in the shortest form. */
  say({ side, price }: TouchedLevel, size: string): void {
    const level = size === '0' ? this.find(side, price) : this.#open(side, price);
    if (!level) return;
    level.say(size);
    this.#reduced.push(level);
    this.touch(level);
  }

  /** Something of a level changed, maybe its last entry went. */
  touch(level: PriceLevel): void {
    const { side, price } = level;
    this.#touched.set(`${side}:${price}`, { side, price });
    if (!level.isVoid || this.find(side, price) !== level) return;
    this.#byPrice[side].delete(price);
    this.#sorted[side].splice(this.#indexOf(side, price), 1);
  }

  /** Trades of before the background's last change are all told. */
  forgetGone(): void {
    for (const level of this.#reduced.splice(0)) {
      level.forgetGone();
      this.touch(level);
    }
  }

  takeTouched(): Iterable<TouchedLevel> {
    const touched = this.#touched;
    this.#touched = new Map();
    return touched.values();
  }

  /** The first order of this side that stands at a better price than this. */
  findBetter(side: Side, price: string): LiveOrder | undefined {
    for (const level of this.#sorted[side]) {
      if (comparePrices(side, level.price, price) >= 0) return undefined;
      if (level.firstOrder) return level.firstOrder;
    }
    return undefined;
  }

  /** Where the background meets an order of an account. */
  findCrossing(): Crossing | undefined {
    for (const side of SIDES) {
      const level = this.#sorted[side].find(({ background }) => isPositive(background));
      const order = level && this.#findMet(oppositeOf(side), level.price);
      if (level && order) return { level, order };
    }
    return undefined;
  }

  /** A background that meets itself was not told in full: what meets is taken off both sides. */
  uncross(): void {
    for (;;) {
      const [bid, ask] = SIDES.map((side) =>
        this.#sorted[side].find(({ background }) => isPositive(background)),
      );
      if (!bid || !ask || comparePrices('ask', ask.price, bid.price) > 0) return;
      const size = lesserOf(bid.background, ask.background);
      for (const level of [bid, ask]) {
        level.take(size);
        this.touch(level);
      }
    }
  }

  #findMet(side: Side, price: string): LiveOrder | undefined {
    for (const level of this.#sorted[side]) {
      if (comparePrices(side, level.price, price) > 0) return undefined;
      if (level.firstOrder) return level.firstOrder;
    }
    return undefined;
  }

  #open(side: Side, price: string): PriceLevel {
    const known = this.find(side, price);
    if (known) return known;
    const level = new PriceLevel(side, price);
    this.#byPrice[side].set(price, level);
    this.#sorted[side].splice(this.#indexOf(side, price), 0, level);
    return level;
  }

  /** The index of the price, or where it would be. */
  #indexOf(side: Side, price: string): number {
    const levels = this.#sorted[side];
    let low = 0;
    let high = levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const level = levels[middle] as PriceLevel;
      if (comparePrices(side, level.price, price) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
