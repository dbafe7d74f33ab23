import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeBytesMs, parseTimeMs } from '../../src/wire/times.js';

describe('times', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-08-09T21:05:48Z', Date.UTC(2026, 7, 9, 21, 5, 48)],
    ['2026-08-09T21:05:48.5Z', Date.UTC(2026, 7, 9, 21, 5, 48, 500)],
    ['2026-08-09T21:05:48.407682Z', Date.UTC(2026, 7, 9, 21, 5, 48, 407) + 0.682],
    ['2026-09-30T02:39:53.690696234Z', Date.UTC(2026, 8, 30, 2, 39, 53, 690) + 0.696234],
    ['2024-05-19T18:55:20.910159752Z', Date.UTC(2024, 4, 19, 18, 55, 20, 910) + 0.159752],
    ['2020-03-04T10:00:00+00:00', Date.UTC(2020, 2, 4, 10)],
    ['2020-02-29T23:59:59.999+01:30', Date.UTC(2020, 1, 29, 22, 29, 59, 999)],
    ['2020-03-04T10:00:00-0500', Date.UTC(2020, 2, 4, 15)],
    ['2024-02-29T23:59:59.999999999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999) + 0.999999],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
  ])('reads %s', (text, expected) => {
    expect(parseTimeMs(text)).toBeCloseTo(expected, 3);
  });

  it.each([
    '',
    'yesterday',
    '2026-08-09',
    '2026-08-09T21:05:48',
    '2026-08-09T21:05:48.Z',
    '2026-08-09T21:05:48.1234567890Z',
    '2026-08-09T21:05:48+24:00',
    '2026-08-09T21:05:48+01:60',
    '2026-08-09T21:05:48+1',
    '2026-08-09T21:05:48Z+01:00',
    '2026-08-09+01:00',
    '2026-08-09 21:05:48Z',
    '2026-08-09T21:05:48z',
    '2026-13-09T21:05:48Z',
    '2026-00-09T21:05:48Z',
    '2026-02-29T21:05:48Z',
    '1900-02-29T21:05:48Z',
    '2026-08-00T21:05:48Z',
    '2026-08-09T24:05:48Z',
    '2026-08-09T21:60:48Z',
    '2026-08-09T21:05:61Z',
    '2026-08-09T21:05:48Zx',
    '2o26-08-09T21:05:48Z',
    '2026/08/09T21:05:48Z',
    '2026-08-09T21-05-48Z',
  ])('does not take %j for a time', (text) => {
    expect(parseTimeMs(text)).toBeNaN();
  });

  it('agrees with Date.parse wherever that is exact', () => {
    const times = fc.date({
      min: new Date('0001-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(times, (time) => {
        const text = time.toISOString();
        expect(parseTimeMs(text)).toBe(time.getTime());
        expect(parseTimeMs(text.replace(/\.?0*Z$/, 'Z'))).toBe(time.getTime());
      }),
    );
  });

  it('keeps what is finer than a millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (micros) => {
        const text = `2026-08-09T21:05:48.${String(micros).padStart(6, '0')}Z`;
        const sinceSecond = parseTimeMs(text) - Date.UTC(2026, 7, 9, 21, 5, 48);
        expect(Math.round(sinceSecond * 1_000)).toBe(micros);
      }),
    );
  });

  it('takes bytes in UTC only, as fast decoders have them', () => {
    const bytes = Buffer.from('xx2026-08-09T21:05:48.5Zxx2026-08-09T21:05:48+00:00');
    expect(parseTimeBytesMs(bytes, 2, 24)).toBe(Date.UTC(2026, 7, 9, 21, 5, 48, 500));
    expect(parseTimeBytesMs(bytes, 26, bytes.length)).toBeNaN();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof parseTimeMs(text)).toBe('number');
      }),
    );
  });
});
