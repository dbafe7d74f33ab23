/** Small sums of sizes, prices and money: exact decimal strings, results in the shortest form. */
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../book/decimal-arithmetic.js';
import type { Side } from '../../model/levels.js';

/** Both sides of a book. */
export const SIDES: readonly Side[] = ['bid', 'ask'];

/** The side that is matched against. */
export function oppositeOf(side: Side): Side {
  return side === 'bid' ? 'ask' : 'bid';
}

/** One number has one spelling. */
export function toShortest(decimal: string): string {
  return addDecimals(decimal, '0');
}

/** Whether there is anything of it. */
export function isPositive(decimal: string | undefined): decimal is string {
  return decimal !== undefined && compareDecimals(decimal, '0') > 0;
}

/** The number with the other sign. */
export function negate(decimal: string): string {
  return subtractDecimals('0', decimal);
}

/** The smaller of two. */
export function lesserOf(left: string, right: string): string {
  return compareDecimals(left, right) < 0 ? left : right;
}

/** The larger of two. */
export function greaterOf(left: string, right: string): string {
  return compareDecimals(left, right) > 0 ? left : right;
}

/** Below zero where `left` is the better price of this side of the book. */
export function comparePrices(side: Side, left: string, right: string): number {
  return side === 'bid' ? compareDecimals(right, left) : compareDecimals(left, right);
}

/** How many digits stand after the point. */
export function countDecimals(decimal: string): number {
  return decimal.split('.')[1]?.length ?? 0;
}

/** How much so much money buys at a price above zero, in whole steps. */
export function wholeSteps(money: string, price: string, step: string): string {
  if (!isPositive(money)) return '0';
  return multiplyDecimals(divideDecimals(money, multiplyDecimals(price, step), 0), step);
}
