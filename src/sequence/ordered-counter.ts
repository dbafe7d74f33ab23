// The rule: each message carries one number, the next message carries the next number, and what is
// sent in order arrives in order, as on one connection. A number further on means that the ones
// between are lost. A lower one is the last one once more, or one of those reported as lost, come
// late: both are dropped. Any other lower one says that the sender counts anew, or that the row is
// broken: dropping what follows as old would leave a picture that looks right and never moves.
import type { Tracker } from '../model/tracker.js';
import { assertNumbers, assertStart } from './numbers.js';
import { ACCEPT, STALE } from './verdicts.js';

/** A hole larger than this is no delay: what falls into it is not taken for late. */
const LATE_MAX = 1_000;
/** More messages than this, all older than the start of the row, are none that it holds already. */
const COVERED_MAX = 1_000;

/**
 * A row of numbers that rises by one with each message of one connection. A fall is a gap once, and
 * both rows may go on from there: the new one, or the old one where the fall was a single stray.
 */
export function createOrderedCounterTracker(): Tracker {
  let lastNumber: number | undefined;
  /** Numbers from here to before `lostBefore` were reported as lost. */
  let lostFrom = 0;
  let lostBefore = 0;
  /** The newest number below the row, where a new row may have begun. */
  let fallen: number | undefined;
  /** Nothing came since the row was given its start, so that what is lower is held by that. */
  let awaitsFirst = false;
  let covered = 0;

  const goOnFrom = (number: number): void => {
    lastNumber = number;
    fallen = undefined;
    awaitsFirst = false;
  };
  const forgetLost = (): void => {
    lostFrom = 0;
    lostBefore = 0;
  };

  const checkLower = (received: number, expected: number): ReturnType<Tracker['check']> => {
    covered += 1;
    const isCovered = awaitsFirst && covered <= COVERED_MAX;
    if (isCovered || received === lastNumber || received === fallen) return STALE;
    awaitsFirst = false;
    if (fallen !== undefined && received === fallen + 1) {
      forgetLost();
      goOnFrom(received);
      return ACCEPT;
    }
    if (received >= lostFrom && received < lostBefore) return STALE;
    fallen = received;
    return { kind: 'gap', expected, received };
  };

  return {
    reset(start) {
      assertStart(start);
      forgetLost();
      lastNumber = start;
      fallen = undefined;
      awaitsFirst = start !== undefined;
      covered = 0;
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
      if (received < expected) return checkLower(received, expected);
      goOnFrom(received);
      if (received === expected) return ACCEPT;
      lostFrom = expected;
      lostBefore = received - expected <= LATE_MAX ? received : expected;
      return { kind: 'gap', expected, received };
    },
  };
}
