/**
 * Times as the venue writes them, as Unix milliseconds with a fraction. `Date.parse` is slow, reads
 * more than the protocol allows, and drops what is finer than a millisecond.
 */

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from year 0 to 1970-01-01 in the Gregorian calendar. */
const DAYS_TO_1970 = 719_528;

const MS_PER_DAY = 86_400_000;
const FRACTION_DIGITS_MAX = 9;
const ZERO = 48;

/** Where the fraction begins: after `2026-09-30T02:37:15`. */
const SECONDS_END = 19;

const UNIX_SECONDS = /^(\d{1,11})(?:\.(\d{1,9}))?$/;

/**
 * RFC 3339 in UTC: six fraction digits for most times, nine for order books by order and candles,
 * none in some replies (recorded 2024-05). NaN for anything else.
 */
export function parseTimeMs(text: string): number {
  if (text.charCodeAt(10) !== 84) return NaN;
  const end = fractionEnd(text);
  if (end !== text.length - 1 || text.charCodeAt(end) !== 90) return NaN;
  return wholeSecondsMs(text) + fractionMs(text, end);
}

/**
 * Unix seconds with a fraction, as text (protocol v1): `1618678145.920708`. NaN for anything else.
 */
export function parseSecondsMs(text: string): number {
  const match = UNIX_SECONDS.exec(text);
  if (match === null) return NaN;
  const [, seconds = '', fraction = ''] = match;
  // Put together from whole parts: seconds times 1000 as one double would round the microseconds.
  const fractionMs = fraction === '' ? 0 : Number(`0.${fraction}`) * 1000;
  return Number(seconds) * 1000 + Math.round(fractionMs * 1e6) / 1e6;
}

/** The index after the seconds and their fraction; -1 where the fraction is not one. */
function fractionEnd(text: string): number {
  if (text.charCodeAt(SECONDS_END) !== 46) return SECONDS_END;
  let index = SECONDS_END + 1;
  while (isDigit(text.charCodeAt(index))) index += 1;
  const digits = index - SECONDS_END - 1;
  return digits === 0 || digits > FRACTION_DIGITS_MAX ? -1 : index;
}

function fractionMs(text: string, end: number): number {
  let units = 0;
  let unitsPerMs = 0.001;
  for (let index = SECONDS_END + 1; index < end; index += 1) {
    units = units * 10 + (text.charCodeAt(index) - ZERO);
    unitsPerMs *= 10;
  }
  return end > SECONDS_END ? Math.round((units / unitsPerMs) * 1e6) / 1e6 : 0;
}

function wholeSecondsMs(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return NaN;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return NaN;
  const days = daysSince1970(
    twoDigits(text, 0) * 100 + twoDigits(text, 2),
    twoDigits(text, 5),
    twoDigits(text, 8),
  );
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  // A leap second is written as 60; it then counts as the first second of the next minute.
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return NaN;
  return days * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000;
}

function daysSince1970(year: number, month: number, day: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const leapDay = leap && month === 2 ? 1 : 0;
  const last = DAYS_IN_MONTH[month - 1];
  const before = DAYS_BEFORE_MONTH[month - 1];
  if (last === undefined || before === undefined || day < 1) return NaN;
  if (!(day <= last + leapDay)) return NaN;
  // Leap days of all years before this one, year 0 included.
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + 1;
  const inYear = before + (leap && month > 2 ? 1 : 0) + day - 1;
  return year * 365 + leapDays + inYear - DAYS_TO_1970;
}

/** Two digits at a place; NaN where they are none, which makes the whole time NaN. */
function twoDigits(text: string, index: number): number {
  const high = text.charCodeAt(index);
  const low = text.charCodeAt(index + 1);
  return isDigit(high) && isDigit(low) ? (high - ZERO) * 10 + (low - ZERO) : NaN;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 57;
}
