import { describe, expect, it } from 'vitest';
import { parseHttpDate, parseRetryAfter } from '../../src/runtime/http-date.js';

const NOW_MS = Date.UTC(2026, 7, 9, 21, 5, 48);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['Sun, 09 Aug 2026 21:06:48 GMT', 60_000],
    ['Sun, 09 Aug 2026 21:00:00 GMT', 0],
    ['soon', undefined],
    ['NaN', undefined],
    ['', undefined],
    ['-5', undefined],
    ['-3000', undefined],
    ['0x10', undefined],
    ['1e99', undefined],
    ['5, 10', undefined],
    ['1.5', 1_500],
    ['9'.repeat(10), 999_999_999_000],
    ['9'.repeat(400), 999_999_999_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Sunday, 09-Aug-26 21:06:48 GMT', 60_000],
    ['Sun Aug  9 21:06:48 2026', 60_000],
    [undefined, undefined],
  ])('%s is %s ms', (header, lengthMs) => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(lengthMs);
  });
});

describe('Date', () => {
  it.each([
    '5',
    '2026',
    '-1',
    'NaN',
    '12:00:00',
    'Sun, 09 Aug',
    `Sun, ${' '.repeat(80)}`,
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 EST',
    'Tue, 5 08:49:37',
    'Foo bar 08:49:37 2024',
    'Sun, 31 Feb 2024 00:00:00 GMT',
    'Sun, 06 Nov 2024 08:61:37 GMT',
    'Sun, 06 Nov 275000 08:49:37 GMT',
  ])('is not told by %j, of which no clock is made', (header) =>
    expect(parseHttpDate(header)).toBeUndefined(),
  );

  it('is read in all of its forms, in GMT', () => {
    for (const header of [
      'Sun, 09 Aug 2026 21:05:48 GMT',
      'Sunday, 09-Aug-26 21:05:48 GMT',
      'Sun Aug  9 21:05:48 2026',
      ' Sun Aug  9 21:05:48 2026 ',
    ]) {
      expect(parseHttpDate(header), header).toBe(NOW_MS);
    }
  });
});
