import { createDecimalReader } from '../book/decimal.js';
import type { MutableLevelColumns } from '../book/level-columns.js';
import type { SideIndex } from '../model/levels.js';
import {
  readBareDecimal,
  skip,
  skipByte,
  toFixed,
  type Cursor,
  type FixedText,
} from './byte-cursor.js';

const COMMA = 44;
const LIST_END = 93;

/** Lists of levels whose numbers stand without quotes, as a venue spells them. */
export class BareLevels {
  readonly #cursor: Cursor;
  readonly #prices = createDecimalReader();
  readonly #sizes = createDecimalReader();
  readonly #beforePrice: FixedText;
  readonly #beforeSize: FixedText;
  readonly #end: FixedText;

  /** What stands around the two numbers: `['{"price":', ',"qty":', '}']`. */
  constructor(cursor: Cursor, [beforePrice, beforeSize, end]: readonly [string, string, string]) {
    this.#cursor = cursor;
    this.#beforePrice = toFixed(beforePrice);
    this.#beforeSize = toFixed(beforeSize);
    this.#end = toFixed(end);
  }

  /** Adds levels up to, and with, the end of their list, whose beginning is behind. */
  read(side: SideIndex, columns: MutableLevelColumns): boolean {
    const cursor = this.#cursor;
    if (skipByte(cursor, LIST_END)) return true;
    do {
      if (!skip(cursor, this.#beforePrice) || !readBareDecimal(cursor, this.#prices)) return false;
      if (!skip(cursor, this.#beforeSize) || !readBareDecimal(cursor, this.#sizes)) return false;
      if (!skip(cursor, this.#end)) return false;
      columns.push(side, this.#prices, this.#sizes);
    } while (skipByte(cursor, COMMA));
    return skipByte(cursor, LIST_END);
  }
}
