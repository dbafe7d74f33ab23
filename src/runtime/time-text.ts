/**
 * Instants as RFC 3339 text in UTC with up to nine fraction digits. `Date` stops at milliseconds.
 */

const NANOSECONDS_PER_MICROSECOND = 1_000n;
const NANOSECONDS_PER_MS = 1_000_000n;
const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const NANOSECOND_DIGITS = 9;
const PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Writes Unix nanoseconds; trailing zeros of the fraction are left out. */
export function formatNanoseconds(nanoseconds: bigint): string {
  const ms = nanoseconds / NANOSECONDS_PER_MS;
  const seconds = new Date(Number(ms)).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length);
  const fraction = String(nanoseconds % NANOSECONDS_PER_SECOND)
    .padStart(NANOSECOND_DIGITS, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** Unix milliseconds, with a fraction, as nanoseconds. */
export function millisecondsToNanoseconds(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * NANOSECONDS_PER_MS + BigInt(Math.floor((ms - whole) * 1e6));
}

/** Writes Unix milliseconds, with a fraction, cut to whole microseconds: as engines write times. */
export function formatMicroseconds(ms: number): string {
  const nanoseconds = millisecondsToNanoseconds(ms);
  return formatNanoseconds(nanoseconds - (nanoseconds % NANOSECONDS_PER_MICROSECOND));
}

/** Reads RFC 3339 text in UTC as Unix nanoseconds; undefined where it is none. */
export function parseNanoseconds(text: string): bigint | undefined {
  const [, seconds = '', fraction = ''] = PATTERN.exec(text) ?? [];
  const ms = seconds === '' ? NaN : Date.parse(`${seconds}Z`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * NANOSECONDS_PER_MS + BigInt(fraction.padEnd(NANOSECOND_DIGITS, '0'));
}
