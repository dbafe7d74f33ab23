import { AuthError, VenueError, type TruefeedError } from '../model/error.js';
import type { RefusalMessage, VenueMessage } from '../model/message.js';
import type { Runtime, Timers } from '../model/runtime.js';
import type { SessionListener, Subscription } from '../model/session.js';
import type { Codec, OutgoingMessage, Venue } from '../model/venue.js';
import { redactText } from '../runtime/redaction.js';
import {
  applyAccepted,
  applyEnded,
  expireRequests,
  isControl,
  markSent,
  noteData,
} from './acknowledgements.js';
import { applyHeldSet } from './held-sets.js';
import {
  applyRefusal,
  attributeRefusal,
  blockPrivate,
  judgeRefusal,
  refuseBlocked,
  type AttributedRefusal,
  type RefusalVerdict,
} from './refusals.js';
import type { SignIn } from './sign-in.js';
import { confirm, dropRequest } from './subscription-outcomes.js';
import {
  findNextDueMs,
  keyOf,
  planRequests,
  type SubscriptionLedger,
  type SubscriptionNotice,
  type SubscriptionRequest,
} from './subscriptions.js';

/** Who is told how subscriptions fare. */
export type SubscriptionListener = Pick<
  SessionListener,
  'onSubscribed' | 'onEnded' | 'onRefused' | 'onComplaint'
>;

/** What a reconciler is given to work with. */
export interface ReconcilerParts {
  readonly venue: Pick<Venue, 'id' | 'limits' | 'backoff'>;
  readonly codec: Pick<Codec, 'encode'>;
  readonly runtime: Pick<Runtime, 'clock' | 'random' | 'logger'>;
  /** Timers of this attempt, cancelled by the session when it ends. */
  readonly timers: Timers;
  readonly ledger: SubscriptionLedger;
  readonly signIn: SignIn;
  readonly listener: SubscriptionListener;
  /** Puts messages on the way out; with a request where an answer to them is awaited. */
  readonly send: (
    messages: readonly OutgoingMessage[],
    request: SubscriptionRequest | undefined,
  ) => void;
  /** Whether public (false) or private (true) messages wait on the way out. */
  readonly isWaiting: (isPrivate: boolean) => boolean;
}

