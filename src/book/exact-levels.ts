// The same side of a book for integers of any length. It is slower, and only holds the books of
// markets whose numbers do not fit into 53 bits at the decimals they come with.
import { ASK, type SideIndex } from '../model/levels.js';
import type { LevelStore, OrderedLevels } from './levels.js';

/** So many levels are in one run at most, and moved by one change, however deep the book is. */
const RUN_LEVELS = 64;
/** Neighbours that have no more levels together become one run, so that few are nearly empty. */
const MERGED_LEVELS = RUN_LEVELS / 2;

/** Levels by rising keys; never none. */
interface Run {
  keys: bigint[];
  sizes: bigint[];
}

/** The first index whose key is not below `key`. */
function findIndex(keys: readonly bigint[], key: bigint): number {
  let low = -1;
  let high = keys.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! >= key) high = middle;
    else low = middle;
  }
  return high;
}

/** The last run whose first key is not above `key`, else the first. */
function findRun(runs: readonly Run[], key: bigint): number {
  let low = 0;
  let high = runs.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (runs[middle]!.keys[0]! <= key) low = middle;
    else high = middle;
  }
  return low;
}

class ExactLevels implements LevelStore<bigint> {
  count = 0;
  readonly #sign: 1n | -1n;
  /** By rising keys. */
  #runs: Run[] = [];
  /** Where the last rank was found; of better levels than that run's there are so many. */
  #readRun = -1;
  #readBetter = 0;

  constructor(side: SideIndex) {
    this.#sign = side === ASK ? -1n : 1n;
  }

  priceAt(rank: number): bigint {
    const index = this.#indexOf(rank);
    return this.#sign * this.#runs[this.#readRun]!.keys[index]!;
  }

  sizeAt(rank: number): bigint {
    const index = this.#indexOf(rank);
    return this.#runs[this.#readRun]!.sizes[index]!;
  }

  sizeOf(price: bigint): bigint | undefined {
    const key = this.#sign * price;
    const run = this.#runs[findRun(this.#runs, key)];
    if (run === undefined) return undefined;
    const index = findIndex(run.keys, key);
    return run.keys[index] === key ? run.sizes[index] : undefined;
  }

  set(price: bigint, size: bigint): void {
    const key = this.#sign * price;
    const at = findRun(this.#runs, key);
    const run = this.#runs[at];
    const index = findIndex(run?.keys ?? [], key);
    if (run?.keys[index] !== key) {
      if (size !== 0n) this.#insert(at, index, [key, size]);
    } else if (size === 0n) {
      this.#remove(at, index);
    } else {
      run.sizes[index] = size;
    }
  }

  truncate(depth: number): void {
    let excess = this.count - depth;
    if (excess <= 0) return;
    const runs = this.#runs;
    let dropped = 0;
    for (; excess >= (runs[dropped]?.keys.length ?? Infinity); dropped += 1) {
      excess -= runs[dropped]!.keys.length;
    }
    runs.splice(0, dropped);
    runs[0]?.keys.splice(0, excess);
    runs[0]?.sizes.splice(0, excess);
    this.count = depth;
    this.#readRun = -1;
  }

  clear(): void {
    this.count = 0;
    this.#runs = [];
    this.#readRun = -1;
  }

  load({ keys, sizes }: OrderedLevels<bigint>): void {
    this.clear();
    for (let at = 0; at < keys.length; at += 1) this.set(this.#sign * keys[at]!, sizes[at]!);
  }

  rescale(priceFactor: bigint, sizeFactor: bigint): void {
    for (const run of this.#runs) {
      run.keys = run.keys.map((key) => key * priceFactor);
      run.sizes = run.sizes.map((size) => size * sizeFactor);
    }
  }

  /** Where the level of this rank is in the run that was read last, which this sets. */
  #indexOf(rank: number): number {
    const runs = this.#runs;
    if (this.#readRun < 0) {
      this.#readRun = runs.length - 1;
      this.#readBetter = 0;
    }
    while (rank < this.#readBetter) {
      this.#readRun += 1;
      this.#readBetter -= runs[this.#readRun]!.keys.length;
    }
    let { length } = runs[this.#readRun]!.keys;
    while (rank >= this.#readBetter + length) {
      this.#readBetter += length;
      this.#readRun -= 1;
      length = runs[this.#readRun]!.keys.length;
    }
    return length - 1 - (rank - this.#readBetter);
  }

  #insert(at: number, index: number, [key, size]: readonly [bigint, bigint]): void {
    const runs = this.#runs;
    const { keys, sizes } = (runs[at] ??= { keys: [], sizes: [] });
    keys.splice(index, 0, key);
    sizes.splice(index, 0, size);
    this.count += 1;
    this.#readRun = -1;
    if (keys.length <= RUN_LEVELS) return;
    const half = RUN_LEVELS / 2;
    runs.splice(at + 1, 0, { keys: keys.splice(half), sizes: sizes.splice(half) });
  }

  #remove(at: number, index: number): void {
    const runs = this.#runs;
    const { keys, sizes } = runs[at]!;
    keys.splice(index, 1);
    sizes.splice(index, 1);
    this.count -= 1;
    this.#readRun = -1;
    if (keys.length === 0) runs.splice(at, 1);
    else if (!this.#merge(at)) this.#merge(at - 1);
  }

  /** Joins a run with the better one beside it where both are short; whether it did. */
  #merge(at: number): boolean {
    const worse = this.#runs[at];
    const better = this.#runs[at + 1];
    if (!worse || !better) return false;
    if (worse.keys.length + better.keys.length > MERGED_LEVELS) return false;
    worse.keys.push(...better.keys);
    worse.sizes.push(...better.sizes);
    this.#runs.splice(at + 1, 1);
    return true;
  }
}

/** One side whose prices and sizes may be of any length. */
export function createExactLevels(side: SideIndex): LevelStore<bigint> {
  return new ExactLevels(side);
}
