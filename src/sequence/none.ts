// The rule: there is none. It exists so that a venue without numbers says so.
import type { Tracker } from '../model/tracker.js';
import { ACCEPT } from './verdicts.js';

/** Accepts everything, for venues that number nothing. */
export function createNoneTracker(): Tracker {
  return {
    reset() {},
    check: () => ACCEPT,
  };
}
