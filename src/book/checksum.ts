// CRC-32 over the digits of a book, the proof that some venues send with each message. The digits
// are written from the integers into one buffer: making a string for each number takes twice as
// long.
import type { BookUnits, SideReader } from '../model/levels.js';
import { POWERS_OF_TEN } from './column-units.js';

const DIGIT_ZERO = 0x30;
const HALF = 1e8;
const HALF_DIGITS = 8;
/** Digits of the largest safe integer. */
const UNIT_DIGITS_MAX = 16;
const ROW_BYTES = 2 * UNIT_DIGITS_MAX;

function createCrcTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, index) => {
    let remainder = index;
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    }
    return remainder;
  });
}

const CRC_TABLE = createCrcTable();

/** Takes one more byte into a remainder. */
function stepCrc(remainder: number, byte: number): number {
  return (CRC_TABLE[(remainder ^ byte) & 0xff] as number) ^ (remainder >>> 8);
}

/** CRC-32/ISO-HDLC of the first `length` bytes, unsigned: `123456789` gives 0xCBF43926. */
export function crc32(bytes: Uint8Array, length: number): number {
  let crc = -1;
  for (let at = 0; at < length; at += 1) crc = stepCrc(crc, bytes[at] as number);
  return ~crc >>> 0;
}

/** Text for a checksum, made of the digits of integers. */
export interface ChecksumText {
  clear(): void;
  /** Appends the integer's digits without leading zeros; of zero nothing remains. */
  pushUnits(units: number | bigint): void;
  crc32(): number;
  /** The text so far, to show to a person who compares it. */
  toString(): string;
}

/** How many decimal digits an integer below 10^8 has; zero has none. */
function countDigits(part: number): number {
  let digits = 0;
  for (let rest = part; rest > 0; rest = (rest / 10) | 0) digits += 1;
  return digits;
}

/** Writes the digits of an integer below 10^8 so that the last one stands before `end`. */
function writePart(bytes: Uint8Array, end: number, part: number): void {
  let rest = part;
  for (let at = end - 1; rest > 0; at -= 1) {
    const next = (rest / 10) | 0;
    bytes[at] = DIGIT_ZERO + (rest - next * 10);
    rest = next;
  }
}

/** Writes the digits of a safe integer, none of zero. Returns where they end. */
function writeUnits(bytes: Uint8Array, at: number, units: number): number {
  // Two halves, because small integers divide much faster than doubles.
  const high = Math.floor(units / HALF);
  const low = units - high * HALF;
  if (high === 0) {
    const end = at + countDigits(low);
    writePart(bytes, end, low);
    return end;
  }
  const middle = at + countDigits(high);
  writePart(bytes, middle, high);
  const end = middle + HALF_DIGITS;
  bytes.fill(DIGIT_ZERO, middle, end);
  writePart(bytes, end, low);
  return end;
}

/** An empty text; keep one and clear it for each message. */
export function createChecksumText(): ChecksumText {
  let bytes = new Uint8Array(1024);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes.length * 2, length + more));
    grown.set(bytes.subarray(0, length));
    bytes = grown;
  }

  function pushText(text: string): void {
    reserve(text.length);
    for (let at = 0; at < text.length; at += 1) bytes[length + at] = text.charCodeAt(at);
    length += text.length;
  }

  return {
    clear() {
      length = 0;
    },
    pushUnits(units) {
      if (typeof units === 'bigint') {
        if (units !== 0n) pushText(String(units));
        return;
      }
      reserve(UNIT_DIGITS_MAX);
      length = writeUnits(bytes, length, units);
    },
    crc32: () => crc32(bytes, length),
    toString: () => String.fromCharCode(...bytes.subarray(0, length)),
  };
}

/** What the venue's checksum covers. */
export interface BookChecksumOptions {
  /** The best levels of each side that are covered; a shorter side is covered whole. */
  readonly depth: number;
  /** The decimals the venue prints; more where its own messages showed more. */
  readonly priceDecimals?: number | undefined;
  readonly sizeDecimals?: number | undefined;
}

function scaleUnits(units: number | bigint, gap: number): number | bigint {
  if (gap <= 0) return units;
  const scaled = typeof units === 'number' && gap <= 15 ? units * 10 ** gap : NaN;
  return Number.isSafeInteger(scaled) ? scaled : BigInt(units) * 10n ** BigInt(gap);
}

/** What a checksum of levels is made with. */
interface LevelTerms {
  readonly depth: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

/**
 * The covered levels of one book as they were last, with the digits of each. Most messages change
 * none of them, or one: its digits are written anew, and the rest is as it was.
 */
class CoveredLevels {
  readonly #terms: LevelTerms;
  readonly #prices: Float64Array;
  readonly #sizes: Float64Array;
  /** One slot for each level: the digits of its price, then of its size. */
  readonly #digits: Uint8Array;
  readonly #lengths: Uint8Array;
  readonly #counts: [number, number] = [0, 0];
  #priceFactor = NaN;
  #sizeFactor = NaN;
  #checksum = 0;

