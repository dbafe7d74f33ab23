// The readers of the smallest things. Each is told where to begin and returns where it ended, or
// NOWHERE. Behind the frame there are zeros, which no reader takes for anything.

/** Not what was looked for. */
export const NOWHERE: i32 = 0;

const ZERO: u8 = 48;

/** Where the frame ends, or the part of it that is here. */
export let end: i32 = 0;

// What stood behind it: the next frame, where it is read in the memory it came into.
let behindFirst: i64 = 0;
let behindSecond: i64 = 0;

/** Puts zeros behind the frame. */
export function endFrame(place: i32): void {
  end = place;
  behindFirst = load<i64>(place);
  behindSecond = load<i64>(place, 8);
  store<i64>(place, 0);
  store<i64>(place, 0, 8);
}

/** Puts back what stood behind the frame. */
export function leaveFrame(): void {
  store<i64>(end, behindFirst);
  store<i64>(end, behindSecond, 8);
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

// Eight bytes at a time: the digits of a number are as many as nobody can foresee, and each wrong
// guess of the processor costs more than the arithmetic below.

/** Eight bytes, of which digits are their own values and all others are above 9. */
@inline
export function loadDigits(place: i32): u64 {
  return load<u64>(place) ^ 0x3030303030303030;
}

/** How many digits the eight bytes begin with. */
@inline
export function countDigits(bytes: u64): i32 {
  // The lowest bit that is set says where: what is carried over from there changes higher ones.
  const others = ((bytes + 0x7676767676767676) | bytes) & 0x8080808080808080;
  return <i32>(ctz(others) >> 3);
}

/** The number that so many digits are, which the eight bytes begin with. */
@inline
export function digitsValue(bytes: u64, count: i32): i64 {
  // Zeros before them; a shift by 64 would be one by none.
  const digits = count == 0 ? 0 : bytes << ((8 - count) << 3);
  const pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  const fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
  return <i64>((fours * 10_000 + (fours >> 32)) & 0xffffffff);
}

/** As many digits as there are, none included. */
export function readDigits(start: i32): i32 {
  const bytes = loadDigits(start);
  const count = countDigits(bytes);
  let place = start + count;
  let read = digitsValue(bytes, count);
  if (count == 8) {
    for (let digit = digitAt(place); digit <= 9; digit = digitAt(place)) {
      read = read * 10 + digit;
      place += 1;
    }
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
