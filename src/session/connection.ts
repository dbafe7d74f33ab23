import { AuthError, VenueError, type TruefeedError } from '../model/error.js';
import type {
  DecodedFrame,
  OrderAnswerMessage,
  RefusalMessage,
  VenueMessage,
} from '../model/message.js';
import type { Runtime, Timers } from '../model/runtime.js';
import type {
  MessagePacer,
  SessionCommand,
  SessionListener,
  Subscription,
} from '../model/session.js';
import type { Codec, OutgoingMessage, Venue } from '../model/venue.js';
import {
  applyAccepted,
  applyEnded,
  applyHeldSet,
  confirm,
  dropRequest,
  expireRequests,
  isControl,
  markSent,
  noteData,
} from './acknowledgements.js';
import {
  Commands,
  describeNotReady,
  describeUnsayable,
  describeUnsent,
  encodeCommand,
  saysSessionEnded,
  type PendingCommand,
} from './commands.js';
import { redactText } from '../runtime/redaction.js';
import { keepAlive } from './keep-alive.js';
import { watchLiveness, type Liveness } from './liveness.js';
import { createOutbox, type Outbox } from './outbox.js';
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
import {
  findNextDueMs,
  keyOf,
  planRequests,
  type SubscriptionLedger,
  type SubscriptionNotice,
  type SubscriptionRequest,
} from './subscriptions.js';

/** What an open socket is given to work with. */
export interface ConnectionParts {
  readonly venue: Venue;
  readonly codec: Codec;
  readonly runtime: Runtime;
  /** Timers of this attempt, cancelled by the session when it ends. */
  readonly timers: Timers;
  readonly ledger: SubscriptionLedger;
  readonly signIn: SignIn;
  readonly pacer: MessagePacer;
  readonly listener: Pick<
    SessionListener,
    'onSubscribed' | 'onEnded' | 'onRefused' | 'onComplaint'
  >;
  readonly transmit: (text: string) => boolean;
  readonly ping: () => void;
  /** The socket must go, for this reason. */
  readonly onDead: (error: TruefeedError) => void;
  /** A frame came that shows that the venue serves us. */
  readonly onProven: () => void;
}

/** What a message on its way out belongs to: a subscription, a command, or nothing of either. */
type Label =
  | { readonly kind: 'request'; readonly request: SubscriptionRequest }
  | { readonly kind: 'command'; readonly pending: PendingCommand }
  | undefined;

