/**
 * What byte scanners read with. They compare the fixed text between two values in words of eight
 * bytes, which is where their speed comes from, and read numbers and times where they stand: no
 * text, object or closure is made. Each reader moves on where it finds what it looks for, and stays
 * where it does not.
 */
import type { FrameBytes } from '../model/frame-bytes.js';
import type { DecimalReader } from '../book/decimal.js';
import { findFractionEnd, parseFractionMs, parseSecondsBytesMs, SECONDS_END } from './times.js';

/** Where the reader is in a frame; `at` moves along. */
export interface Cursor {
  bytes: Uint8Array;
  /** Over all of the memory that the frame lies in, which often is that of the last one, too. */
  view: DataView;
  /** Where the frame begins in `view`. */
  base: number;
  at: number;
  /** The second of the time that was read last, and its text as three words. */
  secondsMs: number;
  readonly secondsWords: Float64Array;
  /** All of the frame, once a text of it was asked for. */
  buffer: Buffer | undefined;
  text: string | undefined;
}

/**
 * A text between two values, cut into words of eight bytes, the last of which may begin in the one
 * before it; a shorter text has its bytes alone.
 */
export interface FixedText {
  readonly length: number;
  /** As doubles, which with ASCII in them are neither NaN nor zero: equal ones are the same. */
  readonly words: Float64Array;
  readonly lastWord: number;
  readonly bytes: Uint8Array;
}

/** A double is compared at once. */
const WORD_BYTES = 8;
/** The first byte of printable ASCII. */
export const SPACE = 32;
/** The last one. */
export const TILDE = 126;
/** Begins an escape in a text of JSON. */
export const BACKSLASH = 92;
/** Ends such a text. */
export const QUOTE = 34;
const COMMA = 44;
const LIST_END = 93;
const LETTER_Z = 90;
const ZERO = 48;
const NINE = 57;

/** More digits than this may pass 2^53; the ordinary codec decides on those. */
const NUMBER_DIGITS_MAX = 15;

/**
 * The memory of a larger frame, such as a snapshot, is not held on to until the next one. That in
 * which frames come in, see `Codec.memory`, is smaller: a view of it for each frame would cost.
 */
const VIEW_BYTES_MAX = 2 ** 21;

/** V8 makes views of texts that are longer. */
const COPIED_CHARACTERS_MAX = 12;

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);

/** A cursor; each scanner has its own. */
export function createCursor(): Cursor {
  const secondsWords = new Float64Array(3).fill(NaN);
  return {
    bytes: EMPTY,
    view: EMPTY_VIEW,
    base: 0,
    at: 0,
    secondsMs: NaN,
    secondsWords,
    buffer: undefined,
    text: undefined,
  };
}

/** Puts the cursor before the first byte of a frame. */
export function openFrame(cursor: Cursor, frame: Uint8Array): void {
  cursor.bytes = frame;
  // Also where the reading of the last frame failed.
  cursor.buffer = cursor.text = undefined;
  cursor.at = 0;
  cursor.base = frame.byteOffset;
  if (cursor.view.buffer !== frame.buffer) cursor.view = new DataView(frame.buffer);
}

/** Reads a frame from its beginning; its bytes are only lent, and not looked at any more. */
export function readFrame<Result>(cursor: Cursor, frame: FrameBytes, read: () => Result): Result {
  openFrame(cursor, frame.view);
  const result = read();
  closeFrame(cursor);
  return result;
}

function closeFrame(cursor: Cursor): void {
  cursor.bytes = EMPTY;
  cursor.buffer = cursor.text = undefined;
  if (cursor.view.byteLength > VIEW_BYTES_MAX) cursor.view = EMPTY_VIEW;
}

/** Prepares a text of printable ASCII to be compared. */
export function toFixed(text: string): FixedText {
  const bytes = Uint8Array.from(Buffer.from(text, 'latin1'));
  const { length } = bytes;
  const view = new DataView(bytes.buffer);
  const wordCount = Math.max(0, Math.ceil(length / WORD_BYTES) - 1);
  const wordAt = (at: number): number => view.getFloat64(at, true);
  const words = Float64Array.from({ length: wordCount }, (_, index) => wordAt(index * WORD_BYTES));
  const lastWord = length < WORD_BYTES ? 0 : wordAt(length - WORD_BYTES);
  return { length, words, lastWord, bytes };
}

/** Moves over a text if it stands here. */
export function skip(cursor: Cursor, text: FixedText): boolean {
  const { at } = cursor;
  const { length, words, lastWord } = text;
  const end = at + length;
  if (end > cursor.bytes.length) return false;
  if (length < WORD_BYTES) {
    if (!areBytes(cursor, text.bytes)) return false;
  } else {
    const { view } = cursor;
    const start = cursor.base + at;
    for (let word = 0; word < words.length; word += 1) {
      if (view.getFloat64(start + word * WORD_BYTES, true) !== words[word]) return false;
    }
    if (view.getFloat64(start + length - WORD_BYTES, true) !== lastWord) return false;
  }
  cursor.at = end;
  return true;
}

/** Whether the bytes stand here, for a text too short for words. */
function areBytes({ bytes, at }: Cursor, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[at + index] !== wanted[index]) return false;
  }
  return true;
}

/** Moves over a text if it stands here and ends the frame. */
export function skipLast(cursor: Cursor, text: FixedText): boolean {
  return skip(cursor, text) && cursor.at === cursor.bytes.length;
}

