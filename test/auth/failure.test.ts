import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../../src/auth/failure.js';
import type { AuthFailure, AuthReaction } from '../../src/model/auth.js';
import { TruefeedError, type ErrorCode } from '../../src/model/error.js';

function failure(code: ErrorCode, more: Partial<AuthFailure> = {}): AuthFailure {
  return { stage: 'message', error: new TruefeedError(code, 'Refused.'), refusals: 1, ...more };
}

const ROWS: readonly (readonly [string, AuthFailure, AuthReaction])[] = [
  ['a first plain refusal', failure('AUTH_REFUSED'), 'retry'],
  ['a second plain refusal', failure('AUTH_REFUSED', { refusals: 2 }), 'fatal'],
  ['a refusal with a good clock', failure('AUTH_REFUSED', { skewMs: 1_999 }), 'retry'],
  ['a refusal, clock slow', failure('AUTH_REFUSED', { skewMs: 2_001 }), 'retry-after-clock-sync'],
  ['a refusal, clock fast', failure('AUTH_REFUSED', { skewMs: -60_000 }), 'retry-after-clock-sync'],
  [
    'a second refusal whose clock is known only now',
    failure('AUTH_REFUSED', { skewMs: 60_000, refusals: 2 }),
    'retry-after-clock-sync',
  ],
  ['a third refusal, clock off', failure('AUTH_REFUSED', { skewMs: 60_000, refusals: 3 }), 'fatal'],
  ['a refusal called a clock error', failure('AUTH_CLOCK_SKEWED'), 'retry-after-clock-sync'],
  ['HTTP 401 once', failure('DIAL_REFUSED', { httpStatus: 401, stage: 'dial' }), 'retry'],
  ['HTTP 401 twice', failure('DIAL_REFUSED', { httpStatus: 401, refusals: 2 }), 'fatal'],
  [
    'HTTP 401 with a clock that is off',
    failure('DIAL_REFUSED', { httpStatus: 401, skewMs: 31_000 }),
    'retry-after-clock-sync',
  ],
  ['HTTP 403 twice', failure('DIAL_REFUSED', { httpStatus: 403, refusals: 2 }), 'fatal'],
  ['HTTP 429', failure('DIAL_REFUSED', { httpStatus: 429, refusals: 9 }), 'retry'],
  ['HTTP 503', failure('DIAL_REFUSED', { httpStatus: 503, refusals: 9 }), 'retry'],
  ['a dead ticket', failure('AUTH_SESSION_INVALID'), 'retry'],
  ['a dead ticket again', failure('AUTH_SESSION_INVALID', { refusals: 2 }), 'fatal'],
  ['a refused nonce', failure('AUTH_NONCE_REFUSED'), 'fatal'],
  ['a missing permission', failure('AUTH_PERMISSION_DENIED'), 'fatal'],
  ['a lock-out', failure('AUTH_LOCKED_OUT'), 'fatal'],
  ['a bad key', failure('KEY_INVALID', { stage: 'prepare' }), 'fatal'],
  ['a signer that is away', failure('SIGNER_FAILED', { refusals: 9 }), 'retry'],
  ['a network that is away', failure('DIAL_FAILED', { refusals: 9 }), 'retry'],
  ['a bad certificate', failure('TLS_INVALID'), 'fatal'],
];

describe('a refusal', () => {
  it.each(ROWS)('%s is classified', (_name, given, reaction) => {
    expect(classifyFailure(given)).toBe(reaction);
  });
});
