import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAttemptBudget } from '../../src/session/budget.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

const limit = { count: 3, windowMs: 1_000 };

describe('the attempt budget', () => {
  it('lets the first ones through and gives the next ones places a window later', () => {
    const budget = createAttemptBudget(limit, createVirtualTime().clock);
    const waits = Array.from({ length: 7 }, () => budget.take('a'));
    expect(waits).toEqual([0, 0, 0, 1_100, 1_100, 1_100, 2_200]);
  });

  it('counts each address by itself', () => {
    const budget = createAttemptBudget(limit, createVirtualTime().clock);
    for (let count = 0; count < 3; count += 1) budget.take('a');
    expect(budget.take('b')).toBe(0);
    expect(budget.take('a')).toBe(1_100);
  });

  it('remembers a bounded number of addresses, the newest', () => {
    const budget = createAttemptBudget(limit, createVirtualTime().clock);
    for (let count = 0; count < 3; count += 1) budget.take('kept');
    for (let index = 0; index < 255; index += 1) budget.take(`other ${index}`);
    expect(budget.take('kept')).toBe(1_100);
  });

  it('never lets more than the limit into any window, however they travel', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(600), { maxLength: 40 }), async (pausesMs) => {
        const time = createVirtualTime();
        const budget = createAttemptBudget(limit, time.clock);
        const starts: number[] = [];
        for (const pauseMs of pausesMs) {
          await time.advance(pauseMs);
          starts.push(time.clock.monotonicMs() + budget.take('a'));
        }
        for (let index = limit.count; index < starts.length; index += 1) {
          // One may take up to 100 ms longer on the way than another.
          expect(starts[index]! - starts[index - limit.count]!).toBeGreaterThanOrEqual(1_099.999);
        }
      }),
      { numRuns: 50 },
    );
  });
});
