// The readers of the smallest things. Each is told where to begin and returns where it ended, or
// NOWHERE. Behind the frame there are zeros, which no reader takes for anything.

/** Not what was looked for. */
export const NOWHERE: i32 = 0;

const QUOTE: u8 = 34;
const ZERO: u8 = 48;
const BACKSLASH: u8 = 92;
const SPACE: u8 = 32;
const TILDE: u8 = 126;

/** As long as a symbol may be. */
const SYMBOL_BYTES_MAX: i32 = 64;

/** Where the frame ends, or the part of it that is here. */
export let end: i32 = 0;

export function endFrame(place: i32): void {
  end = place;
  store<i64>(place, 0);
  store<i64>(place, 0, 8);
}

const WORD_BYTES: i32 = 8;

/**
 * Whether the same bytes stand at both places. All words are compared before anything is decided,
 * the last of them from the end: that is faster than to stop at the first that differs, and than
 * sixteen bytes at once, whose outcome is slow to ask for.
 */
@inline
function areSame(one: i32, other: i32, length: i32): bool {
  const last = length - WORD_BYTES;
  if (last < 0) {
    const wanted = (<i64>1 << (<i64>length << 3)) - 1;
    return ((load<i64>(one) ^ load<i64>(other)) & wanted) == 0;
  }
  let difference = load<i64>(one + last) ^ load<i64>(other + last);
  for (let index = 0; index < last; index += WORD_BYTES) {
    difference |= load<i64>(one + index) ^ load<i64>(other + index);
  }
  return difference == 0;
}

/** Moves over a text that has to stand here. */
@inline
export function skip(place: i32, text: i32, length: i32): i32 {
  const after = place + length;
  return after <= end && areSame(place, text, length) ? after : NOWHERE;
}

/** Copies whole words, so up to seven bytes more. */
export function copyWords(target: i32, source: i32, length: i32): void {
  for (let index = 0; index < length; index += WORD_BYTES) {
    store<i64>(target + index, load<i64>(source + index));
  }
}

/** Ten to the power of as many digits as an integer of 64 bits holds. */
export const POWERS_OF_TEN: StaticArray<i64> = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
  1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
];
export const DIGITS_MAX: i32 = 18;

/** Of the digits that `readDigits` has read; wrong where they are more than DIGITS_MAX. */
export let value: i64 = 0;

/** The digit that a byte is; above 9 where it is none. */
@inline
export function digitAt(place: i32): u32 {
  return <u32>load<u8>(place) - 48;
}

/** As many digits as there are, none included. */
@inline
export function readDigits(start: i32): i32 {
  let place = start;
  let read: i64 = 0;
  for (let digit = digitAt(place); digit <= 9; digit = digitAt(place)) {
    read = read * 10 + digit;
    place += 1;
  }
  value = read;
  return place;
}

/** A JSON number without sign, point and leading zero. Its `value` is the last one's. */
export function readWhole(start: i32, digitsMax: i32): i32 {
  const place = readDigits(start);
  const digits = place - start;
  if (digits == 0 || digits > digitsMax) return NOWHERE;
  return digits > 1 && load<u8>(start) == ZERO ? NOWHERE : place;
}

export let symbolHash: i32 = 0;

/** Printable bytes up to a closing quote, none of which might begin an escape, and not too many. */
export function readSymbol(start: i32): i32 {
  const limit = min(end, start + SYMBOL_BYTES_MAX + 1);
  let place = start;
  let hash = 0;
  for (; place < limit; place += 1) {
    const code = load<u8>(place);
    if (code == QUOTE) break;
    if (code <= SPACE || code > TILDE || code == BACKSLASH) return NOWHERE;
    hash = hash * 31 + code;
  }
  symbolHash = hash;
  return place == start || place == limit ? NOWHERE : place;
}
