import { AuthError, type TruefeedError } from '../model/error.js';
import type {
  DecodedFrame,
  OrderAnswerMessage,
  RefusalMessage,
  VenueMessage,
} from '../model/message.js';
import type { Runtime, Timers } from '../model/runtime.js';
import type { MessagePacer, SessionCommand, Subscription } from '../model/session.js';
import type { Codec, Venue } from '../model/venue.js';
import {
  Commands,
  describeNotReady,
  describeUnsayable,
  describeUnsent,
  encodeCommand,
  saysSessionEnded,
  type PendingCommand,
} from './commands.js';
import { keepAlive } from './keep-alive.js';
import { watchLiveness, type Liveness } from './liveness.js';
import { createOutbox, type Outbox } from './outbox.js';
import { Reconciler, type SubscriptionListener } from './reconciler.js';
import type { SignIn } from './sign-in.js';
import type { SubscriptionLedger, SubscriptionRequest } from './subscriptions.js';

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
  readonly listener: SubscriptionListener;
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

/**
 * A ready socket: takes each message to who is concerned by it (the sign-in, the orders, the
 * subscriptions), and watches that data comes.
 */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #outbox: Outbox<Label>;
  readonly #commands: Commands | undefined;
  readonly #reconciler: Reconciler;
  readonly #liveness: Liveness;
  readonly #labels = new WeakMap<PendingCommand, Label>();
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
      onRoom: () => this.#reconciler.flush(),
    });
    this.#reconciler = new Reconciler({
      ...parts,
      send: (messages, request) =>
        this.#outbox.add(messages, request && { kind: 'request', request }),
      isWaiting: (isPrivate) => this.#outbox.holds(isPrivate),
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

  /** Order commands that are not answered yet. */
  get commandCount(): number {
    return this.#commands?.count ?? 0;
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

  /** Called whenever what is wanted has changed. */
  flush(): void {
    this.#reconciler.flush();
  }

  requestSnapshots(subscriptions: readonly Subscription[]): void {
    this.#reconciler.requestSnapshots(subscriptions);
  }

  /** Acts on a frame, after the listener saw it. */
  receive(frame: DecodedFrame, receivedAtMs: number): void {
    this.#liveness.noteFrame(receivedAtMs);
    for (const message of frame.messages) {
      if (this.#stopped) return;
      if (!this.#proven && message.type !== 'request.refused' && message.type !== 'frame.skipped') {
        this.#proven = true;
        this.#parts.onProven();
      }
      if (!this.#passInspection(message)) continue;
      if (message.type === 'heartbeat') this.#liveness.noteHeartbeat();
      else if (message.type === 'order.answered') this.#takeOrderAnswer(message);
      else if (message.type === 'request.refused') this.#takeRefusal(message);
      else this.#reconciler.receive(frame.channel, message);
    }
  }

  receivePong(): void {
    this.#liveness.notePong();
  }

  /** Sends nothing more and hears nothing more; the session ends timers and socket. */
  stop(error: TruefeedError): void {
    this.#stopped = true;
    this.#reconciler.stop();
    this.#outbox.stop();
    this.#commands?.stop(error);
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

  #takeOrderAnswer(message: OrderAnswerMessage): void {
    const { runtime, venue, signIn } = this.#parts;
    // The order is not sent again, but the next one must not meet the same end.
    if (saysSessionEnded(message)) signIn.requestRenewal('an order was refused without it');
    if (this.#commands?.takeAnswer(message) === true) return;
    runtime.logger.warn('An answer came to an order that was not sent here.', { venue: venue.id });
  }

  /** The codec cannot tell a refused order from a refused request where no method is named. */
  #takeRefusal(message: RefusalMessage): void {
    if (message.code === 'RATE_LIMITED') this.#parts.pacer.slowDown();
    if (this.#commands?.takeRefusal(message) !== true) this.#reconciler.receiveRefusal(message);
    this.#reconciler.flush();
  }

  #noteSent(label: Label): void {
    if (label?.kind === 'request') return this.#reconciler.noteSent(label.request);
    if (label) this.#commands?.markSent(label.pending);
    this.#reconciler.armDue();
  }

  #failSigning(label: Label, error: TruefeedError): void {
    if (label?.kind === 'request') this.#reconciler.noteUnsigned(label.request, error);
    else if (label) this.#commands?.fail(label.pending, describeUnsent(error));
    this.#reconciler.flush();
  }
}
