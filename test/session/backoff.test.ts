import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeBackoffMs } from '../../src/session/backoff.js';

const rule = { firstMs: 1_000, maxMs: 30_000, leastMs: 100 };

describe('full jitter', () => {
  it('draws from a range that doubles up to its maximum', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 6, 5_000].map((failures) =>
      computeBackoffMs(rule, failures, 0.999_999),
    );
    expect(ceilings.map(Math.round)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('keeps the least pause and the longest, whatever is drawn', () => {
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(), fraction, (failures, drawn) => {
        const delayMs = computeBackoffMs(rule, failures, drawn);
        expect(delayMs).toBeGreaterThanOrEqual(rule.leastMs);
        expect(delayMs).toBeLessThan(rule.maxMs);
      }),
    );
  });
});
