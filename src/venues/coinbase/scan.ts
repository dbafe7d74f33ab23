/**
 * A fast reader of `l2_data` frames, straight from bytes into level columns. It knows exactly one
 * spelling, the one that every recorded frame has: this field order, no space, one event, one time
 * for all levels. It takes nothing that the ordinary codec would refuse or read otherwise, and
 * leaves everything else to it; a fuzz test compares the two.
 */
import type { MutableLevelColumns } from '../../book/level-columns.js';
import { createDecimalReader, type DecimalReader } from '../../book/decimal.js';
import type { BookMessage } from '../../model/message.js';
import { ASK, BID } from '../../model/levels.js';
import { parseTimeBytesMs } from '../../wire/times.js';

/** What one frame said, beside its levels. Reused: valid until the next `scan`. */
export interface BookScan {
  readonly type: BookMessage['type'];
  readonly symbol: string;
  readonly number: number;
  readonly sentAtMs: number;
  readonly venueAtMs: number;
}

/** Reads frames one after the other. */
export interface BookScanner {
  /** Fills `columns`; undefined, and `columns` are to be cleared, where the frame is not for it. */
  scan(frame: Uint8Array, columns: MutableLevelColumns): BookScan | undefined;
}

/** A text between two values, cut into words of four bytes, and the bytes that are left. */
interface FixedText {
  readonly length: number;
  readonly words: Int32Array;
  readonly tail: Uint8Array;
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const LIST_END = 93;
const SPACE = 32;
const TILDE = 126;
const ZERO = 48;
const NINE = 57;

/** More digits than this may pass 2^53; the ordinary codec decides on those. */
const NUMBER_DIGITS_MAX = 15;
const PRODUCT_BYTES_MAX = 64;
const TIME_BYTES_MAX = 30;
const DECIMAL_BYTES_MAX = 61;

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
const DELTA: BookMessage['type'] = 'book.delta';
const WHOLE: BookMessage['type'] = 'book.snapshot';

const HEAD = toFixed('{"channel":"l2_data",');
const CLIENT_ID = toFixed('"client_id":"",');
const TIMESTAMP = toFixed('"timestamp":"');
const SEQUENCE_NUM = toFixed('","sequence_num":');
const EVENTS = toFixed(',"events":[{"type":"');
const UPDATE = toFixed('update","product_id":"');
const SNAPSHOT = toFixed('snapshot","product_id":"');
const UPDATES = toFixed('","updates":[');
const BID_HEAD = toFixed('{"side":"bid","event_time":"');
const OFFER_HEAD = toFixed('{"side":"offer","event_time":"');
const PRICE = toFixed('","price_level":"');
const SIZE = toFixed('","new_quantity":"');
const LEVEL_END = toFixed('"}');
const TAIL = toFixed(']}]}');

function toFixed(text: string): FixedText {
  const bytes = Buffer.from(text, 'latin1');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wordCount = Math.floor(bytes.length / 4);
  const words = Int32Array.from({ length: wordCount }, (_, index) => view.getInt32(index * 4));
  return { length: bytes.length, words, tail: Uint8Array.from(bytes.subarray(wordCount * 4)) };
}

/** Where the reader is in a frame; `at` moves along. */
interface Cursor {
  bytes: Uint8Array;
  view: DataView;
  at: number;
}

/** Makes a scanner with a cursor and readers of its own, which it reuses. */
export function createBookScanner(): BookScanner {
  const cursor: Cursor = { bytes: EMPTY, view: EMPTY_VIEW, at: 0 };
  const prices = createDecimalReader();
  const sizes = createDecimalReader();
  const found = { type: DELTA, symbol: '', number: 0, sentAtMs: 0, venueAtMs: NaN };

  function readHead(): boolean {
    if (!skip(cursor, HEAD)) return false;
    skip(cursor, CLIENT_ID);
    if (!skip(cursor, TIMESTAMP)) return false;
    found.sentAtMs = readTimeMs(cursor);
    if (Number.isNaN(found.sentAtMs) || !skip(cursor, SEQUENCE_NUM)) return false;
    found.number = readNumber(cursor);
    if (Number.isNaN(found.number) || !skip(cursor, EVENTS)) return false;
    if (skip(cursor, UPDATE)) found.type = DELTA;
    else if (skip(cursor, SNAPSHOT)) found.type = WHOLE;
    else return false;
    found.symbol = readProduct(cursor);
    return found.symbol !== '' && skip(cursor, UPDATES);
  }

  /** Reads levels up to the end of their list. All must have the time of the first one. */
  function readLevels(columns: MutableLevelColumns): boolean {
    const { bytes } = cursor;
    found.venueAtMs = NaN;
    if (bytes[cursor.at] === LIST_END) return true;
    let timeAt = -1;
    let timeLength = 0;
    for (;;) {
      const side = skip(cursor, BID_HEAD) ? BID : ASK;
      if (side === ASK && !skip(cursor, OFFER_HEAD)) return false;
      if (timeAt < 0) {
        timeAt = cursor.at;
        found.venueAtMs = readTimeMs(cursor);
        if (Number.isNaN(found.venueAtMs)) return false;
        timeLength = cursor.at - timeAt;
      } else if (!skipSame(cursor, timeAt, timeLength)) return false;
      if (!skip(cursor, PRICE) || !readDecimal(cursor, prices)) return false;
      if (!skip(cursor, SIZE) || !readDecimal(cursor, sizes)) return false;
      if (!skip(cursor, LEVEL_END)) return false;
      columns.push(side, prices, sizes);
      if (bytes[cursor.at] !== COMMA) return true;
      cursor.at += 1;
    }
  }

  return {
    scan(frame, columns) {
      cursor.bytes = frame;
      cursor.view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
      cursor.at = 0;
      const isRead = readHead() && readLevels(columns) && skip(cursor, TAIL);
      const isWhole = isRead && cursor.at === frame.length;
      // The bytes are only lent: nothing here may keep them alive, or be seen when they change.
      cursor.bytes = EMPTY;
      cursor.view = EMPTY_VIEW;
      return isWhole ? found : undefined;
    },
  };
}

/**
 * Moves over a text if it stands here; four bytes at a time, which is where the speed comes from.
 */
function skip(cursor: Cursor, text: FixedText): boolean {
  const { bytes, view, at } = cursor;
  const { words, tail } = text;
  if (at + text.length > bytes.length) return false;
  let index = at;
  for (let word = 0; word < words.length; word += 1) {
    if (view.getInt32(index) !== words[word]) return false;
    index += 4;
  }
  for (let rest = 0; rest < tail.length; rest += 1) {
    if (bytes[index] !== tail[rest]) return false;
    index += 1;
  }
  cursor.at = index;
  return true;
}

/** Moves over bytes that are the same as those at another place of the frame. */
function skipSame(cursor: Cursor, other: number, length: number): boolean {
  const { bytes, view, at } = cursor;
  if (at + length > bytes.length) return false;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    if (view.getInt32(at + index) !== view.getInt32(other + index)) return false;
  }
  for (; index < length; index += 1) {
    if (bytes[at + index] !== bytes[other + index]) return false;
  }
  cursor.at = at + length;
  return true;
}

