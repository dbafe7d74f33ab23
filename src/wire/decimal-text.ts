import { toDouble } from '../book/column-units.js';
import { createDecimalReader } from '../book/decimal.js';
import { readBareDecimal, readQuotedDecimal, sliceText, type Cursor } from './byte-cursor.js';

/** A plain decimal at a cursor, in the digits of the wire and as the nearest double. Reused. */
export class DecimalText {
  text = '';
  number = NaN;
  readonly #cursor: Cursor;
  readonly #reader = createDecimalReader();

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** In quotes, of which the first is behind; stops before the other. */
  readQuoted(): boolean {
    const { at } = this.#cursor;
    return readQuotedDecimal(this.#cursor, this.#reader) && this.#keep(at);
  }

  readBare(): boolean {
    const { at } = this.#cursor;
    return readBareDecimal(this.#cursor, this.#reader) && this.#keep(at);
  }

  #keep(start: number): true {
    this.text = sliceText(this.#cursor, start, this.#cursor.at);
    this.number = toDouble(this.#reader.units, this.#reader.decimals, this.text);
    return true;
  }
}
