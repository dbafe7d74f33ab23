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
/** So many holes are known at a time; what is late comes within a few of them. */
const HOLES_MAX = 32;
/** More messages than this, all older than the start of the row, are none that it holds already. */
const COVERED_MAX = 1_000;

/**
 * A row of numbers that rises by one with each message of one connection. A fall is a gap once, and
 * both rows may go on from there: the new one, or the old one where the fall was a single stray.
 */
export function createOrderedCounterTracker(): Tracker {
  let lastNumber: number | undefined;
  /** Numbers that were reported as lost, the latest last. */
  const holes: { readonly from: number; readonly before: number }[] = [];
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
  const noteHole = (from: number, before: number): void => {
    if (before - from > LATE_MAX) return;
    holes.push({ from, before });
    if (holes.length > HOLES_MAX) holes.shift();
  };
  const isLost = (number: number): boolean =>
    holes.some(({ from, before }) => number >= from && number < before);

  const checkLower = (received: number, expected: number): ReturnType<Tracker['check']> => {
    covered += 1;
    const isCovered = awaitsFirst && covered <= COVERED_MAX;
    if (isCovered || received === lastNumber || received === fallen) return STALE;
    awaitsFirst = false;
    if (fallen !== undefined && received === fallen + 1) {
      holes.length = 0;
      goOnFrom(received);
      return ACCEPT;
    }
    if (isLost(received)) return STALE;
    fallen = received;
    return { kind: 'gap', expected, received };
  };

  return {
    reset(start) {
      assertStart(start);
      holes.length = 0;
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
      noteHole(expected, received);
      return { kind: 'gap', expected, received };
    },
  };
}
