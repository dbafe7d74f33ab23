import type { AuthFailure, AuthReaction, AuthStrategy } from '../model/auth.js';
import { AuthError, KeyError, type ErrorCode, type TruefeedError } from '../model/error.js';
import type { Clock } from '../model/runtime.js';
import type { AuthNotice } from '../model/session.js';
import { explainRefusal } from '../runtime/skew-words.js';
import type { SkewMeter } from '../runtime/skew.js';

/** A refusal is tried once more with everything made anew, and then believed. */
const RETRIES_AFTER_REFUSAL = 1;
/** The least and the longest pause after refusals of what was accepted before. */
const PAUSE_MIN_MS = 30_000;
const PAUSE_MAX_MS = 900_000;
/** Refusals that may be the venue's own trouble, and pass; others are for a person to mend. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AUTH_REFUSED',
  'AUTH_CLOCK_SKEWED',
  'AUTH_SESSION_INVALID',
  'AUTH_LOCKED_OUT',
]);
/** The sign-in as a whole, beside what is signed in for one by one. */
const WHOLE = '';

/** What a judge of refusals is given to work with. */
export interface RefusalJudgeParts {
  readonly auth: AuthStrategy | undefined;
  readonly clock: Clock;
  readonly meter: SkewMeter;
  /** What was ever accepted; sessions that take over from each other share it. */
  readonly everAccepted: Set<string>;
  readonly onNotice: (notice: AuthNotice) => void;
  /** The next try needs a credential that is made anew. */
  readonly onStale: (code: ErrorCode) => void;
}

/** A failure, and which credential it is about; NaN, or absent, where it is about none. */
export type SignInFailure = Pick<AuthFailure, 'stage' | 'error' | 'httpStatus'> & {
  readonly credential?: number | undefined;
  /** What was to be signed in for, as `noteAccepted` was told; absent: the whole. */
  readonly subjects?: readonly string[] | undefined;
};

/** What follows a failure; `afterMs` is a pause that has to be kept, where one has to. */
export type SignInVerdict =
  { readonly kind: 'retry'; readonly afterMs?: number } | { readonly kind: 'final' };

/** What a session knows of its key. It gets worse with refusals, until something is accepted. */
type Standing =
  /** Nothing was refused since the last acceptance. */
  | { readonly kind: 'good' }
  /** Only what was never accepted was refused. `sinceMs` is of the clock that never goes back. */
  | { readonly kind: 'doubted'; readonly sinceMs: number }
  /** Something that was accepted before was refused: what is new is not judged by that. */
  | { readonly kind: 'in-trouble'; readonly sinceMs: number }
  /** That was refused more than once: nothing is asked for again without a pause. */
  | { readonly kind: 'paused'; readonly sinceMs: number };

const GOOD: Standing = { kind: 'good' };

/** After one more refusal, of something that was accepted before or not. */
function worsen(standing: Standing, wasAccepted: boolean, nowMs: number): Standing {
  const sinceMs = standing.kind === 'good' ? nowMs : standing.sinceMs;
  if (standing.kind === 'paused') return standing;
  const isInTrouble = wasAccepted || standing.kind === 'in-trouble';
  return { kind: isInTrouble ? 'in-trouble' : 'doubted', sinceMs };
}

/**
 * Judges failures to sign in. A refusal never spins: after one retry with everything made anew it
 * is final, whatever the strategy says. Only what was accepted before is asked for again, ever more
 * rarely: a good key seldom turns bad, and venues have bad hours.
 */
export class RefusalJudge {
  readonly #parts: RefusalJudgeParts;
  /** In a row, since the last acceptance or the last end of trying. */
  #refusals = 0;
  #refusedCredential = -1;
  #standing = GOOD;
  /** Whether frames told the time since this trying began: a new reason to try, once. */
  #clock: 'as-it-was' | 'moved' = 'as-it-was';

  constructor(parts: RefusalJudgeParts) {
    this.#parts = parts;
  }

  /** Whether the key was accepted for anything, ever. */
  get wasEverAccepted(): boolean {
    return this.#parts.everAccepted.size > 0;
  }

