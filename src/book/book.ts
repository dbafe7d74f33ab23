import type { BookEvidence, BookReadOptions, BookState, BookTop, BookView } from '../model/book.js';
import { ASK, BID, type BookUnits, type Level, type Side } from '../model/levels.js';
import type { BookMessage } from '../model/message.js';
import { checkNames } from '../model/option-names.js';
import { asksForStale } from '../model/read-options.js';
import { createBookLevels, type BookLevels } from './book-levels.js';
import {
  BOOK_TERM_NAMES,
  createBookLife,
  refuseEarly,
  type ApplyOutcome,
  type BookLife,
  type BookTerms,
  type StaleCause,
} from './book-life.js';
import { exactPowerOfTen } from './column-units.js';
import { createDecimalReader, formatUnits, MAX_DIGITS, type DecimalReader } from './decimal.js';
import { LevelReader, type TextDecimals } from './level-reader.js';

/** Levels a side that a whole book holds at most, unless it is told otherwise. */
export const DEFAULT_MAX_LEVELS = 250_000;

/** What a book is made of. */
export interface BookOptions extends BookTerms {
  /** Levels a side that a whole book may hold; 250,000 by default. A message above is refused. */
  readonly maxLevels?: number | undefined;
  /** Decimals the venue announces; the wire may show more and the book follows it. */
  readonly priceDecimals?: number | undefined;
  readonly sizeDecimals?: number | undefined;
  /** Decimals shown at least; absent for the shortest text, as in `65083.67` and `1505`. */
  readonly textDecimals?: TextDecimals | undefined;
  /** The venue's checksum over our levels; compared with the one a message brings. */
  readonly computeChecksum?: ((levels: BookUnits) => number) | undefined;
}

/** A book to keep. The methods here are the feed's; readers are given it as a BookView. */
export interface Book extends BookView {
  /** Replaces every level and, if all checks pass, makes the book live; else it goes stale. */
  applySnapshot(message: BookMessage, atMs: number): ApplyOutcome;
  /**
   * Changes a live book, which goes stale where that fails. A book that is not live refuses and
   * stays as it is.
   */
  applyDelta(message: BookMessage, atMs: number): ApplyOutcome;
  /** A snapshot is on its way; readers get nothing until it is applied. */
  markSyncing(atMs: number): void;
  /** The levels are no longer to be trusted; only a snapshot makes the book live again. */
  markStale(cause: StaleCause, atMs: number): void;
  /** The levels in units, live or not, for checksums and servers; they do not fail closed. */
  readonly levels: BookUnits;
}

const APPLIED: ApplyOutcome = Object.freeze({ kind: 'applied' });

interface Keeping {
  readonly options: BookOptions;
  readonly levels: BookLevels;
  readonly life: BookLife;
  readonly reader: LevelReader;
  readonly decimals: DecimalReader;
  venueAtMs: number;
}

/** A misspelt `computeChecksum` would leave every message unverified, and nothing would say so. */
const BOOK_OPTION_NAMES: Readonly<Record<keyof BookOptions, true>> = {
  ...BOOK_TERM_NAMES,
  maxLevels: true,
  priceDecimals: true,
  sizeDecimals: true,
  textDecimals: true,
};

function assertOptions(options: BookOptions): void {
  checkNames('the options of createBook', options, BOOK_OPTION_NAMES);
  const { depth, maxLevels, priceDecimals, sizeDecimals, textDecimals } = options;
  const check = (name: string, value: number | undefined, least: number): void => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
    throw new RangeError(`${name} is ${value}; it must be an integer from ${least}.`);
  };
  check('depth', depth === 'whole' ? undefined : depth, 1);
  check('maxLevels', maxLevels, 1);
  const decimals = { priceDecimals, sizeDecimals, ...textDecimals };
  for (const [name, value] of Object.entries(decimals)) {
    check(name, value, 0);
    if ((value ?? 0) > MAX_DIGITS)
      throw new RangeError(`${name} is ${value}, above ${MAX_DIGITS}.`);
  }
}

function refuse(keeping: Keeping, cause: StaleCause, atMs: number): ApplyOutcome {
  keeping.life.markStale(cause, atMs);
  return { kind: 'refused', ...cause };
}

/** What is wrong with the levels as they now are, or undefined. */
function findFault(keeping: Keeping, message: BookMessage): StaleCause | undefined {
  const { levels, life, options } = keeping;
  if (levels.isCrossed()) {
    const bid = formatUnits(levels.bids.priceAt(0), levels.priceDecimals, 0);
    const ask = formatUnits(levels.asks.priceAt(0), levels.priceDecimals, 0);
    return { reason: 'crossed', detail: `The best bid ${bid} is not below the best ask ${ask}.` };
  }
  if (options.computeChecksum === undefined || Number.isNaN(message.checksum)) return undefined;
  const computed = options.computeChecksum(levels);
  if (computed !== message.checksum) {
    const detail = `The venue's checksum is ${message.checksum} and ours ${computed}.`;
    return { reason: 'checksum-mismatch', detail };
  }
  life.countVerified();
  return undefined;
}

