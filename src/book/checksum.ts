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

/** Four tables of 256 remainders in a row: of a byte, and of one with one to three more after. */
function createCrcTables(): Int32Array {
  const tables = new Int32Array(4 * 256);
  for (let index = 0; index < tables.length; index += 1) {
    let remainder = index < 256 ? index : (tables[index - 256] as number);
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    }
    tables[index] = remainder;
  }
  return tables;
}

const CRC_TABLES = createCrcTables();

/** Takes one more byte into a remainder. */
function stepCrc(remainder: number, byte: number): number {
  return (CRC_TABLES[(remainder ^ byte) & 0xff] as number) ^ (remainder >>> 8);
}

/**
 * Takes in four more bytes, of which the first is the lowest of the word: a third of the time of
 * four steps, each of which has to wait for the one before.
 */
function stepCrcWord(remainder: number, word: number): number {
  const mixed = remainder ^ word;
  return (
    (CRC_TABLES[768 + (mixed & 0xff)] as number) ^
    (CRC_TABLES[512 + ((mixed >>> 8) & 0xff)] as number) ^
    (CRC_TABLES[256 + ((mixed >>> 16) & 0xff)] as number) ^
    (CRC_TABLES[mixed >>> 24] as number)
  );
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

/** The covered levels of one side as they were last, with the digits of each. */
class CoveredSide {
  readonly #prices: Float64Array;
  readonly #sizes: Float64Array;
  /** The levels as they now are, until each was compared. */
  readonly #newPrices: Float64Array;
  readonly #newSizes: Float64Array;
  /** One slot for each level: the digits of its price, then of its size. */
  readonly #digits: Uint8Array;
  readonly #lengths: Uint8Array;
  #count = 0;
  /** Remainders of the checksum before each level and after the last one. */
  readonly #remainders: Int32Array;
  /** The levels before this one are in the remainders. */
  #summed = 0;

  constructor(depth: number) {
    this.#prices = new Float64Array(depth).fill(NaN);
    this.#sizes = new Float64Array(depth).fill(NaN);
    this.#newPrices = new Float64Array(depth);
    this.#newSizes = new Float64Array(depth);
    this.#digits = new Uint8Array(depth * ROW_BYTES);
    this.#lengths = new Uint8Array(depth);
    this.#remainders = new Int32Array(depth + 1);
  }

  /** The next levels are all new. Returns false. */
  forget(): false {
    this.#prices.fill(NaN);
    this.#newPrices.fill(NaN);
    return false;
  }

  /** Takes in the levels as they are; false where one is no safe integer. */
  note(side: SideReader, priceFactor: number, sizeFactor: number): boolean {
    const prices = this.#prices;
    const sizes = this.#sizes;
    const newPrices = this.#newPrices;
    const newSizes = this.#newSizes;
    const same = side.refreshBest?.(newPrices, newSizes);
    if (same === undefined) return this.forget();
    const count = Math.min(side.count, prices.length);
    this.#count = count;
    for (let rank = same; rank < count; rank += 1) {
      const price = newPrices[rank] as number;
      const size = newSizes[rank] as number;
      if (price === prices[rank] && size === sizes[rank]) continue;
      const priceUnits = price * priceFactor;
      const sizeUnits = size * sizeFactor;
      if (!Number.isSafeInteger(priceUnits) || !Number.isSafeInteger(sizeUnits)) {
        return this.forget();
      }
      prices[rank] = price;
      sizes[rank] = size;
      this.#write(rank, priceUnits, sizeUnits);
    }
    return true;
  }

  #write(rank: number, price: number, size: number): void {
    const at = rank * ROW_BYTES;
    const sizeAt = writeUnits(this.#digits, at, price);
    this.#lengths[rank] = writeUnits(this.#digits, sizeAt, size) - at;
    this.#summed = Math.min(this.#summed, rank);
  }

  /** Takes the digits into a remainder, from the first level on that is another than before. */
  sum(remainder: number): number {
    const remainders = this.#remainders;
    const count = this.#count;
    if (remainders[0] !== remainder) this.#summed = 0;
    remainders[0] = remainder;
    let sum = remainders[Math.min(this.#summed, count)] as number;
    for (let rank = this.#summed; rank < count; rank += 1) {
      sum = this.#sumRow(rank, sum);
      remainders[rank + 1] = sum;
    }
    this.#summed = Math.max(this.#summed, count);
    return sum;
  }

  #sumRow(rank: number, remainder: number): number {
    const digits = this.#digits;
    let sum = remainder;
    let at = rank * ROW_BYTES;
    const end = at + (this.#lengths[rank] as number);
    for (; at + 4 <= end; at += 4) {
      const low = (digits[at] as number) | ((digits[at + 1] as number) << 8);
      const high = (digits[at + 2] as number) | ((digits[at + 3] as number) << 8);
      sum = stepCrcWord(sum, low | (high << 16));
    }
    for (; at < end; at += 1) sum = stepCrc(sum, digits[at] as number);
    return sum;
  }
}

/**
 * The covered levels of one book. Each message's are all compared with the last one's, which most
 * messages do not change, or of which they change one: its digits are written anew, and the
 * checksum is taken up from there.
 */
class CoveredLevels {
  readonly #terms: LevelTerms;
  readonly #asks: CoveredSide;
  readonly #bids: CoveredSide;
  #priceFactor = NaN;
  #sizeFactor = NaN;

  constructor(terms: LevelTerms) {
    this.#terms = terms;
    this.#asks = new CoveredSide(terms.depth);
    this.#bids = new CoveredSide(terms.depth);
  }

  /** Undefined where a number is too long for this, and the text has to be made. */
  compute(levels: BookUnits): number | undefined {
    const { priceDecimals, sizeDecimals } = this.#terms;
    const priceFactor = POWERS_OF_TEN[Math.max(0, priceDecimals - levels.priceDecimals)] ?? NaN;
    const sizeFactor = POWERS_OF_TEN[Math.max(0, sizeDecimals - levels.sizeDecimals)] ?? NaN;
    if (priceFactor !== this.#priceFactor || sizeFactor !== this.#sizeFactor) {
      this.#asks.forget();
      this.#bids.forget();
      this.#priceFactor = priceFactor;
      this.#sizeFactor = sizeFactor;
    }
    if (!this.#asks.note(levels.asks, priceFactor, sizeFactor)) return undefined;
    if (!this.#bids.note(levels.bids, priceFactor, sizeFactor)) return undefined;
    return ~this.#bids.sum(this.#asks.sum(-1)) >>> 0;
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
