import type { Clock } from '../model/runtime.js';
import type { AttemptBudget } from '../model/session.js';
import type { RateLimit } from '../model/venue.js';

/**
 * Dials a little apart when started may arrive closer together; the window is kept this much wider.
 */
const WINDOW_MARGIN = 1.1;
/** Addresses remembered at most; the one used longest ago is forgotten. */
const MAX_ADDRESSES = 256;

/**
 * Dials of all sessions to one address, held under the venue's limit in every window. A dial that
 * has to wait is given its place at once, so that many that come together are spread, first come
 * first.
 */
export function createAttemptBudget(limit: RateLimit, clock: Clock): AttemptBudget {
  const windowMs = limit.windowMs * WINDOW_MARGIN;
  const startsByAddress = new Map<string, number[]>();
  return {
    take(address) {
      const nowMs = clock.monotonicMs();
      const starts = startsByAddress.get(address) ?? [];
      const earlier = starts.at(-limit.count);
      const startMs = earlier === undefined ? nowMs : Math.max(nowMs, earlier + windowMs);
      startsByAddress.delete(address);
      startsByAddress.set(address, [...starts, startMs].slice(-limit.count));
      if (startsByAddress.size > MAX_ADDRESSES) {
        startsByAddress.delete(startsByAddress.keys().next().value!);
      }
      return startMs - nowMs;
    },
  };
}