function applySnapshot(keeping: Keeping, message: BookMessage, atMs: number): ApplyOutcome {
  if (message.type !== 'book.snapshot') throw new TypeError('A delta is not a snapshot.');
  const detail = keeping.levels.replace(message.columns);
  if (detail !== undefined) return refuse(keeping, { reason: 'frame-invalid', detail }, atMs);
  const fault = findFault(keeping, message);
  if (fault) return refuse(keeping, fault, atMs);
  keeping.venueAtMs = message.venueAtMs;
  keeping.life.countApplied('snapshot', atMs);
  keeping.life.markLive(atMs);
  return APPLIED;
}

function applyDelta(keeping: Keeping, message: BookMessage, atMs: number): ApplyOutcome {
  if (message.type !== 'book.delta') throw new TypeError('A snapshot is not a delta.');
  if (!keeping.life.isLive) return refuseEarly(keeping.life);
  const detail = keeping.levels.merge(message.columns);
  if (detail !== undefined) return refuse(keeping, { reason: 'frame-invalid', detail }, atMs);
  const fault = findFault(keeping, message);
  if (fault) return refuse(keeping, fault, atMs);
  keeping.venueAtMs = message.venueAtMs;
  keeping.life.countApplied('delta', atMs);
  return APPLIED;
}

function isReadable(keeping: Keeping, read: BookReadOptions | undefined): boolean {
  return asksForStale(read) || keeping.life.isLive;
}

/** The price's units at the book's decimals; undefined where the book cannot hold such a price. */
function toPriceUnits(keeping: Keeping, price: string): bigint | undefined {
  const { decimals, levels } = keeping;
  if (!decimals.readText(price)) return undefined;
  const units = decimals.exactUnits ?? BigInt(decimals.units);
  const gap = levels.priceDecimals - decimals.decimals;
  if (gap >= 0) return units * exactPowerOfTen(gap);
  const factor = exactPowerOfTen(-gap);
  return units % factor === 0n ? units / factor : undefined;
}

function readSizeAt(keeping: Keeping, side: Side, price: string): string | undefined {
  const units = toPriceUnits(keeping, price);
  if (units === undefined) return undefined;
  const { levels, options } = keeping;
  const size = levels.sizeOf(side === 'bid' ? BID : ASK, units);
  if (size === undefined) return undefined;
  return formatUnits(size, levels.sizeDecimals, options.textDecimals?.size ?? 0);
}

/** A class for the reason that `HeldBookLevels` is one. */
class LevelBook implements Book {
  readonly #keeping: Keeping;

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
  }

  get venue(): string {
    return this.#keeping.options.venue;
  }

  get symbol(): string {
    return this.#keeping.options.symbol;
  }

  get verifiedDepth(): BookOptions['verifiedDepth'] {
    return this.#keeping.options.verifiedDepth;
  }

  get levels(): BookUnits {
    return this.#keeping.levels;
  }

  get state(): BookState {
    return this.#keeping.life.state;
  }

  get bidCount(): number {
    const { life, levels } = this.#keeping;
    return life.isLive ? levels.bids.count : 0;
  }

  get askCount(): number {
    const { life, levels } = this.#keeping;
    return life.isLive ? levels.asks.count : 0;
  }

  get venueAtMs(): number {
    return this.#keeping.venueAtMs;
  }

  bestBid(read?: BookReadOptions): Level | undefined {
    const { reader } = this.#keeping;
    return isReadable(this.#keeping, read) ? reader.bestBid() : undefined;
  }

  bestAsk(read?: BookReadOptions): Level | undefined {
    const { reader } = this.#keeping;
    return isReadable(this.#keeping, read) ? reader.bestAsk() : undefined;
  }

  top(depth: number, read?: BookReadOptions): BookTop {
    const { levels, reader } = this.#keeping;
    if (!isReadable(this.#keeping, read)) return { bids: [], asks: [] };
    return { bids: reader.top(levels.bids, depth), asks: reader.top(levels.asks, depth) };
  }

  sizeAt(side: Side, price: string, read?: BookReadOptions): string | undefined {
    return isReadable(this.#keeping, read) ? readSizeAt(this.#keeping, side, price) : undefined;
  }

  evidence(): BookEvidence {
    return this.#keeping.life.evidence();
  }

  applySnapshot(message: BookMessage, atMs: number): ApplyOutcome {
    return applySnapshot(this.#keeping, message, atMs);
  }

  applyDelta(message: BookMessage, atMs: number): ApplyOutcome {
    return applyDelta(this.#keeping, message, atMs);
  }

  markSyncing(atMs: number): void {
    this.#keeping.life.markSyncing(atMs);
  }

  markStale(cause: StaleCause, atMs: number): void {
    this.#keeping.life.markStale(cause, atMs);
  }
}

/**
 * A book that waits for its first snapshot. Throws OPTION_INVALID for a name that nobody reads, and
 * RangeError for a number that is none of its kind.
 */
export function createBook(options: BookOptions): Book {
  assertOptions(options);
  const { priceDecimals = 0, sizeDecimals = 0, maxLevels = DEFAULT_MAX_LEVELS } = options;
  const scale = { priceDecimals, sizeDecimals };
  const levels = createBookLevels({ scale, depth: options.depth, maxLevels });
  const life = createBookLife(options);
  const reader = new LevelReader(levels, options.textDecimals);
  const decimals = createDecimalReader();
  return new LevelBook({ options, levels, life, reader, decimals, venueAtMs: NaN });
}
