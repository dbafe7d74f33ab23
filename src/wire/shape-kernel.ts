/**
 * The fast reader of books: a WebAssembly module with a function for each shape of a frame, several
 * times as fast as the same in JavaScript. It is made of `assembly/` and of the shapes that venues
 * declare. One for all codecs of a thread.
 */
import { createDecimalReader } from '../book/decimal.js';
import type { FrameBytes } from '../model/frame-bytes.js';
import {
  DIGITS_WORDS,
  type DigitsMost,
  type LevelArrays,
  type MutableLevelColumns,
} from '../book/level-columns.js';
import { FACT_AT, type FrameShape } from './frame-shape.js';
import { KnownSymbols } from './known-symbols.js';
import { SHAPE_KERNEL } from './shape-kernel-bytes.js';

/** As much of the runtime's WebAssembly as is needed; its types come with the browser's only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: KernelExports };
  readonly CompileError: new () => Error;
}

type KernelExports = Readonly<Record<NumberName, { readonly value: number }>> & {
  readonly memory: { readonly buffer: ArrayBuffer };
} & Readonly<Record<string, unknown>>;

/**
 * Reads a frame of one shape, or its next part, of so many bytes at a place; `isFresh` where it
 * begins. Both are 0 or 1: converting a boolean takes longer.
 */
export type ReadShape = (at: number, length: number, isLast: number, isFresh: number) => number;

/** Places in its memory, in bytes; sizes. */
type KernelNumbers = Readonly<Record<NumberName, number>>;
type NumberName = (typeof NUMBERS)[number];

const NUMBERS = [
  'FACTS_AT',
  'RESULT_AT',
  'FRAME_AT',
  'FRAME_BYTES_MAX',
  'READ_AT',
  'READ_BYTES',
  'LEVELS_MAX',
  'LONG_AT',
  'LONG_MAX',
  'SIDES_AT',
  'PRICE_UNITS_AT',
  'PRICE_DECIMALS_AT',
  'SIZE_UNITS_AT',
  'SIZE_DECIMALS_AT',
  'SYMBOL_SLOTS',
] as const;

const FACTS = Object.keys(FACT_AT).length;

/** The frame is not of the shape; parts of it may have been taken. */
export const NOT_OF_SHAPE = 0;
/** All of the frame was read. Any other number: it is large, and there is more of it. */
export const FRAME_READ = 2;

/** Where in `#result` what is. */
const BYTES_BEHIND = 0;
const LEVELS_READ = 1;
const LONG_READ = 2;
const SYMBOL_AT = 3;
const SYMBOL_LENGTH = 4;
const SYMBOL_SLOT = 5;
const SYMBOL_NUMBER = 6;
const DIGITS_MOST = 7;

/** Reads frames of the shapes that it was made for. */
export class ShapeKernel {
  /** Of the frame that was read last, by FACT_AT; NaN where it does not say. */
  readonly facts: Float64Array;
  /** All of the memory, and the part that sockets read into: see `Codec.memory`. */
  readonly bytes: Uint8Array;
  readonly readMemory: Uint8Array;
  readonly #exports: KernelExports;
  readonly #result: Int32Array;
  readonly #levels: LevelArrays;
  readonly #digitsMost: DigitsMost;
  /** Numbers that are too long: which one, and where it stands. */
  readonly #long: Int32Array;
  readonly #decimals = createDecimalReader();
  readonly #frameAt: number;
  readonly #frameBytesMax: number;
  readonly #readAt: number;
  /** How much of the frame in hand is behind. */
  #behind = 0;
  /** Who shows the levels that were read last. */
  #borrower: MutableLevelColumns | undefined;

  constructor(exports: KernelExports) {
    this.#exports = exports;
    const numbers = readNumbers(exports);
    const { buffer } = exports.memory;
    this.bytes = new Uint8Array(buffer);
    this.facts = new Float64Array(buffer, numbers.FACTS_AT, FACTS);
    this.#result = new Int32Array(buffer, numbers.RESULT_AT, DIGITS_MOST + DIGITS_WORDS);
    this.#digitsMost = this.#result.subarray(DIGITS_MOST);
    this.#long = new Int32Array(buffer, numbers.LONG_AT, 2 * numbers.LONG_MAX);
    this.#levels = viewLevels(buffer, numbers);
    this.#frameAt = numbers.FRAME_AT;
    this.#readAt = numbers.READ_AT;
    this.readMemory = new Uint8Array(buffer, numbers.READ_AT, numbers.READ_BYTES);
    this.#frameBytesMax = numbers.FRAME_BYTES_MAX;
  }

  /** What reads frames of a shape. */
  readerOf({ name }: FrameShape): ReadShape {
    const read = this.#exports[name];
    if (typeof read === 'function') return read as ReadShape;
    throw new RangeError(`The module cannot read "${name}": run \`npm run kernel\`.`);
  }

