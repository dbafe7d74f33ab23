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
      const length = end - start;
      if (length < 1 || length > MAX_LENGTH) return false;
      let units = 0;
      let point = -1;
      for (let at = start; at < end; at += 1) {
        const code = bytes[at] as number;
        if (code >= ZERO && code <= NINE) units = units * 10 + (code - ZERO);
        else if (code === POINT && point < 0) point = at;
        else return false;
      }
      const integerEnd = point < 0 ? end : point;
      if (integerEnd === start || point === end - 1) return false;
      if (bytes[start] === ZERO && integerEnd - start > 1) return false;
      if (point < 0 && length > MAX_DIGITS) return false;
      reader.decimals = point < 0 ? 0 : end - point - 1;
      // Each step above was exact if the last one was: rounding never lowers an integer below 2^53.
      const safe = units <= Number.MAX_SAFE_INTEGER;
      reader.units = safe ? units : NaN;
      reader.exactUnits = safe ? undefined : readExactUnits(bytes, start, end);
      return true;
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
