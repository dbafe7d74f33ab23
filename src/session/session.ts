import type { DialCredentials } from '../model/auth.js';
import type { TruefeedError } from '../model/error.js';
import type { DecodedFrame } from '../model/message.js';
import type {
  MessagePacer,
  Session,
  SessionCommand,
  SessionListener,
  SessionOptions,
  SessionStatus,
  Subscription,
} from '../model/session.js';
import type { Socket, SocketClose, SocketListener } from '../model/socket.js';
import type { Codec } from '../model/venue.js';
import { createSkewMeter, type SkewMeter } from '../runtime/skew.js';
import { readPauseMs } from './backoff.js';
import { describeBadFrame, describeEnd, isSignInRefusal, listSentSecrets } from './close-error.js';
import { describeNotReady, explainNoOrders, describeSocketEnd } from './commands.js';
import { Connection } from './connection.js';
import { guardListener, guardTap } from './guarded-listener.js';
import { Login } from './login.js';
import { createMessagePacer } from './pacing.js';
import { asTruefeedError, SignIn } from './sign-in.js';
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

/** An upgrade that is not answered by then has failed. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

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
  /** Everything that waits for the present attempt. */
  readonly #timers: TimerScope;
  readonly #inputs: SessionInput[] = [];
  /** Whether any socket of this session was open. */
  #wasOpened = false;
  #state: SessionState = { status: 'idle' };
  #advancing = false;
  #socket: Socket | undefined;
  #connection: Connection | undefined;
  #login: Login | undefined;
  /** Sockets that have not reported their end. */
  #socketCount = 0;
  #closeWaiters: (() => void)[] = [];

  constructor(options: SessionOptions) {
    const { venue, runtime } = options;
    const { heartbeatChannel } = venue.liveness;
    this.name = options.name;
    this.#options = { ...options, tap: options.tap && guardTap(options.tap, runtime.logger) };
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
    if (this.#socketCount === 0) return;
    await new Promise<void>((resolve) => this.#closeWaiters.push(resolve));
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
    const waitMs = budget.take(endpoint.url.replace(/[?#].*$/, ''));
    const reach = (): void => this.#advance({ kind: 'slot-reached', generation });
    if (waitMs > 0) this.#timers.after(waitMs, reach);
    else reach();
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
    const { runtime, endpoint, venue, caPem } = this.#options;
    const url = credentials.url ?? endpoint.url;
    const target = {
      url,
      ...(credentials.headers ? { headers: credentials.headers } : {}),
      maxFrameBytes: venue.limits.maxFrameBytes,
      handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      caPem,
    };
    this.#socketCount += 1;
    this.#socket = runtime.dial(target, this.#listenToSocket(generation, credentials));
  }

  #listenToSocket(generation: number, credentials: DialCredentials): SocketListener {
    const { auth, runtime } = this.#options;
    const dialledAtMs = runtime.clock.nowMs();
    const noteDate = (dateMs: number | undefined): void => {
      if (dateMs !== undefined) this.#meter.noteDate(dateMs, dialledAtMs);
    };
    let wasOpen = false;
    return {
      onOpened: (opening) => {
        wasOpen = this.#wasOpened = true;
        noteDate(opening.serverDateMs);
        if (!this.#isPresent(generation)) return;
        const needsSignIn = auth?.signIn !== undefined;
        this.#advance({ kind: 'opened', generation, needsSignIn });
      },
      onFrame: (bytes, receivedAtMs) => {
        if (this.#isPresent(generation)) this.#receive(generation, bytes, receivedAtMs);
      },
      onPong: () => {
        if (this.#isPresent(generation)) this.#connection?.receivePong();
      },
      onClosed: (close) => {
        noteDate(close.serverDateMs);
        this.#countGone();
        if (this.#isPresent(generation))
          this.#endSocket(generation, { close, credentials, wasOpen });
      },
    };
  }

  #endSocket(
    generation: number,
    ended: {
      readonly close: SocketClose;
      readonly credentials: DialCredentials;
      readonly wasOpen: boolean;
    },
  ): void {
    const { auth, endpoint } = this.#options;
    const { close, credentials, wasOpen } = ended;
    const url = credentials.url ?? endpoint.url;
    const signedUpgrade = auth?.family === 'signed-upgrade';
    const secrets = listSentSecrets(credentials, url);
    const error = describeEnd({ url, wasOpen, signedUpgrade, close, secrets });
    if (signedUpgrade && !wasOpen && isSignInRefusal(close.failure)) {
      this.#fail(generation, 'dial', error);
      return;
    }
    if (error.code === 'FRAME_TOO_BIG') {
      this.#options.runtime.logger.error(error.message, { code: error.code, ...error.facts });
    }
    const pauseMs = readPauseMs(close, this.#options.venue.backoff);
    // Once it had a good certificate a wrong one may pass: nobody stays away for good for that.
    const final = error.code === 'TLS_INVALID' && !this.#wasOpened;
    this.#advance({ kind: 'lost', generation, error, final, pauseMs });
  }

  /** A failure of the sign-in: the strategy decides whether another attempt follows. */
  #fail(generation: number, stage: 'prepare' | 'dial' | 'message', error: TruefeedError): void {
    const { httpStatus } = error.facts;
    const verdict = this.#signIn.judge({
      ...{ stage, error },
      httpStatus: typeof httpStatus === 'number' ? httpStatus : undefined,
    });
    const final = verdict.kind === 'final';
    const pauseMs = final ? undefined : verdict.afterMs;
    this.#advance({ kind: 'lost', generation, error, final, pauseMs });
  }

  #logIn(generation: number): void {
    this.#login = new Login({
      ...{ signIn: this.#signIn, timers: this.#timers },
      isWanted: () => this.#state.status === 'authenticating' && this.#isPresent(generation),
      transmit: (text) => this.#transmit(text),
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
      ...{ venue, runtime, codec: this.#codec, timers: this.#timers, pacer: this.#pacer },
      ...{ ledger: this.#ledger, signIn: this.#signIn, listener: this.#listener },
      transmit: (text) => this.#transmit(text),
      ping: () => this.#socket?.ping(),
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

  #receive(generation: number, bytes: Uint8Array, receivedAtMs: number): void {
    this.#options.tap?.onFrameReceived(this.name, bytes, receivedAtMs);
    let frame: DecodedFrame;
    try {
      frame = this.#codec.decode(bytes);
    } catch (error) {
      this.#listener.onBadFrame(describeBadFrame(error), receivedAtMs);
      return;
    }
    this.#meter.noteFrame(frame.sentAtMs, receivedAtMs);
    this.#listener.onFrame(frame, receivedAtMs);
    // The listener may have ended the attempt.
    if (!this.#isPresent(generation)) return;
    if (this.#connection) this.#connection.receive(frame, receivedAtMs);
    else this.#login?.receive(frame);
  }

  #transmit(text: string): boolean {
    const { tap, runtime } = this.#options;
    if (!this.#socket?.send(text)) return false;
    tap?.onFrameSent(this.name, text, runtime.clock.nowMs());
    return true;
  }

  #release(manner: 'goodbye' | 'cut'): void {
    this.#timers.cancelAll();
    this.#connection?.stop(describeSocketEnd());
    this.#connection = this.#login = undefined;
    forgetSocket(this.#ledger);
    const socket = this.#socket;
    this.#socket = undefined;
    if (manner === 'goodbye') socket?.close(1000, '');
    else socket?.terminate();
  }

  #countGone(): void {
    this.#socketCount -= 1;
    if (this.#socketCount > 0) return;
    for (const resolve of this.#closeWaiters.splice(0)) resolve();
  }

  /** Whether an attempt is still the one that counts. */
  #isPresent(generation: number): boolean {
    const state = this.#state;
    return 'generation' in state && state.generation === generation && state.status !== 'waiting';
  }
}
