// Symbols that were read before, each in a slot under a number of its own, so that the other side
// need not make a text of the same bytes for every frame.
import { end, NOWHERE } from './bytes';
import { SYMBOL_BYTES_MAX, SYMBOL_SLOT_BYTES, SYMBOL_SLOTS, SYMBOLS_AT } from './memory';

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const SPACE: u8 = 32;
const TILDE: u8 = 126;
const WORD_BYTES: i32 = 8;

/** Where the symbol stands that was read last, and how long it is. */
export let symbolAt: i32 = 0;
export let symbolLength: i32 = 0;
/** Its slot; symbols that meet in one take it from each other. */
export let symbolSlot: i32 = 0;
/** Counts symbols that came into a slot: what is in it has this number, and no other had it. */
export let symbolNumber: i32 = 0;

/** The symbol in the slot, with the quote after it; of length 0 where there is none. */
let knownAt: i32 = SYMBOLS_AT;
let knownLength: i32 = 0;
let numbersGiven: i32 = 0;

/** As many bytes are in the words, which may be read beyond them. */
@inline
function areSame(one: i32, other: i32, length: i32): bool {
  let at = 0;
  for (; at + WORD_BYTES <= length; at += WORD_BYTES) {
    if (load<i64>(one + at) != load<i64>(other + at)) return false;
  }
  const rest = length - at;
  const wanted = (<i64>1 << (<i64>rest << 3)) - 1;
  return ((load<i64>(one + at) ^ load<i64>(other + at)) & wanted) == 0;
}

/** Printable bytes up to a closing quote, none of which might begin an escape, and not too many. */
function findEnd(start: i32): i32 {
  const limit = min(end, start + SYMBOL_BYTES_MAX + 1);
  let place = start;
  let hash = 0;
  for (; place < limit; place += 1) {
    const code = load<u8>(place);
    if (code == QUOTE) break;
    if (code <= SPACE || code > TILDE || code == BACKSLASH) return NOWHERE;
    hash = hash * 31 + code;
  }
  symbolSlot = (hash ^ (hash >>> 10)) & (SYMBOL_SLOTS - 1);
  return place == start || place == limit ? NOWHERE : place;
}

/** Keeps the symbol with its quote, unless that is what the slot has. */
function keep(start: i32, length: i32): void {
  const slot = SYMBOLS_AT + symbolSlot * SYMBOL_SLOT_BYTES;
  knownAt = slot + WORD_BYTES;
  knownLength = length;
  if (load<i32>(slot, 4) == length && areSame(start, knownAt, length + 1)) {
    symbolNumber = load<i32>(slot);
    return;
  }
  for (let at = 0; at <= length; at += WORD_BYTES) {
    store<i64>(knownAt + at, load<i64>(start + at));
  }
  numbersGiven += 1;
  symbolNumber = numbersGiven;
  store<i32>(slot, symbolNumber);
  store<i32>(slot, length, 4);
}

/** Reads a symbol, which mostly is the last one. */
export function readSymbol(start: i32): i32 {
  symbolAt = start;
  if (knownLength > 0 && areSame(start, knownAt, knownLength + 1)) {
    symbolLength = knownLength;
    return start + knownLength;
  }
  const place = findEnd(start);
  if (place == NOWHERE) return NOWHERE;
  symbolLength = place - start;
  keep(start, symbolLength);
  return place;
}

/** This part of a frame has shown none yet. */
export function forgetSymbol(): void {
  symbolLength = 0;
}
