// The rule: a message names its predecessor. After a snapshot at S, messages with last <= S are
// dropped; the first one kept must satisfy previous <= S < last; each next must name exactly the
// last number accepted. The numbers need not rise by one, so that a gap says which predecessor was
// expected and which was named, not how many messages lie between.
import type { Tracker } from '../model/tracker.js';
import { assertNumbers, assertStart, requirePrevious } from './numbers.js';
import { ACCEPT, STALE } from './verdicts.js';

/** A row of messages that each name the number of the one before. */
export function createChainTracker(): Tracker {
  let lastNumber: number | undefined;
  let awaitsFirst = false;
  return {
    reset(start) {
      assertStart(start);
      lastNumber = start;
      awaitsFirst = start !== undefined;
    },
    check(numbers) {
      assertNumbers(numbers);
      const received = requirePrevious(numbers);
      const expected = lastNumber ?? received;
      if (lastNumber !== undefined && numbers.last <= lastNumber) return STALE;
      const fits = received === expected || (awaitsFirst && received < expected);
      lastNumber = numbers.last;
      awaitsFirst = false;
      return fits ? ACCEPT : { kind: 'gap', expected, received };
    },
  };
}
