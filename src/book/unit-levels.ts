// One side of a book whose prices and sizes are safe integers. The levels around its best price,
// where most changes are, are in a ladder if they are close enough together; all others are in
// sorted runs.
import { ASK, type SideIndex } from '../model/levels.js';
import type { LevelStore, OrderedLevels } from './levels.js';
import { SortedRuns } from './sorted-runs.js';
import { TickLadder } from './tick-ladder.js';

/** A ladder is worth its memory where so many levels are in its window. */
const LADDER_LEVELS = 32;
/** So many prices a ladder has for each level of the book: most ticks of a market are empty. */
const LADDER_SPREAD = 8;
const LADDER_WIDTH_MAX = 2 ** 14;
/** So many of the best levels may stand apart: the ladder's place is chosen by the next one. */
const STRAY_LEVELS = 16;
/** A new ladder has this share of its prices above that level. */
const HEADROOM = 1 / 8;
/** So many changes outside of the ladder are waited for until it is moved or there is one. */
const PATIENCE = 1_024;

/** A power of two, for a side of so many levels. */
function chooseWidth(count: number): number {
  return Math.min(LADDER_WIDTH_MAX, 2 ** Math.ceil(Math.log2(count * LADDER_SPREAD)));
}

function chooseBase(nearKey: number, width: number): number {
  return Math.floor((nearKey - width * (1 - HEADROOM)) / 32) * 32;
}

