import { ProtocolError } from '../model/error.js';
import type { LevelColumns, SideIndex } from '../model/levels.js';
import { createDecimalReader, type DecimalUnits } from './decimal.js';
import type { Scale } from './column-units.js';

/** The most levels one message may hold; more than ten times the largest book ever recorded. */
export const MAX_COLUMN_LEVELS = 2 ** 19;

const DEFAULT_CAPACITY = 64;

/** From so many levels on, a call of set() for each column takes less than a loop. */
const COPIED_LEVELS = 64;

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
  /** Makes room at once for as many levels as a message may have, of which more is to come. */
  reserve(count: number): void;
  /**
   * Shows the first levels of other columns in place of its own, without a copy. Whoever is about
   * to write others there calls `keep` first. Who has counted the digits of all of them may say so,
   * and answers for it: the book looks at none of them then.
   */
  borrow(levels: LevelArrays, count: number, digitsMost?: DigitsMost): void;
  keep(): void;
  /** Replaces the price (`2 * index`) or the size (`2 * index + 1`) of a level. */
  putNumber(number: number, value: DecimalUnits): void;
  /** Adds a level from texts; false, and nothing is added, where one is not a plain decimal. */
  pushText(side: SideIndex, priceText: string, sizeText: string): boolean;
}

/**
 * How many digits numbers have at most: prices before and behind the point, sizes before and
 * behind it.
 */
export type DigitsMost = Int32Array;
/** How many counts these are. */
export const DIGITS_WORDS = 4;
/** Every number of so many digits is a safe integer. */
const SAFE_DIGITS = 15;

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

