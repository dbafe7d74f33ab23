// Reads frames of order books: an interpreter of shapes, which are programs of few steps that a
// venue's module declares. It takes exactly what a shape spells and declines everything else.
import { end, endFrame, NOWHERE, readSymbol, readWhole, skip, symbolHash, value } from './bytes';
import { longCount } from './decimals';
import {
  clearColumns,
  count,
  DECLINED,
  ENDED,
  ITEM_BYTES_MAX,
  listPlace,
  ListShape,
  openList,
  PAUSED,
  readList,
} from './levels';
import { FACTS, FACTS_AT, FRAME_AT, RESULT_AT } from './memory';
import { readTime, timeMs } from './times';

export {
  FACTS_AT,
  FRAME_AT,
  FRAME_BYTES_MAX,
  LEVELS_MAX,
  LONG_AT,
  LONG_MAX,
  PRICE_DECIMALS_AT,
  PRICE_UNITS_AT,
  RESULT_AT,
  SHAPES_AT,
  SHAPES_BYTES_MAX,
  SIDES_AT,
  SIZE_DECIMALS_AT,
  SIZE_UNITS_AT,
} from './memory';

// The steps of a shape, each followed by its operands; all are words of 32 bits.
/** The frame ends here. */
export const STEP_END: i32 = 0;
/** Place and length of a text that has to stand here. */
export const STEP_TEXT: i32 = 1;
/** The same, and the step to go on with where it does not stand here. */
export const STEP_IF: i32 = 2;
/** The step to go on with. */
export const STEP_GO: i32 = 3;
/** A fact and its value. */
export const STEP_NOTE: i32 = 4;
/** A fact: RFC 3339 in UTC. */
export const STEP_TIME: i32 = 5;
/** A fact, and how many digits it has at most. */
export const STEP_WHOLE: i32 = 6;
/** The symbol, up to the quote after it. */
export const STEP_SYMBOL: i32 = 7;
/** A list of levels, of which the beginning is behind: see ListShape. */
export const STEP_LIST: i32 = 8;

/** Words of a list's step. */
const LIST_WORDS: i32 = 21;
const WORD: i32 = 4;

/** The step in hand, and where the frame is read. */
let step: i32 = 0;
let place: i32 = 0;
let isInList: bool = false;
let symbolAt: i32 = 0;
let symbolLength: i32 = 0;

function operand(index: i32): i32 {
  return load<i32>(step + index * WORD);
}

function putFact(fact: i32, known: f64): void {
  store<f64>(FACTS_AT + (fact << 3), known);
}

/** Takes one step that is about no list, and goes to the next; NOWHERE where it does not fit. */
function takeStep(kind: i32): i32 {
  if (kind == STEP_TEXT) {
    const after = skip(place, operand(1), operand(2));
    step += 3 * WORD;
    return after;
  }
  if (kind == STEP_IF) {
    const after = skip(place, operand(1), operand(2));
    step = after == NOWHERE ? operand(3) : step + 4 * WORD;
    return after == NOWHERE ? place : after;
  }
  if (kind == STEP_GO) {
    step = operand(1);
    return place;
  }
  if (kind == STEP_NOTE) {
    putFact(operand(1), <f64>operand(2));
    step += 3 * WORD;
    return place;
  }
  if (kind == STEP_TIME) {
    const after = readTime(place);
    putFact(operand(1), timeMs);
    step += 2 * WORD;
    return after;
  }
  if (kind == STEP_WHOLE) {
    const after = readWhole(place, operand(2));
    putFact(operand(1), <f64>value);
    step += 3 * WORD;
    return after;
  }
  if (kind != STEP_SYMBOL) return NOWHERE;
  const after = readSymbol(place);
  symbolAt = place;
  symbolLength = after - place;
  step += WORD;
  return after;
}

function takeList(isLast: bool): i32 {
  const shape = changetype<ListShape>(step + WORD);
  const isFresh = !isInList;
  if (isFresh) openList(shape);
  const outcome = readList(shape, place, isLast, isFresh);
  place = listPlace;
  isInList = outcome == PAUSED;
  if (outcome == ENDED) step += LIST_WORDS * WORD;
  return outcome;
}

/**
 * How many bytes are behind; how many levels are in the columns, and how many of their numbers are
 * too long; the symbol's place, length and hash.
 */
function putResult(): void {
  store<i32>(RESULT_AT, place - FRAME_AT);
  store<i32>(RESULT_AT, count, 4);
  store<i32>(RESULT_AT, longCount, 8);
  store<i32>(RESULT_AT, symbolAt, 12);
  store<i32>(RESULT_AT, symbolLength, 16);
  store<i32>(RESULT_AT, symbolHash, 20);
}

function takeSteps(isLast: bool): i32 {
  while (true) {
    if (!isLast && end - place < ITEM_BYTES_MAX) return PAUSED;
    const kind = operand(0);
    if (kind == STEP_LIST) {
      const outcome = takeList(isLast);
      if (outcome != ENDED) return outcome;
    } else if (kind == STEP_END) {
      return isLast && place == end ? ENDED : DECLINED;
    } else {
      const after = takeStep(kind);
      if (after == NOWHERE) return DECLINED;
      place = after;
    }
  }
}

/**
 * Goes on with the frame, of which so many bytes stand at FRAME_AT, beginning where the last part
 * was left. Returns DECLINED, PAUSED (the columns are to be taken and more bytes to be brought) or
 * ENDED.
 */
export function resume(length: i32, isLast: bool): i32 {
  place = FRAME_AT;
  endFrame(FRAME_AT + length);
  clearColumns();
  const outcome = takeSteps(isLast);
  putResult();
  return outcome;
}

/** Begins a frame of the shape. */
export function scan(shape: i32, length: i32, isLast: bool): i32 {
  step = shape;
  isInList = false;
  symbolLength = 0;
  for (let fact = 0; fact < FACTS; fact += 1) putFact(fact, NaN);
  return resume(length, isLast);
}
