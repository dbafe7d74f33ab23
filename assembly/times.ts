// Times as venues write them, as Unix milliseconds with a fraction. Each reader is told where to
// begin and returns where it ended, or NOWHERE; the time is in `timeMs`.
import { end, NOWHERE, POWERS_OF_TEN, readDigits, value } from './bytes';

const POINT: u8 = 46;
const DASH: u8 = 45;
const COLON: u8 = 58;
const LETTER_T: u8 = 84;
const LETTER_Z: u8 = 90;
const ZERO: u8 = 48;

/** Where the fraction begins: after `2026-09-30T02:37:15`. */
const SECONDS_END: i32 = 19;
const FRACTION_DIGITS_MAX: i32 = 9;
const SECONDS_DIGITS_MAX: i32 = 11;
const MS_PER_DAY: f64 = 86_400_000;
/** Days from year 0 to 1970-01-01 in the Gregorian calendar. */
const DAYS_TO_1970: i32 = 719_528;

const DAYS_BEFORE_MONTH: StaticArray<i32> = [
  0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365,
];

export let timeMs: f64 = NaN;

/**
 * The second that was read last, and its text as three words. The last of them begins within the
 * one before it, so that no bytes are like these two until a second was read.
 */
let secondMs: f64 = NaN;
let firstWord: i64 = 0;
let middleWord: i64 = 0;
let lastWord: i64 = -1;

/** Two digits; far above any time where they are none. */
function twoDigits(place: i32): i32 {
  const high = <u32>(load<u8>(place) - ZERO);
  const low = <u32>(load<u8>(place, 1) - ZERO);
  return high > 9 || low > 9 ? 1_000_000 : <i32>(high * 10 + low);
}

/** NaN for a day that there is not. */
function daysSince1970(year: i32, month: i32, day: i32): f64 {
  if (month < 1 || month > 12 || day < 1) return NaN;
  const isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const before = unchecked(DAYS_BEFORE_MONTH[month - 1]);
  const days = unchecked(DAYS_BEFORE_MONTH[month]) - before;
  if (day > days + (isLeap && month == 2 ? 1 : 0)) return NaN;
  // Leap days of all years before this one, year 0 included.
  const past = year - 1;
  const leapDays = year == 0 ? 0 : past / 4 - past / 100 + past / 400 + 1;
  const inYear = before + (isLeap && month > 2 ? 1 : 0) + day - 1;
  return <f64>(year * 365 + leapDays + inYear - DAYS_TO_1970);
}

/** The time without its fraction; NaN where none stands. */
function readSecond(start: i32): f64 {
  if (load<u8>(start, 4) != DASH || load<u8>(start, 7) != DASH) return NaN;
  if (load<u8>(start, 10) != LETTER_T) return NaN;
  if (load<u8>(start, 13) != COLON || load<u8>(start, 16) != COLON) return NaN;
  const year = twoDigits(start) * 100 + twoDigits(start + 2);
  const hour = twoDigits(start + 11);
  const minute = twoDigits(start + 14);
  const second = twoDigits(start + 17);
  // A leap second is written as 60; it then counts as the first second of the next minute.
  if (year > 9_999 || hour > 23 || minute > 59 || second > 60) return NaN;
  const days = daysSince1970(year, twoDigits(start + 5), twoDigits(start + 8));
  return days * MS_PER_DAY + <f64>((hour * 60 + minute) * 60 + second) * 1000;
}

/** RFC 3339 in UTC. */
export function readTime(start: i32): i32 {
  if (end - start <= SECONDS_END) return NOWHERE;
  const first = load<i64>(start);
  const middle = load<i64>(start, 8);
  const last = load<i64>(start, 11);
  if (first != firstWord || middle != middleWord || last != lastWord) {
    const readMs = readSecond(start);
    if (isNaN(readMs)) return NOWHERE;
    secondMs = readMs;
    firstWord = first;
    middleWord = middle;
    lastWord = last;
  }
  let place = start + SECONDS_END;
  timeMs = secondMs;
  if (load<u8>(place) == POINT) {
    const point = place + 1;
    place = readDigits(point);
    const digits = place - point;
    if (digits == 0 || digits > FRACTION_DIGITS_MAX) return NOWHERE;
    // A whole number of nanoseconds.
    const nanoseconds = value * unchecked(POWERS_OF_TEN[FRACTION_DIGITS_MAX - digits]);
    timeMs += <f64>nanoseconds / 1e6;
  }
  return load<u8>(place) == LETTER_Z ? place + 1 : NOWHERE;
}

/** Unix seconds: digits, and perhaps a point and more of them. */
export function readUnixSeconds(start: i32): i32 {
  let place = readDigits(start);
  const wholeDigits = place - start;
  if (wholeDigits == 0 || wholeDigits > SECONDS_DIGITS_MAX) return NOWHERE;
  timeMs = <f64>value * 1_000;
  if (load<u8>(place) == POINT) {
    const point = place + 1;
    place = readDigits(point);
    const digits = place - point;
    if (digits == 0 || digits > FRACTION_DIGITS_MAX) return NOWHERE;
    const fraction = <f64>value / <f64>unchecked(POWERS_OF_TEN[digits]);
    timeMs += Math.round(fraction * 1_000 * 1e6) / 1e6;
  }
  return place;
}
