import { describeValue } from './excerpt.js';
import { parseTimeMs } from './times.js';

/** A JSON object from the wire, of which nothing is known yet. */
export type RawObject = Readonly<Record<string, unknown>>;

/**
 * Where in the frame the decoder is. One per codec, moved along instead of building paths: a path
 * is only needed where something is wrong.
 */
export interface Place {
  event: number;
  /** The list inside the event, '' for the event itself. */
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

/** The grammar of a JSON number without sign and exponent: no leading zeros, no bare point. */
const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const SIGNED_DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const WHOLE_NUMBER = /^\d{1,30}$/;
const PRODUCT = /^[\x21-\x7e]{1,64}$/;

/** Finds a field in the object that `place` points at. */
export function faultAt(place: Place, field: string, cause: [string, unknown]): FieldFault {
  const list = place.list === '' ? '' : `${place.list}[${place.item}].`;
  const path = `events[${place.event}].${list}${field}`.replace(/\.$/, '');
  return new FieldFault(path, cause[0], describeValue(cause[1]));
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
export function readList(event: RawObject, name: string, place: Place): readonly unknown[] {
  const value = event[name];
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
 * A text that may be absent; '' counts as absent, since the venue writes it for "not applicable".
 */
export function findText(from: RawObject, name: string, place: Place): string | undefined {
  const value = from[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw faultAt(place, name, ['a text', value]);
}

/** A product's name: printable and short, so that it is safe in logs and terminals. */
export function readProduct(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (typeof value === 'string' && PRODUCT.test(value)) return value;
  throw faultAt(place, name, ['a product id', value]);
}

/** Whether a value is a plain decimal without sign and exponent, as prices and quantities are. */
export function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && value.length <= DECIMAL_CHARACTERS_MAX && DECIMAL.test(value);
}

/** A decimal that must be there: exactly the digits that the venue sent. */
export function readDecimal(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (isDecimal(value)) return value;
  throw faultAt(place, name, ['a decimal in quotes', value]);
}

/** A decimal, maybe negative, that may be absent or ''. */
export function findDecimal(from: RawObject, name: string, place: Place): string | undefined {
  const value = from[name];
  if (value === undefined || value === null || value === '') return undefined;
  const isText = typeof value === 'string' && value.length <= DECIMAL_CHARACTERS_MAX;
  if (isText && SIGNED_DECIMAL.test(value)) return value;
  throw faultAt(place, name, ['a decimal in quotes', value]);
}

/** A decimal above zero; the venue writes '' or "0" where a price does not apply. */
export function findPositive(from: RawObject, name: string, place: Place): string | undefined {
  const value = findDecimal(from, name, place);
  return value === undefined || /^-?[0.]*$/.test(value) ? undefined : value;
}

/** Decimal digits without a sign, as text. */
export function readWholeNumber(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (typeof value === 'string' && WHOLE_NUMBER.test(value)) return value;
  throw faultAt(place, name, ['a whole number in quotes', value]);
}

/** A time in RFC 3339; NaN where the venue says none. */
export function findTimeMs(from: RawObject, name: string, place: Place): number {
  const value = from[name];
  if (value === undefined || value === null || value === '') return NaN;
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

/**
 * The texts, numbers and flags of an object, as texts. Deeper values are left out: they are not
 * ours to understand, and may be nested without end. So is `__proto__`, which is no field but a
 * trap.
 */
export function copyFields(from: RawObject): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const name of Object.keys(from)) {
    const value = from[name];
    if (name === '__proto__') continue;
    if (typeof value === 'string') fields[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') fields[name] = String(value);
  }
  return fields;
}