/**
 * Keeps what the venue holds equal to what is wanted, on one ready socket. The ledger and the
 * functions over it decide what to ask for and what an answer means; this sends, waits and tells.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  #cancelDue: () => void = () => undefined;
  #stopped = false;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /**
   * Asks for what is wanted and not held. Called whenever the ledger changed. While requests wait
   * to be sent no more are made: what is wanted and left again in the meantime costs nothing.
   */
  flush(): void {
    if (this.#stopped) return;
    const { ledger, runtime } = this.#parts;
    this.#tell(refuseBlocked(ledger));
    const nowMs = runtime.clock.monotonicMs();
    for (const request of planRequests(ledger, nowMs, this.#freeKinds())) this.#enqueue(request);
    this.armDue();
  }

  /** Asks for fresh snapshots. Nothing waits for the answer here: who asked does. */
  requestSnapshots(subscriptions: readonly Subscription[]): void {
    if (this.#stopped) return;
    const { codec, ledger, send } = this.#parts;
    for (const channel of new Set(subscriptions.map((one) => one.channel))) {
      const ofChannel = subscriptions.filter((one) => one.channel === channel);
      const symbols = ofChannel.flatMap(({ symbol }) => symbol ?? []);
      const requestId = ledger.nextRequestId++;
      send(codec.encode({ kind: 'request-snapshot', channel, symbols, requestId }), undefined);
    }
  }

  /** A message of the request went out. */
  noteSent(request: SubscriptionRequest): void {
    const { ledger, runtime, signIn } = this.#parts;
    request.credential = signIn.signedWith;
    markSent(ledger, request, runtime.clock.monotonicMs());
    this.armDue();
  }

  /** The request could not be signed, and is not sent. */
  noteUnsigned(request: SubscriptionRequest, error: TruefeedError): void {
    this.#judgeSignIn(refusalOf(request, error));
  }

  /** Takes in what an answer, or data, says of subscriptions. */
  receive(channel: string, message: Exclude<VenueMessage, RefusalMessage>): void {
    const { ledger, runtime } = this.#parts;
    if (ledger.requests.length === 0 && !isControl(message)) return;
    const nowMs = runtime.clock.monotonicMs();
    switch (message.type) {
      case 'subscriptions.held':
        this.#tell(applyHeldSet(ledger, message.held, nowMs));
        break;
      case 'subscription.accepted':
        this.#tell(applyAccepted(ledger, message));
        break;
      case 'subscription.ended':
        this.#tell(applyEnded(ledger, message, nowMs));
        break;
      default: {
        const symbol = 'symbol' in message ? message.symbol : undefined;
        this.#tell(noteData(ledger, keyOf(channel, symbol), nowMs));
        return;
      }
    }
    this.flush();
  }

  /** A refusal that is not about an order: of a request, or of nothing that anybody asked for. */
  receiveRefusal(message: RefusalMessage): void {
    const { ledger, runtime, venue } = this.#parts;
    const refusal = attributeRefusal(ledger, message, runtime.clock.monotonicMs());
    if (!refusal) return this.#complain(message);
    const decidedBySignIn = refusal.rule.reaction === 'sign-in' && refusal.request.private;
    if (decidedBySignIn) this.#judgeSignIn(refusal);
    else this.#conclude(refusal, judgeRefusal(refusal, 2 * venue.limits.messages.windowMs));
  }

  /** One timer for whatever falls due next; set anew whenever something left. */
  armDue(): void {
    this.#cancelDue();
    if (this.#stopped) return;
    const { ledger, timers, runtime } = this.#parts;
    const dueMs = findNextDueMs(ledger, this.#freeKinds());
    if (dueMs === undefined) return;
    const delayMs = Math.max(0, dueMs - runtime.clock.monotonicMs());
    this.#cancelDue = timers.after(delayMs, () => {
      this.#tell(expireRequests(ledger, runtime.clock.monotonicMs()));
      this.flush();
    });
  }

  /** Asks for nothing more and tells nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  #enqueue(request: SubscriptionRequest): void {
    const { codec, ledger, send } = this.#parts;
    const { kind, channel, symbols, depth, id } = request;
    let messages: readonly OutgoingMessage[];
    try {
      messages = codec.encode({ kind, channel, symbols, depth, requestId: id });
    } catch (cause) {
      const error = new VenueError(
        'SUBSCRIPTION_REFUSED',
        `The venue's protocol has no way to ${kind} "${channel}" like this. Check the channel.`,
        { facts: { channel }, cause },
      );
      this.#conclude(refusalOf(request, error), { kind: 'final' });
      return;
    }
    if (messages.length > 0) {
      request.messageCount = messages.length;
      send(messages, request);
      return;
    }
    // What needs no request is held at once.
    dropRequest(ledger, request);
    for (const key of request.keys) {
      const entry = ledger.entries.get(key);
      if (kind === 'unsubscribe') ledger.entries.delete(key);
      else if (entry) this.#tell(confirm(entry));
    }
  }

  #complain({ code, venueText, likelyCause }: RefusalMessage): void {
    const { listener, runtime, venue } = this.#parts;
    const words = redactText(venueText).slice(0, 200);
    runtime.logger.warn('The venue refused something that nothing was asked for.', {
      venue: venue.id,
      code,
      likelyCause,
    });
    const text = `The venue complains, and no open request explains it: "${words}".`;
    listener.onComplaint?.(new VenueError(code, `${text} ${likelyCause}`, { facts: { words } }));
  }

  /** The strategy decides about a refusal of something private; then the rest is spared it. */
  #judgeSignIn(refusal: AttributedRefusal): void {
    const { signIn, ledger } = this.#parts;
    const { error, request } = refusal;
    const { wasEverAccepted } = signIn;
    const failure = { stage: 'message', error, credential: request.credential } as const;
    const verdict = signIn.judge({ ...failure, subjects: refusal.keys });
    if (verdict.kind === 'retry') {
      const { afterMs = this.#signInPauseMs(error) } = verdict;
      this.#conclude(refusal, { kind: 'retry', afterMs, counted: false });
      return;
    }
    this.#conclude(refusal, { kind: 'final' });
    // A key that was ever accepted lacks a permission; one that never was is no use.
    if (!wasEverAccepted) this.#tell(blockPrivate(ledger, error));
  }

  /**
   * Made anew at once; a signer or a token service in trouble is asked again at leisure, and not
   * while it wants to be left alone.
   */
  #signInPauseMs(error: TruefeedError): number {
    const { venue, runtime } = this.#parts;
    const { leastMs, firstMs, maxMs } = venue.backoff;
    const { retryAfterMs } = error.facts;
    const askedMs = typeof retryAfterMs === 'number' ? retryAfterMs : 0;
    const leisureMs = askedMs + firstMs * (1 + runtime.random.fraction());
    if (!(error instanceof AuthError) || error.code === 'SIGNER_FAILED') return leisureMs;
    return error.code === 'AUTH_LOCKED_OUT' ? maxMs : leastMs;
  }

  #conclude(refusal: AttributedRefusal, verdict: RefusalVerdict): void {
    const { ledger, runtime } = this.#parts;
    const nowMs = runtime.clock.monotonicMs();
    this.#tell(applyRefusal(ledger, refusal, { verdict, nowMs }));
  }

  #tell(notices: readonly SubscriptionNotice[]): void {
    const { signIn, listener, runtime } = this.#parts;
    for (const notice of notices) {
      if (this.#stopped) return;
      const { entry } = notice;
      if (notice.kind === 'subscribed') {
        if (entry.private) signIn.noteAccepted(entry.key);
        if (entry.heard) listener.onSubscribed(entry.subscription);
      } else if (notice.kind === 'ended') {
        if (entry.heard) listener.onEnded(entry.subscription);
      } else if (entry.heard) {
        const { error, inWords, retryAtMs } = notice;
        const nowMs = runtime.clock.monotonicMs();
        const retryInMs = retryAtMs === undefined ? undefined : Math.max(0, retryAtMs - nowMs);
        listener.onRefused(entry.subscription, { error, inWords, retryInMs });
      } else {
        const { error, retryAtMs } = notice;
        const final = retryAtMs === undefined;
        runtime.logger.warn('A channel that the session needs itself was refused.', {
          error,
          final,
        });
      }
    }
  }

  /** Whether public (false) and private (true) requests may be made: none of them waits. */
  #freeKinds(): readonly boolean[] {
    return [false, true].filter((isPrivate) => !this.#parts.isWaiting(isPrivate));
  }
}

/** What stopped a request on this side, as a refusal of all of it. */
function refusalOf(request: SubscriptionRequest, error: TruefeedError): AttributedRefusal {
  const rule = { target: 'oldest', reaction: 'by-code' } as const;
  return { request, keys: [...request.keys], rule, error, named: true };
}
