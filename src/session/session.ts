import { isUtf8 } from 'node:buffer';
import type { DialCredentials } from '../model/auth.js';
import type { TruefeedError } from '../model/error.js';
import type { FrameBytes } from '../model/frame-bytes.js';
import type { DecodedFrame } from '../model/message.js';
import type {
  DialTurn,
  MessagePacer,
  Session,
  SessionCommand,
  SessionListener,
  SessionOptions,
  SessionStatus,
  Subscription,
} from '../model/session.js';
import type { Codec } from '../model/venue.js';
import { createSkewMeter, type SkewMeter } from '../runtime/skew.js';
import { describeBadFrame } from './close-error.js';
import { describeNotReady, explainNoOrders, describeSocketEnd } from './commands.js';
import { Connection } from './connection.js';
import { guardListener, guardTap } from './guarded-listener.js';
import { Login } from './login.js';
import { createMessagePacer } from './pacing.js';
import { asTruefeedError, SignIn } from './sign-in.js';
import { SocketLine, type SocketEnd } from './socket-line.js';
import {
  advanceSession,
  LASTING_AFTER_MS,
  type SessionEffect,
  type SessionInput,
  type SessionState,
} from './state.js';
import {
  createLedger,
  forgetSocket,
  setRenewed,
  setWanted,
  type SubscriptionLedger,
} from './subscriptions.js';
import { createTimerScope, type TimerScope } from './timer-scope.js';

/**
 * One socket from dial to goodbye, dialled again as long as it is wanted. The strategy is the
 * caller's to dispose of: several sessions may share it.
 */
export function createSession(options: SessionOptions): Session {
  return new SocketSession(options);
}

/** Carries out what `advanceSession` decides; holds no policy of its own. */
class SocketSession implements Session {
  readonly name: string;
  readonly #options: SessionOptions;
  readonly #listener: SessionListener;
  readonly #codec: Codec;
  readonly #meter: SkewMeter;
  readonly #pacer: MessagePacer;
  readonly #ledger: SubscriptionLedger;
  readonly #signIn: SignIn;
  readonly #sockets: SocketLine;
  /** Everything that waits for the present attempt. */
  readonly #timers: TimerScope;
  readonly #inputs: SessionInput[] = [];
  #state: SessionState = { status: 'idle' };
  /** Of a dial that waits for it. */
  #turn: DialTurn | undefined;
  #advancing = false;
  #login: Login | undefined;
  #connection: Connection | undefined;

