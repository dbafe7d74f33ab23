import type { StaleCause } from '../book/book-life.js';

/** What a stream keeps that can be right or not: a book, or parts of the account. */
export interface Trusted {
  readonly isLive: boolean;
  /**
   * It is no longer to be trusted, from now on and before anyone hears of it. True where it was
   * live, or ended for good, so that `announceStale` is due.
   */
  distrust(cause: StaleCause): boolean;
  announceStale(cause: StaleCause, receivedAtMs: number): void;
}

/** Reasons that end trust for good, so that they replace an earlier reason. */
export const FINAL_REASONS: ReadonlySet<string> = new Set(['closed', 'subscription-lost']);
