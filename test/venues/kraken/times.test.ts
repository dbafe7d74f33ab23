import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSecondsMs, parseTimeMs } from '../../../src/venues/kraken/times.js';

describe('times of Kraken', () => {
  it.each([
    ['2024-05-19T19:22:20Z', Date.UTC(2024, 4, 19, 19, 22, 20)],
    ['2026-07-19T17:54:39.784623Z', Date.UTC(2026, 6, 19, 17, 54, 39, 784) + 0.623],
    ['2024-05-19T18:55:20.910159752Z', Date.UTC(2024, 4, 19, 18, 55, 20, 910) + 0.159752],
    ['2024-02-29T23:59:60Z', Date.UTC(2024, 2, 1)],
  ])('reads %s', (text, expected) => {
    expect(parseTimeMs(text)).toBeCloseTo(expected, 3);
  });

  it.each([
    '',
    '2024-05-19',
    '2024-05-19T19:22:20',
    '2024-13-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
  ])('reads nothing from %j', (text) => expect(parseTimeMs(text)).toBeNaN());

  it('reads whatever a date prints', () => {
    const years = { min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        expect(parseTimeMs(date.toISOString())).toBe(date.getTime());
        expect(parseSecondsMs(String(date.getTime() / 1000))).toBe(date.getTime());
      }),
    );
  });

  it.each([
    ['1618678145.920708', 1618678145920.708],
    ['1618678145', 1618678145000],
    ['1690246089.5', 1690246089500],
  ])('reads the seconds %s', (text, expected) => expect(parseSecondsMs(text)).toBe(expected));

  it.each(['', '-1', '1.', '1e9', '1.1234567890', '123456789012'])(
    'reads no seconds from %j',
    (text) => expect(parseSecondsMs(text)).toBeNaN(),
  );
});
