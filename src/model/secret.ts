/** What stands in the place of a secret wherever one would be printed. */
export const SECRET_MARK = '[secret]';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that refuses to be printed: string conversion, JSON and `util.inspect` yield `[secret]`.
 * `reveal()` is the only way to it, so that every use can be found by that word.
 */
export class Secret<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  /** The value itself, for signing and for the wire. */
  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return SECRET_MARK;
  }

  toJSON(): string {
    return SECRET_MARK;
  }

  [INSPECT](): string {
    return SECRET_MARK;
  }
}