  constructor(terms: LevelTerms) {
    this.#terms = terms;
    const rows = 2 * terms.depth;
    this.#prices = new Float64Array(rows).fill(NaN);
    this.#sizes = new Float64Array(rows).fill(NaN);
    this.#digits = new Uint8Array(rows * ROW_BYTES);
    this.#lengths = new Uint8Array(rows);
  }

  /** Undefined where a number is too long for this, and the text has to be made. */
  compute(levels: BookUnits): number | undefined {
    const { depth, priceDecimals, sizeDecimals } = this.#terms;
    const priceFactor = POWERS_OF_TEN[Math.max(0, priceDecimals - levels.priceDecimals)] ?? NaN;
    const sizeFactor = POWERS_OF_TEN[Math.max(0, sizeDecimals - levels.sizeDecimals)] ?? NaN;
    const isSameScale = priceFactor === this.#priceFactor && sizeFactor === this.#sizeFactor;
    if (!isSameScale) this.#prices.fill(NaN);
    this.#priceFactor = priceFactor;
    this.#sizeFactor = sizeFactor;
    const asks = this.#note(levels.asks, 0);
    const bids = asks === undefined ? undefined : this.#note(levels.bids, depth);
    if (asks === undefined || bids === undefined) return undefined;
    if (asks || bids || !isSameScale) this.#checksum = this.#sum();
    return this.#checksum;
  }

  /** Whether a level of the side is another; undefined where one is no safe integer. */
  #note(side: SideReader, firstRow: number): boolean | undefined {
    const count = Math.min(this.#terms.depth, side.count);
    const sideIndex = firstRow === 0 ? 0 : 1;
    let isChanged = count !== this.#counts[sideIndex];
    this.#counts[sideIndex] = count;
    for (let rank = 0; rank < count; rank += 1) {
      const row = firstRow + rank;
      const price = side.priceAt(rank);
      const size = side.sizeAt(rank);
      if (price === this.#prices[row] && size === this.#sizes[row]) continue;
      if (typeof price !== 'number' || typeof size !== 'number') return this.#giveUp();
      const priceUnits = price * this.#priceFactor;
      const sizeUnits = size * this.#sizeFactor;
      const areSafe = Number.isSafeInteger(priceUnits) && Number.isSafeInteger(sizeUnits);
      if (!areSafe) return this.#giveUp();
      this.#prices[row] = price;
      this.#sizes[row] = size;
      const at = row * ROW_BYTES;
      const sizeAt = writeUnits(this.#digits, at, priceUnits);
      this.#lengths[row] = writeUnits(this.#digits, sizeAt, sizeUnits) - at;
      isChanged = true;
    }
    return isChanged;
  }

  #giveUp(): undefined {
    this.#priceFactor = NaN;
    return undefined;
  }

  #sum(): number {
    const { depth } = this.#terms;
    const [asks, bids] = this.#counts;
    let crc = -1;
    for (let row = 0; row < depth + bids; row += 1) {
      if (row >= asks && row < depth) continue;
      const start = row * ROW_BYTES;
      const end = start + (this.#lengths[row] as number);
      for (let at = start; at < end; at += 1) crc = stepCrc(crc, this.#digits[at] as number);
    }
    return ~crc >>> 0;
  }
}

/**
 * The checksum over price and size of the best levels: asks from the lowest price up, then bids
 * from the highest down, each number printed with its decimals, without the point and leading
 * zeros.
 */
export function createBookChecksum(options: BookChecksumOptions): (levels: BookUnits) => number {
  const { depth, priceDecimals = 0, sizeDecimals = 0 } = options;
  const terms = { depth, priceDecimals, sizeDecimals };
  const known = new WeakMap<BookUnits, CoveredLevels>();
  const text = createChecksumText();
  return (levels) => {
    let covered = known.get(levels);
    if (!covered) known.set(levels, (covered = new CoveredLevels(terms)));
    return covered.compute(levels) ?? computeFromText(text, levels, terms);
  };
}

function computeFromText(text: ChecksumText, levels: BookUnits, terms: LevelTerms): number {
  const priceGap = terms.priceDecimals - levels.priceDecimals;
  const sizeGap = terms.sizeDecimals - levels.sizeDecimals;
  text.clear();
  for (const side of [levels.asks, levels.bids]) {
    const count = Math.min(terms.depth, side.count);
    for (let rank = 0; rank < count; rank += 1) {
      text.pushUnits(scaleUnits(side.priceAt(rank), priceGap));
      text.pushUnits(scaleUnits(side.sizeAt(rank), sizeGap));
    }
  }
  return text.crc32();
}
