import type { FrameBytes } from '../model/frame-bytes.js';
import type { MutableBook } from './book-pool.js';
import type { BookScanner, FrameFacts } from './frame-scan.js';
import { FACT_AT, type FrameShape } from './frame-shape.js';
import type { KnownSymbols } from './known-symbols.js';
import {
  FRAME_READ,
  NOT_OF_SHAPE,
  openShapeKernel,
  type ReadShape,
  type ShapeKernel,
} from './shape-kernel.js';

/** What the facts of a shape mean for a book. */
export interface BookFacts {
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

/** Makes a scanner of such frames. */
export function createShapeScanner(shape: FrameShape, facts: BookFacts): BookScanner {
  const kernel = openShapeKernel();
  return kernel ? new ShapeScanner(kernel, shape, facts) : TAKES_NOTHING;
}

/** As much of the text that a frame begins with is looked at before the frame is copied. */
const HEAD_BYTES = 4;

class ShapeScanner implements BookScanner {
  readonly #types: readonly MutableBook['type'][];
  /** Which fact numbers the book's messages. */
  readonly #numberAt: number;
  readonly #checksumMax: number;
  readonly #kernel: ShapeKernel;
  readonly #read: ReadShape;
  readonly #symbols: KnownSymbols;
  /** A frame of another kind is told by these: it is not copied to be refused. */
  readonly #headEnd: Uint8Array;
  readonly #headEndAt: number;

  constructor(kernel: ShapeKernel, shape: FrameShape, facts: BookFacts) {
    const [first] = shape.steps;
    this.#types = facts.types ?? [];
    this.#numberAt = facts.isBookNumbered === true ? NUMBER : SEQUENCE;
    this.#checksumMax = facts.checksumMax ?? Infinity;
    this.#kernel = kernel;
    this.#read = kernel.readerOf(shape);
    this.#symbols = kernel.createSymbols(facts.isSymbol);
    const head = Buffer.from(first?.kind === 'text' ? first.text : '', 'latin1');
    this.#headEndAt = Math.max(0, head.length - HEAD_BYTES);
    this.#headEnd = Uint8Array.from(head.subarray(this.#headEndAt));
  }

  scan(bytes: FrameBytes, book: MutableBook, frame: FrameFacts): boolean {
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

  #mayFit({ memory, start }: FrameBytes): boolean {
    const wanted = this.#headEnd;
    const at = start + this.#headEndAt;
    for (let index = 0; index < wanted.length; index += 1) {
      if (memory[at + index] !== wanted[index]) return false;
    }
    return true;
  }

  #readParts(bytes: FrameBytes, book: MutableBook): boolean {
    const kernel = this.#kernel;
    book.symbol = '';
    let outcome = kernel.begin(this.#read, bytes);
    while (outcome !== NOT_OF_SHAPE) {
      if (book.symbol === '') book.symbol = kernel.findSymbol(this.#symbols);
      if (!kernel.putLevels(book.columns)) return false;
      if (outcome === FRAME_READ) return book.symbol !== '';
      // Growing by and by would touch the memory of a large snapshot three times.
      book.columns.reserve(kernel.foreseeLevels(book.columns.count, bytes));
      outcome = kernel.resume(this.#read, bytes);
    }
    return false;
  }
}
