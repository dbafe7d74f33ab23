import { parseIncrement } from '../../book/decimal-arithmetic.js';
import { describeValue } from './excerpt.js';
import { parseTimeMs } from './times.js';

/**
 * A JSON object from the wire, of which nothing is known yet. Its numbers are texts: see
 * book/number-text.ts.
 */
export type RawObject = Readonly<Record<string, unknown>>;

/**
 * Where in the frame the decoder is. One per codec, moved along instead of building paths for each
 * level: a path is only needed where something is wrong.
 */
export interface Place {
  /** The entry, such as `data[0]`; '' for the frame itself. */
  entry: string;
  /** The list inside the entry, '' for the entry itself. */
  list: string;
  item: number;
}

/** A field that is not what the protocol says; the codec turns it into a ProtocolError. */
export class FieldFault extends Error {
  override readonly name = 'FieldFault';
  readonly path: string;
  readonly expected: string;
  readonly received: string;

  constructor(path: string, expected: string, received: string) {
    super(`${path} should be ${expected}`);
    this.path = path;
    this.expected = expected;
    this.received = received;
  }
}

/** No number of the venue is longer; a longer one would make exact arithmetic costly. */
const DECIMAL_CHARACTERS_MAX = 61;

/** The grammar of a JSON number without exponent: no leading zeros, no bare point. */
const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const SIGNED_DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,29})$/;
const SYMBOL = /^[\x21-\x7e]{1,64}$/;

/** The name of a field seen from the frame: `data[0].bids[3].price`, `[1].a[0][2]`. */
export function pathOf(place: Place, field: string): string {
  const list = place.list === '' ? '' : `${place.list}[${place.item}]`;
  return [place.entry, list, field]
    .filter((part) => part !== '')
    .join('.')
    .replaceAll('.[', '[');
}

/** Finds a field in the object that `place` points at. */
export function faultAt(place: Place, field: string, cause: [string, unknown]): FieldFault {
  return new FieldFault(pathOf(place, field), cause[0], describeValue(cause[1]));
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The item that `place` points at, as an object. */
export function toObject(value: unknown, place: Place): RawObject {
  if (isObject(value)) return value;
  throw faultAt(place, '', ['an object', value]);
}

/** A list that must be there. Moves `place` into it. */
export function readList(from: RawObject, name: string, place: Place): readonly unknown[] {
  const value = from[name];
  if (!Array.isArray(value)) throw faultAt(place, name, ['a list', value]);
  place.list = name;
  place.item = 0;
  return value;
}

/** A text that must be there and not be empty. */
export function readText(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (typeof value === 'string' && value !== '') return value;
  throw faultAt(place, name, ['a text', value]);
}

/**
 * Whether a value can be a symbol: printable and short, so that it is safe in logs and terminals.
 */
export function isSymbol(value: unknown): value is string {
  return typeof value === 'string' && SYMBOL.test(value);
}

/** A symbol that must be there. */
export function readSymbol(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (isSymbol(value)) return value;
  throw faultAt(place, name, ['a symbol', value]);
}

/**
 * A decimal without sign, in the digits that the venue sent; undefined for anything else. An
 * exponent, never recorded on a price but printed for increments (`1e-08`), is written out.
 */
export function toDecimal(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > DECIMAL_CHARACTERS_MAX) return undefined;
  return DECIMAL.test(value) ? value : parseIncrement(value);
}

/** A decimal that must be there: a price or a quantity. */
export function readDecimal(from: RawObject, name: string, place: Place): string {
  const decimal = toDecimal(from[name]);
  if (decimal !== undefined) return decimal;
  throw faultAt(place, name, ['a decimal', from[name]]);
}

/** A decimal, maybe negative, that may be absent. */
export function findDecimal(from: RawObject, name: string, place: Place): string | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  const isShort = typeof value === 'string' && value.length <= DECIMAL_CHARACTERS_MAX;
  if (isShort && SIGNED_DECIMAL.test(value)) return value;
  const isNegative = isShort && value.startsWith('-');
  const plain = isShort ? parseIncrement(isNegative ? value.slice(1) : value) : undefined;
  if (plain !== undefined) return isNegative ? `-${plain}` : plain;
  throw faultAt(place, name, ['a decimal', value]);
}

/** Decimal digits without a sign, as text: ids may pass 2^53. */
export function readWholeNumber(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (typeof value === 'string' && WHOLE_NUMBER.test(value)) return value;
  throw faultAt(place, name, ['a whole number', value]);
}

/** A count that a double holds. */
export function readCount(from: RawObject, name: string, place: Place): number {
  const count = Number(readWholeNumber(from, name, place));
  if (Number.isSafeInteger(count)) return count;
  throw faultAt(place, name, ['a whole number below 2^53', from[name]]);
}

/** A time in RFC 3339; NaN where the venue says none. */
export function findTimeMs(from: RawObject, name: string, place: Place): number {
  const value = from[name];
  if (value === undefined || value === null) return NaN;
  const timeMs = typeof value === 'string' ? parseTimeMs(value) : NaN;
  if (Number.isNaN(timeMs)) throw faultAt(place, name, ['an RFC 3339 time in UTC', value]);
  return timeMs;
}

/** A time that must be there. */
export function readTimeMs(from: RawObject, name: string, place: Place): number {
  const timeMs = findTimeMs(from, name, place);
  if (Number.isNaN(timeMs)) throw faultAt(place, name, ['an RFC 3339 time in UTC', from[name]]);
  return timeMs;
}