/** A ready socket: keeps what is held equal to what is wanted, and watches that data comes. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #outbox: Outbox<Label>;
  readonly #commands: Commands | undefined;
  readonly #liveness: Liveness;
  readonly #labels = new WeakMap<PendingCommand, Label>();
  #cancelDue: () => void = () => undefined;
  #proven = false;
  #stopped = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { pacer, timers, runtime } = parts;
    this.#liveness = watchLiveness({
      rule: parts.venue.liveness,
      clock: runtime.clock,
      timers,
      ping: parts.ping,
      onDead: parts.onDead,
    });
    this.#outbox = createOutbox({
      pacer,
      timers,
      sign: (body) => parts.signIn.sign(body),
      transmit: parts.transmit,
      onSent: (label) => this.#noteSent(label),
      onFailed: (label, error) => this.#failSigning(label, error),
      onRoom: () => this.flush(),
    });
    const { orderEntry: rule } = parts.venue;
    this.#commands =
      rule &&
      new Commands({
        rule,
        timers,
        withdraw: (pending) => this.#outbox.withdraw(this.#labels.get(pending)),
      });
    keepAlive(parts, (messages) => this.#outbox.add(messages, undefined));
  }

  /** Sends an order command in its turn, before all that can wait. */
  command(command: SessionCommand): void {
    const { codec, ledger, runtime, signIn, venue } = this.#parts;
    if (this.#stopped || !this.#commands || !codec.encodeOrder) {
      return command.onOutcome({ kind: 'not-sent', error: describeNotReady() });
    }
    const requestId = ledger.nextRequestId++;
    const { deadlineMs } = command;
    const deadlineAtMs = deadlineMs === undefined ? undefined : signIn.serverNowMs() + deadlineMs;
    const pending = this.#commands.add(requestId, command);
    const label: Label = { kind: 'command', pending };
    this.#labels.set(pending, label);
    try {
      const request = { command: command.command, requestId, deadlineAtMs };
      const message = encodeCommand(request, venue, codec);
      this.#outbox.add([message], label, true);
    } catch (cause) {
      this.#commands.fail(pending, describeUnsayable(cause, runtime.logger));
    }
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
    this.#armDue();
  }

  /** Asks for fresh snapshots. Nothing waits for the answer here: who asked does. */
  requestSnapshots(subscriptions: readonly Subscription[]): void {
    if (this.#stopped) return;
    const { codec, ledger } = this.#parts;
    for (const channel of new Set(subscriptions.map((one) => one.channel))) {
      const ofChannel = subscriptions.filter((one) => one.channel === channel);
      const symbols = ofChannel.flatMap(({ symbol }) => symbol ?? []);
      const requestId = ledger.nextRequestId++;
      const request = { kind: 'request-snapshot', channel, symbols, requestId } as const;
      this.#outbox.add(codec.encode(request), undefined);
    }
  }

  /** Acts on a frame, after the listener saw it. */
  receive(frame: DecodedFrame): void {
    this.#liveness.noteFrame();
    const { ledger } = this.#parts;
    for (const message of frame.messages) {
      if (this.#stopped) return;
      if (!this.#proven && message.type !== 'request.refused' && message.type !== 'frame.skipped') {
        this.#proven = true;
        this.#parts.onProven();
      }
      if (!this.#passInspection(message)) continue;
      if (message.type === 'heartbeat') this.#liveness.noteHeartbeat();
      else if (message.type === 'order.answered') this.#takeOrderAnswer(message);
      else if (ledger.requests.length > 0 || isControl(message)) {
        this.#takeAnswer(frame.channel, message);
      }
    }
  }

  receivePong(): void {
    this.#liveness.notePong();
  }

  /** Sends nothing more and hears nothing more; the session ends timers and socket. */
  stop(error: TruefeedError): void {
    this.#stopped = true;
    this.#outbox.stop();
    this.#commands?.stop(error);
  }

  #noteSent(label: Label): void {
    const { ledger, runtime, signIn } = this.#parts;
    if (label?.kind === 'request') {
      label.request.credential = signIn.signedWith;
      markSent(ledger, label.request, runtime.clock.monotonicMs());
    } else if (label) this.#commands?.markSent(label.pending);
    this.#armDue();
  }

  #enqueue(request: SubscriptionRequest): void {
    const { codec, ledger } = this.#parts;
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
      this.#conclude(this.#refusalOf(request, error), { kind: 'final' });
      return;
    }
    if (messages.length > 0) {
      request.messageCount = messages.length;
      this.#outbox.add(messages, { kind: 'request', request });
      return;
    }
    // What needs no request is held at once.
    dropRequest(ledger, request);
    for (const key of request.keys) {
      const entry = ledger.entries.get(key);
      if (kind === 'unsubscribe') ledger.entries.delete(key);
      else if (entry) this.#tell(confirm(ledger, entry));
    }
  }

  #passInspection(message: VenueMessage): boolean {
    const { signIn, onDead } = this.#parts;
    const inspection = signIn.inspect(message);
    switch (inspection) {
      case 'pass':
        return true;
      case 'accepted':
        signIn.noteAccepted();
        return false;
      case 'consumed':
        return false;
      case 'renew':
        // What asked for it may be a refusal, which is still to be answered.
        signIn.requestRenewal('the venue asked for it');
        return true;
      case 'revoked':
        onDead(
          new AuthError(
            'AUTH_SESSION_INVALID',
            'The venue revoked the sign-in of this connection; it is dialled and signed in anew.',
          ),
        );
        return false;
    }
  }

  #takeAnswer(channel: string, message: VenueMessage): void {
    const { ledger, runtime } = this.#parts;
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
      case 'request.refused':
        this.#takeRefusal(message, nowMs);
        break;
      default:
        this.#tell(
          noteData(ledger, keyOf(channel, 'symbol' in message ? message.symbol : undefined), nowMs),
        );
        return;
    }
    this.flush();
  }

  #takeOrderAnswer(message: OrderAnswerMessage): void {
    const { runtime, venue, signIn } = this.#parts;
    // The order is not sent again, but the next one must not meet the same end.
    if (saysSessionEnded(message)) signIn.requestRenewal('an order was refused without it');
    if (this.#commands?.takeAnswer(message) === true) return;
    runtime.logger.warn('An answer came to an order that was not sent here.', { venue: venue.id });
  }

  #takeRefusal(message: RefusalMessage, nowMs: number): void {
    const { ledger, listener, runtime, venue, pacer } = this.#parts;
    if (message.code === 'RATE_LIMITED') pacer.slowDown();
    if (this.#commands?.takeRefusal(message) === true) return;
    const refusal = attributeRefusal(ledger, message, nowMs);
    if (!refusal) {
      const { code, venueText, likelyCause } = message;
      const words = redactText(venueText).slice(0, 200);
      runtime.logger.warn('The venue refused something that nothing was asked for.', {
        ...{ venue: venue.id, code, likelyCause },
      });
      const text = `The venue complains, and no open request explains it: "${words}".`;
      listener.onComplaint?.(new VenueError(code, `${text} ${likelyCause}`, { facts: { words } }));
      return;
    }
    const decidedBySignIn = refusal.rule.reaction === 'sign-in' && refusal.request.private;
    if (decidedBySignIn) this.#judgeSignIn(refusal);
    else this.#conclude(refusal, judgeRefusal(refusal, 2 * venue.limits.messages.windowMs));
  }

  #failSigning(label: Label, error: TruefeedError): void {
    if (label?.kind === 'request') this.#judgeSignIn(this.#refusalOf(label.request, error));
    else if (label) this.#commands?.fail(label.pending, describeUnsent(error));
    this.flush();
  }

  /**
   * The strategy decides about a refusal of something private; afterwards the rest is spared it.
   */
  #judgeSignIn(refusal: AttributedRefusal): void {
    const { signIn, ledger, venue, runtime } = this.#parts;
    const { error, request } = refusal;
    const wasAccepted = signIn.accepted;
    if (signIn.judge({ stage: 'message', error, credential: request.credential }) === 'retry') {
      // Made anew at once; a signer or a token service in trouble is asked again at leisure.
      const { leastMs, firstMs, maxMs } = venue.backoff;
      const isRefusal = error instanceof AuthError && error.code !== 'SIGNER_FAILED';
      const leisureMs = firstMs * (1 + runtime.random.fraction());
      const refusedMs = error.code === 'AUTH_LOCKED_OUT' ? maxMs : leastMs;
      const afterMs = isRefusal ? refusedMs : leisureMs;
      this.#conclude(refusal, { kind: 'retry', afterMs, counted: false });
      return;
    }
    this.#conclude(refusal, { kind: 'final' });
    // A key that was accepted on this socket lacks a permission; one that never was is no use.
    if (!wasAccepted) this.#tell(blockPrivate(ledger, error));
  }

  #refusalOf(request: SubscriptionRequest, error: TruefeedError): AttributedRefusal {
    const rule = { target: 'oldest', reaction: 'by-code' } as const;
    return { request, keys: [...request.keys], rule, error, named: true };
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
        if (entry.private) signIn.noteAccepted();
        if (entry.heard) listener.onSubscribed(entry.subscription);
      } else if (notice.kind === 'ended') {
        if (entry.heard) listener.onEnded(entry.subscription);
      } else if (entry.heard) {
        listener.onRefused(entry.subscription, notice.error, notice.final);
      } else {
        const { error, final } = notice;
        runtime.logger.warn('A channel that the session needs itself was refused.', {
          ...{ error, final },
        });
      }
    }
  }

  /** One timer for whatever falls due next. */
  #armDue(): void {
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

  /** Whether public (false) and private (true) requests may be made: none of them waits. */
  #freeKinds(): readonly boolean[] {
    return [false, true].filter((isPrivate) => !this.#outbox.holds(isPrivate));
  }
}
