import { describe, expect, it } from 'vitest';
import { formatDuration, parseDurationMs } from '../../src/cli/duration.js';

describe('durations', () => {
  it.each([
    ['10s', 10_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1.5s', 1500],
    ['10', 10_000],
    [' 3s ', 3000],
  ])('reads %s', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs);
  });

  it.each(['', '0s', '-1s', '10 s', '1d', '1e3s', 's', '25h', 'NaN', '0x10'])(
    'refuses "%s" and says how to write it',
    (text) => {
      expect(() => parseDurationMs(text)).toThrow(/write 10s, 500ms, 2m or 1h/);
    },
  );

  it.each([
    [12.4, '12 ms'],
    [3400, '3.4 s'],
    [125_000, '2 min 5 s'],
    [NaN, '?'],
  ])('shows %d ms as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});
