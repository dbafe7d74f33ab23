import type { AuthFailure, AuthReaction } from '../model/auth.js';
import type { ErrorCode } from '../model/error.js';
import { CLOCK_SKEW_SUSPECT_MS } from '../runtime/skew-words.js';

/** Refusals in a row after which neither a fresh credential nor a corrected clock will help. */
const FRESH_CREDENTIAL_REFUSALS_MAX = 1;
const CLOCK_SYNC_REFUSALS_MAX = 2;

/**
 * `refused` may be a sporadic false failure or the clock, and gets one fresh credential; `stale`
 * is cured by a fresh credential; `transient` is not about who we are; `final` ends it.
 */
type FailureKind = 'refused' | 'clock' | 'stale' | 'transient' | 'final';

/** Codes that say something about the sign-in; every other one goes by its own `retryable`. */
const CODE_KINDS: Partial<Record<ErrorCode, FailureKind>> = {
  AUTH_REFUSED: 'refused',
  AUTH_CLOCK_SKEWED: 'clock',
  // Whoever sends nonces has tried a higher one before saying so.
  AUTH_NONCE_REFUSED: 'final',
  AUTH_SESSION_INVALID: 'stale',
  AUTH_PERMISSION_DENIED: 'final',
  // Trying on would prolong the lock.
  AUTH_LOCKED_OUT: 'final',
};

/** Statuses of a refused upgrade that are about who we are; others go by the error itself. */
const STATUS_KINDS: Readonly<Record<number, FailureKind>> = { 401: 'refused', 403: 'refused' };

function findKind(failure: AuthFailure): FailureKind {
  const { httpStatus, error } = failure;
  const byStatus = httpStatus === undefined ? undefined : STATUS_KINDS[httpStatus];
  if (byStatus) return byStatus;
  return CODE_KINDS[error.code] ?? (error.retryable ? 'transient' : 'final');
}

/**
 * What to do after a refusal, for every family: one fresh credential (venues refuse good ones now
 * and then), a corrected clock where it is off by more than two seconds, and then the end.
 */
export function classifyFailure(failure: AuthFailure): AuthReaction {
  const kind = findKind(failure);
  const isSkewed = Math.abs(failure.skewMs ?? 0) > CLOCK_SKEW_SUSPECT_MS;
  switch (kind) {
    case 'transient':
      return 'retry';
    case 'final':
      return 'fatal';
    case 'refused':
    case 'clock':
      if ((kind === 'clock' || isSkewed) && failure.refusals <= CLOCK_SYNC_REFUSALS_MAX) {
        return 'retry-after-clock-sync';
      }
      return failure.refusals <= FRESH_CREDENTIAL_REFUSALS_MAX ? 'retry' : 'fatal';
    case 'stale':
      return failure.refusals <= FRESH_CREDENTIAL_REFUSALS_MAX ? 'retry' : 'fatal';
  }
}