  constructor(options: SessionOptions) {
    const { venue, runtime } = options;
    const { heartbeatChannel } = venue.liveness;
    this.name = options.name;
    this.#options = options;
    this.#listener = guardListener(options.listener, runtime.logger);
    this.#codec = venue.createCodec();
    this.#meter = createSkewMeter(runtime.clock);
    this.#pacer = options.pacer ?? createMessagePacer(venue.limits.messages, runtime.clock);
    this.#timers = createTimerScope(runtime.timers);
    this.#ledger = createLedger(
      venue,
      heartbeatChannel === undefined ? [] : [{ channel: heartbeatChannel, symbol: undefined }],
    );
    this.#signIn = new SignIn({
      auth: options.auth,
      runtime,
      meter: this.#meter,
      timers: this.#timers,
      everAccepted: options.everAccepted ?? new Set(),
      onNotice: (notice) => this.#listener.onAuth(notice),
    });
    const tap = options.tap && guardTap(options.tap, runtime.logger);
    this.#sockets = new SocketLine({
      ...options,
      tap,
      meter: this.#meter,
      memory: this.#codec.memory,
    });
  }

  get status(): SessionStatus {
    return this.#state.status;
  }

  get skewMs(): number | undefined {
    return this.#meter.skewMs;
  }

  get unansweredCount(): number {
    return this.#ledger.requests.length + (this.#connection?.commandCount ?? 0);
  }

  open(): void {
    const { attempt = 1, delayMs = 0 } = this.#options.resume ?? {};
    this.#advance({ kind: 'open', attempt, delayMs });
  }

  want(subscriptions: readonly Subscription[]): void {
    const notices = setWanted(this.#ledger, subscriptions);
    this.#connection?.flush();
    for (const { entry } of notices) this.#listener.onSubscribed(entry.subscription);
  }

  resubscribe(subscriptions: readonly Subscription[]): void {
    const notices = setRenewed(this.#ledger, subscriptions);
    this.#connection?.flush();
    for (const { entry } of notices) {
      if (entry.heard) this.#listener.onEnded(entry.subscription);
    }
  }

  requestSnapshots(subscriptions: readonly Subscription[]): void {
    this.#connection?.requestSnapshots(subscriptions);
  }

  command(command: SessionCommand): void {
    const { venue } = this.#options;
    if (!venue.orderEntry) {
      return command.onOutcome({ kind: 'not-sent', error: explainNoOrders(venue) });
    }
    if (this.#connection) return this.#connection.command(command);
    command.onOutcome({ kind: 'not-sent', error: describeNotReady() });
  }

  reconnect(error: TruefeedError): void {
    this.#advance({ kind: 'reconnect', error });
  }

  async close(): Promise<void> {
    this.#advance({ kind: 'close' });
    await this.#sockets.whenGone();
  }

  /** Inputs that come while effects are carried out wait their turn. */
  #advance(input: SessionInput): void {
    this.#inputs.push(input);
    if (this.#advancing) return;
    this.#advancing = true;
    const { venue, runtime, maxAttempts = Infinity } = this.#options;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
        const jitter = runtime.random.fraction();
        const policy = { backoff: venue.backoff, maxAttempts, jitter };
        const { state, effects } = advanceSession(this.#state, next, policy);
        this.#state = state;
        for (const effect of effects) this.#carryOut(effect);
      }
    } finally {
      this.#advancing = false;
    }
  }

  #carryOut(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'take-slot':
        return this.#takeSlot(effect.generation);
      case 'prepare':
        return this.#prepare(effect.generation, effect.attempt);
      case 'dial':
        return this.#dial(effect.generation, effect.credentials);
      case 'sign-in':
        return this.#logIn(effect.generation);
      case 'announce-ready':
        return this.#startConnection(effect.generation);
      case 'release':
        return this.#release(effect.manner);
      case 'announce-lost':
        return this.#listener.onLost(effect.error, effect.retryInMs);
      case 'wait': {
        const { generation } = effect;
        this.#timers.after(effect.delayMs, () => this.#advance({ kind: 'retry-due', generation }));
        return;
      }
    }
  }

  #takeSlot(generation: number): void {
    const { budget, endpoint } = this.#options;
    // Without the query, in which a test or a proxy may have put something of its own.
    const turn = budget.take(endpoint.url.replace(/[?#].*$/, ''));
    const reach = (): void => {
      this.#turn = undefined;
      this.#advance({ kind: 'slot-reached', generation });
    };
    if (turn.waitMs > 0) {
      this.#turn = turn;
      this.#timers.after(turn.waitMs, reach);
    } else {
      reach();
    }
  }

  #prepare(generation: number, attempt: number): void {
    this.#signIn.startAttempt(attempt, this.#options.endpoint.url);
    this.#signIn.prepareDial().then(
      ({ credentials, expired }) =>
        this.#advance({ kind: 'prepared', generation, credentials, expired }),
      (error: unknown) => {
        if (!this.#isPresent(generation)) return;
        this.#fail(generation, 'prepare', asTruefeedError(error));
      },
    );
  }

  #dial(generation: number, credentials: DialCredentials): void {
    const needsSignIn = this.#options.auth?.signIn !== undefined;
    this.#sockets.dial(credentials, {
      isWanted: () => this.#isPresent(generation),
      onOpened: () => this.#advance({ kind: 'opened', generation, needsSignIn }),
      onFrame: (bytes, receivedAtMs) => this.#receive(generation, bytes, receivedAtMs),
      onPong: () => this.#connection?.receivePong(),
      onEnded: (end) => this.#endSocket(generation, end),
    });
  }

  #endSocket(generation: number, { error, isRefusal, pauseMs, final }: SocketEnd): void {
    if (isRefusal) return this.#fail(generation, 'dial', error);
    if (error.code === 'FRAME_TOO_BIG') {
      this.#options.runtime.logger.error(error.message, { code: error.code, ...error.facts });
    }
    this.#advance({ kind: 'lost', generation, error, final, pauseMs });
  }

  /** A failure of the sign-in: the strategy decides whether another attempt follows. */
  #fail(generation: number, stage: 'prepare' | 'dial' | 'message', error: TruefeedError): void {
    const { httpStatus } = error.facts;
    const verdict = this.#signIn.judge({
      stage,
      error,
      httpStatus: typeof httpStatus === 'number' ? httpStatus : undefined,
    });
    const final = verdict.kind === 'final';
    const pauseMs = final ? undefined : verdict.afterMs;
    this.#advance({ kind: 'lost', generation, error, final, pauseMs });
  }

  #logIn(generation: number): void {
    this.#login = new Login({
      signIn: this.#signIn,
      timers: this.#timers,
      isWanted: () => this.#state.status === 'authenticating' && this.#isPresent(generation),
      transmit: (text) => this.#sockets.transmit(text),
      onAccepted: () => this.#advance({ kind: 'signed-in', generation }),
      onRefused: (error) => this.#fail(generation, 'message', error),
      onTimeout: (error) => this.#advance({ kind: 'lost', generation, error, final: false }),
    });
    this.#login.start();
  }

  #startConnection(generation: number): void {
    const { venue, runtime, auth } = this.#options;
    const { name } = this;
    runtime.logger.debug('A session is ready.', { session: name, venue: venue.id });
    const connection = new Connection({
      venue,
      runtime,
      codec: this.#codec,
      timers: this.#timers,
      pacer: this.#pacer,
      ledger: this.#ledger,
      signIn: this.#signIn,
      listener: this.#listener,
      transmit: (text) => this.#sockets.transmit(text),
      ping: () => this.#sockets.ping(),
      onDead: (error) => this.#advance({ kind: 'lost', generation, error, final: false }),
      onProven: () => this.#advance({ kind: 'data-received', generation }),
    });
    this.#connection = connection;
    // An upgrade that was signed and let through is the venue's yes.
    if (auth?.family === 'signed-upgrade') this.#signIn.noteAccepted();
    this.#timers.after(LASTING_AFTER_MS, () => this.#advance({ kind: 'lasted', generation }));
    this.#listener.onReady();
    connection.flush();
  }

  /** Returns whether the bytes are UTF-8. */
  #receive(generation: number, bytes: FrameBytes, receivedAtMs: number): boolean {
    let frame: DecodedFrame;
    try {
      frame = this.#codec.decode(bytes);
    } catch (error) {
      this.#listener.onBadFrame(describeBadFrame(error), receivedAtMs);
      return isUtf8(bytes.view);
    }
    this.#meter.noteFrame(frame.sentAtMs, receivedAtMs);
    this.#listener.onFrame(frame, receivedAtMs);
    // The listener may have ended the attempt.
    if (!this.#isPresent(generation)) return true;
    if (this.#connection) this.#connection.receive(frame, receivedAtMs);
    else this.#login?.receive(frame);
    return true;
  }

  #release(manner: 'goodbye' | 'cut'): void {
    this.#timers.cancelAll();
    this.#turn?.giveBack();
    this.#turn = undefined;
    this.#connection?.stop(describeSocketEnd());
    this.#connection = undefined;
    this.#login = undefined;
    forgetSocket(this.#ledger);
    this.#sockets.release(manner);
  }

  /** Whether an attempt is still the one that counts. */
  #isPresent(generation: number): boolean {
    const state = this.#state;
    return 'generation' in state && state.generation === generation && state.status !== 'waiting';
  }
}
