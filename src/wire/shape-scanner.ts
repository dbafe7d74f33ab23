import type { MutableBook } from './book-pool.js';
import type { BookScanner, FrameFacts } from './frame-scan.js';
import type { ShapeStep } from './frame-shape.js';
import { FACT_AT } from './shape-compiler.js';
import { FRAME_READ, NOT_OF_SHAPE, openShapeKernel, type ShapeKernel } from './shape-kernel.js';
import { SymbolCache } from './symbol-cache.js';

/** The frames of one kind. */
export interface BookFrameShape {
  readonly steps: readonly ShapeStep[];
  /** By the fact `type`; where the frame has none it is a delta. */
  readonly types?: readonly MutableBook['type'][];
  /** Whether the frame's `number` counts the book's messages, too. */
  readonly isBookNumbered?: boolean;
  readonly checksumMax?: number;
  readonly isSymbol?: (text: string) => boolean;
}

const { type: TYPE, number: NUMBER, sentAtMs: SENT_AT_MS } = FACT_AT;
const { sequence: SEQUENCE, venueAtMs: VENUE_AT_MS, checksum: CHECKSUM } = FACT_AT;

/** For a runtime without WebAssembly. */
const TAKES_NOTHING: BookScanner = { scan: () => false };

const places = new WeakMap<readonly ShapeStep[], number>();

/** A shape takes room once, however many codecs read it. */
function placeOf(steps: readonly ShapeStep[], kernel: ShapeKernel): number {
  const place = places.get(steps) ?? kernel.add(steps);
  places.set(steps, place);
  return place;
}

/** Makes a scanner of such frames. */
export function createShapeScanner(shape: BookFrameShape): BookScanner {
  const kernel = openShapeKernel();
  return kernel ? new ShapeScanner(shape, kernel) : TAKES_NOTHING;
}

/** As much of the text that a frame begins with is looked at before the frame is copied. */
const HEAD_BYTES = 4;

class ShapeScanner implements BookScanner {
  readonly #types: readonly MutableBook['type'][];
  /** Which fact numbers the book's messages. */
  readonly #numberAt: number;
  readonly #checksumMax: number;
  readonly #kernel: ShapeKernel;
  readonly #place: number;
  readonly #symbols: SymbolCache;
  /** A frame of another kind is told by these: it is not copied to be refused. */
  readonly #headEnd: Uint8Array;
  readonly #headEndAt: number;

  constructor(shape: BookFrameShape, kernel: ShapeKernel) {
    const [first] = shape.steps;
    this.#types = shape.types ?? [];
    this.#numberAt = shape.isBookNumbered === true ? NUMBER : SEQUENCE;
    this.#checksumMax = shape.checksumMax ?? Infinity;
    this.#kernel = kernel;
    this.#place = placeOf(shape.steps, kernel);
    this.#symbols = new SymbolCache(shape.isSymbol);
    const head = Buffer.from(first?.kind === 'text' ? first.text : '', 'latin1');
    this.#headEndAt = Math.max(0, head.length - HEAD_BYTES);
    this.#headEnd = Uint8Array.from(head.subarray(this.#headEndAt));
  }

  scan(bytes: Uint8Array, book: MutableBook, frame: FrameFacts): boolean {
    if (!this.#mayFit(bytes) || !this.#readParts(bytes, book)) return false;
    const { facts } = this.#kernel;
    book.type = this.#types[facts[TYPE] as number] ?? 'book.delta';
    book.venueAtMs = facts[VENUE_AT_MS] as number;
    book.checksum = facts[CHECKSUM] as number;
    frame.number = facts[NUMBER] as number;
    frame.sentAtMs = facts[SENT_AT_MS] as number;
    book.firstNumber = book.lastNumber = facts[this.#numberAt] as number;
    return !(book.checksum > this.#checksumMax);
  }

  #mayFit(bytes: Uint8Array): boolean {
    const wanted = this.#headEnd;
    for (let index = 0; index < wanted.length; index += 1) {
      if (bytes[this.#headEndAt + index] !== wanted[index]) return false;
    }
    return true;
  }

  #readParts(bytes: Uint8Array, book: MutableBook): boolean {
    const kernel = this.#kernel;
    book.symbol = '';
    let outcome = kernel.begin(this.#place, bytes);
    while (outcome !== NOT_OF_SHAPE) {
      if (book.symbol === '') book.symbol = kernel.findSymbol(this.#symbols);
      if (!kernel.appendLevels(book.columns)) return false;
      if (outcome === FRAME_READ) return book.symbol !== '';
      outcome = kernel.resume(bytes);
    }
    return false;
  }
}
