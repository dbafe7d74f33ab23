// Levels in order of their keys, in runs of at most RUN_LEVELS levels each, all of them in two
// typed arrays. A change moves the levels of one run at most, however deep the book is. The best
// level is LAST, in the last run: that is where a search begins, since most changes are near it.
import type { OrderedLevels } from './levels.js';

/** A power of two, so that a run's place is found by shifting. */
const RUN_BITS = 4;
const RUN_LEVELS = 2 ** RUN_BITS;
/** A run that grows at its better end is left with room for levels that come between. */
const APPENDED_LEVELS = (RUN_LEVELS * 3) / 4;
/** Neighbours that have no more levels together become one run, so that few are nearly empty. */
const MERGED_LEVELS = RUN_LEVELS / 2;

/** What a search of the runs begins with: the best levels, where most changes are. */
const NEAR_RUNS = 16;

type Numbers = Float64Array | Int32Array;

function grow<Values extends Numbers>(values: Values, length: number): Values {
  const grown = new (values.constructor as new (length: number) => Values)(length);
  grown.set(values);
  return grown;
}

/** By a quarter: doubling would leave a third of a deep book's memory unused. */
function growLength(length: number): number {
  return Math.ceil(length * 1.25);
}

/** Where there is no level, the key is above all others: a search need not know a run's end. */
function createKeys(length: number): Float64Array {
  return new Float64Array(length).fill(Infinity);
}

/** 1 where the key at a place is below the key, else 0. */
function isBelow(keys: Float64Array, at: number, key: number): number {
  return Number((keys[at] as number) < key);
}

/**
 * Where the first key of a run is that is not below the key: in which quarter, and which of its
 * keys. Without a branch: which way each step goes cannot be foreseen, and a wrong guess of the
 * processor costs more than the whole search, which takes 17 ns so and 42 ns with branches. And in
 * two steps of compares that do not wait for each other: halving takes five that do, and 9 ns more.
 */
function findPlace(keys: Float64Array, start: number, key: number): number {
  const quarter =
    isBelow(keys, start + 3, key) + isBelow(keys, start + 7, key) + isBelow(keys, start + 11, key);
  const at = (start + (quarter << 2)) | 0;
  const first = isBelow(keys, at, key) + isBelow(keys, at + 1, key);
  return (at + first + isBelow(keys, at + 2, key) + isBelow(keys, at + 3, key)) | 0;
}

/** Levels by rising keys. */
export class SortedRuns {
  count = 0;
  keys = createKeys(RUN_LEVELS);
  sizes = new Float64Array(RUN_LEVELS);
  /** Of each run, from the worst to the best: no key of it is below its bound, but the first's. */
  #bounds = new Float64Array(1);
  #fills = new Int32Array(1);
  /** The run at place p has its levels from p * RUN_LEVELS on. */
  #places = new Int32Array(1);
  #runs = 1;
  #placesUsed = 1;
  readonly #freePlaces: number[] = [];
  /** Where the last rank was found; of better levels than that run's there are so many. */
  #readRun = -1;
  #readBetter = 0;