  /** `subject` is what was signed in for, where it was one thing of several. */
  noteAccepted(subject = WHOLE): void {
    this.#beginAnew();
    this.#standing = GOOD;
    this.#parts.everAccepted.add(subject);
  }

  /** Decides about a failure, and says so where it is a refusal. */
  judge(failure: SignInFailure): SignInVerdict {
    const { error, credential = NaN } = failure;
    const isRefusal = error instanceof AuthError && error.code !== 'SIGNER_FAILED';
    // Several requests may have left with a credential before the first of them was refused.
    if (isRefusal && credential <= this.#refusedCredential) return { kind: 'retry' };
    if (isRefusal) this.#count(failure);
    const { skewMs } = this.#parts.meter;
    const reaction = this.#classify(failure);
    const isClock = reaction === 'retry-after-clock-sync';
    if (isClock && this.#parts.meter.adoptFrameSkew()) this.#clock = 'moved';
    const isOver = reaction === 'fatal' || (isRefusal && this.#refusals > this.#countAllowed());
    const pauseMs = isOver && isRefusal ? this.#takePause(error.code) : undefined;
    if (isOver) this.#beginAnew();
    const final = isOver && pauseMs === undefined;
    // Once signing has used the server's time, the clock explains nothing any more.
    const told = isClock && !isOver ? explainRefusal(error, skewMs) : explainPause(error, pauseMs);
    if (isRefusal && !final) this.#parts.onStale(error.code);
    if (isRefusal || final) this.#parts.onNotice({ kind: 'refused', error: told, final });
    if (final) return { kind: 'final' };
    return pauseMs === undefined ? { kind: 'retry' } : { kind: 'retry', afterMs: pauseMs };
  }

  #classify({ stage, error, httpStatus }: SignInFailure): AuthReaction | undefined {
    if (error instanceof KeyError) return 'fatal';
    const { auth, meter } = this.#parts;
    return auth?.classify({
      stage,
      error,
      httpStatus,
      skewMs: meter.skewMs ?? meter.frameSkewMs,
      refusals: Math.max(1, this.#refusals),
    });
  }

  #count({ credential = NaN, subjects = [WHOLE] }: SignInFailure): void {
    const { everAccepted, clock } = this.#parts;
    this.#refusals += 1;
    if (credential >= 0) this.#refusedCredential = credential;
    const wasAccepted = subjects.some((subject) => everAccepted.has(subject));
    this.#standing = worsen(this.#standing, wasAccepted, clock.monotonicMs());
  }

  /** The clock's own try counts anew, too: another move of it is another reason. */
  #beginAnew(): void {
    this.#refusals = 0;
    this.#clock = 'as-it-was';
  }

  /** Refusals in a row that are followed by another try at once; only the first may be a whim. */
  #countAllowed(): number {
    const retries = this.#standing.kind === 'paused' ? 0 : RETRIES_AFTER_REFUSAL;
    return retries + (this.#clock === 'moved' ? 1 : 0);
  }

  /**
   * How long what was accepted before is left alone: for as long again as it has been refused.
   * Undefined where it is given up. A lock would only be prolonged by asking.
   */
  #takePause(code: ErrorCode): number | undefined {
    const standing = this.#standing;
    if (standing.kind === 'good' || standing.kind === 'doubted') return undefined;
    if (!MAY_PASS.has(code)) return undefined;
    const { sinceMs } = standing;
    this.#standing = { kind: 'paused', sinceMs };
    if (code === 'AUTH_LOCKED_OUT') return PAUSE_MAX_MS;
    const lastedMs = this.#parts.clock.monotonicMs() - sinceMs;
    return Math.round(Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, lastedMs)));
  }
}

function explainPause(error: TruefeedError, pauseMs: number | undefined): TruefeedError {
  if (pauseMs === undefined) return error;
  const seconds = Math.round(pauseMs / 1_000);
  return new AuthError(
    error.code,
    `${error.message} The key was accepted before, so it is tried again in ${seconds} s.`,
    { cause: error, facts: { ...error.facts, retryInMs: pauseMs }, retryable: true },
  );
}
