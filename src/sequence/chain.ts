// The rule: a message names its predecessor. After a snapshot at S, messages with last <= S are
// dropped; the first one kept must satisfy previous <= S < last; each next must name exactly the
// last number accepted. The numbers need not rise by one, so that a gap says which predecessor was
// expected and which was named, not how many messages lie between.
import type { Tracker } from '../model/tracker.js';
import { createLinkTracker } from './link.js';
import { requirePrevious } from './numbers.js';

/** A row of messages that each name the number of the one before. */
export function createChainTracker(): Tracker {
  return createLinkTracker({ readLink: requirePrevious, expectLink: (lastNumber) => lastNumber });
}
