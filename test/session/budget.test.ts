import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAttemptBudget } from '../../src/session/budget.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

const limit = { count: 3, windowMs: 1_000 };

describe('the attempt budget', () => {
  it('lets the first ones through and gives the next ones places a window later', () => {
    const budget = createAttemptBudget(limit, createVirtualTime().clock);
    const waits = Array.from({ length: 7 }, () => budget.take('a').waitMs);
    expect(waits).toEqual([0, 0, 0, 1_100, 1_100, 1_100, 2_200]);
  });

  it('counts each address by itself', () => {
    const budget = createAttemptBudget(limit, createVirtualTime().clock);
    for (let count = 0; count < 3; count += 1) budget.take('a');
    expect(budget.take('b').waitMs).toBe(0);
    expect(budget.take('a').waitMs).toBe(1_100);
  });

  it('remembers a bounded number of addresses, the newest', () => {
    const budget = createAttemptBudget(limit, createVirtualTime().clock);
    for (let count = 0; count < 3; count += 1) budget.take('kept');
    for (let index = 0; index < 255; index += 1) budget.take(`other ${index}`);
    expect(budget.take('kept').waitMs).toBe(1_100);
  });

  it('gives a turn that was given back to the next, unless it has come', async () => {
    const time = createVirtualTime();
    const budget = createAttemptBudget(limit, time.clock);
    const waitMs = (): number => budget.take('a').waitMs;
    for (let count = 0; count < 3; count += 1) waitMs();
    const turn = budget.take('a');
    expect([turn.waitMs, waitMs()]).toEqual([1_100, 1_100]);
    turn.giveBack();
    expect([waitMs(), waitMs(), waitMs()]).toEqual([1_100, 1_100, 2_200]);
    const late = budget.take('a');
    await time.advance(late.waitMs);
    late.giveBack();
    expect([waitMs(), waitMs()]).toEqual([0, 1_100]);
  });

  it('never lets more than the limit into any window, however they travel', async () => {
    const step = fc.tuple(fc.nat(600), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const time = createVirtualTime();
        const budget = createAttemptBudget(limit, time.clock);
        const starts: number[] = [];
        for (const [pauseMs, isGivenBack] of steps) {
          await time.advance(pauseMs);
          const turn = budget.take('a');
          if (isGivenBack && turn.waitMs > 0) turn.giveBack();
          else starts.push(time.clock.monotonicMs() + turn.waitMs);
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
