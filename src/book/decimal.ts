// Exact decimals. A number is its digits as an integer (`units`) and the count of its decimals:
// `65083.67` is 6508367 and 2. The grammar is that of a JSON number without sign and exponent, so
// that the same reader serves numbers and quoted numbers, and nothing odd passes for a price.

/** Longer numbers are refused: no market needs them, and each digit costs time. */
export const MAX_DIGITS = 60;

/** A decimal as the book's columns hold it: `units` is NaN where only `exactUnits` can hold it. */
export interface DecimalUnits {
  readonly units: number;
  readonly decimals: number;
  readonly exactUnits: bigint | undefined;
}

/** Reads decimals, one at a time, into its own fields: no object and no string per number. */
export interface DecimalReader extends DecimalUnits {
  /** Whether the text is a plain decimal; the fields hold it then, and are undefined otherwise. */
  readText(text: string): boolean;
  /** The same for `bytes[start]` up to, without, `bytes[end]`. */
  readBytes(bytes: Uint8Array, start: number, end: number): boolean;
  /**
   * Reads the decimal that begins at `bytes[start]` and ends before `bytes[limit]`, and returns
   * where it ends; -1 where none begins there.
   */
  readPrefix(bytes: Uint8Array, start: number, limit: number): number;
}

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
/** All digits and the point. */
const MAX_LENGTH = MAX_DIGITS + 1;

function readExactUnits(bytes: Uint8Array, start: number, end: number): bigint {
  let digits = '';
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== POINT) digits += String.fromCharCode(bytes[at] as number);
  }
  return BigInt(digits);
}

/** Of each part of a number, so many digits at most make an integer of 32 bits. */
const SHORT_DIGITS = 9;
const SHORT_POWERS = Float64Array.from({ length: SHORT_DIGITS + 1 }, (_, at) => 10 ** at);

class PlainDecimalReader implements DecimalReader {
  units = NaN;
  decimals = 0;
  exactUnits: bigint | undefined = undefined;
  readonly #scratch = new Uint8Array(MAX_LENGTH);

  readText(text: string): boolean {
    const scratch = this.#scratch;
    const length = text.length;
    if (length > MAX_LENGTH) return false;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      // A wider character would wrap around to a digit in a byte.
      if (code > NINE) return false;
      scratch[at] = code;
    }
    return this.readBytes(scratch, 0, length);
  }

  readBytes(bytes: Uint8Array, start: number, end: number): boolean {
    return end > start && this.readPrefix(bytes, start, end) === end;
  }

  /**
   * Both parts are read as integers of 32 bits, as nearly every number of a market allows: doubles
   * take twice as long for each digit.
   */
  readPrefix(bytes: Uint8Array, start: number, limit: number): number {
    let at = start;
    let whole = 0;
    const wholeLimit = Math.min(limit, start + SHORT_DIGITS);
    for (; at < wholeLimit; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      whole = (whole * 10 + digit) | 0;
    }
    const wholeDigits = at - start;
    let decimals = 0;
    let fraction = 0;
    if (at < limit && bytes[at] === POINT) {
      const first = at + 1;
      const fractionLimit = Math.min(limit, first + SHORT_DIGITS);
      for (at = first; at < fractionLimit; at += 1) {
        const digit = (bytes[at] as number) - ZERO;
        if (digit < 0 || digit > 9) break;
        fraction = (fraction * 10 + digit) | 0;
      }
      decimals = at - first;
      if (decimals === 0) return -1;
    }
    // Rounding never lowers an integer below 2^53: units that seem safe are exact.
    const units = whole * (SHORT_POWERS[decimals] as number) + fraction;
    const isLong = at < limit && isDigit(bytes[at] as number);
    if (isLong || units > Number.MAX_SAFE_INTEGER) return this.#readLong(bytes, start, limit);
    if (wholeDigits === 0 || (wholeDigits > 1 && bytes[start] === ZERO)) return -1;
    this.units = units;
    this.decimals = decimals;
    this.exactUnits = undefined;
    return at;
  }

  /** Of any length. */
  #readLong(bytes: Uint8Array, start: number, limit: number): number {
    let units = 0;
    let at = start;
    for (; at < limit && isDigit(bytes[at] as number); at += 1) {
      units = units * 10 + ((bytes[at] as number) - ZERO);
    }
    const whole = at - start;
    if (whole === 0 || (whole > 1 && bytes[start] === ZERO)) return -1;
    let decimals = 0;
    if (at < limit && bytes[at] === POINT) {
      const first = at + 1;
      for (at = first; at < limit && isDigit(bytes[at] as number); at += 1) {
        units = units * 10 + ((bytes[at] as number) - ZERO);
      }
      decimals = at - first;
      if (decimals === 0) return -1;
    }
    if (whole + decimals > MAX_DIGITS) return -1;
    const isSafe = units <= Number.MAX_SAFE_INTEGER;
    this.decimals = decimals;
    this.units = isSafe ? units : NaN;
    this.exactUnits = isSafe ? undefined : readExactUnits(bytes, start, at);
    return at;
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** A reader of plain decimals; keep one and use it for every number. */
export function createDecimalReader(): DecimalReader {
  return new PlainDecimalReader();
}

/** How many of the `decimals` last characters are needed to keep all but trailing zeros. */
function countNeededDecimals(digits: string, decimals: number): number {
  let needed = decimals;
  let at = digits.length - 1;
  while (needed > 0 && digits.charCodeAt(at) === ZERO) {
    needed -= 1;
    at -= 1;
  }
  return needed;
}

/**
 * The exact text of a number of units that is not negative. Trailing zeros are shown up to
 * `leastDecimals` and left out beyond it: 0 is the shortest form, `decimals` the wire's own.
 */
export function formatUnits(
  units: number | bigint,
  decimals: number,
  leastDecimals: number,
): string {
  const text = String(units);
  const digits = text.length > decimals ? text : text.padStart(decimals + 1, '0');
  const needed = countNeededDecimals(digits, decimals);
  const integerEnd = digits.length - decimals;
  const integer = digits.slice(0, integerEnd);
  const shown = Math.max(Math.min(leastDecimals, decimals), needed);
  if (shown >= leastDecimals) {
    return shown === 0 ? integer : `${integer}.${digits.slice(integerEnd, integerEnd + shown)}`;
  }
  return `${integer}.${digits.slice(integerEnd).padEnd(leastDecimals, '0')}`;
}

/** The exact text of a decimal as it was read, trailing zeros included. */
export function formatDecimal(decimal: DecimalUnits): string {
  const { units, decimals, exactUnits } = decimal;
  return formatUnits(exactUnits ?? units, decimals, decimals);
}
