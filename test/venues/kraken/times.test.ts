import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSecondsMs } from '../../../src/venues/kraken/times.js';

describe('times in Unix seconds', () => {
  it('reads whatever a date prints', () => {
    const years = { min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
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
