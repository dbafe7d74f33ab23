import type { SocketClose } from '../model/socket.js';
import type { BackoffRule } from '../model/venue.js';
import { boundPauseMs } from '../runtime/pause.js';

/** 2 to this power times any delay is beyond every maximum; higher ones would only overflow. */
const MAX_DOUBLINGS = 30;

/**
 * Full jitter: uniform between 0 and `min(maxMs, firstMs * 2^failures)`, at least `leastMs`.
 * Clients that lost the same server at the same moment come back spread out. `failures` counts from
 * 0; `fraction` is in [0, 1).
 */
export function computeBackoffMs(rule: BackoffRule, failures: number, fraction: number): number {
  const ceilingMs = Math.min(rule.maxMs, rule.firstMs * 2 ** Math.min(failures, MAX_DOUBLINGS));
  return Math.max(rule.leastMs, fraction * ceilingMs);
}

/** How long the server asks to be left alone, at most as long as makes sense. */
export function readPauseMs({ failure, retryAfterMs = 0 }: SocketClose, rule: BackoffRule): number {
  const status = failure?.kind === 'http-status' ? failure.status : undefined;
  return boundPauseMs({ status, retryAfterMs }, rule.maxMs);
}

/** The delay before the next attempt: spread out, and not before the pause is over. */
export function computeRetryMs(
  rule: BackoffRule,
  counts: { readonly failures: number; readonly pauseMs: number },
  fraction: number,
): number {
  const { failures, pauseMs } = counts;
  const spreadMs = pauseMs + (pauseMs > 0 ? computeBackoffMs(rule, 0, fraction) : 0);
  return Math.max(spreadMs, computeBackoffMs(rule, failures, fraction));
}
