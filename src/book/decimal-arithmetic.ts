// Exact arithmetic on decimal strings, for sums and differences outside the hot path. Unlike the
// wire grammar it knows a leading minus, because a difference may have one. Results are in the
// shortest form: `1.50` minus `1.5` is `0`.
import { formatUnits, MAX_DIGITS } from './decimal.js';

interface SignedUnits {
  readonly units: bigint;
  readonly decimals: number;
}

const SIGNED_DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;
const EXPONENT_DECIMAL = /^(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

function requireDecimal(text: string): SignedUnits {
  const match = SIGNED_DECIMAL.exec(text);
  const [, sign = '', integer = '', fraction = ''] = match ?? [];
  if (!match || integer.length + fraction.length > MAX_DIGITS * 2) {
    throw new RangeError(`"${text.slice(0, 80)}" is not a plain decimal.`);
  }
  return { units: BigInt(sign + integer + fraction), decimals: fraction.length };
}

function alignUnits(left: SignedUnits, right: SignedUnits): [bigint, bigint, number] {
  const decimals = Math.max(left.decimals, right.decimals);
  const scale = (one: SignedUnits): bigint => one.units * 10n ** BigInt(decimals - one.decimals);
  return [scale(left), scale(right), decimals];
}

function formatSigned(units: bigint, decimals: number): string {
  return units < 0n ? `-${formatUnits(-units, decimals, 0)}` : formatUnits(units, decimals, 0);
}

/** A double tells any two decimals of so many digits apart, and in the right order. */
const DOUBLE_DIGITS = 15;

function isShort(text: string): boolean {
  return text.length <= DOUBLE_DIGITS && SIGNED_DECIMAL.test(text);
}

/** Below, equal or above zero as `left` is below, equal to or above `right`. */
export function compareDecimals(left: string, right: string): -1 | 0 | 1 {
  if (isShort(left) && isShort(right)) {
    const difference = Number(left) - Number(right);
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  const [first, second] = alignUnits(requireDecimal(left), requireDecimal(right));
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The exact sum, in the shortest form. */
export function addDecimals(left: string, right: string): string {
  const [first, second, decimals] = alignUnits(requireDecimal(left), requireDecimal(right));
  return formatSigned(first + second, decimals);
}

/** The exact difference `left - right`, in the shortest form. */
export function subtractDecimals(left: string, right: string): string {
  const [first, second, decimals] = alignUnits(requireDecimal(left), requireDecimal(right));
  return formatSigned(first - second, decimals);
}

/** The exact product, in the shortest form. */
export function multiplyDecimals(left: string, right: string): string {
  const [first, second] = [requireDecimal(left), requireDecimal(right)];
  return formatSigned(first.units * second.units, first.decimals + second.decimals);
}

/** The quotient, cut towards zero after so many decimals; shortest form. Not for a divisor of 0. */
export function divideDecimals(left: string, right: string, decimals: number): string {
  const [first, second] = alignUnits(requireDecimal(left), requireDecimal(right));
  return formatSigned((first * 10n ** BigInt(decimals)) / second, decimals);
}

/** Whether a decimal is so many whole steps; the step is above zero. */
export function isMultipleOf(decimal: string, step: string): boolean {
  const [units, stepUnits] = alignUnits(requireDecimal(decimal), requireDecimal(step));
  return units % stepUnits === 0n;
}

/**
 * An increment as plain decimal text, also where it was written with an exponent: `1E-8` becomes
 * `0.00000001`. Undefined for anything else. Prices and sizes never come that way.
 */
export function parseIncrement(text: string): string | undefined {
  const match = EXPONENT_DECIMAL.exec(text);
  if (!match) return undefined;
  const [, integer = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  const decimals = fraction.length - exponent;
  const digits = integer + fraction + '0'.repeat(Math.max(0, -decimals));
  if (Math.max(digits.length, decimals) > MAX_DIGITS) return undefined;
  return formatUnits(BigInt(digits), Math.max(0, decimals), 0);
}
