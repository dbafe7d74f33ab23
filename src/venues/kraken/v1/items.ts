import { toDecimal } from '../../../wire/decimals.js';
import { faultAt, type Place } from '../../../wire/place.js';
import { parseSecondsMs } from '../times.js';

const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,15})$/;

/** A list whose items have meanings by position, as v1 writes most things. */
export type RawItems = readonly unknown[];

/** What v1 calls by position is an item of a list with at least so many. */
export function toItems(
  value: unknown,
  field: string,
  rule: { place: Place; least: number },
): RawItems {
  if (Array.isArray(value) && value.length >= rule.least) return value;
  throw faultAt(rule.place, field, [`a list of at least ${rule.least}`, value]);
}

/** A decimal at a position of a list that stands in a field, or that is the place itself (''). */
export function readDecimalAt(
  items: RawItems,
  index: number,
  where: { readonly place: Place; readonly field: string },
): string {
  const decimal = toDecimal(items[index]);
  if (decimal !== undefined) return decimal;
  throw faultAt(where.place, `${where.field}[${index}]`, ['a decimal in quotes', items[index]]);
}

/** A whole number, whose digits the codec has put into quotes. */
export function readCountAt(
  items: RawItems,
  index: number,
  where: { readonly place: Place; readonly field: string },
): number {
  const text = items[index];
  const count = typeof text === 'string' && WHOLE_NUMBER.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(count)) return count;
  throw faultAt(where.place, `${where.field}[${index}]`, ['a whole number', text]);
}

/** A time in Unix seconds with a fraction, as text. */
export function readSecondsAt(
  items: RawItems,
  index: number,
  where: { readonly place: Place; readonly field: string },
): number {
  const text = items[index];
  const timeMs = typeof text === 'string' ? parseSecondsMs(text) : NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw faultAt(where.place, `${where.field}[${index}]`, ['Unix seconds in quotes', text]);
}
