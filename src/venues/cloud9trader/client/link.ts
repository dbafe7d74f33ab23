import { isUtf8 } from 'node:buffer';
import type { AuthStrategy } from '../../../model/auth.js';
import { AuthError, ConnectionError, type TruefeedError } from '../../../model/error.js';
import type { CancelTimer, Runtime } from '../../../model/runtime.js';
import type { Socket, SocketClose, SocketFailure } from '../../../model/socket.js';
import { createSkewMeter, type SkewMeter } from '../../../runtime/skew.js';
import { retryDelayMs } from './retry.js';

/** What a link is made of. */
export interface LinkOptions {
  readonly url: string;
  /** Signs each upgrade; undefined for public sockets. */
  readonly auth: AuthStrategy | undefined;
  readonly runtime: Runtime;
  readonly listener: LinkListener;
}

/** What a link reports, in order. */
export interface LinkListener {
  onOpened(): void;
  onFrame(text: string): void;
  /** An attempt or a socket failed; `onEnded` follows. */
  onFailed(error: TruefeedError): void;
  /** A socket is gone, or an attempt came to nothing. */
  onEnded(wasOpen: boolean): void;
  onWaiting(delayMs: number): void;
}

/** Where a link stands; each state carries only what is true in it. */
type LinkState =
  | { readonly status: 'idle' }
  | { readonly status: 'preparing' }
  | { readonly status: 'dialling' | 'open'; readonly socket: Socket }
  | { readonly status: 'waiting'; readonly cancel: CancelTimer };

const MAX_FRAME_BYTES = 16 * 2 ** 20;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** After so much silence a ping goes out, and after as much again the socket is dead. */
const PING_AFTER_MS = 15_000;
/** Without a strategy to ask: a second refusal in a row is believed. */
const REFUSALS_MAX = 2;
const REFUSAL_STATUSES: readonly number[] = [401, 403];

