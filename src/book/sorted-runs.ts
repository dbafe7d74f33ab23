// Levels in order of their keys, in runs of at most RUN_LEVELS levels each, all of them in two
// typed arrays. A change moves the levels of one run at most, however deep the book is. The best
// level is LAST, in the last run: that is where a search begins, since most changes are near it.

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

/** Where there is no level, the key is above all others: a search need not know a run's end. */
function createKeys(length: number): Float64Array {
  return new Float64Array(length).fill(Infinity);
}

/**
 * Where the first key of a run is that is not below the key. Without a branch: which way each step
 * goes cannot be foreseen, and a wrong guess of the processor costs more than the whole search,
 * which takes 17 ns so and 42 ns with branches. `| 0` keeps V8 from counting in doubles.
 */
function findPlace(keys: Float64Array, start: number, key: number): number {
  let at = start;
  at = (at + (Number((keys[at + 7] as number) < key) << 3)) | 0;
  at = (at + (Number((keys[at + 3] as number) < key) << 2)) | 0;
  at = (at + (Number((keys[at + 1] as number) < key) << 1)) | 0;
  at = (at + Number((keys[at] as number) < key)) | 0;
  return (at + Number((keys[at] as number) < key)) | 0;
}

/** Levels by rising keys. What `find` found stays in `at` until the next change. */
export class SortedRuns {
  count = 0;
  keys = createKeys(RUN_LEVELS);
  sizes = new Float64Array(RUN_LEVELS);
  /** Where the level is that was looked for last, or where it would be put, in both arrays. */
  at = 0;
  #run = 0;
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
  /** What `refreshBest` brought up to date last; since then no key above this was looked for. */
  #refreshed: Float64Array | undefined;
  #touched = Infinity;

