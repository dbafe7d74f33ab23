/** The numbers of one message: a single number is `first === last`. */
export interface MessageNumbers {
  readonly first: number;
  readonly last: number;
  /** What the message names as its predecessor, where the venue says so. */
  readonly previous?: number;
}

/** What to do with a numbered message. */
export type Verdict =
  | { readonly kind: 'accept' }
  /** Older than what we have: drop it; this is not an error. */
  | { readonly kind: 'stale' }
  /**
   * Something is missing before it: recover. A number below the expected one says that the venue
   * counts anew.
   */
  | { readonly kind: 'gap'; readonly expected: number; readonly received: number };

/**
 * Decides whether a message is the next one; never acts. After a gap the tracker goes on from the
 * message that revealed it, so that one loss is reported once. Throws RangeError for a number that
 * is
 * not a safe integer, and for `first > last`: those are bugs of a codec.
 */
export interface Tracker {
  /**
   * `lastNumber` is taken as seen; without it the next message, whatever its number, is the first.
   */
  reset(lastNumber?: number): void;
  check(numbers: MessageNumbers): Verdict;
}
