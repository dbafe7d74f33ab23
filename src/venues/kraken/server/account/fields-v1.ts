/**
 * Fields of an order's event in v1, one by one (websocket-v1/addorder and its siblings). Numbers
 * are texts, and are taken digit by digit; what is wrong with one is the venue's text for it.
 */
import type { Pair } from '../pairs.js';
import type { Fields } from '../request-fields.js';
import { unsupportedPair } from '../wish.js';
import type { FeePreference } from './order-command.js';
import { findTimeMs, OrderFlaw, readPositive, readUserref, wrongArgument } from './order-fields.js';

const FLAGS: ReadonlySet<string> = new Set(['fcib', 'fciq', 'post', 'viqc', 'nompp']);

/** Until when the order may reach the engine. */
export function deadlineOf(fields: Fields): number | undefined {
  return findTimeMs({ values: fields, digits: fields }, 'deadline');
}

/** The pair that was named, or what the venue says where there is none. */
export function requirePair(fields: Fields, pair: Pair | undefined): Pair {
  if (pair !== undefined) return pair;
  const name = textOf(fields, 'pair');
  throw name === undefined ? wrongArgument('pair') : new OrderFlaw(unsupportedPair(name));
}

/** Zero says that there is none; prices that are distances are not done here. */
export function priceOf(fields: Fields, name: string): string | undefined {
  const text = textOf(fields, name);
  if (text === undefined || text === '0') return undefined;
  if (text.startsWith('-')) throw new OrderFlaw('EOrder:Invalid price');
  return readPositive(text, name);
}

/** A positive number, as text. */
export function decimalOf(fields: Fields, name: string): string | undefined {
  const text = textOf(fields, name);
  return text === undefined ? undefined : readPositive(text, name);
}

/** A text that may be absent; a number in its place is refused. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === 'string') return value;
  throw wrongArgument(name);
}

/** Flags come as such or as texts. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** The words of `oflags`. */
export function readFlags(fields: Fields): ReadonlySet<string> {
  const text = textOf(fields, 'oflags') ?? '';
  const flags = text.split(',').filter((flag) => flag !== '');
  if (flags.every((flag) => FLAGS.has(flag))) return new Set(flags);
  throw wrongArgument('oflags');
}

/** In which currency the fee is wished, where a flag says so. */
export function feePreferenceOf(flags: ReadonlySet<string>): FeePreference | undefined {
  if (flags.has('fcib')) return 'fcib';
  return flags.has('fciq') ? 'fciq' : undefined;
}

/** The client's two ways to name an order exclude each other. */
export function userrefOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (fields['cl_ord_id'] !== undefined) throw wrongArgument(name);
  return readUserref(typeof value === 'number' ? String(value) : value, name);
}

/** One text, or a list of them. */
export function listTexts(fields: Fields, name: string): readonly string[] {
  const list = fields[name];
  if (list === undefined) return [];
  const texts = Array.isArray(list) ? (list as unknown[]) : [list];
  return texts.map((one) => {
    if (typeof one === 'string') return one;
    throw wrongArgument(name);
  });
}
