import { ProtocolError } from '../model/error.js';
import type { LevelColumns, SideIndex } from '../model/levels.js';
import { createDecimalReader, type DecimalUnits } from './decimal.js';

/** The most levels one message may hold; more than ten times the largest book ever recorded. */
export const MAX_COLUMN_LEVELS = 2 ** 19;

const DEFAULT_CAPACITY = 64;

/** Columns to fill anew for each message; the arrays are kept and grow by doubling. */
export interface MutableLevelColumns extends LevelColumns {
  clear(): void;
  /**
   * Adds a level from two readers, which may be used for the next one at once. Throws ProtocolError
   * FRAME_INVALID above MAX_COLUMN_LEVELS.
   */
  push(side: SideIndex, price: DecimalUnits, size: DecimalUnits): void;
  /**
   * Adds the first levels of other columns, whose units are all safe integers. Throws as `push`.
   */
  append(levels: LevelArrays, count: number): void;
  /** Replaces the price (`2 * index`) or the size (`2 * index + 1`) of a level. */
  putNumber(number: number, value: DecimalUnits): void;
  /** Adds a level from texts; false, and nothing is added, where one is not a plain decimal. */
  pushText(side: SideIndex, priceText: string, sizeText: string): boolean;
}

/** The columns alone. */
export interface LevelArrays {
  sides: Uint8Array;
  priceUnits: Float64Array;
  priceDecimals: Uint8Array;
  sizeUnits: Float64Array;
  sizeDecimals: Uint8Array;
}

function createArrays(capacity: number): LevelArrays {
  return {
    sides: new Uint8Array(capacity),
    priceUnits: new Float64Array(capacity),
    priceDecimals: new Uint8Array(capacity),
    sizeUnits: new Float64Array(capacity),
    sizeDecimals: new Uint8Array(capacity),
  };
}

function fillArrays(target: LevelArrays, source: LevelColumns): void {
  const { count } = source;
  target.sides.set(source.sides.subarray(0, count));
  target.priceUnits.set(source.priceUnits.subarray(0, count));
  target.priceDecimals.set(source.priceDecimals.subarray(0, count));
  target.sizeUnits.set(source.sizeUnits.subarray(0, count));
  target.sizeDecimals.set(source.sizeDecimals.subarray(0, count));
}

function growArrays(columns: LevelArrays & LevelColumns): void {
  const capacity = columns.sides.length * 2;
  if (capacity > MAX_COLUMN_LEVELS) {
    throw new ProtocolError(
      'FRAME_INVALID',
      `A book message has more than ${MAX_COLUMN_LEVELS} levels; it is not applied. ` +
        'Follow fewer levels, or report this if the venue really sends that many.',
      { facts: { maxLevels: MAX_COLUMN_LEVELS } },
    );
  }
  const grown = createArrays(capacity);
  fillArrays(grown, columns);
  Object.assign(columns, grown);
}

/** The smallest power of two that holds the wanted count, so that doubling ends at the limit. */
function roundCapacity(wanted: number): number {
  const bounded = Math.max(1, Math.min(MAX_COLUMN_LEVELS, wanted));
  return 2 ** Math.ceil(Math.log2(bounded));
}

/** Columns for the levels of one message at a time. */
export function createLevelColumns(initialCapacity = DEFAULT_CAPACITY): MutableLevelColumns {
  const priceReader = createDecimalReader();
  const sizeReader = createDecimalReader();
  const exactUnits = new Map<number, bigint>();
  const columns = {
    count: 0,
    ...createArrays(roundCapacity(initialCapacity)),
    exactUnits,
    clear(): void {
      columns.count = 0;
      if (exactUnits.size > 0) exactUnits.clear();
    },
    push(side: SideIndex, price: DecimalUnits, size: DecimalUnits): void {
      const index = columns.count;
      if (index === columns.sides.length) growArrays(columns);
      columns.sides[index] = side;
      columns.priceUnits[index] = price.units;
      columns.priceDecimals[index] = price.decimals;
      columns.sizeUnits[index] = size.units;
      columns.sizeDecimals[index] = size.decimals;
      if (price.exactUnits !== undefined) exactUnits.set(2 * index, price.exactUnits);
      if (size.exactUnits !== undefined) exactUnits.set(2 * index + 1, size.exactUnits);
      columns.count = index + 1;
    },
    append(levels: LevelArrays, count: number): void {
      const start = columns.count;
      while (start + count > columns.sides.length) growArrays(columns);
      const { sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = columns;
      const { sides: fromSides, priceUnits: fromPrices, sizeUnits: fromSizes } = levels;
      const { priceDecimals: fromPriceDecimals, sizeDecimals: fromSizeDecimals } = levels;
      // A loop: a call of set() for each column takes longer for a message of a few levels.
      for (let index = 0; index < count; index += 1) {
        sides[start + index] = fromSides[index] as number;
        priceUnits[start + index] = fromPrices[index] as number;
        priceDecimals[start + index] = fromPriceDecimals[index] as number;
        sizeUnits[start + index] = fromSizes[index] as number;
        sizeDecimals[start + index] = fromSizeDecimals[index] as number;
      }
      columns.count = start + count;
    },
    putNumber(number: number, { units, decimals, exactUnits: exact }: DecimalUnits): void {
      const index = number >> 1;
      const isSize = (number & 1) === 1;
      (isSize ? columns.sizeUnits : columns.priceUnits)[index] = units;
      (isSize ? columns.sizeDecimals : columns.priceDecimals)[index] = decimals;
      if (exact !== undefined) exactUnits.set(number, exact);
    },
    pushText(side: SideIndex, priceText: string, sizeText: string): boolean {
      if (!priceReader.readText(priceText) || !sizeReader.readText(sizeText)) return false;
      columns.push(side, priceReader, sizeReader);
      return true;
    },
  };
  return columns;
}

/** A copy that stays as it is when the columns are filled anew. */
export function copyColumns(columns: LevelColumns): LevelColumns {
  const copy = createArrays(columns.count);
  fillArrays(copy, columns);
  return { count: columns.count, ...copy, exactUnits: new Map(columns.exactUnits) };
}