  /** Reads a frame, or its first part; returns FRAME_READ, NOT_OF_SHAPE or neither. */
  begin(read: ReadShape, frame: FrameBytes): number {
    this.#takeBack();
    this.#behind = 0;
    const { memory, start, end } = frame;
    if (memory === this.readMemory) return read(this.#readAt + start, end - start, 1, 1);
    const length = this.#bring(frame.view);
    return read(this.#frameAt, length, Number(length === end - start), 1);
  }

  /** Reads the next part, once what the last one said is taken. */
  resume(read: ReadShape, { view }: FrameBytes): number {
    const behind = this.#result[BYTES_BEHIND] as number;
    // What goes no further is of no shape.
    if (behind === 0) return NOT_OF_SHAPE;
    this.#takeBack();
    this.#behind += behind;
    const length = this.#bring(view);
    return read(this.#frameAt, length, Number(this.#behind + length === view.length), 0);
  }

  /**
   * Adds the levels of the part that was read last; false where a long number is none. They are
   * lent until something else is read.
   */
  putLevels(columns: MutableLevelColumns): boolean {
    const start = columns.count;
    const count = this.#result[LEVELS_READ] as number;
    if (start === 0) {
      columns.borrow(this.#levels, count, this.#digitsMost);
      this.#borrower = columns;
    } else {
      columns.append(this.#levels, count);
    }
    const longCount = this.#result[LONG_READ] as number;
    for (let index = 0; index < longCount; index += 1) {
      const number = this.#long[2 * index] as number;
      const at = this.#long[2 * index + 1] as number;
      if (this.#decimals.readPrefix(this.bytes, at, this.bytes.length) < 0) return false;
      columns.putNumber(2 * start + number, this.#decimals);
    }
    return true;
  }

  /** How many levels all of a frame has, as it looks by those of the parts that were read. */
  foreseeLevels(read: number, { start, end }: FrameBytes): number {
    const behind = this.#behind + (this.#result[BYTES_BEHIND] as number);
    return Math.ceil((read * (end - start)) / Math.max(1, behind));
  }

  /** The frame's symbol, if it is in the part that was read last and is one; '' otherwise. */
  findSymbol(symbols: KnownSymbols): string {
    const result = this.#result;
    const length = result[SYMBOL_LENGTH] as number;
    if (length === 0) return '';
    const slot = result[SYMBOL_SLOT] as number;
    const number = result[SYMBOL_NUMBER] as number;
    const known = symbols.find(slot, number);
    if (known !== undefined) return known;
    const start = result[SYMBOL_AT] as number;
    return symbols.learn(slot, number, this.bytes.subarray(start, start + length));
  }

  /** Texts of its symbols, of which `accepts` knows some. */
  createSymbols(accepts: ((text: string) => boolean) | undefined): KnownSymbols {
    return new KnownSymbols(readNumber(this.#exports, 'SYMBOL_SLOTS'), accepts);
  }

  /** Whoever shows levels of an earlier frame, which may be another codec's, has them copied. */
  #takeBack(): void {
    if (this.#borrower === undefined || this.#borrower.count === 0) return;
    this.#borrower.keep();
    this.#borrower = undefined;
  }

  /** Copies as much as there is room for; returns how much. */
  #bring(frame: Uint8Array): number {
    const behind = this.#behind;
    const isWhole = behind === 0 && frame.length <= this.#frameBytesMax;
    const part = isWhole ? frame : frame.subarray(behind, behind + this.#frameBytesMax);
    this.bytes.set(part, this.#frameAt);
    return part.length;
  }
}

function readNumber(exports: KernelExports, name: NumberName): number {
  return exports[name].value;
}

function readNumbers(exports: KernelExports): KernelNumbers {
  const values = NUMBERS.map((name) => [name, readNumber(exports, name)]);
  return Object.fromEntries(values) as KernelNumbers;
}

function viewLevels(buffer: ArrayBuffer, numbers: KernelNumbers): LevelArrays {
  const { LEVELS_MAX } = numbers;
  return {
    sides: new Uint8Array(buffer, numbers.SIDES_AT, LEVELS_MAX),
    priceUnits: new Float64Array(buffer, numbers.PRICE_UNITS_AT, LEVELS_MAX),
    priceDecimals: new Uint8Array(buffer, numbers.PRICE_DECIMALS_AT, LEVELS_MAX),
    sizeUnits: new Float64Array(buffer, numbers.SIZE_UNITS_AT, LEVELS_MAX),
    sizeDecimals: new Uint8Array(buffer, numbers.SIZE_DECIMALS_AT, LEVELS_MAX),
  };
}

let opened: ShapeKernel | undefined;
let isTried = false;

/**
 * Made with the first codec. Undefined where there is no WebAssembly, where none may be compiled,
 * and where there is no memory for it: then the ordinary codec reads every frame, which is slower
 * and tells the same.
 */
export function openShapeKernel(): ShapeKernel | undefined {
  if (isTried) return opened;
  isTried = true;
  const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi };
  if (api === undefined) return undefined;
  try {
    const module = new api.Module(Buffer.from(SHAPE_KERNEL, 'base64'));
    opened = new ShapeKernel(new api.Instance(module).exports);
  } catch (error) {
    // By the policy of a page or of a context.
    const isForbidden = error instanceof api.CompileError;
    // Where the address space is limited, as by `ulimit -v`.
    const isNoRoom = error instanceof RangeError;
    if (!isForbidden && !isNoRoom) throw error;
  }
  return opened;
}
