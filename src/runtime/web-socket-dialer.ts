import type { IncomingMessage } from 'node:http';
import type { createConnection, Socket as Connection } from 'node:net';
import type * as ws from 'ws';
import { FrameBytes } from '../model/frame-bytes.js';
import type { Clock, Timers } from '../model/runtime.js';
import type { Dialer, DialTarget, Socket, SocketFailure, SocketListener } from '../model/socket.js';
import { readBoundedBody } from './bounded-body.js';
import { cutReason } from './close-reason.js';
import { trustAlso } from './extra-authorities.js';
import { parseHttpDate, parseRetryAfter } from './http-date.js';
import { explainNetworkError } from './network-failure.js';
import { ReusedReads, type ConnectOptions } from './reused-reads.js';
import { systemClock } from './system-clock.js';
import { systemTimers } from './system-timers.js';
import { TextFrames } from './text-frames.js';

/** What a dialer reads time from and waits with. */
export interface WebSocketDialerOptions {
  readonly clock?: Clock | undefined;
  readonly timers?: Timers | undefined;
}

/** A peer that has not answered our close frame by then, or hung up after its own, is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;
/** How much of the body of a refused upgrade is kept. */
const REFUSAL_BODY_MAX_BYTES = 2_048;
/** Codes of `ws` for a frame above `maxPayload`. */
const TOO_BIG_CODES = [
  'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
];

/**
 * A dialer on `ws`. Compression is off: no venue promises it, it costs a copy of every frame, and
 * it brings a second limit on size. Redirects are refused like any other answer than 101: a
 * signature belongs to one address.
 */
export function createWebSocketDialer(options: WebSocketDialerOptions = {}): Dialer {
  const clock = options.clock ?? systemClock;
  const timers = options.timers ?? systemTimers;
  return (target, listener) => {
    const connection = new WebSocketConnection({ target, listener, clock, timers });
    connection.start();
    return connection;
  };
}

interface ConnectionParts {
  readonly target: DialTarget;
  readonly listener: SocketListener;
  readonly clock: Clock;
  readonly timers: Timers;
}