/** One socket, dialled again as long as it is wanted and the server does not refuse who we are. */
export class Link {
  readonly #options: LinkOptions;
  readonly #meter: SkewMeter;
  #state: LinkState = { status: 'idle' };
  /** Names the attempt: what an earlier one still reports is not heard. */
  #generation = 0;
  #failures = 0;
  #refusals = 0;
  #heardSincePing = true;
  #cancelWatch: CancelTimer = () => undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#meter = createSkewMeter(options.runtime.clock);
  }

  get isOpen(): boolean {
    return this.#state.status === 'open';
  }

  get isStarted(): boolean {
    return this.#state.status !== 'idle';
  }

  /** Does nothing while started. */
  start(): void {
    if (this.isStarted) return;
    this.#failures = 0;
    this.#refusals = 0;
    this.#dial();
  }

  /** Ends the socket and does not dial again. */
  stop(): void {
    const wasOpen = this.isOpen;
    const wasStarted = this.isStarted;
    this.#leave((socket) => socket.close(1000, ''));
    if (wasStarted) this.#options.listener.onEnded(wasOpen);
  }

  /** Drops what there is and dials at once. */
  reconnect(): void {
    const wasOpen = this.isOpen;
    this.#leave((socket) => socket.close(1000, ''));
    if (wasOpen) this.#options.listener.onEnded(true);
    if (!this.isStarted) this.#dial();
  }

  /** False where the socket is not open this moment: nothing was sent, and nothing will be. */
  send(text: string): boolean {
    return this.#state.status === 'open' && this.#state.socket.send(text);
  }

  #leave(end: (socket: Socket) => void): void {
    const state = this.#state;
    this.#state = { status: 'idle' };
    this.#generation += 1;
    this.#cancelWatch();
    if ('socket' in state) end(state.socket);
    if (state.status === 'waiting') state.cancel();
  }

  #dial(): void {
    this.#generation += 1;
    const generation = this.#generation;
    this.#state = { status: 'preparing' };
    this.#prepare().then(
      ({ url, headers }) => {
        if (generation === this.#generation) this.#open(generation, url, headers);
      },
      (error: unknown) => {
        if (generation === this.#generation) this.#fail(describeSigning(error), undefined);
      },
    );
  }

  async #prepare(): Promise<{ url: string; headers: Readonly<Record<string, string>> }> {
    const { auth, runtime, url } = this.#options;
    const { random, http } = runtime;
    const nowMs = (): number => this.#meter.serverNowMs();
    const attempt = this.#failures + 1;
    const context = { nowMs, random, http, url, attempt, connection: {} };
    const credentials = await auth?.prepareDial?.(context);
    return { url: credentials?.url ?? url, headers: credentials?.headers ?? {} };
  }

  #open(generation: number, url: string, headers: Readonly<Record<string, string>>): void {
    const { runtime, listener } = this.#options;
    const dialledAtMs = runtime.clock.nowMs();
    const isPresent = (): boolean => generation === this.#generation;
    const limits = { maxFrameBytes: MAX_FRAME_BYTES, handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS };
    const socket = runtime.dial(
      { url, headers, ...limits },
      {
        onOpened: () => {
          if (!isPresent()) return;
          this.#state = { status: 'open', socket };
          this.#failures = 0;
          this.#refusals = 0;
          this.#watch(socket);
          listener.onOpened();
        },
        onFrame: ({ view }) => {
          if (!isPresent()) return true;
          if (!isUtf8(view)) {
            runtime.logger.warn('A frame is no UTF-8; it is left out.');
            return false;
          }
          this.#heardSincePing = true;
          listener.onFrame(Buffer.from(view).toString('utf8'));
          return true;
        },
        onPong: () => {
          if (isPresent()) this.#heardSincePing = true;
        },
        onClosed: (close) => {
          if (close.serverDateMs !== undefined) {
            this.#meter.noteDate(close.serverDateMs, dialledAtMs);
          }
          if (isPresent()) this.#end(close);
        },
      },
    );
    if (isPresent() && !this.isOpen) this.#state = { status: 'dialling', socket };
  }

  /** A socket may be half open, which neither side hears of unless one of them asks. */
  #watch(socket: Socket): void {
    this.#heardSincePing = true;
    const { timers } = this.#options.runtime;
    const check = (): void => {
      if (!this.#heardSincePing) return socket.terminate();
      this.#heardSincePing = false;
      socket.ping();
      this.#cancelWatch = timers.after(PING_AFTER_MS, check);
    };
    this.#cancelWatch = timers.after(PING_AFTER_MS, check);
  }

  #end({ failure, code }: SocketClose): void {
    this.#cancelWatch();
    if (failure) return this.#fail(describeFailure(failure), failure);
    if (this.isOpen) return this.#retry();
    const text = `The server closed the connection with code ${code} before it was open.`;
    this.#fail(new ConnectionError('DIAL_FAILED', text, { facts: { code } }), undefined);
  }

  #fail(error: TruefeedError, failure: SocketFailure | undefined): void {
    this.#options.listener.onFailed(error);
    const status = failure?.kind === 'http-status' ? failure.status : undefined;
    const isRefused = status !== undefined && REFUSAL_STATUSES.includes(status);
    if (isRefused && this.#isFinal(error, status)) {
      const wasOpen = this.isOpen;
      this.#leave((socket) => socket.terminate());
      this.#options.listener.onEnded(wasOpen);
      return;
    }
    this.#retry();
  }

  /** Whether trying again is no use: the same key would be refused for ever. */
  #isFinal(error: TruefeedError, httpStatus: number): boolean {
    this.#refusals += 1;
    const { auth } = this.#options;
    if (!auth) return this.#refusals >= REFUSALS_MAX;
    const { skewMs } = this.#meter;
    const failure = { stage: 'dial', httpStatus, error, skewMs } as const;
    return auth.classify({ ...failure, refusals: this.#refusals }) === 'fatal';
  }

  #retry(): void {
    const { runtime, listener } = this.#options;
    const wasOpen = this.isOpen;
    const delayMs = retryDelayMs(this.#failures, runtime.random.fraction());
    this.#failures += 1;
    this.#generation += 1;
    const cancel = runtime.timers.after(delayMs, () => this.#dial());
    this.#state = { status: 'waiting', cancel };
    listener.onEnded(wasOpen);
    // The listener may have ended it all.
    if (this.#state.status === 'waiting') listener.onWaiting(delayMs);
  }
}

function describeSigning(cause: unknown): TruefeedError {
  const text = 'The upgrade could not be signed; the cause says why.';
  return new AuthError('SIGNER_FAILED', text, { cause });
}

/** What went wrong, in words without the address: a key may stand in it. */
function describeFailure(failure: SocketFailure): TruefeedError {
  switch (failure.kind) {
    case 'http-status': {
      const { status } = failure;
      const facts = { httpStatus: status };
      if (!REFUSAL_STATUSES.includes(status)) {
        const text = `The server answered the upgrade with HTTP ${status}.`;
        return new ConnectionError('DIAL_REFUSED', text, { facts });
      }
      const text =
        `The server refused the key (HTTP ${status}): check the key, its secret and the clock of ` +
        'this machine.';
      return new AuthError('AUTH_REFUSED', text, { facts });
    }
    case 'network':
    case 'tls': {
      const { systemCode, kind } = failure;
      const text = `The server could not be reached (${systemCode}). Check host and network.`;
      const code = kind === 'tls' ? 'TLS_INVALID' : 'DIAL_FAILED';
      return new ConnectionError(code, text, { facts: { systemCode } });
    }
    case 'protocol': {
      const { systemCode, message } = failure;
      const text = `The server was reached, but ${message}. Check scheme, host and port.`;
      return new ConnectionError('DIAL_FAILED', text, { facts: { systemCode } });
    }
    case 'timeout':
      return new ConnectionError('TIMED_OUT', 'The server did not answer the upgrade in time.');
    case 'frame-too-big':
    case 'frame-invalid':
      return new ConnectionError(
        'CONNECTION_CLOSED',
        'The server sent a frame that the protocol does not allow, or too big a one.',
        { facts: { kind: failure.kind } },
      );
  }
}
