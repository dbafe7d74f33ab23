/**
 * Times as venues write them, as Unix milliseconds with a fraction. `Date.parse` is slow, reads
 * more than the protocols allow, and drops what is finer than a millisecond.
 */

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from year 0 to 1970-01-01 in the Gregorian calendar. */
const DAYS_TO_1970 = 719_528;

const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;
const FRACTION_DIGITS_MAX = 9;
const NANOSECONDS_PER_MS = 1e6;
/** By how many digits a fraction of a second has. */
const NANOSECONDS_PER_UNIT = Float64Array.from(
  { length: FRACTION_DIGITS_MAX + 1 },
  (_, digits) => 10 ** (FRACTION_DIGITS_MAX - digits),
);
const ZERO = 48;
const DASH = 45;
const COLON = 58;

/** Where the fraction begins: after `2026-09-30T02:37:15`. */
export const SECONDS_END = 19;

/** No time is longer. */
const TEXT_CHARACTERS_MAX = 64;

const POINT = 46;
const LETTER_T = 84;
const LETTER_Z = 90;

/** Texts are read by way of these bytes, which hold nothing from one time to the next. */
const scratch = new Uint8Array(TEXT_CHARACTERS_MAX);

/** Another zone than UTC; the colon is left out at times. */
const ZONE = /([+-])(\d\d):?(\d\d)$/;

/**
 * RFC 3339 with 0 to 9 fraction digits, nearly always in UTC; another zone is counted back. NaN for
 * anything else.
 */
export function parseTimeMs(text: string): number {
  if (!fillScratch(text)) return NaN;
  const timeMs = parseTimeBytesMs(scratch, 0, text.length);
  return Number.isNaN(timeMs) ? parseZonedTimeMs(text) : timeMs;
}

/** In UTC only: `bytes[start]` up to, without, `bytes[end]`. */
export function parseTimeBytesMs(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= SECONDS_END) return NaN;
  const last = end - 1;
  if (bytes[last] !== LETTER_Z || findFractionEnd(bytes, start, end) !== last) return NaN;
  return parseSecondsBytesMs(bytes, start) + parseFractionMs(bytes, start + SECONDS_END, last);
}

function parseZonedTimeMs(text: string): number {
  const [zone = '', sign = '', hours = '', minutes = ''] = ZONE.exec(text) ?? [];
  if (zone === '' || Number(hours) > 23 || Number(minutes) > 59) return NaN;
  const localEnd = text.length - zone.length;
  scratch[localEnd] = LETTER_Z;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MS_PER_MINUTE;
  return parseTimeBytesMs(scratch, 0, localEnd + 1) - (sign === '-' ? -offsetMs : offsetMs);
}

/** Whether the text fits and is ASCII; a wider character would wrap around to a digit in a byte. */
function fillScratch(text: string): boolean {
  if (text.length > TEXT_CHARACTERS_MAX) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 127) return false;
    scratch[index] = code;
  }
  return true;
}

/** The index after the seconds and their fraction; -1 where the fraction is not one. */
export function findFractionEnd(bytes: Uint8Array, start: number, end: number): number {
  const point = start + SECONDS_END;
  if (bytes[point] !== POINT) return point;
  let index = point + 1;
  while (index < end && isDigit(bytes[index]!)) index += 1;
  const digits = index - point - 1;
  return digits === 0 || digits > FRACTION_DIGITS_MAX ? -1 : index;
}

/** The fraction from its point on, as milliseconds; 0 where the point is the end. */
export function parseFractionMs(bytes: Uint8Array, point: number, end: number): number {
  if (end <= point) return 0;
  // At most nine digits: an integer of 32 bits all the way, and a whole number of nanoseconds.
  let units = 0;
  for (let index = point + 1; index < end; index += 1) {
    units = (units * 10 + (bytes[index]! - ZERO)) | 0;
  }
  const digits = end - point - 1;
  return (units * NANOSECONDS_PER_UNIT[digits]!) / NANOSECONDS_PER_MS;
}

/** The time that begins at a byte, without its fraction. */
export function parseSecondsBytesMs(bytes: Uint8Array, start: number): number {
  if (bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return NaN;
  if (bytes[start + 10] !== LETTER_T) return NaN;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return NaN;
  const days = daysSince1970(
    twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2),
    twoDigits(bytes, start + 5),
    twoDigits(bytes, start + 8),
  );
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
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
function twoDigits(bytes: Uint8Array, index: number): number {
  const high = bytes[index]!;
  const low = bytes[index + 1]!;
  return isDigit(high) && isDigit(low) ? (high - ZERO) * 10 + (low - ZERO) : NaN;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 57;
}
