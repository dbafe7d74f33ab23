/**
 * What trading of our accounts adds to the numbers that the background tells of itself: candles and
 * the day's sums. The background's own trades are in its numbers already.
 */
import { addDecimals } from '../../book/decimal-arithmetic.js';
import { greaterOf, lesserOf } from './amounts.js';

/** What a print adds; zero or less where a trade of the background went to accounts instead. */
export interface Extra {
  readonly price: string;
  readonly volume: string;
  /** In the quote currency. */
  readonly value: string;
  readonly count: number;
}

/** The sum of some of them. */
export interface ExtraSum {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly value: string;
  readonly count: number;
}

/** Adds one more. */
export function addExtra(sum: ExtraSum | undefined, extra: Extra): ExtraSum {
  const { price, volume, value, count } = extra;
  if (!sum) return { open: price, high: price, low: price, close: price, volume, value, count };
  return {
    open: sum.open,
    high: greaterOf(sum.high, price),
    low: lesserOf(sum.low, price),
    close: price,
    volume: addDecimals(sum.volume, volume),
    value: addDecimals(sum.value, value),
    count: sum.count + count,
  };
}

/** Puts two sums together, the earlier one first. */
function joinExtras(first: ExtraSum | undefined, second: ExtraSum): ExtraSum {
  if (!first) return second;
  return {
    open: first.open,
    high: greaterOf(first.high, second.high),
    low: lesserOf(first.low, second.low),
    close: second.close,
    volume: addDecimals(first.volume, second.volume),
    value: addDecimals(first.value, second.value),
    count: first.count + second.count,
  };
}

/** Hours of a day, and the one that has begun. */
const HOURS_KEPT = 25;
const MS_PER_HOUR = 3_600_000;

/** The extras of the last day, by the hour: what is older goes hour by hour. */
export class DayOfExtras {
  readonly #hours = new Map<number, ExtraSum>();

  add(extra: Extra, atMs: number): void {
    const hour = Math.floor(atMs / MS_PER_HOUR);
    this.#hours.set(hour, addExtra(this.#hours.get(hour), extra));
    this.#forget(hour);
  }

  sum(atMs: number): ExtraSum | undefined {
    this.#forget(Math.floor(atMs / MS_PER_HOUR));
    let sum: ExtraSum | undefined;
    for (const one of this.#hours.values()) sum = joinExtras(sum, one);
    return sum;
  }

  #forget(presentHour: number): void {
    for (const hour of this.#hours.keys()) {
      if (hour <= presentHour - HOURS_KEPT) this.#hours.delete(hour);
    }
  }
}
