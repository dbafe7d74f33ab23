import type { Clock } from '../model/runtime.js';
import type { MessagePacer } from '../model/session.js';
import type { MessageLimit, RateLimit } from '../model/venue.js';

/**
 * Messages a little apart when sent may arrive closer together; the window is kept this much wider.
 */
const WINDOW_MARGIN = 1.1;
/** How long a venue that complained is sent half as much. */
const SLOW_FOR_MS = 60_000;

/** Something that took its place, and how much of the limit it needs. */
interface Taken {
  readonly atMs: number;
  readonly amount: number;
}

/**
 * At most `count` messages in any window, and of those that cost something at most so much of it: a
 * first burst goes out at once, what is more waits. Share one between all sessions whose messages
 * the venue counts together.
 */
export function createMessagePacer(limit: MessageLimit, clock: Clock): MessagePacer {
  const places = createWindow(limit);
  const costs = limit.costs && createWindow(limit.costs);
  let slowUntilMs = -Infinity;
  let blockedUntilMs = -Infinity;
  return {
    take(cost = 0) {
      const nowMs = clock.monotonicMs();
      if (nowMs < blockedUntilMs) return blockedUntilMs - nowMs;
      const share = nowMs < slowUntilMs ? 0.5 : 1;
      const costWaitMs = cost > 0 ? (costs?.waitMs(cost, share, nowMs) ?? 0) : 0;
      const waitMs = Math.max(places.waitMs(1, share, nowMs), costWaitMs);
      if (waitMs > 0) return waitMs;
      places.take(1, nowMs);
      if (cost > 0) costs?.take(cost, nowMs);
      return 0;
    },
    slowDown() {
      const nowMs = clock.monotonicMs();
      slowUntilMs = nowMs + SLOW_FOR_MS;
      blockedUntilMs = nowMs + limit.windowMs * WINDOW_MARGIN;
    },
  };
}

/** What was taken of one limit in its last window. */
function createWindow(limit: RateLimit) {
  const windowMs = limit.windowMs * WINDOW_MARGIN;
  let taken: readonly Taken[] = [];
  return {
    /** What is larger than the whole limit waits for an empty window. */
    waitMs(amount: number, share: number, nowMs: number): number {
      const room = Math.max(amount, Math.floor(limit.count * share)) - amount;
      let sum = 0;
      for (const one of [...taken].reverse()) {
        sum += one.amount;
        if (sum > room) return Math.max(0, one.atMs + windowMs - nowMs);
      }
      return 0;
    },
    take(amount: number, nowMs: number): void {
      taken = [...taken.filter(({ atMs }) => atMs + windowMs > nowMs), { atMs: nowMs, amount }];
    },
  };
}
