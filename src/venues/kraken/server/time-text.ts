/** The venue's spellings of an instant, made of RFC 3339 text in UTC. */

const MICROSECOND_DIGITS = 6;
const NANOSECOND_DIGITS = 9;

function split(time: string): { readonly seconds: string; readonly fraction: string } {
  const [seconds = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return { seconds, fraction };
}

function withDigits(time: string, digits: number): string {
  const { seconds, fraction } = split(time);
  return `${seconds}.${fraction.slice(0, digits).padEnd(digits, '0')}Z`;
}

/** `2026-07-19T17:54:39.753424Z`: most of v2. */
export function toMicroseconds(time: string): string {
  return withDigits(time, MICROSECOND_DIGITS);
}

/** `2024-05-17T11:12:00.000000000Z`: candles and orders of v2. */
export function toNanoseconds(time: string): string {
  return withDigits(time, NANOSECOND_DIGITS);
}

/** `1690246089.516119`: all of v1. */
export function toSeconds(time: string): string {
  const { seconds, fraction } = split(time);
  const whole = Math.floor(Date.parse(`${seconds}Z`) / 1000);
  return `${whole}.${fraction.slice(0, MICROSECOND_DIGITS).padEnd(MICROSECOND_DIGITS, '0')}`;
}

/** `2026-07-19T17:54:39Z`, of Unix milliseconds: times of switches and of expiry. */
export function toWholeSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** `2026-07-19T17:54:00.000000000Z` or with fewer digits, of whole Unix seconds. */
export function secondsToTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