  /** Where the level with the highest key is in both arrays; there must be a level. */
  get bestPlace(): number {
    const run = this.#runs - 1;
    return (((this.#places[run] as number) << RUN_BITS) + (this.#fills[run] as number) - 1) | 0;
  }

  /** The size of a level; undefined where there is none with this key. */
  sizeOf(key: number): number | undefined {
    const run = this.#findRun(key);
    const start = (this.#places[run] as number) << RUN_BITS;
    const end = start + (this.#fills[run] as number);
    const at = findPlace(this.keys, start, key);
    return at < end && this.keys[at] === key ? this.sizes[at] : undefined;
  }

  /** Sets the size of a level, which may be a new one; size zero takes it out. */
  set(key: number, size: number): void {
    const { keys } = this;
    const run = this.#findRun(key);
    const start = (this.#places[run] as number) << RUN_BITS;
    const end = start + (this.#fills[run] as number);
    const at = findPlace(keys, start, key);
    if (at < end && keys[at] === key) {
      if (size !== 0) this.sizes[at] = size;
      else this.#remove(run, at);
    } else if (size !== 0) {
      const isBest = at === end && run === this.#runs - 1;
      if (end - start < (isBest ? APPENDED_LEVELS : RUN_LEVELS)) {
        this.#insert(run, at, key);
        this.sizes[at] = size;
      } else {
        if (isBest) this.#addRun(run + 1, key);
        else this.#split(run);
        this.set(key, size);
      }
    }
  }

  /** Makes room at a place and puts the key there; the size is the caller's. */
  #insert(run: number, at: number, key: number): void {
    const { keys, sizes } = this;
    const fill = this.#fills[run] as number;
    for (let to = ((this.#places[run] as number) << RUN_BITS) + fill; to > at; to -= 1) {
      keys[to] = keys[to - 1] as number;
      sizes[to] = sizes[to - 1] as number;
    }
    keys[at] = key;
    this.#fills[run] = fill + 1;
    this.count += 1;
    this.#readRun = -1;
  }

  #remove(run: number, at: number): void {
    this.#removeAt(run, at);
    if (this.#runs > 1 && (this.#fills[run] as number) < MERGED_LEVELS) this.#mergeAround(run);
  }

  #removeAt(run: number, at: number): void {
    const { keys, sizes } = this;
    const fill = (this.#fills[run] as number) - 1;
    const last = ((this.#places[run] as number) << RUN_BITS) + fill;
    for (let to = at; to < last; to += 1) {
      keys[to] = keys[to + 1] as number;
      sizes[to] = sizes[to + 1] as number;
    }
    keys[last] = Infinity;
    this.#fills[run] = fill;
    this.count -= 1;
    this.#readRun = -1;
  }

  /** Where the level with so many better ones is in both arrays; -1 where there is none. */
  placeOf(rank: number): number {
    if (rank < 0 || rank >= this.count) return -1;
    if (this.#readRun < 0) {
      this.#readRun = this.#runs - 1;
      this.#readBetter = 0;
    }
    while (rank < this.#readBetter) {
      this.#readRun += 1;
      this.#readBetter -= this.#fills[this.#readRun] as number;
    }
    let fill = this.#fills[this.#readRun] as number;
    while (rank >= this.#readBetter + fill) {
      this.#readBetter += fill;
      this.#readRun -= 1;
      fill = this.#fills[this.#readRun] as number;
    }
    const start = (this.#places[this.#readRun] as number) << RUN_BITS;
    return start + fill - 1 - (rank - this.#readBetter);
  }

  /** How many levels have this key or a higher one. */
  countFrom(key: number): number {
    let counted = 0;
    let run = this.#runs - 1;
    for (; run > 0 && (this.#bounds[run] as number) > key; run -= 1) {
      counted += this.#fills[run] as number;
    }
    const start = (this.#places[run] as number) << RUN_BITS;
    const end = start + (this.#fills[run] as number);
    return counted + end - findPlace(this.keys, start, key);
  }

  /** Takes out so many levels with the lowest keys. */
  dropWorst(count: number): void {
    let left = count;
    let whole = 0;
    // All whole runs in one go: each alone would move the others.
    for (; whole < this.#runs - 1 && (this.#fills[whole] as number) <= left; whole += 1) {
      const start = (this.#places[whole] as number) << RUN_BITS;
      const fill = this.#fills[whole] as number;
      this.keys.fill(Infinity, start, start + fill);
      this.count -= fill;
      left -= fill;
    }
    if (whole > 0) this.#dropRuns(0, whole);
    this.#readRun = -1;
    for (; left > 0; left -= 1) this.#removeAt(0, (this.#places[0] as number) << RUN_BITS);
  }

  clear(): void {
    this.count = 0;
    this.keys.fill(Infinity, 0, this.#placesUsed << RUN_BITS);
    this.#runs = this.#placesUsed = 1;
    this.#fills[0] = this.#places[0] = 0;
    this.#freePlaces.length = 0;
    this.#readRun = -1;
  }

  /** Makes the arrays, of runs without levels, as long as so many appended levels need. */
  reserve(levels: number): void {
    const runs = 1 + Math.ceil(levels / APPENDED_LEVELS);
    this.#bounds = new Float64Array(runs);
    this.#fills = new Int32Array(runs);
    this.#places = new Int32Array(runs);
    this.keys = createKeys(runs * RUN_LEVELS);
    this.sizes = new Float64Array(runs * RUN_LEVELS);
  }

  /** Adds levels whose keys are above all that are there. */
  append(levels: OrderedLevels<number>, from: number, to: number): void {
    let run = this.#runs - 1;
    let fill = this.#fills[run] as number;
    let start = (this.#places[run] as number) << RUN_BITS;
    for (let index = from; index < to; index += 1) {
      const size = levels.sizes[index] as number;
      if (size === 0) continue;
      const key = levels.keys[index] as number;
      if (fill >= APPENDED_LEVELS) {
        this.#fills[run] = fill;
        run += 1;
        start = this.#addRun(run, key) << RUN_BITS;
        fill = 0;
      }
      this.keys[start + fill] = key;
      this.sizes[start + fill] = size;
      fill += 1;
      this.count += 1;
    }
    this.#fills[run] = fill;
    this.#readRun = -1;
  }

  /** Multiplies all keys and sizes; the caller knows that the results are exact. */
  scale(keyFactor: number, sizeFactor: number): void {
    const { keys, sizes } = this;
    for (let run = 0; run < this.#runs; run += 1) {
      this.#bounds[run] = (this.#bounds[run] as number) * keyFactor;
      const start = (this.#places[run] as number) << RUN_BITS;
      const end = start + (this.#fills[run] as number);
      for (let at = start; at < end; at += 1) {
        keys[at] = (keys[at] as number) * keyFactor;
        sizes[at] = (sizes[at] as number) * sizeFactor;
      }
    }
  }

  /**
   * The last run whose bound is not above the key, else the first. Found in growing steps from the
   * best, and between two of them without a branch.
   */
  #findRun(key: number): number {
    const bounds = this.#bounds;
    let high = this.#runs;
    let low = (high - NEAR_RUNS) | 0;
    for (let step = NEAR_RUNS; low > 0 && (bounds[low] as number) > key; low = (low - step) | 0) {
      high = low;
      step <<= 1;
    }
    if (low < 0) low = 0;
    for (let left = (high - low) | 0; left > 1;) {
      const half = left >> 1;
      low = (low + (half & -Number((bounds[low + half] as number) <= key))) | 0;
      left = (left - half) | 0;
    }
    return low;
  }

  /** The better half of a run becomes one of its own. */
  #split(run: number): void {
    const half = RUN_LEVELS / 2;
    const middle = ((this.#places[run] as number) << RUN_BITS) + half;
    const start = this.#addRun(run + 1, this.keys[middle] as number) << RUN_BITS;
    this.keys.copyWithin(start, middle, middle + half);
    this.sizes.copyWithin(start, middle, middle + half);
    this.keys.fill(Infinity, middle, middle + half);
    this.#fills[run] = this.#fills[run + 1] = half;
  }

  /** An empty run among the others; returns its place. */
  #addRun(run: number, bound: number): number {
    if (this.#runs === this.#fills.length) {
      const length = growLength(this.#runs);
      this.#bounds = grow(this.#bounds, length);
      this.#fills = grow(this.#fills, length);
      this.#places = grow(this.#places, length);
    }
    const place = this.#freePlaces.pop() ?? this.#addPlace();
    if (run < this.#runs) {
      this.#bounds.copyWithin(run + 1, run, this.#runs);
      this.#fills.copyWithin(run + 1, run, this.#runs);
      this.#places.copyWithin(run + 1, run, this.#runs);
    }
    this.#bounds[run] = bound;
    this.#fills[run] = 0;
    this.#places[run] = place;
    this.#runs += 1;
    return place;
  }

  #addPlace(): number {
    const place = this.#placesUsed;
    this.#placesUsed += 1;
    if (this.#placesUsed << RUN_BITS > this.keys.length) {
      const length = growLength(place) << RUN_BITS;
      const keys = createKeys(length);
      keys.set(this.keys);
      this.keys = keys;
      this.sizes = grow(this.sizes, length);
    }
    return place;
  }

  /** Takes out runs whose keys are all gone, from one on. */
  #dropRuns(run: number, count: number): void {
    const next = run + count;
    for (let gone = run; gone < next; gone += 1) {
      this.#freePlaces.push(this.#places[gone] as number);
    }
    this.#bounds.copyWithin(run, next, this.#runs);
    this.#fills.copyWithin(run, next, this.#runs);
    this.#places.copyWithin(run, next, this.#runs);
    this.#runs -= count;
  }

  /** Joins a run that became short with a short neighbour, and one that is empty with any. */
  #mergeAround(run: number): void {
    const fills = this.#fills;
    const last = this.#runs - 1;
    const worse = run > 0 ? (fills[run - 1] as number) : Infinity;
    const better = run < last ? (fills[run + 1] as number) : Infinity;
    const fill = fills[run] as number;
    const most = fill === 0 ? RUN_LEVELS : MERGED_LEVELS;
    if (fill + worse <= most) this.#mergeWithBetter(run - 1);
    else if (fill + better <= most) this.#mergeWithBetter(run);
  }

  #mergeWithBetter(run: number): void {
    const fill = this.#fills[run] as number;
    const added = this.#fills[run + 1] as number;
    const end = ((this.#places[run] as number) << RUN_BITS) + fill;
    const source = (this.#places[run + 1] as number) << RUN_BITS;
    this.keys.copyWithin(end, source, source + added);
    this.sizes.copyWithin(end, source, source + added);
    this.keys.fill(Infinity, source, source + added);
    this.#fills[run] = fill + added;
    this.#dropRuns(run + 1, 1);
  }
}
