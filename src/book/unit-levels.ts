import { ASK, type SideIndex } from '../model/levels.js';
import type { LevelStore } from './levels.js';
import { SortedRuns } from './sorted-runs.js';

/** Asks are kept under their negated price, so that both sides are one algorithm. */
class UnitLevels implements LevelStore<number> {
  readonly #sign: 1 | -1;
  readonly #runs = new SortedRuns();

  constructor(side: SideIndex) {
    this.#sign = side === ASK ? -1 : 1;
  }

  get count(): number {
    return this.#runs.count;
  }

  priceAt(rank: number): number {
    return this.#sign * (this.#runs.keys[this.#runs.placeOf(rank)] as number);
  }

  sizeAt(rank: number): number {
    return this.#runs.sizes[this.#runs.placeOf(rank)] as number;
  }

  refreshBest(prices: Float64Array, sizes: Float64Array): number {
    return this.#runs.refreshBest(prices, sizes, this.#sign);
  }

  sizeOf(price: number): number | undefined {
    return this.#runs.find(this.#sign * price) ? this.#runs.sizes[this.#runs.at] : undefined;
  }

  set(price: number, size: number): void {
    const runs = this.#runs;
    const key = this.#sign * price;
    if (!runs.find(key)) {
      if (size !== 0) runs.insert(key, size);
    } else if (size !== 0) {
      runs.sizes[runs.at] = size;
    } else {
      runs.remove();
    }
  }

  truncate(depth: number): void {
    if (this.#runs.count > depth) this.#runs.keepBest(depth);
  }

  clear(): void {
    this.#runs.clear();
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    this.#runs.scale(priceFactor, sizeFactor);
  }
}

/** One side whose prices and sizes are safe integers. The caller sees to it that they are. */
export function createUnitLevels(side: SideIndex): LevelStore<number> {
  return new UnitLevels(side);
}
