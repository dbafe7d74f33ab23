// The rule: a message covers first..last. After a snapshot at S, messages with last <= S are
// dropped; the first one kept must satisfy first <= S + 1 <= last; each next must begin at the
// previous last + 1. One that begins inside what was seen and ends beyond it breaks that rule: it
// is reported as a gap whose `received` is below `expected`, because a message that is partly old
// is not safe to apply where changes are relative.
import type { Tracker } from '../model/tracker.js';
import { createLinkTracker } from './link.js';

/** A row of messages that each cover a range of numbers. */
export function createRangeTracker(): Tracker {
  return createLinkTracker({
    readLink: (numbers) => numbers.first,
    expectLink: (lastNumber) => lastNumber + 1,
  });
}