class WebSocketConnection implements Socket {
  readonly #parts: ConnectionParts;
  readonly #reads: ReusedReads;
  #webSocket: ws.WebSocket | undefined;
  #phase: 'dialling' | 'open' | 'closing' | 'closed' = 'dialling';
  #failure: SocketFailure | undefined;
  #serverDateMs: number | undefined;
  #retryAfterMs: number | undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#reads = new ReusedReads(parts.target.memory);
  }

  start(): void {
    const { target, timers } = this.#parts;
    this.#cancelTimer = timers.after(target.handshakeTimeoutMs, () => {
      // A refusal whose body never ends stays a refusal.
      this.#failure ??= { kind: 'timeout' };
      this.#finish(1006, '');
    });
    this.#open().catch(() => {
      this.#failure = {
        kind: 'network',
        systemCode: 'MODULE_MISSING',
        message: 'the package "ws" cannot be loaded: install truefeed again',
      };
      this.#finish(1006, '');
    });
  }

  send(text: string): boolean {
    if (!this.#isSendable()) return false;
    this.#webSocket?.send(text);
    return true;
  }

  ping(): void {
    if (this.#isSendable()) this.#webSocket?.ping();
  }

  close(code: number, reason: string): void {
    if (this.#phase === 'dialling') this.terminate();
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    this.#cancelTimer = this.#parts.timers.after(CLOSE_TIMEOUT_MS, () => this.terminate());
    this.#webSocket?.close(code, cutReason(reason));
  }

  terminate(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closing';
    // The listener hears of it after this call, never inside it.
    queueMicrotask(() => this.#finish(1006, ''));
  }

  bufferedBytes(): number {
    return this.#webSocket?.bufferedAmount ?? 0;
  }

  async #open(): Promise<void> {
    const { WebSocket } = loaded ?? (await loadLibrary());
    // It may have been given up in the meantime.
    if (this.#phase !== 'dialling') return;
    try {
      this.#webSocket = openWebSocket(WebSocket, this.#parts.target, this.#reads);
    } catch {
      // The error's text may quote the address or a header, and so a token: it stays here.
      this.#failure = {
        kind: 'network',
        systemCode: 'ADDRESS_INVALID',
        message: 'the address, a subprotocol or a header cannot be sent',
      };
      // Not before the caller holds the socket.
      queueMicrotask(() => this.#finish(1006, ''));
      return;
    }
    this.#listen(this.#webSocket);
  }

  #isSendable(): boolean {
    const { readyState, OPEN } = this.#webSocket ?? {};
    return this.#phase === 'open' && readyState === OPEN;
  }

  #listen(webSocket: ws.WebSocket): void {
    const { listener, clock } = this.#parts;
    const receive = (frame: FrameBytes, receivedAtMs: number): boolean => {
      if (this.#phase !== 'open' && this.#phase !== 'closing') return true;
      return listener.onFrame(frame, receivedAtMs);
    };
    webSocket.on('upgrade', (response) => {
      this.#serverDateMs = parseHttpDate(response.headers.date);
      const { socket } = response;
      webSocket.once('open', () => this.#takeTextFrames(webSocket, socket, receive));
    });
    webSocket.on('unexpected-response', (_request, response) => void this.#refuse(response));
    webSocket.on('open', () => {
      if (this.#phase !== 'dialling') return;
      this.#cancelTimer();
      this.#phase = 'open';
      listener.onOpened({ serverDateMs: this.#serverDateMs });
    });
    // Those of texts are UTF-8: `ws` has looked.
    webSocket.on('message', (data: ws.RawData) =>
      receive(FrameBytes.of(data as Buffer), clock.nowMs()),
    );
    webSocket.on('pong', () => {
      if (this.#phase === 'open') listener.onPong();
    });
    webSocket.on('error', (error) => {
      this.#failure ??= explainError(error, this.#parts.target);
      // After an error the peer's close frame is not read any more: waiting for it would be vain.
      this.terminate();
    });
    webSocket.on('close', (code, reason) => this.#finish(code, reason.toString('utf8')));
  }

  /**
   * Puts a short way for text frames before the reader of `ws`, which costs several times as much
   * a frame when they come in bursts, and goes on reading everything else.
   */
  #takeTextFrames(
    webSocket: ws.WebSocket,
    connection: Connection,
    receive: (frame: FrameBytes, receivedAtMs: number) => boolean,
  ): void {
    const [read, ...others] = connection.listeners('data') as ((bytes: Buffer) => void)[];
    if (read === undefined || others.length > 0) return;
    const { clock, target } = this.#parts;
    let readAtMs = NaN;
    const frames = new TextFrames(target.maxFrameBytes, {
      onText: (frame) => receive(frame, readAtMs),
      pass: (bytes) => read.call(connection, bytes),
    });
    const push = (bytes: Buffer, memory: Uint8Array): void => {
      // One time for all that one read of the system has brought: the clock shows in a profile.
      readAtMs = clock.nowMs();
      try {
        frames.push(bytes, memory);
      } catch (error) {
        // The rest of the read is lost: nobody may go on as if there had been none.
        frames.stop();
        this.terminate();
        throw error;
      }
    };
    // What came together with the answer to the upgrade is in the stream.
    connection.on('data', (bytes: Buffer) => push(bytes, bytes));
    connection.removeListener('data', read);
    this.#reads.lendTo(push);
    // Before the reader is ended: it takes nothing afterwards.
    connection.prependListener('end', () => frames.finish());
    connection.prependListener('close', () => frames.finish());
    webSocket.on('error', () => frames.stop());
  }

  async #refuse(response: IncomingMessage): Promise<void> {
    const status = response.statusCode ?? 0;
    this.#failure ??= { kind: 'http-status', status, body: '' };
    this.#serverDateMs = parseHttpDate(response.headers.date);
    const nowMs = this.#serverDateMs ?? this.#parts.clock.nowMs();
    this.#retryAfterMs = parseRetryAfter(response.headers['retry-after'], nowMs);
    try {
      const body = await readBoundedBody(response, REFUSAL_BODY_MAX_BYTES);
      if (this.#failure.kind === 'http-status')
        this.#failure = { ...this.#failure, body: body.text };
    } catch {
      // The connection broke inside the body; the status is what counts.
      this.#failure = { kind: 'http-status', status, body: '' };
    }
    this.#finish(1006, '');
  }

  #finish(code: number, reason: string): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#cancelTimer();
    // Errors that come of ending it still find our listener, which has nothing more to say.
    this.#webSocket?.terminate();
    const failure = this.#failure === undefined ? {} : { failure: this.#failure };
    const told = { serverDateMs: this.#serverDateMs, retryAfterMs: this.#retryAfterMs };
    this.#parts.listener.onClosed({ code, reason, ...told, ...failure });
  }
}

type Library = typeof ws;

let loaded: Library | undefined;

/**
 * Loaded with the first dial: a third of what it takes to import this package would be `ws` and
 * what it needs of the runtime, also for those who only read a book or sign a request.
 */
async function loadLibrary(): Promise<Library> {
  loaded = await import('ws');
  return loaded;
}

function openWebSocket(
  WebSocket: Library['WebSocket'],
  target: DialTarget,
  reads: ReusedReads,
): ws.WebSocket {
  const isTls = new URL(target.url).protocol === 'wss:';
  const connect = (options: ConnectOptions): Connection => reads.connect(options, isTls);
  // Its types do not know closeTimeout yet: how long a peer that said goodbye may stay connected.
  const options: ws.ClientOptions & { readonly closeTimeout: number } = {
    headers: { ...target.headers },
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: target.maxFrameBytes,
    closeTimeout: CLOSE_TIMEOUT_MS,
    createConnection: connect as typeof createConnection,
    ...trustAlso(target.caPem),
  };
  return new WebSocket(target.url, [...(target.subprotocols ?? [])], options);
}

function explainError(error: Error, target: DialTarget): SocketFailure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (TOO_BIG_CODES.includes(code)) {
    return { kind: 'frame-too-big', limitBytes: target.maxFrameBytes };
  }
  if (code.startsWith('WS_ERR_')) return { kind: 'frame-invalid', message: code };
  return explainNetworkError(error);
}
