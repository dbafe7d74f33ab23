/** A symbol that the module has read: see `assembly/symbols.ts`. */
export interface ReadSymbol {
  /** Where it stands in the bytes. */
  readonly start: number;
  readonly length: number;
  /** Where the module keeps it; the next one there has another number. */
  readonly slot: number;
  readonly number: number;
}

/** Texts of symbols, so that none is made anew for each message. */
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

  /** The symbol's text; '' where it is not known. */
  find(bytes: Uint8Array, { start, length, slot, number }: ReadSymbol): string {
    if (this.#numbers[slot] === number) return this.#texts[slot] as string;
    const text = String.fromCharCode(...bytes.subarray(start, start + length));
    const known = this.#accepts(text) ? text : '';
    this.#numbers[slot] = number;
    this.#texts[slot] = known;
    return known;
  }
}
