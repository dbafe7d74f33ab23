import type { DialCredentials } from '../model/auth.js';
import type { TruefeedError } from '../model/error.js';
import type { FrameBytes } from '../model/frame-bytes.js';
import type { SessionOptions } from '../model/session.js';
import type { Socket, SocketClose, SocketListener } from '../model/socket.js';
import type { SkewMeter } from '../runtime/skew.js';
import { readPauseMs } from './backoff.js';
import { describeEnd, isSignInRefusal, listSentSecrets } from './close-error.js';

/** An upgrade that is not answered by then has failed. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** What a line of sockets is made of. */
export interface SocketLineParts extends Pick<
  SessionOptions,
  'name' | 'venue' | 'endpoint' | 'auth' | 'runtime' | 'caPem' | 'tap'
> {
  readonly meter: SkewMeter;
  /** Where received bytes are best put. */
  readonly memory: Uint8Array | undefined;
}

/** How a socket ended, and what follows from that. */
export interface SocketEnd {
  readonly error: TruefeedError;
  /** The upgrade carried a sign-in, and that was refused. */
  readonly isRefusal: boolean;
  /** How long the server asks to be left alone. */
  readonly pauseMs: number;
  /** Another attempt would end the same way. */
  readonly final: boolean;
}

/** Who hears of one socket; nothing is called any more once `isWanted` is false. */
export interface LineListener {
  readonly isWanted: () => boolean;
  readonly onOpened: () => void;
  /** Valid only during the call. False where the bytes are no UTF-8. */
  readonly onFrame: (frame: FrameBytes, receivedAtMs: number) => boolean;
  readonly onPong: () => void;
  readonly onEnded: (end: SocketEnd) => void;
}

/**
 * The sockets of one session, one after the other: at most one is the present one, and those that
 * were let go are waited for until they have reported their end.
 */
export class SocketLine {
  readonly #parts: SocketLineParts;
  #present: Socket | undefined;
  /** Sockets that have not reported their end, the present one among them. */
  #count = 0;
  /** Whether any of them was ever open. */
  #wasOpened = false;
  #waiters: (() => void)[] = [];

  constructor(parts: SocketLineParts) {
    this.#parts = parts;
  }

  dial(credentials: DialCredentials, listener: LineListener): void {
    const { runtime, endpoint, venue, caPem, memory } = this.#parts;
    const target = {
      url: credentials.url ?? endpoint.url,
      ...(credentials.headers ? { headers: credentials.headers } : {}),
      maxFrameBytes: venue.limits.maxFrameBytes,
      handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      caPem,
      memory,
    };
    this.#count += 1;
    this.#present = runtime.dial(target, this.#listen(credentials, listener));
  }

  /** Returns whether the text was sent. */
  transmit(text: string): boolean {
    const { tap, runtime, name } = this.#parts;
    if (!this.#present?.send(text)) return false;
    tap?.onFrameSent(name, text, runtime.clock.nowMs());
    return true;
  }

  ping(): void {
    this.#present?.ping();
  }

  /** Lets the present socket go; what it still says is for nobody. */
  release(manner: 'goodbye' | 'cut'): void {
    const socket = this.#present;
    this.#present = undefined;
    if (manner === 'goodbye') socket?.close(1000, '');
    else socket?.terminate();
  }

  /** Resolves once no socket is left that has not reported its end. */
  async whenGone(): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #listen(credentials: DialCredentials, listener: LineListener): SocketListener {
    const { name, runtime, meter, tap } = this.#parts;
    const dialledAtMs = runtime.clock.nowMs();
    // Also of a socket that nobody wants any more: the time it tells is as good.
    const noteDate = (dateMs: number | undefined): void => {
      if (dateMs !== undefined) meter.noteDate(dateMs, dialledAtMs);
    };
    let wasOpen = false;
    return {
      onOpened: (opening) => {
        wasOpen = true;
        this.#wasOpened = true;
        noteDate(opening.serverDateMs);
        if (listener.isWanted()) listener.onOpened();
      },
      onFrame: (frame, receivedAtMs) => {
        if (!listener.isWanted()) return true;
        tap?.onFrameReceived(name, frame.view, receivedAtMs);
        return listener.onFrame(frame, receivedAtMs);
      },
      onPong: () => {
        if (listener.isWanted()) listener.onPong();
      },
      onClosed: (close) => {
        noteDate(close.serverDateMs);
        this.#countGone();
        if (listener.isWanted()) listener.onEnded(this.#explain(close, credentials, wasOpen));
      },
    };
  }

  #explain(close: SocketClose, credentials: DialCredentials, wasOpen: boolean): SocketEnd {
    const { auth, endpoint, venue } = this.#parts;
    const url = credentials.url ?? endpoint.url;
    const signedUpgrade = auth?.family === 'signed-upgrade';
    const secrets = listSentSecrets(credentials, url);
    const error = describeEnd({ url, wasOpen, signedUpgrade, close, secrets });
    return {
      error,
      isRefusal: signedUpgrade && !wasOpen && isSignInRefusal(close.failure),
      pauseMs: readPauseMs(close, venue.backoff),
      // Once it had a good certificate a wrong one may pass: nobody stays away for good for that.
      final: error.code === 'TLS_INVALID' && !this.#wasOpened,
    };
  }

  #countGone(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
