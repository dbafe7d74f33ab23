import type {
  AuthContext,
  AuthFailure,
  AuthInspection,
  AuthReaction,
  AuthStrategy,
  DialCredentials,
} from '../model/auth.js';
import { AuthError, KeyError, TruefeedError, type ErrorCode } from '../model/error.js';
import type { JsonMessage, JsonObject, VenueMessage } from '../model/message.js';
import type { HttpClient, Runtime, Timers } from '../model/runtime.js';
import { Secret } from '../model/secret.js';
import type { AuthNotice } from '../model/session.js';
import { explainRefusal } from '../runtime/skew-words.js';
import type { SkewMeter } from '../runtime/skew.js';

/** A hook that has not answered by then has failed. */
export const HOOK_TIMEOUT_MS = 15_000;
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

/** What the sign-in of one session is made of. */
export interface SignInParts {
  readonly auth: AuthStrategy | undefined;
  readonly runtime: Runtime;
  readonly meter: SkewMeter;
  /** Timers of the present attempt. */
  readonly timers: Timers;
  readonly onNotice: (notice: AuthNotice) => void;
  /** What was ever accepted; sessions that take over from each other share it. */
  readonly everAccepted: Set<string>;
}

/** Credentials for one dial, and whether making them outlived them. */
export interface PreparedDial {
  readonly credentials: DialCredentials;
  readonly expired: boolean;
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

/**
 * Runs a strategy's hooks for one session and judges its failures. A refusal never spins: after one
 * retry with everything made anew it is final, whatever the strategy says. Only what was accepted
 * before is asked for again, ever more rarely: a good key seldom turns bad, and venues have bad
 * hours.
 */
export class SignIn {
  readonly #parts: SignInParts;
  readonly #http: HttpClient;
  #url = '';
  #connection: object = {};
  #attempt = 1;
  /** Tells an answer for the present attempt from one for an earlier. */
  #attemptsStarted = 0;
  #accepted = false;
  #refusals = 0;
  #allowedRetries = RETRIES_AFTER_REFUSAL;
  /** Counts credentials: a refusal says something of the one that was used, and of that once. */
  #credential = 0;
  #signedWith = 0;
  #refusedCredential = -1;
  /** When refusals began that no acceptance has ended, on the clock that never goes back. */
  #refusedSinceMs: number | undefined;
  #renewalReason: string | undefined;
  #renewal: Promise<void> | undefined;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#http = measureSkew(parts.runtime, parts.meter);
  }

  /** Before every attempt: what follows belongs to this one. */
  startAttempt(attempt: number, url: string): void {
    this.#attemptsStarted += 1;
    this.#credential += 1;
    this.#attempt = attempt;
    this.#url = url;
    this.#connection = {};
    this.#accepted = false;
    this.#renewal = undefined;
  }

  /** The venue's time as far as we know it. */
  serverNowMs(): number {
    return this.#parts.meter.serverNowMs();
  }

  /** Which credential was used for what was signed last. */
  get signedWith(): number {
    return this.#signedWith;
  }

  async prepareDial(): Promise<PreparedDial> {
    const { auth, meter } = this.#parts;
    const prepare = auth?.prepareDial?.bind(auth);
    if (!prepare) return { credentials: {}, expired: false };
    const credentials = await this.#run(() => prepare(this.#context()));
    const { usableUntilAtMs } = credentials;
    const expired = usableUntilAtMs !== undefined && meter.serverNowMs() >= usableUntilAtMs;
    return { credentials, expired };
  }

  /** The message that logs in on the open socket. */
  async makeLogin(): Promise<JsonObject> {
    const { auth } = this.#parts;
    return this.#run(() => auth?.signIn?.(this.#context()) ?? {});
  }

