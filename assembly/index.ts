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

function operand(step: i32, index: i32): i32 {
  return load<i32>(step + index * WORD);
}

function putFact(fact: i32, known: f64): void {
  store<f64>(FACTS_AT + (fact << 3), known);
}

/** Begins a list, or goes on with it; where it was left is in `listPlace`. */
function takeList(at: i32, from: i32, isLast: bool): i32 {
  const shape = changetype<ListShape>(at + WORD);
  const isFresh = !isInList;
  if (isFresh) openList(shape);
  const outcome = readList(shape, from, isLast, isFresh);
  isInList = outcome == PAUSED;
  return outcome;
}

/** Keeps where the frame was left. */
function leave(at: i32, after: i32, outcome: i32): i32 {
  step = at;
  place = after;
  return outcome;
}

/**
 * How many bytes are behind; how many levels are in the columns, and how many of their numbers are
 * too long; the place, length and hash of the symbol of this part, of length 0 where it has none.
 */
function putResult(): void {
  store<i32>(RESULT_AT, place - FRAME_AT);
  store<i32>(RESULT_AT, count, 4);
  store<i32>(RESULT_AT, longCount, 8);
  store<i32>(RESULT_AT, symbolAt, 12);
  store<i32>(RESULT_AT, symbolLength, 16);
  store<i32>(RESULT_AT, symbolHash, 20);
}

/** The steps from the one in hand; they are kept in variables, which a global is slower than. */
function takeSteps(isLast: bool): i32 {
  let at = step;
  let from = place;
  while (true) {
    if (!isLast && end - from < ITEM_BYTES_MAX) return leave(at, from, PAUSED);
    let after = NOWHERE;
    switch (operand(at, 0)) {
      case STEP_TEXT:
        after = skip(from, operand(at, 1), operand(at, 2));
        at += 3 * WORD;
        break;
      case STEP_IF:
        after = skip(from, operand(at, 1), operand(at, 2));
        at = after == NOWHERE ? operand(at, 3) : at + 4 * WORD;
        if (after == NOWHERE) after = from;
        break;
      case STEP_GO:
        at = operand(at, 1);
        after = from;
        break;
      case STEP_NOTE:
        putFact(operand(at, 1), <f64>operand(at, 2));
        at += 3 * WORD;
        after = from;
        break;
      case STEP_TIME:
        after = readTime(from);
        putFact(operand(at, 1), timeMs);
        at += 2 * WORD;
        break;
      case STEP_WHOLE:
        after = readWhole(from, operand(at, 2));
        putFact(operand(at, 1), <f64>value);
        at += 3 * WORD;
        break;
      case STEP_SYMBOL:
        after = readSymbol(from);
        symbolAt = from;
        symbolLength = after - from;
        at += WORD;
        break;
      case STEP_LIST: {
        const outcome = takeList(at, from, isLast);
        if (outcome != ENDED) return leave(at, listPlace, outcome);
        after = listPlace;
        at += LIST_WORDS * WORD;
        break;
      }
      case STEP_END:
        return leave(at, from, isLast && from == end ? ENDED : DECLINED);
    }
    if (after == NOWHERE) return leave(at, from, DECLINED);
    from = after;
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
  // Where it stood in an earlier part there are other bytes now.
  symbolLength = 0;
  const outcome = takeSteps(isLast);
  putResult();
  return outcome;
}

/** Begins a frame of the shape. */
export function scan(shape: i32, length: i32, isLast: bool): i32 {
  step = shape;
  isInList = false;
  for (let fact = 0; fact < FACTS; fact += 1) putFact(fact, NaN);
  return resume(length, isLast);
}
