// The rule: a message covers first..last. After a snapshot at S, messages with last <= S are
// dropped; the first one kept must satisfy first <= S + 1 <= last; each next must begin at the
// previous last + 1. One that begins inside what was seen and ends beyond it breaks that rule: it
// is reported as a gap whose `received` is below `expected`, because a message that is partly old
// is not safe to apply where changes are relative.
import type { Tracker } from '../model/tracker.js';
import { assertNumbers, assertStart } from './numbers.js';
import { ACCEPT, STALE } from './verdicts.js';

/** A row of messages that each cover a range of numbers. */
export function createRangeTracker(): Tracker {
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
      const { first: received, last } = numbers;
      const expected = lastNumber === undefined ? received : lastNumber + 1;
      if (last < expected) return STALE;
      const fits = received === expected || (awaitsFirst && received < expected);
      lastNumber = last;
      awaitsFirst = false;
      return fits ? ACCEPT : { kind: 'gap', expected, received };
    },
  };
}