function arraysOf(columns: LevelArrays): LevelArrays {
  const { sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = columns;
  return { sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals };
}

/** Field by field, on the way of every message that comes from another socket than the last. */
function showArrays(columns: LevelArrays, shown: LevelArrays): void {
  columns.sides = shown.sides;
  columns.priceUnits = shown.priceUnits;
  columns.priceDecimals = shown.priceDecimals;
  columns.sizeUnits = shown.sizeUnits;
  columns.sizeDecimals = shown.sizeDecimals;
}

/** Copies the first levels of the source to the target, from a place on. */
function copyLevels(
  source: LevelArrays,
  count: number,
  { target, at }: { readonly target: LevelArrays; readonly at: number },
): void {
  target.sides.set(source.sides.subarray(0, count), at);
  target.priceUnits.set(source.priceUnits.subarray(0, count), at);
  target.priceDecimals.set(source.priceDecimals.subarray(0, count), at);
  target.sizeUnits.set(source.sizeUnits.subarray(0, count), at);
  target.sizeDecimals.set(source.sizeDecimals.subarray(0, count), at);
}

function growArrays(columns: LevelArrays & LevelColumns, capacity: number): void {
  if (capacity > MAX_COLUMN_LEVELS) {
    throw new ProtocolError(
      'FRAME_INVALID',
      `A book message has more than ${MAX_COLUMN_LEVELS} levels; it is not applied. ` +
        'Follow fewer levels, or report this if the venue really sends that many.',
      { facts: { maxLevels: MAX_COLUMN_LEVELS } },
    );
  }
  const grown = createArrays(capacity);
  copyLevels(columns, columns.count, { target: grown, at: 0 });
  showArrays(columns, grown);
}

/** The smallest power of two that holds the wanted count, so that doubling ends at the limit. */
function doubledTo(wanted: number): number {
  return 2 ** Math.ceil(Math.log2(wanted));
}

function roundCapacity(wanted: number): number {
  return doubledTo(Math.max(1, Math.min(MAX_COLUMN_LEVELS, wanted)));
}

class ReusedColumns implements MutableLevelColumns {
  count = 0;
  sides: Uint8Array;
  priceUnits: Float64Array;
  priceDecimals: Uint8Array;
  sizeUnits: Float64Array;
  sizeDecimals: Uint8Array;
  readonly exactUnits = new Map<number, bigint>();
  /** Its own arrays, while it shows others. */
  #own: LevelArrays | undefined;
  /** Of the levels that it shows, where they were counted. */
  #digitsMost: DigitsMost | undefined;
  readonly #priceReader = createDecimalReader();
  readonly #sizeReader = createDecimalReader();

  constructor(capacity: number) {
    const arrays = createArrays(capacity);
    this.sides = arrays.sides;
    this.priceUnits = arrays.priceUnits;
    this.priceDecimals = arrays.priceDecimals;
    this.sizeUnits = arrays.sizeUnits;
    this.sizeDecimals = arrays.sizeDecimals;
  }

  clear(): void {
    // What is borrowed may stay until levels are added: mostly the same is borrowed again.
    this.count = 0;
    if (this.exactUnits.size > 0) this.exactUnits.clear();
  }

  static fit(columns: LevelColumns, scale: Scale): boolean {
    // Only what was made here can have been lent by a reader.
    const most = #digitsMost in columns ? columns.#digitsMost : undefined;
    if (most === undefined) return false;
    const { priceDecimals, sizeDecimals } = scale;
    return (
      (most[0] as number) + priceDecimals <= SAFE_DIGITS &&
      (most[1] as number) <= priceDecimals &&
      (most[2] as number) + sizeDecimals <= SAFE_DIGITS &&
      (most[3] as number) <= sizeDecimals
    );
  }

  borrow(levels: LevelArrays, count: number, digitsMost?: DigitsMost): void {
    this.#digitsMost = digitsMost;
    this.#own ??= arraysOf(this);
    if (this.sides !== levels.sides) showArrays(this, levels);
    this.count = count;
  }

  keep(): void {
    if (!this.#own) return;
    const borrowed = arraysOf(this);
    const { count } = this;
    showArrays(this, this.#own);
    this.#own = this.#digitsMost = undefined;
    this.count = 0;
    this.append(borrowed, count);
  }

  push(side: SideIndex, price: DecimalUnits, size: DecimalUnits): void {
    if (this.#own) this.keep();
    const index = this.count;
    if (index === this.sides.length) growArrays(this, 2 * index);
    this.sides[index] = side;
    this.priceUnits[index] = price.units;
    this.priceDecimals[index] = price.decimals;
    this.sizeUnits[index] = size.units;
    this.sizeDecimals[index] = size.decimals;
    if (price.exactUnits !== undefined) this.exactUnits.set(2 * index, price.exactUnits);
    if (size.exactUnits !== undefined) this.exactUnits.set(2 * index + 1, size.exactUnits);
    this.count = index + 1;
  }

  append(levels: LevelArrays, count: number): void {
    if (this.#own) this.keep();
    const start = this.count;
    if (start + count > this.sides.length) growArrays(this, doubledTo(start + count));
    if (count >= COPIED_LEVELS) {
      copyLevels(levels, count, { target: this, at: start });
      this.count = start + count;
      return;
    }
    const { sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = this;
    const { sides: fromSides, priceUnits: fromPrices, sizeUnits: fromSizes } = levels;
    const { priceDecimals: fromPriceDecimals, sizeDecimals: fromSizeDecimals } = levels;
    for (let index = 0; index < count; index += 1) {
      sides[start + index] = fromSides[index] as number;
      priceUnits[start + index] = fromPrices[index] as number;
      priceDecimals[start + index] = fromPriceDecimals[index] as number;
      sizeUnits[start + index] = fromSizes[index] as number;
      sizeDecimals[start + index] = fromSizeDecimals[index] as number;
    }
    this.count = start + count;
  }

  reserve(count: number): void {
    const capacity = roundCapacity(count);
    if (capacity <= (this.#own ?? this).sides.length) return;
    // While it shows others there is nothing in its own.
    if (this.#own) this.#own = createArrays(capacity);
    else growArrays(this, capacity);
  }

  putNumber(number: number, { units, decimals, exactUnits }: DecimalUnits): void {
    this.#digitsMost = undefined;
    const index = number >> 1;
    const isSize = (number & 1) === 1;
    (isSize ? this.sizeUnits : this.priceUnits)[index] = units;
    (isSize ? this.sizeDecimals : this.priceDecimals)[index] = decimals;
    if (exactUnits !== undefined) this.exactUnits.set(number, exactUnits);
  }

  pushText(side: SideIndex, priceText: string, sizeText: string): boolean {
    if (!this.#priceReader.readText(priceText)) return false;
    if (!this.#sizeReader.readText(sizeText)) return false;
    this.push(side, this.#priceReader, this.#sizeReader);
    return true;
  }
}

/** Columns for the levels of one message at a time. */
export function createLevelColumns(initialCapacity = DEFAULT_CAPACITY): MutableLevelColumns {
  return new ReusedColumns(roundCapacity(initialCapacity));
}

/** Whether all levels are safe integers at the scale, by what was counted as they were read. */
export function fitByDigits(columns: LevelColumns, scale: Scale): boolean {
  return ReusedColumns.fit(columns, scale);
}

/** A copy that stays as it is when the columns are filled anew. */
export function copyColumns(columns: LevelColumns): LevelColumns {
  const copy = createArrays(columns.count);
  copyLevels(columns, columns.count, { target: copy, at: 0 });
  return { count: columns.count, ...copy, exactUnits: new Map(columns.exactUnits) };
}
