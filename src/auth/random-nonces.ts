import type { RandomSource } from '../model/runtime.js';

const NONCES_AT_ONCE = 256;
const HEX_DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** Random nonces, drawn many at once: to ask for each one costs more than to write it. */
export class RandomNonces {
  readonly #source: RandomSource;
  readonly #eachBytes: number;
  #bytes: Uint8Array = new Uint8Array();
  /** All before it were handed out. */
  #at = 0;

  constructor(source: RandomSource, eachBytes: number) {
    this.#source = source;
    this.#eachBytes = eachBytes;
  }

  /** Writes the next one as digits of base 16. */
  writeHex(target: Uint8Array, at: number): void {
    if (this.#at === this.#bytes.length) this.#draw();
    const bytes = this.#bytes;
    const endAt = this.#at + this.#eachBytes;
    for (let from = this.#at, to = at; from < endAt; from += 1, to += 2) {
      const byte = bytes[from] as number;
      target[to] = HEX_DIGITS[byte >>> 4] as number;
      target[to + 1] = HEX_DIGITS[byte & 15] as number;
    }
    this.#at = endAt;
  }

  #draw(): void {
    const count = NONCES_AT_ONCE * this.#eachBytes;
    const bytes = this.#source.bytes(count);
    if (bytes.length !== count) {
      throw new RangeError('The source of randomness gave another count of bytes than was asked.');
    }
    // Also of a source that uses its array again, which it should not: nobody would notice.
    this.#bytes = new Uint8Array(bytes);
    this.#at = 0;
  }
}
