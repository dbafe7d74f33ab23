/** Reads fields of a request one by one; what is wrong with one is the venue's text for it. */
import { compareDecimals, parseIncrement } from '../../../../book/decimal-arithmetic.js';
import type { Fields } from '../request-fields.js';

/** An object of a request as it was parsed, and the same with its numbers as their digits. */
export interface RequestFields {
  readonly values: Fields;
  readonly digits: Fields;
}

/** Types of fields, in the venue's words for them (recorded 2024-05: the first). */
export type FieldType =
  | 'number_float'
  | 'number_integer'
  | 'string'
  | 'boolean'
  | 'object'
  | 'array of strings'
  | 'array of number_integers'
  | 'array of objects';

/** A request that is refused for what it holds; the message is the venue's text. */
export class OrderFlaw extends Error {}

/** Whether a value is a JSON object. */
function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const INTEGER = /^(0|-?[1-9]\d{0,9})$/;
const INTEGER_MAX = 2 ** 31 - 1;
const TIMEOUT_SECONDS_LIMIT = 86_400;

/** Says which argument is wrong; the detail is its name, or a sentence. */
export function wrongArgument(detail: string): OrderFlaw {
  return new OrderFlaw(`EGeneral:Invalid arguments:${detail}`);
}

/**
 * What is wrong with the form of an object: a field that is not known, or one of another type. The
 * texts are those of the venue's front end.
 */
export function findMisfit(
  { values, digits }: RequestFields,
  types: Readonly<Partial<Record<string, FieldType>>>,
  messageType: string,
): string | undefined {
  for (const [name, value] of Object.entries(values)) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) {
      return `Unsupported field: '${name}' for the given msg type: ${messageType}`;
    }
    if (fitsType(value, digits[name], type)) continue;
    const label = name.charAt(0).toUpperCase() + name.slice(1);
    const article = /^[ao]/.test(type) ? 'an' : 'a';
    return `${label} field must be ${article} ${type}`;
  }
  return undefined;
}

function fitsType(value: unknown, digits: unknown, type: FieldType): boolean {
  switch (type) {
    case 'number_float':
      return typeof value === 'number';
    case 'number_integer':
      return typeof value === 'number' && typeof digits === 'string' && /^-?\d+$/.test(digits);
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'object':
      return isObject(value);
    case 'array of strings':
      return isListOf(value, digits, 'string');
    case 'array of number_integers':
      return isListOf(value, digits, 'number_integer');
    case 'array of objects':
      return isListOf(value, digits, 'object');
  }
}

function isListOf(value: unknown, digits: unknown, type: FieldType): boolean {
  if (!Array.isArray(value) || !Array.isArray(digits)) return false;
  return value.every((one: unknown, index) => fitsType(one, digits[index], type));
}

/** An object within an object. */
export function enterObject({ values, digits }: RequestFields, name: string) {
  const inner = values[name];
  const innerDigits = digits[name];
  if (!isObject(inner) || !isObject(innerDigits)) return undefined;
  return { values: inner, digits: innerDigits } satisfies RequestFields;
}

/** A list of objects within an object; empty where there is none. */
export function listObjects(
  { values, digits }: RequestFields,
  name: string,
): readonly RequestFields[] {
  const list = values[name];
  const listDigits = digits[name];
  if (!Array.isArray(list) || !Array.isArray(listDigits)) return [];
  return list.flatMap((one: unknown, index) => {
    const inner: unknown = listDigits[index];
    return isObject(one) && isObject(inner) ? [{ values: one, digits: inner }] : [];
  });
}

/** A list of texts; empty where there is none. Numbers are texts of their digits. */
export function listTexts({ digits }: RequestFields, name: string): readonly string[] {
  const list = digits[name];
  if (!Array.isArray(list)) return [];
  return list.filter((one): one is string => typeof one === 'string');
}

/** A text that may be absent. */
export function findText({ values }: RequestFields, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether a flag is set. */
export function hasFlag({ values }: RequestFields, name: string): boolean {
  return values[name] === true;
}

/** A flag that may be absent. */
export function findFlag({ values }: RequestFields, name: string): boolean | undefined {
  const value = values[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** A number above zero, digit by digit, that may be absent. */
export function findPositive({ digits }: RequestFields, name: string): string | undefined {
  const text = digits[name];
  if (text === undefined) return undefined;
  return readPositive(typeof text === 'string' ? text : '', name);
}

/** A price may be absent; one that is zero or below is no price. */
export function findPrice({ digits }: RequestFields, name: string): string | undefined {
  const text = digits[name];
  if (text === undefined) return undefined;
  const decimal = typeof text === 'string' ? parseIncrement(text) : undefined;
  if (decimal !== undefined && compareDecimals(decimal, '0') > 0) return decimal;
  throw new OrderFlaw('EOrder:Invalid price');
}

/** A number above zero. */
export function readPositive(text: string, name: string): string {
  const decimal = parseIncrement(text);
  if (decimal !== undefined && compareDecimals(decimal, '0') > 0) return decimal;
  throw wrongArgument(name);
}

/** A client's own number for orders: 32 bits, in digits. */
export function readUserref(digits: unknown, name: string): string {
  const isWhole = typeof digits === 'string' && INTEGER.test(digits);
  if (isWhole && Math.abs(Number(digits)) <= INTEGER_MAX) return digits;
  throw wrongArgument(name);
}

/** Whole seconds below a day, in digits. */
export function readTimeout(digits: unknown): number {
  const seconds = typeof digits === 'string' && /^\d{1,6}$/.test(digits) ? Number(digits) : NaN;
  if (seconds < TIMEOUT_SECONDS_LIMIT) return seconds;
  throw wrongArgument('timeout');
}

/** One of the words that a field may have. */
export function pickWord<Value>(
  table: ReadonlyMap<string, Value>,
  text: string | undefined,
  name: string,
): Value {
  const value = text === undefined ? undefined : table.get(text);
  if (value !== undefined) return value;
  throw wrongArgument(name);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** An instant in RFC 3339 that may be absent, as Unix milliseconds. */
export function findTimeMs(fields: RequestFields, name: string): number | undefined {
  const text = findText(fields, name);
  if (text === undefined) return undefined;
  const timeMs = TIME.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(timeMs)) throw wrongArgument(name);
  return timeMs;
}

const CLIENT_ORDER_IDS = [
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{32}$/i,
  /^[\x20-\x7e]{1,18}$/,
];

/** A UUID, 32 hexadecimal digits, or up to 18 characters (websocket-v2/add_order). */
export function findClientOrderId(fields: RequestFields): string | undefined {
  const text = findText(fields, 'cl_ord_id');
  if (text === undefined || isClientOrderId(text)) return text;
  throw wrongArgument('cl_ord_id');
}

/** Whether a text has one of the forms of a client's id. */
export function isClientOrderId(text: string): boolean {
  return CLIENT_ORDER_IDS.some((form) => form.test(text));
}
