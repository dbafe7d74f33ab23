import { faultAt, type Place } from './place.js';
import { parseTimeMs } from './times.js';

/** A JSON object from the wire, of which nothing is known yet. */
export type RawObject = Readonly<Record<string, unknown>>;

const SYMBOL = /^[\x21-\x7e]{1,64}$/;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a field says nothing: venues write '' and null for "not applicable" too. */
export function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

/** What `place` points at, as an object. */
export function toObject(value: unknown, place: Place): RawObject {
  if (isObject(value)) return value;
  throw faultAt(place, '', ['an object', value]);
}

/** What `place` points at, as a list. Moves `place` into it. */
export function toList(value: unknown, place: Place): readonly unknown[] {
  if (!Array.isArray(value)) throw faultAt(place, '', ['a list', value]);
  place.item = 0;
  return value;
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

/** A text that may be absent. */
export function findText(from: RawObject, name: string, place: Place): string | undefined {
  const value = from[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string') return value;
  throw faultAt(place, name, ['a text', value]);
}

/**
 * Whether a value can be a symbol or an id: printable and short, so that it is safe in logs and
 * terminals.
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

/** A time in RFC 3339; NaN where the venue says none. */
export function findTimeMs(from: RawObject, name: string, place: Place): number {
  return isAbsent(from[name]) ? NaN : readTimeMs(from, name, place);
}

/** A time that must be there. */
export function readTimeMs(from: RawObject, name: string, place: Place): number {
  const value = from[name];
  const timeMs = typeof value === 'string' ? parseTimeMs(value) : NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw faultAt(place, name, ['an RFC 3339 time', value]);
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

/** Fields of which none is there and undefined. */
export type Present<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> };

/** Leaves out what the venue did not say. */
export function dropAbsent<Fields extends object>(fields: Fields): Present<Fields> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Present<Fields>;
}
