import { parseIncrement } from '../book/decimal-arithmetic.js';
import { isAbsent, type RawObject } from './fields.js';
import { faultAt, type Place } from './place.js';

/** No number of a venue is longer; a longer one would make exact arithmetic costly. */
const DECIMAL_CHARACTERS_MAX = 61;

/** The grammar of a JSON number without sign and exponent: no leading zeros, no bare point. */
const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,29})$/;

/** A number without quotes gets as far as this only from a venue that writes quotes around all. */
function expect(what: string, value: unknown): readonly [string, unknown] {
  return [typeof value === 'number' ? `${what} in quotes` : what, value];
}

/** Whether a value is a plain decimal without sign and exponent, as prices and quantities are. */
export function isPlainDecimal(value: unknown): value is string {
  return typeof value === 'string' && value.length <= DECIMAL_CHARACTERS_MAX && DECIMAL.test(value);
}

/**
 * A decimal without sign, in the digits that the venue sent; undefined for anything else. An
 * exponent, as in `1e-08`, is written out.
 */
export function toDecimal(value: unknown): string | undefined {
  if (isPlainDecimal(value)) return value;
  const isShort = typeof value === 'string' && value.length <= DECIMAL_CHARACTERS_MAX;
  return isShort ? parseIncrement(value) : undefined;
}

/** A decimal that must be there: a price or a quantity. */
export function readDecimal(from: RawObject, name: string, place: Place): string {
  const decimal = toDecimal(from[name]);
  if (decimal !== undefined) return decimal;
  throw faultAt(place, name, expect('a decimal', from[name]));
}

/** A decimal, maybe negative, that may be absent. */
export function findDecimal(from: RawObject, name: string, place: Place): string | undefined {
  const value = from[name];
  if (isAbsent(value)) return undefined;
  const isNegative = typeof value === 'string' && value.startsWith('-');
  const decimal = toDecimal(isNegative ? value.slice(1) : value);
  if (decimal !== undefined) return isNegative ? `-${decimal}` : decimal;
  throw faultAt(place, name, expect('a decimal', value));
}

/** Decimal digits without a sign, as text: ids may pass 2^53. */
export function readWholeNumber(from: RawObject, name: string, place: Place): string {
  const value = from[name];
  if (typeof value === 'string' && WHOLE_NUMBER.test(value)) return value;
  throw faultAt(place, name, expect('a whole number', value));
}

/** A count that a double holds. */
export function readCount(from: RawObject, name: string, place: Place): number {
  const count = Number(readWholeNumber(from, name, place));
  if (Number.isSafeInteger(count)) return count;
  throw faultAt(place, name, ['a whole number from 0 to 2^53 - 1', from[name]]);
}
