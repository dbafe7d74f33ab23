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

/** A reader of plain decimals; keep one and use it for every number. */
export function createDecimalReader(): DecimalReader {
  const scratch = new Uint8Array(MAX_LENGTH);
  const reader = {
    units: NaN,
    decimals: 0,
    exactUnits: undefined as bigint | undefined,
    readText(text: string): boolean {
      const length = text.length;
      if (length > MAX_LENGTH) return false;
      for (let at = 0; at < length; at += 1) {
        const code = text.charCodeAt(at);
        // A wider character would wrap around to a digit in a byte.
        if (code > NINE) return false;
        scratch[at] = code;
      }
      return reader.readBytes(scratch, 0, length);
    },
    readBytes(bytes: Uint8Array, start: number, end: number): boolean {
      return end > start && reader.readPrefix(bytes, start, end) === end;
    },
    readPrefix(bytes: Uint8Array, start: number, limit: number): number {
      let units = 0;
      let at = start;
      for (; at < limit; at += 1) {
        const digit = (bytes[at] as number) - ZERO;
        if (digit < 0 || digit > 9) break;
        units = units * 10 + digit;
      }
      const whole = at - start;
      if (whole === 0 || (whole > 1 && bytes[start] === ZERO)) return -1;
      let decimals = 0;
      if (at < limit && bytes[at] === POINT) {
        const first = at + 1;
        for (at = first; at < limit; at += 1) {
          const digit = (bytes[at] as number) - ZERO;
          if (digit < 0 || digit > 9) break;
          units = units * 10 + digit;
        }
        decimals = at - first;
        if (decimals === 0) return -1;
      }
      if (whole + decimals > MAX_DIGITS) return -1;
      reader.decimals = decimals;
      // Each step above was exact if the last one was: rounding never lowers an integer below 2^53.
      const safe = units <= Number.MAX_SAFE_INTEGER;
      reader.units = safe ? units : NaN;
      reader.exactUnits = safe ? undefined : readExactUnits(bytes, start, at);
      return at;
    },
  };
  return reader;
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
  const shown = Math.max(Math.min(leastDecimals, decimals), countNeededDecimals(digits, decimals));
  const integerEnd = digits.length - decimals;
  if (shown === 0 && leastDecimals === 0) return digits.slice(0, integerEnd);
  const fraction = digits.slice(integerEnd, integerEnd + shown).padEnd(leastDecimals, '0');
  return `${digits.slice(0, integerEnd)}.${fraction}`;
}

/** The exact text of a decimal as it was read, trailing zeros included. */
export function formatDecimal(decimal: DecimalUnits): string {
  const { units, decimals, exactUnits } = decimal;
  return formatUnits(exactUnits ?? units, decimals, decimals);
}
