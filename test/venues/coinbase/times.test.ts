import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoTimeMs } from '../../../src/venues/coinbase/times.js';

describe('times of Go', () => {
  it.each([
    '2026-09-30 02:37:15.057778606 +0000 UTC m=+21697.195984854',
    '2026-09-30 02:37:15.057778606 +0000 UTC m=-1',
    '2026-09-30 02:37:15.057778606 +0000 UTC',
  ])('reads %s', (text) => {
    expect(parseGoTimeMs(text)).toBeCloseTo(Date.UTC(2026, 8, 30, 2, 37, 15, 57) + 0.778606, 3);
  });

  it.each([
    '2026-09-30T02:37:15.057778606Z',
    '2026-09-30 02:37:15.057778606 +0200 CEST',
    '2026-09-30 02:37:15. +0000 UTC',
    '2026-09-30 02:37:15 +0000 UTC m=soon',
    '2026-09-31 02:37:15 +0000 UTC',
  ])('does not take %j for one', (text) => {
    expect(parseGoTimeMs(text)).toBeNaN();
  });

  it('are read whatever their day', () => {
    const times = fc.date({
      min: new Date('0001-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(times, (time) => {
        const [day = '', clock = ''] = time.toISOString().slice(0, -1).split('T');
        expect(parseGoTimeMs(`${day} ${clock} +0000 UTC`)).toBe(time.getTime());
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => typeof parseGoTimeMs(text) === 'number'));
  });
});
