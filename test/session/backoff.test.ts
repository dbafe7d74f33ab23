import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeBackoffMs, computeRetryMs, readPauseMs } from '../../src/session/backoff.js';

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

describe('a pause that the server asks for', () => {
  const refused = (status: number, retryAfterMs?: number) =>
    readPauseMs(
      { code: 1006, reason: '', failure: { kind: 'http-status', status, body: '' }, retryAfterMs },
      rule,
    );

  it('is kept whole after a limit on attempts, up to a quarter of an hour', () => {
    expect(refused(429, 600_000)).toBe(600_000);
    expect(refused(429, 86_400_000)).toBe(900_000);
  });

  it('is not kept for longer than the slowest pace after any other answer', () => {
    expect(refused(503, 20_000)).toBe(20_000);
    expect(refused(503, 3_600_000)).toBe(30_000);
    expect(refused(429)).toBe(0);
  });

  it('comes before the first attempt, which is spread out behind it', () => {
    expect(computeRetryMs(rule, { failures: 0, pauseMs: 60_000 }, 0)).toBe(60_100);
    expect(computeRetryMs(rule, { failures: 3, pauseMs: 60_000 }, 0.5)).toBe(60_500);
  });

  it('shortens no back-off', () => {
    expect(computeRetryMs(rule, { failures: 4, pauseMs: 1_000 }, 0.5)).toBe(8_000);
    expect(computeRetryMs(rule, { failures: 4, pauseMs: 0 }, 0.5)).toBe(8_000);
  });
});
