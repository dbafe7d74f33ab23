// Exact decimals, as the columns of a book hold them: the digits as a whole number, and how many of
// them are decimals. The grammar is that of a JSON number without sign and exponent.
import {
  countDigits,
  digitAt,
  DIGITS_MAX,
  digitsValue,
  loadDigits,
  NOWHERE,
  POWERS_OF_TEN,
} from './bytes';
import { LONG_AT, LONG_MAX } from './memory';

const ZERO: u8 = 48;
const POINT: u8 = 46;

/** 2^53 - 1. */
const UNITS_MAX: i64 = 9_007_199_254_740_991;

/** Numbers that may be no safe integers. */
export let longCount: i32 = 0;

/** A count of digits that says nothing of a number. */
const DIGITS_UNKNOWN: i32 = 255;

/**
 * No price and no size of this part has more digits before its point and behind it: whoever knows
 * that need not look at each of them. They are looked after where a guess fails, since all others
 * are as long as one before.
 */
export let priceDigitsMost: i32 = 0;
export let priceDecimalsMost: i32 = 0;
export let sizeDigitsMost: i32 = 0;
export let sizeDecimalsMost: i32 = 0;

/** Before the numbers of a part. */
export function clearNumbers(): void {
  longCount = 0;
  priceDigitsMost = priceDigits;
  priceDecimalsMost = priceDecimals;
  sizeDigitsMost = sizeDigits;
  sizeDecimalsMost = sizeDecimals;
}

@inline
function noteWhole(digits: i32, isSize: bool): void {
  if (isSize) sizeDigitsMost = max(sizeDigitsMost, digits);
  else priceDigitsMost = max(priceDigitsMost, digits);
}

@inline
function noteDecimals(digits: i32, isSize: bool): void {
  if (isSize) sizeDecimalsMost = max(sizeDecimalsMost, digits);
  else priceDecimalsMost = max(priceDecimalsMost, digits);
}

/** Keeps where such a number stands. Its units and decimals in the columns say nothing. */
function noteLong(number: i32, place: i32): bool {
  if (longCount == LONG_MAX) return false;
  store<i32>(LONG_AT + (longCount << 3), number);
  store<i32>(LONG_AT + (longCount << 3), place, 4);
  longCount += 1;
  return true;
}

/** A decimal of any length, digit by digit. */
function readLongDecimal(start: i32, number: i32, unitsAt: i32, decimalsAt: i32): i32 {
  let place = start;
  let units: i64 = 0;
  for (let digit = digitAt(place); digit <= 9; digit = digitAt(place)) {
    units = units * 10 + digit;
    place += 1;
  }
  const whole = place - start;
  let fractionAt = place;
  if (load<u8>(place) == POINT) {
    fractionAt += 1;
    place = fractionAt;
    for (let digit = digitAt(place); digit <= 9; digit = digitAt(place)) {
      units = units * 10 + digit;
      place += 1;
    }
    if (place == fractionAt) return NOWHERE;
  }
  if (whole == 0 || (whole > 1 && load<u8>(start) == ZERO)) return NOWHERE;
  store<f64>(unitsAt, <f64>units);
  store<u8>(decimalsAt, <u8>(place - fractionAt));
  const isLong = place - start > DIGITS_MAX || units > UNITS_MAX;
  const isSize = (number & 1) == 1;
  noteWhole(isLong ? DIGITS_UNKNOWN : whole, isSize);
  noteDecimals(place - fractionAt, isSize);
  return isLong && !noteLong(number, start) ? NOWHERE : place;
}

// How long the numbers before were, by kind: 0 is a price, 1 a size. Most are as long again. Where
// the processor guesses so it reads on at once, and need not wait until the digits are counted.
let priceDigits: i32 = 0;
let priceDecimals: i32 = 0;
let sizeDigits: i32 = 0;
let sizeDecimals: i32 = 0;

/** As many digits as `bytes` begin with: compared with what is expected, and not made of it. */
@inline
function guessWhole(bytes: u64, isSize: bool): i32 {
  const expected = isSize ? sizeDigits : priceDigits;
  const counted = countDigits(bytes);
  if (counted == expected) return expected;
  if (isSize) sizeDigits = counted;
  else priceDigits = counted;
  noteWhole(counted, isSize);
  return counted;
}

@inline
function guessDecimals(bytes: u64, isSize: bool): i32 {
  const expected = isSize ? sizeDecimals : priceDecimals;
  const counted = countDigits(bytes);
  if (counted == expected) return expected;
  if (isSize) sizeDecimals = counted;
  else priceDecimals = counted;
  noteDecimals(counted, isSize);
  return counted;
}

/**
 * A decimal of any length; ends at the first byte that is no part of it. `number` is 2 * index for
 * the price of a level, and 2 * index + 1 for its size.
 */
@inline
export function readDecimal(
  start: i32,
  number: i32,
  unitsAt: i32,
  decimalsAt: i32,
  isSize: bool,
): i32 {
  const whole = loadDigits(start);
  const wholeDigits = guessWhole(whole, isSize);
  let place = start + wholeDigits;
  let units = digitsValue(whole, wholeDigits);
  let decimals = 0;
  let isOdd = (<i32>(wholeDigits == 0)) | (<i32>(wholeDigits > 1) & <i32>(load<u8>(start) == ZERO));
  if (load<u8>(place) == POINT) {
    place += 1;
    const fraction = loadDigits(place);
    decimals = guessDecimals(fraction, isSize);
    place += decimals;
    units = units * unchecked(POWERS_OF_TEN[decimals]) + digitsValue(fraction, decimals);
    isOdd |= <i32>(decimals == 0);
  }
  isOdd |= (<i32>(digitAt(place) <= 9)) | (<i32>(units > UNITS_MAX));
  if (isOdd) return readLongDecimal(start, number, unitsAt, decimalsAt);
  store<f64>(unitsAt, <f64>units);
  store<u8>(decimalsAt, <u8>decimals);
  return place;
}
