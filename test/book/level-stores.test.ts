import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExactLevels } from '../../src/book/exact-levels.js';
import type { LevelStore } from '../../src/book/levels.js';
import { UnitLevels } from '../../src/book/unit-levels.js';
import { ASK, BID, type SideIndex } from '../../src/model/levels.js';
import { createSeededRandom } from '../doubles/seeded-random.js';

/** A store of either kind, spoken to in numbers. */
interface Subject {
  readonly store: LevelStore<number>;
  readonly list: () => [price: number, size: number][];
}

function createSubject(store: LevelStore<number>): Subject {
  const list = (): [number, number][] =>
    Array.from({ length: store.count }, (_, rank) => [store.priceAt(rank), store.sizeAt(rank)]);
  return { store, list };
}

function speakNumbers(store: LevelStore<bigint>): LevelStore<number> {
  return {
    get count() {
      return store.count;
    },
    priceAt: (rank) => Number(store.priceAt(rank)),
    sizeAt: (rank) => Number(store.sizeAt(rank)),
    sizeOf(price) {
      const size = store.sizeOf(BigInt(price));
      return size === undefined ? undefined : Number(size);
    },
    set: (price, size) => store.set(BigInt(price), BigInt(size)),
    truncate: (depth) => store.truncate(depth),
    clear: () => store.clear(),
    load: ({ keys, sizes }) =>
      store.load({ keys: Array.from(keys, BigInt), sizes: Array.from(sizes, BigInt) }),
    rescale: (price, size) => store.rescale(BigInt(price), BigInt(size)),
  };
}

const KINDS: [string, (side: SideIndex) => Subject][] = [
  ['unit levels', (side) => createSubject(new UnitLevels(side))],
  ['exact levels', (side) => createSubject(speakNumbers(createExactLevels(side)))],
];

/** Sets, deletions of levels that may not be there, and cuts. */
const step = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 3 })) },
  { weight: 1, arbitrary: fc.record({ depth: fc.integer({ min: 1, max: 40 }) }) },
);

describe.each(KINDS)('%s', (_title, create) => {
  it('list bids from the highest price and asks from the lowest', () => {
    for (const [side, prices] of [
      [BID, [3, 2, 1]],
      [ASK, [1, 2, 3]],
    ] as const) {
      const { store, list } = create(side);
      for (const price of [2, 3, 1]) store.set(price, price * 10);
      expect(list()).toEqual(prices.map((price) => [price, price * 10]));
    }
  });

  it('delete on size zero, also what was never there', () => {
    const { store, list } = create(BID);
    store.set(5, 0);
    expect(store.count).toBe(0);
    store.set(5, 1);
    store.set(6, 1);
    store.set(5, 0);
    store.set(4, 0);
    expect(list()).toEqual([[6, 1]]);
  });

  it('find a size by its price', () => {
    const { store } = create(ASK);
    store.set(0, 7);
    store.set(5, 2);
    expect([store.sizeOf(0), store.sizeOf(5), store.sizeOf(4), store.sizeOf(6)]).toEqual([
      7,
      2,
      undefined,
      undefined,
    ]);
  });

  it('show a price of zero without a sign', () => {
    const { store } = create(ASK);
    store.set(0, 1);
    expect(Object.is(store.priceAt(0), 0)).toBe(true);
  });

  it('keep the best levels when cut, and scale all of them', () => {
    const { store, list } = create(ASK);
    for (let price = 1; price <= 100; price += 1) store.set(price, 1);
    store.truncate(2);
    store.truncate(5);
    store.rescale(100, 10);
    expect(list()).toEqual([
      [100, 10],
      [200, 10],
    ]);
    store.clear();
    expect(list()).toEqual([]);
  });

  it('hold what a sorted map would hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(BID, ASK), fc.array(step, { maxLength: 300 }), (side, steps) => {
        const { store, list } = create(side);
        let expected = new Map<number, number>();
        const sort = (): [number, number][] =>
          [...expected].sort(([a], [b]) => (side === ASK ? a - b : b - a));
        for (const one of steps) {
          if (!Array.isArray(one)) {
            store.truncate(one.depth);
            expected = new Map(sort().slice(0, one.depth));
            continue;
          }
          const [price, size] = one;
          store.set(price, size);
          if (size === 0) expected.delete(price);
          else expected.set(price, size);
        }
        expect(list()).toEqual(sort());
      }),
    );
  });

  it('move long tails as they move short ones', () => {
    const { store, list } = create(BID);
    for (let price = 1000; price > 0; price -= 1) store.set(price, price);
    for (let price = 1; price <= 1000; price += 2) store.set(price, 0);
    expect(list()).toEqual(
      Array.from({ length: 500 }, (_, index) => [1000 - 2 * index, 1000 - 2 * index]),
    );
  });

  it.each<SideIndex>([BID, ASK])('hold markets that grow and thin out, side %i', (side) => {
    const { store, list } = create(side);
    const seeded = createSeededRandom(7);
    const random = (): number => seeded.fraction();
    const below = (limit: number): number => Math.floor(random() * limit);
    const expected = new Map<number, number>();
    const sort = (): [number, number][] =>
      [...expected].sort(([a], [b]) => (side === ASK ? a - b : b - a));
    const DELETED_SHARES = [0.1, 0.5, 0.97, 0.3, 0.99, 0.2];
    for (const [phase, deleted] of DELETED_SHARES.entries()) {
      for (let change = 0; change < 4_000; change += 1) {
        // The prices move on from phase to phase, so that runs at both ends come and go.
        const price = 1 + phase * 400 + below(2_000);
        const size = random() < deleted ? 0 : 1 + below(9);
        store.set(price, size);
        if (size === 0) expected.delete(price);
        else expected.set(price, size);
        if (change % 500 > 0) continue;
        expect(store.sizeOf(price)).toBe(expected.get(price));
        expect(list()).toEqual(sort());
        // Backwards, from a rank in the middle, and around it.
        for (const rank of [store.count - 1, store.count >> 1, (store.count >> 1) - 1, 0]) {
          if (rank >= 0 && rank < store.count) expect(store.priceAt(rank)).toBe(sort()[rank]?.[0]);
        }
      }
      if (phase === 3) {
        store.truncate(700);
        const kept = sort().slice(0, 700);
        expected.clear();
        for (const [price, size] of kept) expected.set(price, size);
      }
    }
    store.rescale(10, 100);
    expect(list()).toEqual(sort().map(([price, size]) => [price * 10, size * 100]));
    store.set(5, 3);
    expect(store.sizeOf(5)).toBe(3);
  });
});

