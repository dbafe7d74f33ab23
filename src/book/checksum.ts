// CRC-32 over the digits of a book, the proof that some venues send with each message. The digits
// are written from the integers into one buffer: making a string for each number takes twice as
// long.
import type { BookUnits, SideReader } from '../model/levels.js';

const DIGIT_ZERO = 0x30;
const HALF = 1e8;
const HALF_DIGITS = 8;

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

/** CRC-32/ISO-HDLC of the first `length` bytes, unsigned: `123456789` gives 0xCBF43926. */
export function crc32(bytes: Uint8Array, length: number): number {
  let crc = -1;
  for (let at = 0; at < length; at += 1) {
    crc = (CRC_TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
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

  /** Writes exactly `digits` digits of an integer below 10^8. */
  function write(part: number, digits: number): void {
    reserve(digits);
    let rest = part;
    for (let at = length + digits - 1; at >= length; at -= 1) {
      const next = (rest / 10) | 0;
      bytes[at] = DIGIT_ZERO + (rest - next * 10);
      rest = next;
    }
    length += digits;
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
      // Two halves, because small integers divide much faster than doubles.
      const high = Math.floor(units / HALF);
      const low = units - high * HALF;
      if (high === 0) {
        write(low, countDigits(low));
        return;
      }
      write(high, countDigits(high));
      write(low, HALF_DIGITS);
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

/**
 * The checksum over price and size of the best levels: asks from the lowest price up, then bids
 * from the highest down, each number printed with its decimals, without the point and leading
 * zeros.
 */
export function createBookChecksum(options: BookChecksumOptions): (levels: BookUnits) => number {
  const text = createChecksumText();
  const { depth, priceDecimals = 0, sizeDecimals = 0 } = options;
  return (levels) => {
    const priceGap = priceDecimals - levels.priceDecimals;
    const sizeGap = sizeDecimals - levels.sizeDecimals;
    const pushSide = (side: SideReader): void => {
      const count = Math.min(depth, side.count);
      for (let rank = 0; rank < count; rank += 1) {
        text.pushUnits(scaleUnits(side.priceAt(rank), priceGap));
        text.pushUnits(scaleUnits(side.sizeAt(rank), sizeGap));
      }
    };
    text.clear();
    pushSide(levels.asks);
    pushSide(levels.bids);
    return text.crc32();
  };
}