/** Moves over one byte if it stands here. */
export function skipByte(cursor: Cursor, byte: number): boolean {
  if (cursor.bytes[cursor.at] !== byte) return false;
  cursor.at += 1;
  return true;
}

/** The index of the next quote, at most so many bytes away; -1 where there is none. */
export function findQuote(cursor: Cursor, bytesMax: number): number {
  const { bytes, at } = cursor;
  const last = Math.min(bytes.length - 1, at + bytesMax);
  for (let index = at; index <= last; index += 1) {
    if (bytes[index] === QUOTE) return index;
  }
  return -1;
}

/** RFC 3339 in UTC as Unix milliseconds. Stops after it; NaN where none stands. */
export function readTimeMs(cursor: Cursor): number {
  const { bytes, at } = cursor;
  const end = findFractionEnd(bytes, at, bytes.length);
  if (end < 0 || bytes[end] !== LETTER_Z) return NaN;
  const secondsMs = isLastSecond(cursor) ? cursor.secondsMs : readSecond(cursor);
  if (Number.isNaN(secondsMs)) return NaN;
  cursor.at = end + 1;
  return secondsMs + parseFractionMs(bytes, at + SECONDS_END, end);
}

/** Whether the time here is in the same second as the last one that was read. */
function isLastSecond({ view, base, at, secondsWords }: Cursor): boolean {
  const start = base + at;
  return (
    view.getFloat64(start, true) === secondsWords[0] &&
    view.getFloat64(start + WORD_BYTES, true) === secondsWords[1] &&
    view.getFloat64(start + SECONDS_END - WORD_BYTES, true) === secondsWords[2]
  );
}

function readSecond(cursor: Cursor): number {
  const { bytes, view, base, at, secondsWords } = cursor;
  const secondsMs = parseSecondsBytesMs(bytes, at);
  const start = base + at;
  // What is no time has no words to be known by.
  const isTime = !Number.isNaN(secondsMs);
  secondsWords[0] = isTime ? view.getFloat64(start, true) : NaN;
  secondsWords[1] = view.getFloat64(start + WORD_BYTES, true);
  secondsWords[2] = view.getFloat64(start + SECONDS_END - WORD_BYTES, true);
  cursor.secondsMs = secondsMs;
  return secondsMs;
}

/** A plain decimal in quotes, of which the first is behind. Stops before the closing quote. */
export function readQuotedDecimal(cursor: Cursor, reader: DecimalReader): boolean {
  const { bytes, at } = cursor;
  const end = reader.readPrefix(bytes, at, bytes.length);
  if (end < 0 || bytes[end] !== QUOTE) return false;
  cursor.at = end;
  return true;
}

/** A plain decimal without quotes. Stops at the first byte that is no part of one. */
export function readBareDecimal(cursor: Cursor, reader: DecimalReader): boolean {
  const { bytes, at } = cursor;
  const end = reader.readPrefix(bytes, at, bytes.length);
  if (end < 0) return false;
  cursor.at = end;
  return true;
}

/** A JSON number without sign, point and leading zero; NaN for anything else. */
export function readWholeNumber(cursor: Cursor): number {
  const { bytes } = cursor;
  const start = cursor.at;
  let value = 0;
  let index = start;
  for (; index < bytes.length; index += 1) {
    const code = bytes[index] as number;
    if (!isDigit(code)) break;
    value = value * 10 + (code - ZERO);
  }
  const digits = index - start;
  if (digits === 0 || digits > NUMBER_DIGITS_MAX) return NaN;
  if (digits > 1 && bytes[start] === ZERO) return NaN;
  cursor.at = index;
  return value;
}

/**
 * Reads the items of a list one after the other, and the end of the list; false where an item
 * cannot be read. The beginning is behind.
 */
export function readItems(cursor: Cursor, readItem: () => boolean): boolean {
  if (skipByte(cursor, LIST_END)) return true;
  do {
    if (!readItem()) return false;
  } while (skipByte(cursor, COMMA));
  return skipByte(cursor, LIST_END);
}

/**
 * The text of the bytes between two places of the frame, which are ASCII. A short one is cut out of
 * the text of the whole frame, since each text from bytes is a call out of JavaScript; of a longer
 * one V8 would make a view, which keeps all of the frame for as long as the text.
 */
export function sliceText(cursor: Cursor, start: number, end: number): string {
  const { bytes } = cursor;
  cursor.buffer ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (end - start > COPIED_CHARACTERS_MAX) return cursor.buffer.toString('latin1', start, end);
  cursor.text ??= cursor.buffer.toString('latin1');
  return cursor.text.substring(start, end);
}

/** A whole number that a double holds, as text; '' where none stands. */
export function readWholeText(cursor: Cursor): string {
  const start = cursor.at;
  return Number.isNaN(readWholeNumber(cursor)) ? '' : sliceText(cursor, start, cursor.at);
}

/** Moves over printable bytes up to a quote; false where one might begin an escape, or is none. */
export function skipPlainText(cursor: Cursor, bytesMax: number): boolean {
  const end = findQuote(cursor, bytesMax);
  if (end <= cursor.at) return false;
  for (let index = cursor.at; index < end; index += 1) {
    const code = cursor.bytes[index] as number;
    if (code <= SPACE || code > TILDE || code === BACKSLASH) return false;
  }
  cursor.at = end;
  return true;
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= NINE;
}
