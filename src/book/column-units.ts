// The levels of a message in the units of a book: what fits, what does not, and the exact way.
import { ASK, type LevelColumns, type SideIndex } from '../model/levels.js';
import { MAX_DIGITS } from './decimal.js';
import { fitByDigits } from './level-columns.js';
import type { WireLevels } from './load-side.js';

/** How many decimals a book's units stand for. */
export interface Scale {
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

/**
 * Powers of ten as doubles. Those above 10^22 are not exact, but a product with one of them is zero
 * or far beyond the safe integers, and is noticed there.
 */
export const POWERS_OF_TEN = Float64Array.from({ length: MAX_DIGITS + 1 }, (_, at) => 10 ** at);
/** Powers of ten up to this one are exact as doubles. */
const EXACT_POWERS = 22;
/** The largest integer that is still a safe one when multiplied by each power of ten. */
const SAFE_LIMITS = POWERS_OF_TEN.map((power) => Math.floor(Number.MAX_SAFE_INTEGER / power));
const EXACT_POWERS_OF_TEN = Array.from({ length: MAX_DIGITS + 1 }, (_, at) => 10n ** BigInt(at));

/** Ten to the power of a difference of decimals, exactly. */
export function exactPowerOfTen(exponent: number): bigint {
  return EXACT_POWERS_OF_TEN[exponent] as bigint;
}

/** The double nearest to a decimal; where its units are exact, so is the one division. */
export function toDouble(units: number | bigint, decimals: number, text: string): number {
  if (typeof units === 'bigint' || Number.isNaN(units) || decimals > EXACT_POWERS) {
    return Number(text);
  }
  return units / (POWERS_OF_TEN[decimals] as number);
}

function explainUnits(units: number, exactUnits: bigint | undefined): string | undefined {
  if (Number.isSafeInteger(units) && units >= 0) return undefined;
  if (Number.isNaN(units) && exactUnits !== undefined && exactUnits >= 0n) return undefined;
  return `holds ${units} where an integer count of units is due`;
}

/** A sentence that says what in the columns cannot be a level, or undefined. */
export function explainInvalidColumns(columns: LevelColumns): string | undefined {
  for (let index = 0; index < columns.count; index += 1) {
    const price = columns.priceUnits[index] as number;
    const size = columns.sizeUnits[index] as number;
    const decimals = Math.max(
      columns.priceDecimals[index] as number,
      columns.sizeDecimals[index] as number,
    );
    const problem =
      explainUnits(price, columns.exactUnits.get(2 * index)) ??
      explainUnits(size, columns.exactUnits.get(2 * index + 1)) ??
      (decimals > MAX_DIGITS ? `has ${decimals} decimals` : undefined) ??
      ((columns.sides[index] as number) > ASK ? 'is of no known side' : undefined);
    if (problem !== undefined) return `Level ${index} of the message ${problem}.`;
  }
  return undefined;
}

/** The scale that holds both what is there and what comes. */
export function widenScale(scale: Scale, columns: LevelColumns): Scale {
  let { priceDecimals, sizeDecimals } = scale;
  for (let index = 0; index < columns.count; index += 1) {
    priceDecimals = Math.max(priceDecimals, columns.priceDecimals[index] as number);
    sizeDecimals = Math.max(sizeDecimals, columns.sizeDecimals[index] as number);
  }
  return { priceDecimals, sizeDecimals };
}

/**
 * Whether every number is a safe integer at the scale; levels that are not valid do not fit either.
 * Where the reader of a message has counted digits, there is no pass over its levels.
 */
export function fitsScale(columns: LevelColumns, scale: Scale): boolean {
  return fitByDigits(columns, scale) || fitOneByOne(columns, scale);
}

function fitOneByOne(columns: LevelColumns, scale: Scale): boolean {
  const { count, sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = columns;
  if (scale.priceDecimals > MAX_DIGITS || scale.sizeDecimals > MAX_DIGITS) return false;
  for (let index = 0; index < count; index += 1) {
    const priceGap = scale.priceDecimals - (priceDecimals[index] as number);
    const sizeGap = scale.sizeDecimals - (sizeDecimals[index] as number);
    if (priceGap < 0 || sizeGap < 0 || (sides[index] as number) > ASK) return false;
    const price = priceUnits[index] as number;
    const size = sizeUnits[index] as number;
    const priceLimit = SAFE_LIMITS[priceGap] as number;
    const sizeLimit = SAFE_LIMITS[sizeGap] as number;
    // Written so that NaN, the mark of a number that is not safe, does not fit.
    if (!(price >= 0 && price <= priceLimit && price === Math.floor(price))) return false;
    if (!(size >= 0 && size <= sizeLimit && size === Math.floor(size))) return false;
  }
  return true;
}

/**
 * The scale that holds both the least one and every number as a safe integer; undefined where there
 * is none, or a level is not valid. In one pass for snapshots, whose passes are what is waited for
 * at the start: `widenScale` and then `fitsScale` say the same.
 */
export function findUnitScale(columns: LevelColumns, least: Scale): Scale | undefined {
  const { count, sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = columns;
  // The largest of the units with so many decimals.
  const prices = new Float64Array(MAX_DIGITS + 1).fill(-1);
  const sizes = new Float64Array(MAX_DIGITS + 1).fill(-1);
  for (let index = 0; index < count; index += 1) {
    const price = priceUnits[index] as number;
    const size = sizeUnits[index] as number;
    // Written so that NaN, the mark of a number that is not safe, does not fit.
    if (!(price >= 0 && price === Math.floor(price))) return undefined;
    if (!(size >= 0 && size === Math.floor(size))) return undefined;
    if ((sides[index] as number) > ASK) return undefined;
    const priceAt = priceDecimals[index] as number;
    const sizeAt = sizeDecimals[index] as number;
    if (priceAt > MAX_DIGITS || sizeAt > MAX_DIGITS) return undefined;
    if (price > (prices[priceAt] as number)) prices[priceAt] = price;
    if (size > (sizes[sizeAt] as number)) sizes[sizeAt] = size;
  }
  const price = findUnitDecimals(prices, least.priceDecimals);
  const size = findUnitDecimals(sizes, least.sizeDecimals);
  if (price === undefined || size === undefined) return undefined;
  return { priceDecimals: price, sizeDecimals: size };
}

/** The decimals at which all of the units are safe integers, by the largest for each count. */
function findUnitDecimals(largest: Float64Array, least: number): number | undefined {
  const most = Math.max(
    least,
    largest.findLastIndex((units) => units >= 0),
  );
  if (most > MAX_DIGITS) return undefined;
  const isSafe = largest.every((units, decimals) => units <= (SAFE_LIMITS[most - decimals] ?? -1));
  return isSafe ? most : undefined;
}

/** One side of the columns in a book's units; the columns must fit the scale. */
export class UnitSides {
  readonly #columns: LevelColumns;
  readonly #scale: Scale;
  /** Of one side after the other: memory that was never touched is slow. */
  readonly #keys: Float64Array;
  readonly #sizes: Float64Array;

  constructor(columns: LevelColumns, scale: Scale) {
    this.#columns = columns;
    this.#scale = scale;
    this.#keys = new Float64Array(columns.count);
    this.#sizes = new Float64Array(columns.count);
  }

  /** In the order of the wire. The arrays are lent until the next call. */
  read(side: SideIndex): WireLevels<number> {
    const { count, sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = this.#columns;
    const scale = this.#scale;
    const keys = this.#keys;
    const sizes = this.#sizes;
    const sign = side === ASK ? -1 : 1;
    let read = 0;
    for (let index = 0; index < count; index += 1) {
      if (sides[index] !== side) continue;
      const priceGap = scale.priceDecimals - (priceDecimals[index] as number);
      const sizeGap = scale.sizeDecimals - (sizeDecimals[index] as number);
      keys[read] = sign * (priceUnits[index] as number) * (POWERS_OF_TEN[priceGap] as number);
      sizes[read] = (sizeUnits[index] as number) * (POWERS_OF_TEN[sizeGap] as number);
      read += 1;
    }
    return { keys: keys.subarray(0, read), sizes: sizes.subarray(0, read) };
  }
}

/** Reads one message's levels exactly, in a book's units. */
export interface ExactReader {
  readonly columns: LevelColumns;
  price(index: number): bigint;
  size(index: number): bigint;
}

/** One side of the columns, in the order of the wire. */
export function readExactSide(reader: ExactReader, side: SideIndex): WireLevels<bigint> {
  const { count, sides } = reader.columns;
  const keys: bigint[] = [];
  const sizes: bigint[] = [];
  const sign = side === ASK ? -1n : 1n;
  for (let index = 0; index < count; index += 1) {
    if (sides[index] !== side) continue;
    keys.push(sign * reader.price(index));
    sizes.push(reader.size(index));
  }
  return { keys, sizes };
}

/** A reader for columns of any numbers. */
export function createExactReader(columns: LevelColumns, scale: Scale): ExactReader {
  const { priceUnits, priceDecimals, sizeUnits, sizeDecimals, exactUnits } = columns;
  const widen = (units: bigint, decimals: number): bigint => units * exactPowerOfTen(decimals);
  return {
    columns,
    price: (index) =>
      widen(
        exactUnits.get(2 * index) ?? BigInt(priceUnits[index] as number),
        scale.priceDecimals - (priceDecimals[index] as number),
      ),
    size: (index) =>
      widen(
        exactUnits.get(2 * index + 1) ?? BigInt(sizeUnits[index] as number),
        scale.sizeDecimals - (sizeDecimals[index] as number),
      ),
  };
}

/** How many levels more a side has once a message is merged into it. */
export function countNewLevels(
  reader: ExactReader,
  side: SideIndex,
  hasLevel: (price: bigint) => boolean,
): number {
  const present = new Map<bigint, boolean>();
  for (let index = 0; index < reader.columns.count; index += 1) {
    if (reader.columns.sides[index] === side) {
      present.set(reader.price(index), reader.size(index) !== 0n);
    }
  }
  let added = 0;
  for (const [price, isPresent] of present) added += Number(isPresent) - Number(hasLevel(price));
  return added;
}
