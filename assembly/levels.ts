// What the readers of lists of levels share. A frame that does not fit is read in parts: where the
// bytes of a part run out or the columns are full, a list is left between two levels, and gone on
// with.
import { clearNumbers, readDecimal } from './decimals';
import { end, NOWHERE } from './bytes';
import {
  FACTS_AT,
  LEVELS_MAX,
  PRICE_DECIMALS_AT,
  PRICE_UNITS_AT,
  SIDES_AT,
  SIZE_DECIMALS_AT,
  SIZE_UNITS_AT,
} from './memory';
import { readTime, readUnixSeconds, timeMs } from './times';

/** No level is as long. Fewer bytes than this are only read where no more come. */
const ITEM_BYTES_MAX: i32 = 1_024;

const COMMA: u8 = 44;
const LIST_END: u8 = 93;

export const DECLINED: i32 = 0;
export const PAUSED: i32 = 1;
export const ENDED: i32 = 2;

/** Levels in the columns. */
export let count: i32 = 0;
/** Where the last list was left. */
export let listPlace: i32 = 0;

export function clearColumns(): void {
  count = 0;
  clearNumbers();
}

/** Leaves a list, which goes on, has ended or is none. */
export function leaveList(place: i32, levels: i32, outcome: i32): i32 {
  listPlace = place;
  count = levels;
  return outcome;
}

/** Whether a list is to be left here, before it is known whether another level follows. */
@inline
export function isPartOver(place: i32, levels: i32, isLast: bool): bool {
  return levels == LEVELS_MAX || isPartNearlyOver(place, isLast);
}

@inline
export function isPartNearlyOver(place: i32, isLast: bool): bool {
  return !isLast && end - place < ITEM_BYTES_MAX;
}

@inline
export function isListEmpty(place: i32): bool {
  return load<u8>(place) == LIST_END;
}

@inline
export function readPrice(place: i32, index: i32): i32 {
  return readDecimal(place, index << 1, PRICE_UNITS_AT + (index << 3), PRICE_DECIMALS_AT + index, false);
}

@inline
export function readSize(place: i32, index: i32): i32 {
  const number = (index << 1) + 1;
  return readDecimal(place, number, SIZE_UNITS_AT + (index << 3), SIZE_DECIMALS_AT + index, true);
}

@inline
export function putSide(index: i32, side: i32): void {
  store<u8>(SIDES_AT + index, <u8>side);
}

/** What stands behind a level: a comma, and another follows, or the end. */
@inline
export function outcomeAfter(place: i32): i32 {
  const next = load<u8>(place);
  if (next == COMMA) return PAUSED;
  return next == LIST_END ? ENDED : DECLINED;
}

/** The time of a level, which counts where it is later than those before it. */
export function readSeconds(start: i32, fact: i32): i32 {
  const place = readUnixSeconds(start);
  const factAt = FACTS_AT + (fact << 3);
  if (place != NOWHERE && !(timeMs <= load<f64>(factAt))) store<f64>(factAt, timeMs);
  return place;
}

// The time that all levels of a list have, as the words of its text: those it begins with, one
// within, and the last. A time has 20 to 30 bytes, so that they are all of it.
export let timeLength: i32 = 0;
export let timeMiddleAt: i32 = 0;
export let timeFirst: i64 = 0;
export let timeSecond: i64 = 0;
export let timeMiddle: i64 = 0;
export let timeLast: i64 = 0;

const WORD_BYTES: i32 = 8;

/** No time was read in this list yet. */
export function forgetListTime(): void {
  timeLength = 0;
}

/** The time of a list's first level; false where there is none. */
export function readListTime(place: i32, fact: i32): bool {
  const after = readTime(place);
  if (after == NOWHERE) return false;
  store<f64>(FACTS_AT + (fact << 3), timeMs);
  timeLength = after - place;
  timeMiddleAt = min(2 * WORD_BYTES, timeLength - WORD_BYTES);
  timeFirst = load<i64>(place);
  timeSecond = load<i64>(place, WORD_BYTES);
  timeMiddle = load<i64>(place + timeMiddleAt);
  timeLast = load<i64>(place + timeLength - WORD_BYTES);
  return true;
}

/** Zero where the time of the list's first level stands here, too. */
@inline
export function differsFromListTime(place: i32): i64 {
  return (
    (load<i64>(place) ^ timeFirst) |
    (load<i64>(place, WORD_BYTES) ^ timeSecond) |
    (load<i64>(place + timeMiddleAt) ^ timeMiddle) |
    (load<i64>(place + timeLength - WORD_BYTES) ^ timeLast)
  );
}
