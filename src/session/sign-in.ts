import {
  HOOK_TIMEOUT_MS,
  type AuthContext,
  type AuthInspection,
  type AuthStrategy,
  type DialCredentials,
} from '../model/auth.js';
import { AuthError, KeyError, TruefeedError } from '../model/error.js';
import type { JsonMessage, JsonObject, VenueMessage } from '../model/message.js';
import type { HttpClient, Runtime, Timers } from '../model/runtime.js';
import { Secret } from '../model/secret.js';
import type { AuthNotice } from '../model/session.js';
import type { SkewMeter } from '../runtime/skew.js';
import { RefusalJudge, type SignInFailure, type SignInVerdict } from './refusal-judge.js';

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

/** Runs a strategy's hooks for one session; what is refused goes before a judge. */
export class SignIn {
  readonly #parts: SignInParts;
  readonly #http: HttpClient;
  readonly #judge: RefusalJudge;
  #url = '';
  #connection: object = {};
  #attempt = 1;
  /** Tells an answer for the present attempt from one for an earlier. */
  #attemptsStarted = 0;
  #accepted = false;
  /** Counts credentials: a refusal says something of the one that was used, and of that once. */
  #credential = 0;
  #signedWith = 0;
  #renewalReason: string | undefined;
  #renewal: Promise<void> | undefined;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#http = measureSkew(parts.runtime, parts.meter);
    const { auth, meter, everAccepted, onNotice } = parts;
    this.#judge = new RefusalJudge({
      auth,
      meter,
      everAccepted,
      onNotice,
      clock: parts.runtime.clock,
      onStale: (code) => {
        if (!this.#renewal) this.#renewalReason ??= code;
      },
    });
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
  noteAccepted(subject?: string): void {
    this.#judge.noteAccepted(subject);
    if (this.#accepted) return;
    this.#accepted = true;
    this.#parts.onNotice({ kind: 'accepted' });
  }

  /** Whether the key was accepted for anything, ever. */
  get wasEverAccepted(): boolean {
    return this.#judge.wasEverAccepted;
  }

  /** Decides about a failure, and says so where it is a refusal. */
  judge(failure: SignInFailure): SignInVerdict {
    return this.#judge.judge(failure);
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
