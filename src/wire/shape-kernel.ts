/**
 * The fast reader of books: a WebAssembly module (its sources are in `assembly/`) that interprets
 * shapes of frames, twice as fast as the same in JavaScript. One for all codecs of a thread: what
 * it has read is taken out before it reads anything else.
 */
import { createDecimalReader } from '../book/decimal.js';
import type { LevelArrays, MutableLevelColumns } from '../book/level-columns.js';
import type { ShapeStep } from './frame-shape.js';
import { compileShape, FACT_AT, STEP_NAMES } from './shape-compiler.js';
import { SHAPE_KERNEL } from './shape-kernel-bytes.js';
import type { SymbolCache } from './symbol-cache.js';

/** As much of the runtime's WebAssembly as is needed; its types come with the browser's only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: KernelExports };
  readonly CompileError: new () => Error;
}

type KernelExports = KernelFunctions & Readonly<Record<NumberName, { readonly value: number }>>;

interface KernelFunctions {
  readonly memory: { readonly buffer: ArrayBuffer };
  scan(shape: number, length: number, isLast: number): number;
  resume(length: number, isLast: number): number;
}

/** Places in its memory, in bytes; sizes; the numbers of its steps. */
type KernelNumbers = Readonly<Record<NumberName, number>>;
type NumberName = (typeof NUMBERS)[number];

const NUMBERS = [
  'FACTS_AT',
  'RESULT_AT',
  'SHAPES_AT',
  'SHAPES_BYTES_MAX',
  'FRAME_AT',
  'FRAME_BYTES_MAX',
  'LEVELS_MAX',
  'LONG_AT',
  'LONG_MAX',
  'SIDES_AT',
  'PRICE_UNITS_AT',
  'PRICE_DECIMALS_AT',
  'SIZE_UNITS_AT',
  'SIZE_DECIMALS_AT',
  ...STEP_NAMES,
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
const SYMBOL_HASH = 5;

const WORD_BYTES = 4;

/** Interprets shapes. */
export class ShapeKernel {
  /** Of the frame that was read last, by FACT_AT; NaN where it does not say. */
  readonly facts: Float64Array;
  /** All of the memory. */
  readonly bytes: Uint8Array;
  readonly #functions: KernelFunctions;
  readonly #numbers: KernelNumbers;
  readonly #result: Int32Array;
  readonly #levels: LevelArrays;
  /** Numbers that are too long: which one, and where it stands. */
  readonly #long: Int32Array;
  readonly #decimals = createDecimalReader();
  readonly #texts = new Map<string, number>();
  readonly #frameAt: number;
  readonly #frameBytesMax: number;
  #shapesEnd: number;
  /** How much of the frame in hand is behind. */
  #behind = 0;

  constructor(exports: KernelExports) {
    this.#functions = exports;
    const numbers = readNumbers(exports);
    const { buffer } = this.#functions.memory;
    this.#numbers = numbers;
    this.bytes = new Uint8Array(buffer);
    this.facts = new Float64Array(buffer, numbers.FACTS_AT, FACTS);
    this.#result = new Int32Array(buffer, numbers.RESULT_AT, SYMBOL_HASH + 1);
    this.#long = new Int32Array(buffer, numbers.LONG_AT, 2 * numbers.LONG_MAX);
    this.#levels = viewLevels(buffer, numbers);
    this.#frameAt = numbers.FRAME_AT;
    this.#frameBytesMax = numbers.FRAME_BYTES_MAX;
    this.#shapesEnd = numbers.SHAPES_AT;
  }

  /** Returns what `begin` calls the shape. */
  add(steps: readonly ShapeStep[]): number {
    const words = compileShape(steps, {
      steps: this.#numbers,
      placeText: (wanted) => this.#placeText(wanted),
    });
    const start = this.#reserve(words.length * WORD_BYTES);
    const placed = words.map((word) =>
      typeof word === 'number' ? word : start + word.index * WORD_BYTES,
    );
    this.bytes.set(new Uint8Array(Int32Array.from(placed).buffer), start);
    return start;
  }

  /** Reads a frame of the shape, or its first part; returns FRAME_READ, NOT_OF_SHAPE or neither. */
  begin(shape: number, frame: Uint8Array): number {
    this.#behind = 0;
    const length = this.#bring(frame);
    return this.#functions.scan(shape, length, Number(length === frame.length));
  }

  /** Reads the next part, once what the last one said is taken. */
  resume(frame: Uint8Array): number {
    const behind = this.#result[BYTES_BEHIND] as number;
    // What goes no further is of no shape.
    if (behind === 0) return NOT_OF_SHAPE;
    this.#behind += behind;
    const length = this.#bring(frame);
    return this.#functions.resume(length, Number(this.#behind + length === frame.length));
  }

  /** Adds the levels of the part that was read last; false where a long number is none. */
  appendLevels(columns: MutableLevelColumns): boolean {
    const start = columns.count;
    columns.append(this.#levels, this.#result[LEVELS_READ] as number);
    const longCount = this.#result[LONG_READ] as number;
    for (let index = 0; index < longCount; index += 1) {
      const number = this.#long[2 * index] as number;
      const at = this.#long[2 * index + 1] as number;
      if (this.#decimals.readPrefix(this.bytes, at, this.bytes.length) < 0) return false;
      columns.putNumber(2 * start + number, this.#decimals);
    }
    return true;
  }

  /** The frame's symbol, if it is in the part that was read last and is one; '' otherwise. */
  findSymbol(symbols: SymbolCache): string {
    const result = this.#result;
    const length = result[SYMBOL_LENGTH] as number;
    if (length === 0) return '';
    const start = result[SYMBOL_AT] as number;
    return symbols.find(this.bytes, { start, length, hash: result[SYMBOL_HASH] as number });
  }

  /** Copies as much as there is room for; returns how much. */
  #bring(frame: Uint8Array): number {
    const behind = this.#behind;
    const isWhole = behind === 0 && frame.length <= this.#frameBytesMax;
    const part = isWhole ? frame : frame.subarray(behind, behind + this.#frameBytesMax);
    this.bytes.set(part, this.#frameAt);
    return part.length;
  }

  /** Each text takes room once. */
  #placeText(wanted: string): number {
    const known = this.#texts.get(wanted);
    const at = known ?? this.#reserve(wanted.length);
    if (known === undefined) this.bytes.set(Buffer.from(wanted, 'latin1'), at);
    this.#texts.set(wanted, at);
    return at;
  }

  #reserve(length: number): number {
    const at = this.#shapesEnd;
    const { SHAPES_AT, SHAPES_BYTES_MAX } = this.#numbers;
    this.#shapesEnd = Math.ceil((at + length) / WORD_BYTES) * WORD_BYTES;
    if (this.#shapesEnd > SHAPES_AT + SHAPES_BYTES_MAX) {
      throw new RangeError('There is no room for another shape: raise SHAPES_BYTES_MAX.');
    }
    return at;
  }
}

function readNumbers(exports: KernelExports): KernelNumbers {
  const values = NUMBERS.map((name) => [name, exports[name].value]);
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
