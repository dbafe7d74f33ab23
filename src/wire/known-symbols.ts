/**
 * Texts of symbols, so that none is made anew for each message. The module keeps each in a slot;
 * the next one there has another number: see `assembly/symbols.ts`.
 */
export class KnownSymbols {
  readonly #numbers: Int32Array;
  readonly #texts: string[];
  readonly #accepts: (text: string) => boolean;

  /** `accepts` is asked once for each: what it does not know is not read. */
  constructor(slots: number, accepts: (text: string) => boolean = () => true) {
    this.#numbers = new Int32Array(slots);
    this.#texts = Array.from({ length: slots }, () => '');
    this.#accepts = accepts;
  }

  /** The text of a symbol, '' where it is none; undefined where its bytes were not seen yet. */
  find(slot: number, number: number): string | undefined {
    return this.#numbers[slot] === number ? this.#texts[slot] : undefined;
  }

  /** The same for the symbol's bytes, which are ASCII. */
  learn(slot: number, number: number, bytes: Uint8Array): string {
    const text = String.fromCharCode(...bytes);
    const known = this.#accepts(text) ? text : '';
    this.#numbers[slot] = number;
    this.#texts[slot] = known;
    return known;
  }
}
