import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/runtime/http-date.js';

const NOW_MS = Date.UTC(2026, 7, 9, 21, 5, 48);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['Sun, 09 Aug 2026 21:06:48 GMT', 60_000],
    ['Sun, 09 Aug 2026 21:00:00 GMT', 0],
    ['soon', undefined],
    ['9'.repeat(10), undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, lengthMs) => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(lengthMs);
  });
});
