import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTradeMemory, type TradeOutcome } from '../../src/feed/trade-memory.js';
import type { Trade } from '../../src/model/market.js';

function trade(id: number | string): Trade {
  const numbers = { priceNumber: 1, sizeNumber: 1, tradedAtMs: Number(id) };
  return { tradeId: String(id), price: '1', size: '1', side: 'buy', ...numbers };
}

const trades = (...ids: (number | string)[]): Trade[] => ids.map(trade);

function describeOutcomes(outcomes: readonly TradeOutcome[]): string[] {
  return outcomes.map((outcome) => {
    switch (outcome.kind) {
      case 'listed':
        return `listed ${outcome.trades.map((one) => one.tradeId).join(',')}`;
      case 'gapped':
        return `gapped ${outcome.expected}..${outcome.received} (${outcome.missing})`;
      case 'printed':
        return `${outcome.recovered ? 'recovered' : 'printed'} ${outcome.trade.tradeId}`;
    }
  });
}

function run(
  contiguous: boolean,
  steps: readonly [ids: (number | string)[], isSnapshot: boolean][],
) {
  const memory = createTradeMemory({ contiguous, maxHoles: 8 });
  return steps.map(([ids, isSnapshot]) =>
    describeOutcomes(memory.accept(trades(...ids), isSnapshot)),
  );
}

describe('trades with contiguous ids', () => {
  it('lists history once and prints what follows', () => {
    expect(
      run(true, [
        [[1, 2, 3], true],
        [[4, 5], false],
        [[5, 6], false],
      ]),
    ).toEqual([['listed 1,2,3'], ['printed 4', 'printed 5'], ['printed 6']]);
  });

  it('recovers what was missing from the next history, in order, and never twice', () => {
    const steps = run(true, [
      [[1, 2], true],
      [[3, 6], false],
      [[2, 3, 4, 5, 6, 7], true],
      [[4, 5, 6, 7, 8], false],
    ]);
    expect(steps.slice(1)).toEqual([
      ['printed 3', 'gapped 4..6 (2)', 'printed 6'],
      ['recovered 4', 'recovered 5', 'recovered 7'],
      ['printed 8'],
    ]);
  });

  it('prints a missing trade that comes late, once', () => {
    expect(
      run(true, [
        [[1], true],
        [[3], false],
        [[2], false],
        [[2], false],
      ]).slice(1),
    ).toEqual([['gapped 2..3 (1)', 'printed 3'], ['recovered 2'], []]);
  });

  it('does not list what was printed before the history came', () => {
    expect(
      run(true, [
        [[10, 11], false],
        [[8, 9, 10, 11, 12], true],
      ]),
    ).toEqual([
      ['printed 10', 'printed 11'],
      ['listed 8,9', 'recovered 12'],
    ]);
  });

  it('reports what a later history no longer holds, and gives it up', () => {
    expect(
      run(true, [
        [[1], true],
        [[5, 6], true],
        [[3], false],
      ]).slice(1),
    ).toEqual([['gapped 2..5 (3)', 'recovered 5', 'recovered 6'], []]);
  });

  it('sorts a batch, and takes an empty history', () => {
    expect(
      run(true, [
        [[], true],
        [[2, 1], false],
        [[], true],
      ]),
    ).toEqual([['listed '], ['printed 1', 'printed 2'], []]);
  });

  it('starts anew where the venue does', () => {
    expect(
      run(true, [
        [[100, 101], true],
        [[1, 2], true],
        [[3], false],
      ]),
    ).toEqual([['listed 100,101'], ['listed 1,2'], ['printed 3']]);
  });

  it('goes on after an id out of all proportion, and takes the next history as the truth', () => {
    const far = '9'.repeat(30);
    const outcomes = run(true, [
      [[1, 2, 3], true],
      [[far], false],
      [[4], false],
      [[3, 4, 5, 6], true],
      [[7], false],
    ]);
    expect(outcomes.slice(2)).toEqual([['recovered 4'], ['listed 3,4,5,6'], ['printed 7']]);
  });

  it('takes old trades that do not end as new ones, and says so', () => {
    const memory = createTradeMemory({ contiguous: true, maxHoles: 8 });
    memory.accept(trades(50_000), true);
    const told: string[] = [];
    for (let id = 1; id <= 1_003; id += 1) {
      told.push(...describeOutcomes(memory.accept(trades(id), false)));
    }
    expect(told).toEqual([
      'gapped 50001..1001 (0)',
      'printed 1001',
      'printed 1002',
      'printed 1003',
    ]);
  });

  it('counts ids that no double can', () => {
    const big = (offset: number): string => String(9007199254740993n + BigInt(offset));
    expect(
      run(true, [
        [[big(0)], true],
        [[big(2)], false],
      ]).at(1),
    ).toEqual([`gapped ${big(1)}..${big(2)} (1)`, `printed ${big(2)}`]);
  });

  it('delivers every trade at most once and leaves no silent hole, whatever is lost', () => {
    const lossy = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(lossy, (batches) => {
        const memory = createTradeMemory({ contiguous: true, maxHoles: 1_000 });
        const seen: string[] = [];
        let missing = 0;
        let next = 1;
        const take = (outcomes: readonly TradeOutcome[]): void => {
          for (const outcome of outcomes) {
            if (outcome.kind === 'listed') seen.push(...outcome.trades.map((one) => one.tradeId));
            if (outcome.kind === 'printed') seen.push(outcome.trade.tradeId);
            if (outcome.kind === 'gapped') missing += outcome.missing;
            if (outcome.kind === 'printed' && outcome.recovered) missing -= 1;
          }
        };
        take(memory.accept(trades(0), true));
        for (const [size, isLost] of batches) {
          const ids = Array.from({ length: size }, (_, index) => next + index);
          next += size;
          if (!isLost) take(memory.accept(trades(...ids), false));
        }
        expect(new Set(seen).size).toBe(seen.length);
        const newest = Math.max(...seen.map(Number));
        expect(seen.length + missing).toBe(newest + 1);
        take(memory.accept(trades(...Array.from({ length: next }, (_, id) => id)), true));
        expect(seen.map(Number).sort((left, right) => left - right)).toEqual(
          Array.from({ length: next }, (_, id) => id),
        );
      }),
    );
  });
});

describe('trades with ids that are only names', () => {
  it('lists once and de-duplicates', () => {
    expect(
      run(false, [
        [['b', 'c'], true],
        [['c', 'd'], false],
        [['a', 'b', 'd', 'e'], true],
      ]),
    ).toEqual([['listed b,c'], ['printed d'], ['recovered e']]);
  });

  it('takes all of a later history as new where none of it is known', () => {
    expect(
      run(false, [
        [['a'], true],
        [['x', 'y'], true],
      ]).at(1),
    ).toEqual(['recovered x', 'recovered y']);
  });

  it('prints every trade that has no id, since two alike may be two', () => {
    const tradeOutcomes = run(false, [
      [['', ''], false],
      [[''], false],
    ]);
    expect(tradeOutcomes).toEqual([['printed ', 'printed '], ['printed ']]);
  });

  it('is used for a batch whose ids break the promise of whole numbers', () => {
    expect(
      run(true, [
        [['a', 'b'], true],
        [['b', 'c'], false],
      ]),
    ).toEqual([['listed a,b'], ['printed c']]);
  });
});
