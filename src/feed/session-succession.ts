import type { AuthStrategy } from '../model/auth.js';
import type {
  AttemptBudget,
  FrameTap,
  MessagePacer,
  Session,
  SessionListener,
  SessionOptions,
  Subscription,
} from '../model/session.js';
import type { Endpoint } from '../model/venue.js';
import { createSession } from '../session/session.js';
import type { FeedTools } from './feed-tools.js';

/** What the sessions of one socket of the feed are made of. */
export interface SuccessionOptions {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly auth: AuthStrategy | undefined;
  readonly budget: AttemptBudget;
  /** The venue's limits count per client, so all sockets of the feed share their pace. */
  readonly pacer: MessagePacer;
  /** What the key was ever good for, on any socket of the feed. */
  readonly everAccepted: Set<string>;
  readonly tap: FrameTap | undefined;
  readonly caPem: string | undefined;
  readonly maxAttempts: number | undefined;
}

/** Who is told what the present session says. */
export interface SuccessionParts {
  readonly tools: FeedTools;
  readonly listener: SessionListener;
  /** Something came, and was told. */
  readonly onProgress: () => void;
}

/** Losses in a row without a single frame after which another address is tried. */
const FAIL_OVER_AFTER = 3;

/**
 * The sessions of one socket, of which each takes over from the one before it at another address.
 * Only the present one is heard.
 */
export class SessionSuccession {
  readonly #options: SuccessionOptions;
  readonly #parts: SuccessionParts;
  #endpoint: Endpoint;
  #present: Session;
  /** Sessions so far; callbacks of earlier ones are no longer heard. */
  #generation = 1;
  #ending: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #failuresInRow = 0;

  constructor(options: SuccessionOptions, parts: SuccessionParts) {
    this.#options = options;
    this.#parts = parts;
    this.#endpoint = options.endpoint;
    this.#present = this.#createSession();
  }

  get present(): Session {
    return this.#present;
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the address failed as often in a row as it may before another one is tried. */
  get isSuccessorDue(): boolean {
    return this.#failuresInRow % this.#failOverAfter === 0;
  }

  /**
   * Goes on at another address. Back-off and the budget of attempts go on as well: they are about
   * the venue, not about one address.
   */
  takeOver(endpoint: Endpoint, delayMs: number, subscriptions: readonly Subscription[]): void {
    this.#generation += 1;
    this.#ending = Promise.all([this.#ending, this.#present.close()]);
    this.#endpoint = endpoint;
    this.#present = this.#createSession({ attempt: this.#failuresInRow + 1, delayMs });
    this.#present.want(subscriptions);
    this.#present.open();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#ending, this.#present.close()]);
  }

  #createSession(resume?: SessionOptions['resume']): Session {
    const { name, auth, budget, pacer, tap, caPem, maxAttempts, everAccepted } = this.#options;
    const { venue, runtime } = this.#parts.tools;
    const suffix = this.#generation === 1 ? '' : `.${this.#generation}`;
    return createSession({
      name: `${name}${suffix}`,
      venue,
      endpoint: this.#endpoint,
      auth,
      runtime,
      listener: this.#createListener(this.#generation),
      budget,
      pacer,
      tap,
      caPem,
      maxAttempts,
      resume,
      everAccepted,
    });
  }

  #createListener(generation: number): SessionListener {
    const { listener, onProgress } = this.#parts;
    const isHeard = (): boolean => !this.#isClosed && generation === this.#generation;
    const tell = (act: () => void): void => {
      if (!isHeard()) return;
      act();
      onProgress();
    };
    return {
      // The path of every frame: no closure is made for it.
      onFrame: (frame, receivedAtMs) => {
        if (!isHeard()) return;
        this.#failuresInRow = 0;
        listener.onFrame(frame, receivedAtMs);
        onProgress();
      },
      onLost: (error, retryInMs) =>
        tell(() => {
          this.#failuresInRow += 1;
          listener.onLost(error, retryInMs);
        }),
      onReady: () => tell(() => listener.onReady()),
      onBadFrame: (error, receivedAtMs) => tell(() => listener.onBadFrame(error, receivedAtMs)),
      onSubscribed: (subscription) => tell(() => listener.onSubscribed(subscription)),
      onEnded: (subscription) => tell(() => listener.onEnded(subscription)),
      onRefused: (subscription, refusal) => tell(() => listener.onRefused(subscription, refusal)),
      onAuth: (notice) => tell(() => listener.onAuth(notice)),
      onComplaint: (error) => tell(() => listener.onComplaint?.(error)),
    };
  }

  /** Failures in a row at one address; fewer where the attempts would be used up before. */
  get #failOverAfter(): number {
    const { maxAttempts = Infinity } = this.#options;
    return Math.max(1, Math.min(FAIL_OVER_AFTER, maxAttempts - 1));
  }
}
