// What rows have in common whose messages say where they link up with the one before. The first
// message after a snapshot may reach back behind it, since a part of it is in the snapshot; each
// next must link up exactly.
import type { MessageNumbers, Tracker } from '../model/tracker.js';
import { assertNumbers, assertStart } from './numbers.js';
import { ACCEPT, STALE } from './verdicts.js';

/** How the messages of a row link up. */
export interface LinkRule {
  /** Where a message begins. */
  readLink(numbers: MessageNumbers): number;
  /** Where the message after `lastNumber` must begin. */
  expectLink(lastNumber: number): number;
}

/** A row of messages that each link up with the one before, by the rule. */
export function createLinkTracker(rule: LinkRule): Tracker {
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
      const received = rule.readLink(numbers);
      const expected = lastNumber === undefined ? received : rule.expectLink(lastNumber);
      if (lastNumber !== undefined && numbers.last <= lastNumber) return STALE;
      const fits = received === expected || (awaitsFirst && received < expected);
      lastNumber = numbers.last;
      awaitsFirst = false;
      return fits ? ACCEPT : { kind: 'gap', expected, received };
    },
  };
}
