/** The vendor's library grows its delay by this much every second attempt, four times. */
const GROWTH = 1.9805;
const STEPS_MAX = 4;

/**
 * How long to wait before the next attempt: 1, 1, 2, 2, 4, 4, 8, 8, 15, 15 … seconds as in the
 * vendor's library, of which a random part of up to one half is left out: clients that were cut off
 * together do not come back together.
 */
export function retryDelayMs(failures: number, fraction: number): number {
  const step = Math.floor(Math.min(failures / 2, STEPS_MAX));
  const wholeMs = Math.round(GROWTH ** step) * 1_000;
  return Math.round(wholeMs * (1 - fraction / 2));
}