  /** Looks for a key; whether there is one. */
  find(key: number): boolean {
    if (key > this.#touched) this.#touched = key;
    const run = this.#findRun(key);
    const { keys } = this;
    const start = (this.#places[run] as number) << RUN_BITS;
    const at = findPlace(keys, start, key);
    this.#run = run;
    this.at = at;
    return at < start + (this.#fills[run] as number) && keys[at] === key;
  }

  /** Puts a level where `find` did not find it. */
  insert(key: number, size: number): void {
    this.#makeRoom(key);
    const { keys, sizes, at } = this;
    const run = this.#run;
    const fill = this.#fills[run] as number;
    for (let to = ((this.#places[run] as number) << RUN_BITS) + fill; to > at; to -= 1) {
      keys[to] = keys[to - 1] as number;
      sizes[to] = sizes[to - 1] as number;
    }
    keys[at] = key;
    sizes[at] = size;
    this.#fills[run] = fill + 1;
    this.count += 1;
    this.#readRun = -1;
  }

  /** Takes out the level that `find` found. */
  remove(): void {
    this.#removeAt(this.#run, this.at);
    const run = this.#run;
    if ((this.#fills[run] as number) < MERGED_LEVELS && this.#runs > 1) this.#mergeAround(run);
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

  /**
   * Brings a copy of the levels with the highest keys up to date, the highest first, with each key
   * times `sign`. Returns how many of them, from the first, were the same before.
   */
  refreshBest(prices: Float64Array, sizes: Float64Array, sign: 1 | -1): number {
    const { keys, sizes: ownSizes } = this;
    const count = Math.min(this.count, prices.length);
    // Most messages change levels that are farther away: nothing has to be compared then.
    const isFull = count === prices.length && this.#refreshed === prices;
    if (isFull && this.#touched < sign * (prices[count - 1] as number)) return count;
    // Of a copy that is not full nothing is known about the level that would come next.
    this.#refreshed = count === prices.length ? prices : undefined;
    this.#touched = -Infinity;
    let same = count;
    let rank = 0;
    for (let run = this.#runs - 1; rank < count; run -= 1) {
      const start = (this.#places[run] as number) << RUN_BITS;
      let at = start + (this.#fills[run] as number);
      for (const end = Math.max(start, at - (count - rank)); at > end; rank += 1) {
        at -= 1;
        const price = sign * (keys[at] as number);
        const size = ownSizes[at] as number;
        if (price === prices[rank] && size === sizes[rank]) continue;
        prices[rank] = price;
        sizes[rank] = size;
        if (rank < same) same = rank;
      }
    }
    return same;
  }

  /** Takes out the levels with the lowest keys until there are so many. */
  keepBest(count: number): void {
    while (this.count > count) {
      const fill = this.#fills[0] as number;
      const isWhole = fill <= this.count - count;
      if (isWhole && this.#runs > 1) this.#dropWorstRun(fill);
      else this.#removeAt(0, (this.#places[0] as number) << RUN_BITS);
    }
    if (count < (this.#refreshed?.length ?? 0)) this.#refreshed = undefined;
  }

  #dropWorstRun(fill: number): void {
    const start = (this.#places[0] as number) << RUN_BITS;
    this.keys.fill(Infinity, start, start + fill);
    this.count -= fill;
    this.#dropRun(0);
    this.#readRun = -1;
  }

  clear(): void {
    this.count = this.at = this.#run = 0;
    this.keys.fill(Infinity, 0, this.#placesUsed << RUN_BITS);
    this.#runs = this.#placesUsed = 1;
    this.#fills[0] = this.#places[0] = 0;
    this.#freePlaces.length = 0;
    this.#readRun = -1;
    this.#touched = Infinity;
  }

  /** Multiplies all keys and sizes; the caller knows that the results are exact. */
  scale(keyFactor: number, sizeFactor: number): void {
    const { keys, sizes } = this;
    this.#touched = Infinity;
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

  /** Sees to it that there is room for the key at `at` of the run that was found. */
  #makeRoom(key: number): void {
    const run = this.#run;
    const fill = this.#fills[run] as number;
    const start = (this.#places[run] as number) << RUN_BITS;
    const isBest = run === this.#runs - 1 && this.at === start + fill;
    if (isBest && fill >= APPENDED_LEVELS) {
      this.at = this.#addRun(run + 1, key) << RUN_BITS;
      this.#run = run + 1;
    } else if (fill === RUN_LEVELS) {
      this.#split(run);
    }
  }

  /** The better half of a run becomes one of its own; `at` follows its level. */
  #split(run: number): void {
    const half = RUN_LEVELS / 2;
    const middle = ((this.#places[run] as number) << RUN_BITS) + half;
    const start = this.#addRun(run + 1, this.keys[middle] as number) << RUN_BITS;
    this.keys.copyWithin(start, middle, middle + half);
    this.sizes.copyWithin(start, middle, middle + half);
    this.keys.fill(Infinity, middle, middle + half);
    this.#fills[run] = this.#fills[run + 1] = half;
    if (this.at <= middle) return;
    this.#run = run + 1;
    this.at = (start + this.at - middle) | 0;
  }

  /** An empty run among the others; returns its place. */
  #addRun(run: number, bound: number): number {
    if (this.#runs === this.#fills.length) {
      this.#bounds = grow(this.#bounds, this.#runs * 2);
      this.#fills = grow(this.#fills, this.#runs * 2);
      this.#places = grow(this.#places, this.#runs * 2);
    }
    const place = this.#freePlaces.pop() ?? this.#addPlace();
    this.#bounds.copyWithin(run + 1, run, this.#runs);
    this.#fills.copyWithin(run + 1, run, this.#runs);
    this.#places.copyWithin(run + 1, run, this.#runs);
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
      const keys = createKeys(this.keys.length * 2);
      keys.set(this.keys);
      this.keys = keys;
      this.sizes = grow(this.sizes, this.sizes.length * 2);
    }
    return place;
  }

  #dropRun(run: number): void {
    this.#freePlaces.push(this.#places[run] as number);
    this.#bounds.copyWithin(run, run + 1, this.#runs);
    this.#fills.copyWithin(run, run + 1, this.#runs);
    this.#places.copyWithin(run, run + 1, this.#runs);
    this.#runs -= 1;
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
    this.#dropRun(run + 1);
  }
}