  /** A message with its own, fresh sign-in; renews first where a renewal is due. */
  async sign(body: JsonMessage): Promise<JsonMessage> {
    const { auth } = this.#parts;
    if (!auth) {
      throw new KeyError('KEY_MISSING', 'This channel is private: give a key to sign in with.');
    }
    await this.#renewIfDue();
    const decorate = auth.decorate?.bind(auth);
    if (!auth.renew) this.#credential += 1;
    const credential = this.#credential;
    const signed =
      decorate && !isList(body) ? await this.#run(() => decorate(body, this.#context())) : body;
    this.#signedWith = credential;
    return signed;
  }

  inspect(message: VenueMessage): AuthInspection {
    return this.#parts.auth?.inspect?.(message) ?? 'pass';
  }

  /** Renews now, and before the next private message waits for it. */
  requestRenewal(reason: string): void {
    this.#renewalReason ??= reason;
    const attempt = this.#attemptsStarted;
    this.#renewIfDue().catch((error: unknown) => {
      // The next private message renews again and reports what becomes of it.
      if (attempt !== this.#attemptsStarted) return;
      this.#parts.onNotice({ kind: 'refused', error: asTruefeedError(error), final: false });
    });
  }

  /** `subject` is what was signed in for, where it was one thing of several. */
  noteAccepted(subject = WHOLE): void {
    this.#refusals = 0;
    this.#refusedSinceMs = undefined;
    this.#allowedRetries = RETRIES_AFTER_REFUSAL;
    this.#parts.everAccepted.add(subject);
    if (this.#accepted) return;
    this.#accepted = true;
    this.#parts.onNotice({ kind: 'accepted' });
  }

  /** Whether the key was accepted for anything, ever. */
  get wasEverAccepted(): boolean {
    return this.#parts.everAccepted.size > 0;
  }

  /** Decides about a failure, and says so where it is a refusal. */
  judge(failure: SignInFailure): SignInVerdict {
    const { meter, onNotice } = this.#parts;
    const { error, credential = NaN } = failure;
    const isRefusal = error instanceof AuthError && error.code !== 'SIGNER_FAILED';
    // Several requests may have left with a credential before the first of them was refused.
    if (isRefusal && credential <= this.#refusedCredential) return { kind: 'retry' };
    if (isRefusal) this.#countRefusal();
    if (isRefusal && credential >= 0) this.#refusedCredential = credential;
    const { skewMs } = meter;
    const reaction = this.#classify(failure);
    // A clock set right is a new reason to try, once.
    const clockMoved = reaction === 'retry-after-clock-sync' && meter.adoptFrameSkew();
    if (clockMoved)
      this.#allowedRetries = Math.min(this.#allowedRetries, RETRIES_AFTER_REFUSAL) + 1;
    const spent = isRefusal && this.#refusals > this.#allowedRetries;
    const isOver = reaction === 'fatal' || spent;
    const pauseMs = isOver && isRefusal ? this.#takePause(failure) : undefined;
    const final = isOver && pauseMs === undefined;
    if (isOver) this.#refusals = 0;
    if (isRefusal && !final && !this.#renewal) this.#renewalReason ??= error.code;
    // Once signing has used the server's time, the clock explains nothing any more.
    const isClock = reaction === 'retry-after-clock-sync' && !isOver;
    const told = isClock ? explainRefusal(error, skewMs) : explainPause(error, pauseMs);
    if (isRefusal || final) onNotice({ kind: 'refused', error: told, final });
    if (final) return { kind: 'final' };
    return pauseMs === undefined ? { kind: 'retry' } : { kind: 'retry', afterMs: pauseMs };
  }

  #classify({ stage, error, httpStatus }: SignInFailure): AuthReaction | undefined {
    if (error instanceof KeyError) return 'fatal';
    const { auth, meter } = this.#parts;
    return auth?.classify({
      ...{ stage, error, httpStatus },
      skewMs: meter.skewMs ?? meter.frameSkewMs,
      refusals: Math.max(1, this.#refusals),
    });
  }

  #countRefusal(): void {
    this.#refusals += 1;
    this.#refusedSinceMs ??= this.#parts.runtime.clock.monotonicMs();
  }

  /**
   * How long what was accepted before is left alone: for as long again as it has been refused.
   * Undefined where it is given up. A lock would only be prolonged by asking.
   */
  #takePause({ error, subjects = [WHOLE] }: SignInFailure): number | undefined {
    const { everAccepted, runtime } = this.#parts;
    if (!MAY_PASS.has(error.code)) return undefined;
    if (!subjects.some((subject) => everAccepted.has(subject))) return undefined;
    if (error.code === 'AUTH_LOCKED_OUT') return PAUSE_MAX_MS;
    // Of the next ones each is enough: only the first may be a whim.
    this.#allowedRetries = 0;
    const nowMs = runtime.clock.monotonicMs();
    const lastedMs = nowMs - (this.#refusedSinceMs ?? nowMs);
    return Math.round(Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, lastedMs)));
  }

  #renewIfDue(): Promise<void> {
    const reason = this.#renewalReason;
    const { auth } = this.#parts;
    const renew = auth?.renew?.bind(auth);
    if (reason === undefined || !renew) return this.#renewal ?? Promise.resolve();
    this.#renewalReason = undefined;
    this.#credential += 1;
    const renewal = this.#run(async () => renew(this.#context())).then(
      () => {
        // An answer for an attempt that is over is nobody's news.
        if (this.#renewal !== renewal) return;
        this.#renewal = undefined;
        this.#parts.onNotice({ kind: 'renewed', reason });
      },
      (error: unknown) => {
        if (this.#renewal === renewal) {
          this.#renewal = undefined;
          this.#renewalReason ??= reason;
        }
        throw error;
      },
    );
    this.#renewal = renewal;
    return renewal;
  }

  #context(): AuthContext {
    const { runtime, meter } = this.#parts;
    return {
      nowMs: () => meter.serverNowMs(),
      random: runtime.random,
      http: this.#http,
      url: this.#url,
      connection: this.#connection,
      attempt: this.#attempt,
    };
  }

  /** A hook with a deadline; what it throws comes out as a TruefeedError. */
  #run<Result>(hook: () => Result | Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const cancel = this.#parts.timers.after(HOOK_TIMEOUT_MS, () => {
        reject(
          new AuthError(
            'SIGNER_FAILED',
            `Signing in was not ready after ${HOOK_TIMEOUT_MS} ms. ` +
              'Find out what the signer, or the venue that issues the token, waits for.',
            { facts: { timeoutMs: HOOK_TIMEOUT_MS } },
          ),
        );
      });
      void (async () => {
        try {
          resolve(await hook());
        } catch (error) {
          reject(asTruefeedError(error));
        } finally {
          cancel();
        }
      })();
    });
  }
}

/** A hook may only fail with our own errors; another is a signer's, and is named so. */
export function asTruefeedError(error: unknown): TruefeedError {
  if (error instanceof TruefeedError) return error;
  return new AuthError(
    'SIGNER_FAILED',
    'The signer failed with an error of its own; look at cause.reveal(), hidden because it may ' +
      'quote the key.',
    { cause: new Secret(error) },
  );
}

function explainPause(error: TruefeedError, pauseMs: number | undefined): TruefeedError {
  if (pauseMs === undefined) return error;
  const seconds = pauseMs / 1_000;
  return new AuthError(
    error.code,
    `${error.message} The same was accepted before, so it is asked for again in ${seconds} s.`,
    { cause: error, facts: { ...error.facts, retryInMs: pauseMs }, retryable: true },
  );
}

function isList(body: JsonMessage): body is readonly unknown[] {
  return Array.isArray(body);
}

/** Every answer tells the server's time. */
function measureSkew(runtime: Runtime, meter: SkewMeter): HttpClient {
  return async (request) => {
    const requestedAtMs = runtime.clock.nowMs();
    const response = await runtime.http(request);
    if (response.serverDateMs !== undefined) meter.noteDate(response.serverDateMs, requestedAtMs);
    return response;
  };
}
