// What the readers of all frames share: where they begin and end, and what they tell.
import { end, endFrame, leaveFrame, readWhole, value } from './bytes';
import {
  longCount,
  priceDecimalsMost,
  priceDigitsMost,
  sizeDecimalsMost,
  sizeDigitsMost,
} from './decimals';
import { clearColumns, count, DECLINED, ENDED, PAUSED } from './levels';
import { FACTS, FACTS_AT, RESULT_AT } from './memory';
import {
  forgetSymbol,
  symbolAt,
  symbolLength,
  symbolNumber,
  symbolSlot,
} from './symbols';
import { readTime, timeMs } from './times';

/** The step of the reader that a frame in parts goes on with. */
export let step: i32 = 0;
let frameAt: i32 = 0;

@inline
export function putFact(fact: i32, known: f64): void {
  store<f64>(FACTS_AT + (fact << 3), known);
}

/** A frame, or the next part of it, of so many bytes. */
export function beginPart(at: i32, length: i32, isFresh: bool): void {
  frameAt = at;
  endFrame(at + length);
  clearColumns();
  // Where it stood in an earlier part there are other bytes now.
  forgetSymbol();
  if (!isFresh) return;
  step = 0;
  for (let fact = 0; fact < FACTS; fact += 1) putFact(fact, NaN);
}

/**
 * Tells how many bytes are behind; how many levels are in the columns, and how many of their
 * numbers are too long; the place and length of this part's symbol, of length 0 where it has none,
 * its slot, and its number; and how many digits prices and sizes have at most.
 */
function putResult(place: i32): void {
  store<i32>(RESULT_AT, place - frameAt);
  store<i32>(RESULT_AT, count, 4);
  store<i32>(RESULT_AT, longCount, 8);
  store<i32>(RESULT_AT, symbolAt, 12);
  store<i32>(RESULT_AT, symbolLength, 16);
  store<i32>(RESULT_AT, symbolSlot, 20);
  store<i32>(RESULT_AT, symbolNumber, 24);
  store<i32>(RESULT_AT, priceDigitsMost, 28);
  store<i32>(RESULT_AT, priceDecimalsMost, 32);
  store<i32>(RESULT_AT, sizeDigitsMost, 36);
  store<i32>(RESULT_AT, sizeDecimalsMost, 40);
}

export function decline(): i32 {
  leaveFrame();
  return DECLINED;
}

/** The columns are to be taken, and more bytes to be brought for this step. */
export function pause(at: i32, place: i32): i32 {
  step = at;
  leaveFrame();
  putResult(place);
  return PAUSED;
}

/** Nothing may stand behind the frame. */
export function finish(place: i32, isLast: bool): i32 {
  const isWhole = isLast && place == end;
  leaveFrame();
  putResult(place);
  return isWhole ? ENDED : DECLINED;
}

export function takeWhole(start: i32, fact: i32, digitsMax: i32): i32 {
  const place = readWhole(start, digitsMax);
  putFact(fact, <f64>value);
  return place;
}

export function takeTime(start: i32, fact: i32): i32 {
  const place = readTime(start);
  putFact(fact, timeMs);
  return place;
}
