// The rule: each message carries one number, and the next message carries the next number. A number
// that was seen, or is older, is stale; a number further on means that the ones between are lost.
import type { Tracker } from '../model/tracker.js';
import { assertNumbers, assertStart } from './numbers.js';
import { ACCEPT, STALE } from './verdicts.js';

/** A row of numbers that rises by one with each message. */
export function createCounterTracker(): Tracker {
  // Undefined and not 0 for "nothing seen": 0 is a number, and often the first one.
  let lastNumber: number | undefined;
  return {
    reset(start) {
      assertStart(start);
      lastNumber = start;
    },
    check(numbers) {
      assertNumbers(numbers);
      const received = numbers.last;
      if (numbers.first !== received) {
        throw new RangeError(
          `A counted message has one number, not ${numbers.first}..${received}.`,
        );
      }
      const expected = lastNumber === undefined ? received : lastNumber + 1;
      if (received < expected) return STALE;
      lastNumber = received;
      return received === expected ? ACCEPT : { kind: 'gap', expected, received };
    },
  };
}