describe('a copy of the best levels', () => {
  it('follows unit levels, and is told from which rank on it was another', () => {
    fc.assert(
      fc.property(fc.constantFrom(BID, ASK), fc.array(step, { maxLength: 300 }), (side, steps) => {
        const { store, list } = createSubject(new UnitLevels(side));
        const prices = new Float64Array(20).fill(NaN);
        const sizes = new Float64Array(20).fill(NaN);
        for (const one of steps) {
          if (Array.isArray(one)) store.set(...one);
          else store.truncate(one.depth);
          const best = list().slice(0, prices.length);
          const firstOther = best.findIndex(
            ([price, size], rank) => price !== prices[rank] || size !== sizes[rank],
          );
          const same = store.refreshBest?.(prices, sizes);
          expect(same).toBe(firstOther < 0 ? best.length : firstOther);
          expect(best.map((_, rank) => [prices[rank], sizes[rank]])).toEqual(best);
        }
      }),
    );
  });

  it('follows them whatever else was copied in between, cleared, or brought to a scale', () => {
    const act = fc.oneof(
      { weight: 30, arbitrary: step },
      { weight: 1, arbitrary: fc.constantFrom('clear', 'rescale') },
    );
    const acts = fc.array(fc.tuple(act, fc.nat({ max: 3 })), { maxLength: 400 });
    fc.assert(
      fc.property(fc.constantFrom(BID, ASK), acts, (side, given) => {
        const { store, list } = createSubject(new UnitLevels(side));
        const copies = [5, 20].map((depth) => ({
          prices: new Float64Array(depth).fill(NaN),
          sizes: new Float64Array(depth).fill(NaN),
        }));
        for (const [one, which] of given) {
          if (one === 'clear') store.clear();
          else if (one === 'rescale') store.rescale(1, 1);
          else if (Array.isArray(one)) store.set(...one);
          else store.truncate(one.depth);
          // Most times none is brought up to date.
          const copy = copies[which];
          if (!copy) continue;
          const { prices, sizes } = copy;
          store.refreshBest?.(prices, sizes);
          const best = list().slice(0, prices.length);
          expect(best.map((_, rank) => [prices[rank], sizes[rank]])).toEqual(best);
        }
      }),
    );
  });

  it('is not there for integers of any length', () => {
    expect(createExactLevels(BID)).not.toHaveProperty('refreshBest');
  });
});
