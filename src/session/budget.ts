import type { Clock } from '../model/runtime.js';
import type { AttemptBudget, DialTurn } from '../model/session.js';
import type { RateLimit } from '../model/venue.js';

/**
 * Dials a little apart when started may arrive closer together; the window is kept this much wider.
 */
const WINDOW_MARGIN = 1.1;
/** Addresses remembered at most; the one used longest ago is forgotten. */
const MAX_ADDRESSES = 256;

/**
 * Dials of all sessions to one address, held under the venue's limit in every window. A dial that
 * has to wait is given its turn at once, so that many that come together are spread, first come
 * first. A turn that comes to nothing is given back: otherwise sessions that end while they wait
 * would keep those from dialling that take their place.
 */
export function createAttemptBudget(limit: RateLimit, clock: Clock): AttemptBudget {
  const windowMs = limit.windowMs * WINDOW_MARGIN;
  /** When dials start, those of the last window and those to come, in order. */
  const startsByAddress = new Map<string, number[]>();

  /** No turn is before another that was given, so that the limit holds for those as well. */
  const findStart = (starts: readonly number[], nowMs: number): number => {
    const outOfWindowMs = starts.at(-limit.count) ?? -Infinity;
    return Math.max(nowMs, outOfWindowMs + windowMs, starts.at(-1) ?? -Infinity);
  };
  const listStarts = (address: string, nowMs: number): number[] => {
    const starts = startsByAddress.get(address) ?? [];
    return starts.filter((startMs) => startMs > nowMs - windowMs);
  };

  return {
    take(address): DialTurn {
      const nowMs = clock.monotonicMs();
      const starts = listStarts(address, nowMs);
      const startMs = findStart(starts, nowMs);
      startsByAddress.delete(address);
      startsByAddress.set(address, [...starts, startMs]);
      if (startsByAddress.size > MAX_ADDRESSES) {
        startsByAddress.delete(startsByAddress.keys().next().value!);
      }
      return {
        waitMs: startMs - nowMs,
        giveBack() {
          const given = startsByAddress.get(address) ?? [];
          const index = given.lastIndexOf(startMs);
          // Of a turn that has come the venue may know.
          if (index >= 0 && startMs > clock.monotonicMs()) given.splice(index, 1);
        },
      };
    },
  };
}
