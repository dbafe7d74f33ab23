import { describe, expect, it } from 'vitest';
import { loadSide } from '../../src/book/load-side.js';
import { UnitLevels } from '../../src/book/unit-levels.js';
import { ASK, BID, type SideIndex } from '../../src/model/levels.js';
import { createSeededRandom } from '../doubles/seeded-random.js';

const FAR_PRICE = 13_899_102_341;
const CHANGES = 6_000;

/** A whole number from 0 on, below the limit. */
type Below = (limit: number) => number;

function createBelow(seed: number): Below {
  const random = createSeededRandom(seed);
  return (limit) => Math.floor(random.fraction() * limit);
}

/** A side, and beside it what it should hold. */
class Compared {
  readonly #side: SideIndex;
  readonly #levels: UnitLevels;
  #expected = new Map<number, number>();

  constructor(side: SideIndex) {
    this.#side = side;
    this.#levels = new UnitLevels(side);
  }

  get count(): number {
    return this.#levels.count;
  }

  set(price: number, size: number): void {
    this.#levels.set(price, size);
    if (size === 0) this.#expected.delete(price);
    else this.#expected.set(price, size);
  }

  truncate(depth: number): void {
    this.#levels.truncate(depth);
    if (this.#expected.size <= depth) return;
    this.#expected = new Map(this.#sort().slice(0, depth));
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    this.#levels.rescale(priceFactor, sizeFactor);
    const scaled = this.#sort().map(([price, size]) => [price * priceFactor, size * sizeFactor]);
    this.#expected = new Map(scaled as [number, number][]);
  }

  /**
   * Loads what it holds already, as a snapshot brings it: from the best or from the worst, in no
   * order, with two levels of each price or with levels of size zero between.
   */
  reload(below: Below): void {
    const sign = this.#side === ASK ? -1 : 1;
    const held = this.#sort().map(([price, size]) => [sign * price, size] as const);
    const way = below(5);
    if (way === 1) held.reverse();
    if (way === 2) held.sort(() => below(3) - 1);
    const levels = held.flatMap(([key, size]) => {
      if (way === 3) return [[key, below(2)] as const, [key, size] as const];
      const isFree = way === 4 && !this.#expected.has(sign * (key - 1));
      return isFree ? [[key, size] as const, [key - 1, 0] as const] : [[key, size] as const];
    });
    loadSide(this.#levels, {
      keys: levels.map(([key]) => key),
      sizes: levels.map(([, size]) => size),
    });
  }

  check(below: Below): void {
    const levels = this.#levels;
    const sorted = this.#sort();
    expect(levels.count).toBe(sorted.length);
    if (sorted.length === 0) return;
    // The best first and alone; then from anywhere, in either direction; then all.
    expect([levels.priceAt(0), levels.sizeAt(0)]).toEqual(sorted[0]);
    for (const step of [1, -1, 3]) {
      for (let rank = below(sorted.length); rank in sorted && rank < 4_000; rank += 97 * step) {
        expect([levels.priceAt(rank), levels.sizeAt(rank)]).toEqual(sorted[rank]);
        expect(levels.sizeOf(sorted[rank]![0])).toBe(sorted[rank]![1]);
      }
    }
    expect(sorted.map((_, rank) => [levels.priceAt(rank), levels.sizeAt(rank)])).toEqual(sorted);
  }

  #sort(): [price: number, size: number][] {
    const sign = this.#side === ASK ? 1 : -1;
    return [...this.#expected].sort(([a], [b]) => sign * (a - b));
  }
}

/** How far a level is from the middle, to its worse side: few are far away, fewer are better. */
function chooseDistance(below: Below): number {
  const kind = below(1_000);
  if (kind < 850) return below(800) - 80;
  if (kind < 970) return below(30_000);
  return kind < 998 ? below(FAR_PRICE) : -below(5_000);
}

function choosePrice(below: Below, side: SideIndex, middle: number): number {
  const distance = chooseDistance(below);
  return Math.max(0, side === ASK ? middle + distance : middle - distance);
}

/** How far the middle goes with each change, and what happens at times. */
const MARKETS: Record<string, { start: number; step: (change: number) => number }> = {
  stands: { start: 6_500_000, step: () => 0 },
  rises: { start: 6_500_000, step: () => 2 },
  'falls to nothing': { start: 9_000, step: () => -2 },
  'leaps far, and back': {
    start: 6_500_000,
    step: (change) => (change % 2_000 > 0 ? 0 : change % 4_000 > 0 ? 40_000 : -40_000),
  },
  'runs away and returns': { start: 50_000, step: (change) => (change < CHANGES / 2 ? 20 : -20) },
};

describe.each(Object.entries(MARKETS))('a market that %s', (_name, { start, step }) => {
  it.each<SideIndex>([BID, ASK])('is held level by level, side %i', (side) => {
    for (const seed of [1, 2, 3]) {
      const below = createBelow(seed);
      const compared = new Compared(side);
      let middle = start;
      for (let change = 1; change <= CHANGES; change += 1) {
        middle = Math.max(0, middle + step(change));
        compared.set(choosePrice(below, side, middle), below(10) < 3 ? 0 : 1 + below(99));
        if (change % 250 > 0) continue;
        compared.check(below);
        const act = below(8);
        if (act === 0) compared.truncate(Math.max(1, compared.count - below(900)));
        if (act === 1) compared.reload(below);
        if (act === 2 && change === CHANGES) compared.rescale(10, 100);
        if (act < 3) compared.check(below);
      }
    }
  });

  it.each<SideIndex>([BID, ASK])('is held to a depth, wherever it drifts, side %i', (side) => {
    const below = createBelow(5);
    const compared = new Compared(side);
    let middle = start;
    for (let change = 1; change <= 5 * CHANGES; change += 1) {
      // Slow enough that what is near stays near for long.
      middle = Math.max(0, middle + Math.sign(step(change)) * Number(change % 12 === 0));
      compared.set(choosePrice(below, side, middle), below(10) < 3 ? 0 : 1 + below(99));
      compared.truncate(300);
      if (change % 600 === 0) compared.check(below);
    }
  });

  it.each<SideIndex>([BID, ASK])('is held also at more decimals, side %i', (side) => {
    const below = createBelow(4);
    const compared = new Compared(side);
    let middle = start;
    let factor = 1;
    for (let change = 1; change <= CHANGES; change += 1) {
      middle = Math.max(0, middle + step(change));
      const size = below(10) < 2 ? 0 : 1 + below(99);
      compared.set(choosePrice(below, side, middle) * factor, size);
      if (change % 2_500 > 0) continue;
      compared.rescale(10, 1);
      factor *= 10;
      compared.check(below);
      compared.rescale(1, 10);
      compared.check(below);
    }
    compared.check(below);
  });
});
