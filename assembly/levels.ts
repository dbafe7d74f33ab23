// Lists of levels, one item as another. A frame that does not fit is read in parts: where the bytes
// of a part run out or the columns are full, a list is left between two levels, and gone on with.
import { copyWords, end, NOWHERE, skip } from './bytes';
import { clearLong, readDecimal } from './decimals';
import {
  FACTS_AT,
  HEAD_BYTES_MAX,
  HEADS_AT,
  LEVELS_MAX,
  PRICE_DECIMALS_AT,
  PRICE_UNITS_AT,
  SIDES_AT,
  SIZE_DECIMALS_AT,
  SIZE_UNITS_AT,
} from './memory';
import { readTime, readUnixSeconds, timeMs } from './times';

/** How a list is spelled, as the words after its step; a text is a place and a length. */
@unmanaged
export class ListShape {
  /** The side of all its levels; of the first text's, where there are two. */
  side: i32;
  isTwoSided: i32;
  /** What tells the two texts apart: a byte at a place, which only the first has. */
  pickAt: i32;
  pickByte: i32;
  firstText: i32;
  firstLength: i32;
  otherText: i32;
  otherLength: i32;
  /** Where a time stands after that text, the same for all levels: its fact; -1 for none. */
  timeFact: i32;
  priceText: i32;
  priceLength: i32;
  sizeText: i32;
  sizeLength: i32;
  /** Where Unix seconds stand after the size: their fact, which gets the latest; -1 for none. */
  secondsFact: i32;
  secondsText: i32;
  secondsLength: i32;
  endText: i32;
  endLength: i32;
  /** Another end, without a meaning; length 0 for none. */
  otherEndText: i32;
  otherEndLength: i32;
}

/** No level is as long. Fewer bytes than this are only read where no more come. */
export const ITEM_BYTES_MAX: i32 = 1_024;

const COMMA: u8 = 44;
const LIST_END: u8 = 93;

/** Levels in the columns. */
export let count: i32 = 0;
/** Where the last list was left. */
export let listPlace: i32 = 0;

// What stands before the price of a level; the same again for each further one of its side.
let firstHead: i32 = 0;
let firstHeadLength: i32 = 0;
let otherHead: i32 = 0;
let otherHeadLength: i32 = 0;
/** The time of all levels; 0 where none was read yet. */
let time: i32 = 0;
let timeLength: i32 = 0;

export function clearColumns(): void {
  count = 0;
  clearLong();
}

/** The beginning of the list is behind. */
export function openList(shape: ListShape): void {
  firstHeadLength = 0;
  otherHeadLength = 0;
  time = 0;
  if (shape.timeFact >= 0 || shape.isTwoSided != 0) return;
  firstHead = shape.firstText;
  firstHeadLength = shape.firstLength;
}

/** The time of a level and what stands after it; `head` is where the level's beginning is kept. */
function readHeadTime(shape: ListShape, start: i32, timeAt: i32, head: i32): i32 {
  let place = timeAt;
  if (time == 0) {
    place = readTime(timeAt);
    if (place == NOWHERE) return NOWHERE;
    store<f64>(FACTS_AT + (shape.timeFact << 3), timeMs);
    timeLength = place - timeAt;
    time = head + (timeAt - start);
  } else {
    place = skip(timeAt, time, timeLength);
    if (place == NOWHERE) return NOWHERE;
  }
  return skip(place, shape.priceText, shape.priceLength);
}

/** What stands before the price, for the first time on this side; it is kept. */
function readHead(shape: ListShape, start: i32, isFirst: bool): i32 {
  const head = isFirst ? HEADS_AT : HEADS_AT + HEAD_BYTES_MAX;
  const text = isFirst ? shape.firstText : shape.otherText;
  let place = skip(start, text, isFirst ? shape.firstLength : shape.otherLength);
  if (place == NOWHERE) return NOWHERE;
  if (shape.timeFact >= 0) {
    place = readHeadTime(shape, start, place, head);
    if (place == NOWHERE) return NOWHERE;
  }
  const length = place - start;
  if (length > HEAD_BYTES_MAX - 8) return NOWHERE;
  copyWords(head, start, length);
  if (isFirst) {
    firstHead = head;
    firstHeadLength = length;
  } else {
    otherHead = head;
    otherHeadLength = length;
  }
  return place;
}

/** The time of a level, which counts where it is later than those before it. */
function readSeconds(shape: ListShape, start: i32): i32 {
  const timeAt = skip(start, shape.secondsText, shape.secondsLength);
  if (timeAt == NOWHERE) return NOWHERE;
  const place = readUnixSeconds(timeAt);
  const fact = FACTS_AT + (shape.secondsFact << 3);
  if (place != NOWHERE && !(timeMs <= load<f64>(fact))) store<f64>(fact, timeMs);
  return place;
}

function readOtherEnd(shape: ListShape, start: i32): i32 {
  if (shape.otherEndLength == 0) return NOWHERE;
  return skip(start, shape.otherEndText, shape.otherEndLength);
}

export const DECLINED: i32 = 0;
export const PAUSED: i32 = 1;
export const ENDED: i32 = 2;

/** Reads a list, or goes on with it, up to `listPlace`; `isFresh` where it begins. */
export function readList(shape: ListShape, start: i32, isLast: bool, isFresh: bool): i32 {
  let place = start;
  listPlace = place + 1;
  if (isFresh && load<u8>(place) == LIST_END) return ENDED;
  const isTwoSided = shape.isTwoSided;
  const pickAt = shape.pickAt;
  const pickByte = <u8>shape.pickByte;
  const sizeText = shape.sizeText;
  const sizeLength = shape.sizeLength;
  const endText = shape.endText;
  const endLength = shape.endLength;
  const hasSeconds = shape.secondsFact >= 0;
  const side = shape.side;
  let index = count;
  while (true) {
    if (index == LEVELS_MAX || (!isLast && end - place < ITEM_BYTES_MAX)) {
      listPlace = place;
      count = index;
      return PAUSED;
    }
    const isFirst = isTwoSided == 0 || load<u8>(place + pickAt) == pickByte;
    const length = isFirst ? firstHeadLength : otherHeadLength;
    place =
      length == 0
        ? readHead(shape, place, isFirst)
        : skip(place, isFirst ? firstHead : otherHead, length);
    if (place == NOWHERE) return DECLINED;
    const number = index << 1;
    const units = PRICE_UNITS_AT + (index << 3);
    place = readDecimal(place, number, units, PRICE_DECIMALS_AT + index);
    if (place == NOWHERE) return DECLINED;
    place = skip(place, sizeText, sizeLength);
    if (place == NOWHERE) return DECLINED;
    const sizeUnits = SIZE_UNITS_AT + (index << 3);
    place = readDecimal(place, number + 1, sizeUnits, SIZE_DECIMALS_AT + index);
    if (place == NOWHERE) return DECLINED;
    if (hasSeconds) {
      place = readSeconds(shape, place);
      if (place == NOWHERE) return DECLINED;
    }
    store<u8>(SIDES_AT + index, <u8>(isFirst ? side : 1 - side));
    index += 1;
    const after = skip(place, endText, endLength);
    place = after == NOWHERE ? readOtherEnd(shape, place) : after;
    if (place == NOWHERE) return DECLINED;
    const next = load<u8>(place);
    place += 1;
    if (next == COMMA) continue;
    listPlace = place;
    count = index;
    return next == LIST_END ? ENDED : DECLINED;
  }
}
