import { parseIncrement } from '../../book/decimal-arithmetic.js';
import { describeValue } from './excerpt.js';
import { parseTimeMs } from './times.js';

/** A JSON object from the wire, of which nothing is known yet. Its numbers are texts. */
export type RawObject = Readonly<Record<string, unknown>>;

/**
 * Where in the frame the decoder is. One per codec, moved along instead of building paths for each
 * level: a path is only needed where something is wrong.
 */
export interface Place {
  /** The element that holds the data: `[1]` of a topic's frame, `[2]` of an answer. */
  element: string;
  /** The list inside it: '' for none, `[` for the element itself being one, else its name. */
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

/** Longer numbers would make exact arithmetic costly. */
const DECIMAL_CHARACTERS_MAX = 61;
const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,15})$/;
const TRADE_ID = /^[\x21-\x7e]{1,100}$/;

/** The path of a field seen from the frame: `[1].bids[3][0]`, `[1][0].price`. */
export function pathOf({ element, list, item }: Place, field: string): string {
  const name = list === '' || list === '[' ? '' : `.${list}`;
  const index = list === '' ? '' : `[${item}]`;
  const dot = field === '' || field.startsWith('[') ? '' : '.';
  return `${element}${name}${index}${dot}${field}`;
}

/** Finds a field in what `place` points at. */
export function faultAt(place: Place, field: string, cause: [string, unknown]): FieldFault {
  return new FieldFault(pathOf(place, field), cause[0], describeValue(cause[1]));
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `place` points at, as an object. */
export function toObject(value: unknown, place: Place): RawObject {
  if (isObject(value)) return value;
  throw faultAt(place, '', ['an object', value]);
}

/** What `place` points at, as a list; moves `place` into it. */
export function toList(value: unknown, place: Place): readonly unknown[] {
  if (!Array.isArray(value)) throw faultAt(place, '', ['a list', value]);
  Object.assign(place, { list: '[', item: 0 });
  return value;
}

/** A text that must be there and not be empty. */
export function readText(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (typeof value === 'string' && value !== '') return value;
  throw faultAt(place, name, ['a text', value]);
}

/** A text that may be absent. */
export function findText(from: RawObject, name: string, place: Place): string | undefined {
  const value = from[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw faultAt(place, name, ['a text', value]);
}

/** An id of a trade: a text, or a number, safe to print. */
export function readTradeId(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (typeof value === 'string' && TRADE_ID.test(value)) return value;
  throw faultAt(place, name, ['an id', value]);
}

/**
 * A decimal without sign, in the digits that the venue sent; undefined for anything else.
 * JavaScript writes small numbers with an exponent (`1e-7`): that is written out.
 */
export function toDecimal(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > DECIMAL_CHARACTERS_MAX) return undefined;
  return DECIMAL.test(value) ? value : parseIncrement(value);
}

/** A decimal that must be there. */
export function readDecimal(from: RawObject, name: string, place: Place): string {
  const decimal = toDecimal(from[name]);
  if (decimal !== undefined) return decimal;
  throw faultAt(place, name, ['a decimal', from[name]]);
}

/** A decimal, maybe negative, that may be absent. */
export function findDecimal(from: RawObject, name: string, place: Place): string | undefined {
  const value = from[name];
  if (value === undefined || value === null || value === '') return undefined;
  const isNegative = typeof value === 'string' && value.startsWith('-');
  const decimal = toDecimal(isNegative ? value.slice(1) : value);
  if (decimal !== undefined) return isNegative ? `-${decimal}` : decimal;
  throw faultAt(place, name, ['a decimal', value]);
}

/** A whole number that a double holds. */
export function readWholeNumber(from: RawObject, name: string, place: Place): number {
  const value = from[name];
  const number = typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw faultAt(place, name, ['a whole number from 0 to 2^53 - 1', value]);
}

/** A time; NaN where the venue says none. */
export function findTimeMs(from: RawObject, name: string, place: Place): number {
  const value = from[name];
  if (value === undefined || value === null || value === '') return NaN;
  const timeMs = typeof value === 'string' ? parseTimeMs(value) : NaN;
  if (Number.isNaN(timeMs)) throw faultAt(place, name, ['an ISO-8601 time', value]);
  return timeMs;
}

/** A time that must be there. */
export function readTimeMs(from: RawObject, name: string, place: Place): number {
  const timeMs = findTimeMs(from, name, place);
  if (Number.isNaN(timeMs)) throw faultAt(place, name, ['an ISO-8601 time', from[name]]);
  return timeMs;
}

/** `BUY` or `SELL` in our words. */
export function readSide(from: RawObject, name: string, place: Place): 'buy' | 'sell' {
  const value = from[name];
  if (value === 'BUY') return 'buy';
  if (value === 'SELL') return 'sell';
  throw faultAt(place, name, ['"BUY" or "SELL"', value]);
}

/**
 * The texts and flags of an object, as texts; numbers are texts already. Deeper values are left
 * out: they may be nested without end. So is `__proto__`, which is no field but a trap.
 */
export function copyFields(from: RawObject): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const name of Object.keys(from)) {
    const value = from[name];
    if (name === '__proto__') continue;
    if (typeof value === 'string') fields[name] = value;
    else if (typeof value === 'boolean') fields[name] = String(value);
  }
  return fields;
}
