import { describe, expect, it } from 'vitest';
import { createRestartableTracker } from '../../../src/venues/cloud9trader/sequence.js';

function check(start: number | undefined, numbers: readonly number[]): string[] {
  const tracker = createRestartableTracker();
  tracker.reset(start);
  return numbers.map((number) => tracker.check({ first: number, last: number }).kind);
}

describe('the numbers of a book', () => {
  it.each([
    ['rise by one', 100, [101, 102, 103], ['accept', 'accept', 'accept']],
    ['start anywhere', undefined, [5, 6], ['accept', 'accept']],
    ['are late at or below the last one', 100, [100, 99, 101], ['stale', 'stale', 'accept']],
    ['have a gap beyond the next one', 100, [103, 104], ['gap', 'accept']],
    ['count 0 as a number', 0, [0, 1], ['stale', 'accept']],
    ['have begun anew where they fall far back', 50_000, [1, 2, 3], ['gap', 'accept', 'accept']],
  ] as const)('%s', (...[, start, numbers, verdicts]) => {
    expect(check(start, numbers)).toEqual(verdicts);
  });

  it('have begun anew where they stay behind for long', () => {
    const numbers = Array.from({ length: 60 }, (_, index) => 1 + index);
    const verdicts = check(100, numbers);
    expect(verdicts.indexOf('gap')).toBe(50);
    expect(verdicts.slice(0, 50).every((kind) => kind === 'stale')).toBe(true);
    expect(verdicts.slice(51).every((kind) => kind === 'accept')).toBe(true);
  });

  it('say both numbers of a restart', () => {
    const tracker = createRestartableTracker();
    tracker.reset(9_000);
    expect(tracker.check({ first: 1, last: 1 })).toEqual({
      kind: 'gap',
      expected: 9_001,
      received: 1,
    });
  });

  it('forget a run of late ones once they are in step again', () => {
    const late = Array.from({ length: 50 }, () => 90);
    expect(check(100, [...late, 101, ...late]).includes('gap')).toBe(false);
  });
});