/** The index of the next quote, at most so many bytes away; -1 where there is none. */
function findQuote(cursor: Cursor, bytesMax: number): number {
  const { bytes, at } = cursor;
  const last = Math.min(bytes.length - 1, at + bytesMax);
  for (let index = at; index <= last; index += 1) {
    if (bytes[index] === QUOTE) return index;
  }
  return -1;
}

/** Stops before the closing quote; NaN where there is no time. */
function readTimeMs(cursor: Cursor): number {
  const end = findQuote(cursor, TIME_BYTES_MAX);
  if (end < 0) return NaN;
  const start = cursor.at;
  cursor.at = end;
  return parseTimeBytesMs(cursor.bytes, start, end);
}

/** Stops before the closing quote. */
function readDecimal(cursor: Cursor, reader: DecimalReader): boolean {
  const end = findQuote(cursor, DECIMAL_BYTES_MAX);
  if (end < 0 || !reader.readBytes(cursor.bytes, cursor.at, end)) return false;
  cursor.at = end;
  return true;
}

/** A JSON number without sign, point and leading zero; NaN for anything else. */
function readNumber(cursor: Cursor): number {
  const { bytes } = cursor;
  const start = cursor.at;
  let value = 0;
  let index = start;
  for (; index < bytes.length; index += 1) {
    const code = bytes[index]!;
    if (code < ZERO || code > NINE) break;
    value = value * 10 + (code - ZERO);
  }
  const digits = index - start;
  if (digits === 0 || digits > NUMBER_DIGITS_MAX) return NaN;
  if (digits > 1 && bytes[start] === ZERO) return NaN;
  cursor.at = index;
  return value;
}

/** Printable bytes up to the closing quote; '' where one is not, or might begin an escape. */
function readProduct(cursor: Cursor): string {
  const end = findQuote(cursor, PRODUCT_BYTES_MAX);
  let product = '';
  for (let index = cursor.at; index < end; index += 1) {
    const code = cursor.bytes[index]!;
    if (code <= SPACE || code > TILDE || code === BACKSLASH) return '';
    product += String.fromCharCode(code);
  }
  if (end >= 0) cursor.at = end;
  return product;
}