/** How many of the rising keys are below this one. */
function countBelow(keys: ArrayLike<number>, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A ladder's place in a side; from the key at `near` up to that at `better` they are in it. */
interface Window {
  readonly base: number;
  readonly width: number;
  readonly near: number;
  readonly better: number;
}

/** Undefined where a ladder would not pay. */
function findWindow(keys: ArrayLike<number>): Window | undefined {
  const { length } = keys;
  if (length < LADDER_LEVELS) return undefined;
  const width = chooseWidth(length);
  const base = chooseBase(keys[length - 1 - STRAY_LEVELS] as number, width);
  const near = countBelow(keys, base);
  if (length - near < LADDER_LEVELS) return undefined;
  return { base, width, near, better: countBelow(keys, base + width) };
}

/**
 * Asks are kept under their negated price, their key, so that both sides are one algorithm. A class
 * with all fields from the start, and the only one of its kind that merging a message sees: V8
 * compiles calls into it in place.
 */
export class UnitLevels implements LevelStore<number> {
  /** The key of the best level; below all others where there is none. */
  bestKey = -Infinity;
  #bestSize = NaN;
  readonly #sign: 1 | -1;
  readonly #ladder = new TickLadder();
  readonly #runs = new SortedRuns();
  /** How many levels in the runs are better than the ladder's window. */
  #better = 0;
  /** Changes outside of the ladder since it was looked after. */
  #missed = 0;
  /** What `refreshBest` brought up to date last; since then no key above this was changed. */
  #refreshed: Float64Array | undefined;
  #touched = Infinity;

  constructor(side: SideIndex) {
    this.#sign = side === ASK ? -1 : 1;
  }

  get count(): number {
    return this.#ladder.count + this.#runs.count;
  }

  priceAt(rank: number): number {
    if (rank === 0) return this.#sign * this.bestKey + 0;
    const ladder = this.#ladder;
    const near = rank - this.#better;
    // `+ 0`, because the key of an ask at zero may be the zero without a sign.
    if (near >= 0 && near < ladder.count) {
      return this.#sign * (ladder.base + ladder.slotOf(near)) + 0;
    }
    return this.#sign * (this.#runs.keys[this.#placeOf(rank)] as number) + 0;
  }

  sizeAt(rank: number): number {
    if (rank === 0) return this.#bestSize;
    const ladder = this.#ladder;
    const near = rank - this.#better;
    if (near >= 0 && near < ladder.count) return ladder.sizes[ladder.slotOf(near)] as number;
    return this.#runs.sizes[this.#placeOf(rank)] as number;
  }

  /** Where a level is in the runs whose rank is not the ladder's. */
  #placeOf(rank: number): number {
    return this.#runs.placeOf(rank < this.#better ? rank : rank - this.#ladder.count);
  }

  refreshBest(prices: Float64Array, sizes: Float64Array): number {
    const count = Math.min(this.count, prices.length);
    // Most messages change levels that are farther away: nothing has to be compared then.
    const isFull = count === prices.length && this.#refreshed === prices;
    if (isFull && this.#touched < this.#sign * (prices[count - 1] as number)) return count;
    // Of a copy that is not full nothing is known about the level that would come next.
    this.#refreshed = count === prices.length ? prices : undefined;
    this.#touched = -Infinity;
    let same = count;
    const ladder = this.#ladder;
    const runs = this.#runs;
    for (let rank = 0; rank < count; rank += 1) {
      const near = rank - this.#better;
      const isNear = near >= 0 && near < ladder.count;
      const at = isNear ? ladder.slotOf(near) : this.#placeOf(rank);
      const key = isNear ? ladder.base + at : (runs.keys[at] as number);
      const price = this.#sign * key;
      const size = (isNear ? ladder.sizes : runs.sizes)[at] as number;
      if (price === prices[rank] && size === sizes[rank]) continue;
      prices[rank] = price;
      sizes[rank] = size;
      if (rank < same) same = rank;
    }
    return same;
  }

  sizeOf(price: number): number | undefined {
    const key = this.#sign * price;
    const slot = key - this.#ladder.base;
    if (slot >= 0 && slot < this.#ladder.width) {
      const size = this.#ladder.sizes[slot] as number;
      return size === 0 ? undefined : size;
    }
    return this.#runs.sizeOf(key);
  }

  set(price: number, size: number): void {
    const key = this.#sign * price;
    if (!this.#putNear(key, size)) {
      this.#setOutside(key, size);
      this.#missed += 1;
      if (this.#missed >= PATIENCE) this.#follow();
    }
    if (key > this.#touched) this.#touched = key;
    if (key >= this.bestKey) this.#renewBest();
  }

  /** Puts a level into the ladder; false, and nothing is done, where it is outside the window. */
  #putNear(key: number, size: number): boolean {
    const ladder = this.#ladder;
    const slot = key - ladder.base;
    if (!(slot >= 0 && slot < ladder.width)) return false;
    ladder.put(slot | 0, size);
    return true;
  }

  #setOutside(key: number, size: number): void {
    const runs = this.#runs;
    const before = runs.count;
    runs.set(key, size);
    if (key > this.#ladder.base) this.#better += runs.count - before;
  }

  #renewBest(): void {
    const ladder = this.#ladder;
    const runs = this.#runs;
    if (ladder.count > 0 && this.#better === 0) {
      this.bestKey = ladder.base + ladder.top;
      this.#bestSize = ladder.sizes[ladder.top] as number;
    } else if (runs.count > 0) {
      const place = runs.bestPlace;
      this.bestKey = runs.keys[place] as number;
      this.#bestSize = runs.sizes[place] as number;
    } else {
      this.bestKey = -Infinity;
    }
  }

  load(levels: OrderedLevels<number>): void {
    this.clear();
    const { keys } = levels;
    const { length } = keys;
    const window = findWindow(keys);
    if (window) this.#ladder.open(window.base, window.width);
    const near = window?.near ?? length;
    const better = window?.better ?? length;
    // All at once: growing by and by takes as long as the rest.
    this.#runs.reserve(near + length - better);
    this.#runs.append(levels, 0, near);
    this.#ladder.fill(levels, near, better);
    const worse = this.#runs.count;
    this.#runs.append(levels, better, length);
    this.#better = this.#runs.count - worse;
    this.#renewBest();
  }

  /** Sees to it that the ladder is where the changes are. */
  #follow(): void {
    this.#missed = 0;
    if (this.count < LADDER_LEVELS) return;
    const ladder = this.#ladder;
    const width = Math.max(ladder.width, chooseWidth(this.count));
    const base = chooseBase(this.#sign * this.priceAt(STRAY_LEVELS), width);
    if (width > ladder.width) {
      this.#spill();
      if (this.#runs.countFrom(base) < LADDER_LEVELS) return;
      ladder.open(base, width);
    } else if (Math.abs(base - ladder.base) < width * HEADROOM) return;
    this.#moveLadder(base);
  }

  #spill(): void {
    this.#ladder.moveTo(NaN, (key, size) => this.#runs.set(key, size));
    this.#ladder.close();
    this.#better = 0;
  }

  #moveLadder(base: number): void {
    const ladder = this.#ladder;
    const runs = this.#runs;
    ladder.moveTo(base, (key, size) => runs.set(key, size));
    const better = runs.countFrom(base + ladder.width);
    for (let left = runs.countFrom(base) - better; left > 0; left -= 1) {
      const place = runs.placeOf(better);
      const key = runs.keys[place] as number;
      ladder.put((key - base) | 0, runs.sizes[place] as number);
      runs.set(key, 0);
    }
    this.#better = better;
  }

  truncate(depth: number): void {
    const excess = this.count - depth;
    if (excess <= 0) return;
    this.#dropWorst(excess);
    if (depth < (this.#refreshed?.length ?? 0)) this.#refreshed = undefined;
  }

  #dropWorst(count: number): void {
    let excess = count;
    const runs = this.#runs;
    const worse = Math.min(excess, runs.count - this.#better);
    runs.dropWorst(worse);
    excess -= worse;
    if (excess > 0) excess -= this.#ladder.dropWorst(excess);
    if (excess <= 0) return;
    runs.dropWorst(excess);
    this.#better -= excess;
  }

  clear(): void {
    this.#ladder.close();
    this.#runs.clear();
    this.#better = this.#missed = 0;
    this.#touched = Infinity;
    this.bestKey = -Infinity;
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    // Of sizes alone the ladder stays where it is.
    const movesPrices = priceFactor !== 1;
    if (movesPrices) this.#spill();
    this.#ladder.scaleSizes(sizeFactor);
    this.#runs.scale(priceFactor, sizeFactor);
    this.#touched = Infinity;
    this.#renewBest();
    if (movesPrices) this.#follow();
  }
}
