import type { Clock } from '../model/runtime.js';
import type { MessagePacer } from '../model/session.js';
import type { RateLimit } from '../model/venue.js';

/**
 * Messages a little apart when sent may arrive closer together; the window is kept this much wider.
 */
const WINDOW_MARGIN = 1.1;
/** How long a venue that complained is sent half as much. */
const SLOW_FOR_MS = 60_000;

/**
 * At most `count` messages in any window: a first burst goes out at once, what is more waits. Share
 * one between all sessions whose messages the venue counts together.
 */
export function createMessagePacer(limit: RateLimit, clock: Clock): MessagePacer {
  const windowMs = limit.windowMs * WINDOW_MARGIN;
  let sentAtMs: number[] = [];
  let slowUntilMs = -Infinity;
  let blockedUntilMs = -Infinity;
  return {
    take() {
      const nowMs = clock.monotonicMs();
      if (nowMs < blockedUntilMs) return blockedUntilMs - nowMs;
      const count = nowMs < slowUntilMs ? Math.max(1, Math.floor(limit.count / 2)) : limit.count;
      const earlier = sentAtMs.at(-count);
      if (earlier !== undefined && earlier + windowMs > nowMs) return earlier + windowMs - nowMs;
      sentAtMs = [...sentAtMs, nowMs].slice(-limit.count);
      return 0;
    },
    slowDown() {
      const nowMs = clock.monotonicMs();
      slowUntilMs = nowMs + SLOW_FOR_MS;
      blockedUntilMs = nowMs + windowMs;
    },
  };
}
