import type { BackoffRule } from '../model/venue.js';

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
