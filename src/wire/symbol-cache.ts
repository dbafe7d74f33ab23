import { BACKSLASH, QUOTE, SPACE, TILDE, type Cursor } from './byte-cursor.js';

/** As long as a symbol may be: see `isSymbol`. */
const SYMBOL_BYTES_MAX = 64;
/** A power of two; symbols that meet in a slot take it from each other. */
const SLOTS = 1_024;

interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Where a symbol stands, and what its bytes give with `hash * 31 + byte`, in 32 bits. */
export interface SymbolPlace {
  readonly start: number;
  readonly length: number;
  readonly hash: number;
}

/** Symbols that were read before, so that no text is made anew for each message. Bounded. */
export class SymbolCache {
  readonly #slots: (Known | undefined)[] = Array.from({ length: SLOTS });
  readonly #accepts: (text: string) => boolean;

  /** `accepts` is asked once for each: what it does not know is not read. */
  constructor(accepts: (text: string) => boolean = () => true) {
    this.#accepts = accepts;
  }

  /**
   * Printable bytes up to a closing quote, before which it stops; '' where there are none, too
   * many, or one that might begin an escape.
   */
  read(cursor: Cursor): string {
    const { bytes, at: start } = cursor;
    // One pass: the frame is small, and what is read of it three times shows.
    const limit = Math.min(bytes.length, start + SYMBOL_BYTES_MAX + 1);
    let end = start;
    let hash = 0;
    for (; end < limit; end += 1) {
      const code = bytes[end] as number;
      if (code === QUOTE) break;
      if (code <= SPACE || code > TILDE || code === BACKSLASH) return '';
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    if (end === start || end === limit) return '';
    cursor.at = end;
    return this.find(bytes, { start, length: end - start, hash });
  }

  /** The symbol of bytes that are printable and no part of an escape; '' where it is not known. */
  find(bytes: Uint8Array, { start, length, hash }: SymbolPlace): string {
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known && known.bytes.length === length && standsAt(known.bytes, bytes, start)) {
      return known.text;
    }
    // A copy: a Buffer's own slice() would keep the whole frame, and change with its bytes.
    const own = Uint8Array.from(bytes.subarray(start, start + length));
    const text = String.fromCharCode(...own);
    if (!this.#accepts(text)) return '';
    this.#slots[slot] = { bytes: own, text };
    return text;
  }
}

function standsAt(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < known.length; index += 1) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
