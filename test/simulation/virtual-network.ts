import { ConnectionError } from '../../src/model/error.js';
import type {
  ServerConnection,
  ServerConnectionHandler,
  VenueServer,
  VenueServerRequest,
} from '../../src/model/exchange.js';
import type { Clock, HttpRequest, HttpResponse, Runtime } from '../../src/model/runtime.js';
import type { DialTarget, Socket, SocketClose, SocketListener } from '../../src/model/socket.js';
import { parseRetryAfter } from '../../src/runtime/http-date.js';
import { lendFrame } from '../doubles/fake-dialer.js';
import type { VirtualTime } from '../doubles/virtual-time.js';
import { Lane, type LaneParts } from './virtual-lane.js';

/** What the network tells a watcher, at the moment when it happens. */
export interface NetworkWatcher {
  onDialled(url: string): void;
  onSent(connection: number, text: string): void;
  /** Before the client reads it. */
  onDelivered(connection: number, text: string): void;
  /** After the client has read it. */
  onRead(connection: number, text: string): void;
}

/** A network without sockets: one exchange behind it, latencies and failures by command. */
export interface VirtualNetwork extends Pick<Runtime, 'dial' | 'http'> {
  /** Both sides hear at once that every connection was cut; what was on its way is lost. */
  reset(): void;
  /** Nothing arrives for so long, in either direction; then all of it does, as TCP delivers it. */
  freeze(forMs: number): void;
  /** Nothing ever arrives again on the connections that there are, and nobody hears of it. */
  die(): void;
  /** Nobody can dial or ask for so long. */
  refuse(forMs: number): void;
  /** When the last failure that was commanded is over, on the clock that never goes back. */
  readonly calmAtMs: number;
  readonly openCount: number;
}

interface NetworkParts extends LaneParts {
  /** The client's own, which may be wrong. */
  readonly clientClock: Clock;
  readonly server: VenueServer;
  readonly watcher: NetworkWatcher;
}

const CLIENT_ADDRESS = '10.0.0.7';
const REFUSED = { kind: 'network', systemCode: 'ECONNREFUSED', message: 'refused' } as const;
const WAS_RESET = { kind: 'network', systemCode: 'ECONNRESET', message: 'was reset' } as const;
/** A peer that does not answer a close frame is cut off after this. */
const CLOSE_TIMEOUT_MS = 2_000;
const ENDED: SocketClose = { code: 1006, reason: '' };

/** One connection, both ends of it. */
class VirtualConnection implements Socket {
  readonly #id: number;
  readonly #parts: NetworkParts;
  readonly #listener: SocketListener;
  readonly #onEnded: () => void;
  readonly #maxFrameBytes: number;
  readonly #up: Lane;
  readonly #down: Lane;
  #handler: ServerConnectionHandler | undefined;
  #clientState: 'dialling' | 'open' | 'closing' | 'closed' = 'dialling';
  #isServerOpen = false;
  #cancelTimer: () => void;

  constructor(
    id: number,
    dial: { readonly target: DialTarget; readonly listener: SocketListener },
    network: { readonly parts: NetworkParts; frozenUntilMs(): number; onEnded(): void },
  ) {
    const { parts } = network;
    this.#id = id;
    this.#parts = parts;
    this.#listener = dial.listener;
    this.#maxFrameBytes = dial.target.maxFrameBytes;
    this.#onEnded = () => network.onEnded();
    this.#up = new Lane(parts, () => network.frozenUntilMs());
    this.#down = new Lane(parts, () => network.frozenUntilMs());
    this.#cancelTimer = parts.time.timers.after(dial.target.handshakeTimeoutMs, () =>
      this.#finish({ ...ENDED, failure: { kind: 'timeout' } }),
    );
    this.#up.carry(() => this.#upgrade(dial.target));
  }

  send(text: string): boolean {
    if (this.#clientState !== 'open') return false;
    this.#parts.watcher.onSent(this.#id, text);
    this.#up.carry(() => {
      if (this.#isServerOpen) this.#handler?.onMessage(text);
    });
    return true;
  }

  ping(): void {
    this.#up.carry(() => this.#down.carry(() => this.#listener.onPong()));
  }

  close(code: number, reason: string): void {
    if (this.#clientState !== 'open' && this.#clientState !== 'dialling') return;
    this.#clientState = 'closing';
    this.#cancelTimer = this.#parts.time.timers.after(CLOSE_TIMEOUT_MS, () => this.#finish(ENDED));
    this.#up.carry(() => {
      this.#endServer();
      this.#down.carry(() => this.#finish({ code, reason }));
    });
  }

  terminate(): void {
    queueMicrotask(() => this.#finish(ENDED));
  }

  bufferedBytes(): number {
    return 0;
  }

  die(): void {
    this.#up.die();
    this.#down.die();
  }

  /** Both sides hear of it at once. */
  reset(): void {
    this.#finish({ ...ENDED, failure: WAS_RESET });
  }

  #upgrade(target: DialTarget): void {
    const request = readTarget(target);
    const answer = this.#parts.server.onUpgrade(request);
    const serverDateMs = readDate(answer.headers, this.#parts.time);
    if (answer.kind === 'refuse') {
      const { status, body } = answer;
      const failure = { kind: 'http-status', status, body } as const;
      const retryAfterMs = parseRetryAfter(answer.headers?.['retry-after'], 0);
      const close = { ...ENDED, failure, serverDateMs, retryAfterMs };
      return this.#down.carry(() => this.#finish(close));
    }
    this.#isServerOpen = true;
    this.#down.carry(() => this.#open(serverDateMs));
    this.#handler = this.#parts.server.onConnection(this.#serverSide(), request);
  }

  #open(serverDateMs: number | undefined): void {
    if (this.#clientState !== 'dialling') return;
    this.#cancelTimer();
    this.#clientState = 'open';
    this.#listener.onOpened({ serverDateMs });
  }

  #serverSide(): ServerConnection {
    return {
      id: this.#id,
      send: (text) => {
        if (!this.#isServerOpen) return;
        const isTooBig = Buffer.byteLength(text) > this.#maxFrameBytes;
        this.#down.carry(() => (isTooBig ? this.#endTooBig() : this.#deliver(text)), text.length);
      },
      close: (code, reason) => {
        this.#endServer();
        this.#down.carry(() => this.#finish({ code, reason }));
      },
      terminate: () => {
        this.#endServer();
        this.#down.cut();
        this.#down.carry(() => this.#finish({ ...ENDED, failure: WAS_RESET }));
      },
      bufferedBytes: () => this.#down.heldBytes,
      wire: {
        stall: () => this.die(),
        // The half that arrives is no frame, and the end of TCP brings no close frame.
        cut: () => {
          this.#endServer();
          this.#down.carry(() => this.#finish(ENDED));
        },
        drip: (bytesPerSecond) => this.#down.drip(bytesPerSecond),
      },
    };
  }

  #endTooBig(): void {
    const limitBytes = this.#maxFrameBytes;
    this.#finish({ ...ENDED, failure: { kind: 'frame-too-big', limitBytes } });
  }

  #deliver(text: string): void {
    if (this.#clientState === 'closed' || this.#clientState === 'dialling') return;
    const { watcher, clientClock } = this.#parts;
    watcher.onDelivered(this.#id, text);
    lendFrame(this.#listener, text, clientClock.nowMs());
    watcher.onRead(this.#id, text);
  }

  #finish(close: SocketClose): void {
    this.#cancelTimer();
    this.#down.cut();
    this.#endServer();
    if (this.#clientState === 'closed') return;
    this.#clientState = 'closed';
    this.#onEnded();
    this.#listener.onClosed(close);
  }

  #endServer(): void {
    if (!this.#isServerOpen) return;
    this.#isServerOpen = false;
    this.#handler?.onClosed();
  }
}

function lowerNames(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(lowered) as Record<string, string>;
}

function readTarget({ url, headers }: DialTarget): VenueServerRequest {
  return readRequest('GET', url, { headers: lowerNames(headers), body: '' });
}

function readRequest(
  method: string,
  address: string,
  { headers, body }: Pick<VenueServerRequest, 'headers' | 'body'>,
): VenueServerRequest {
  const { pathname: path, searchParams: query } = new URL(address);
  return { method, path, query, headers, body, remoteAddress: CLIENT_ADDRESS };
}

/** A `Date` header knows whole seconds only. */
function readDate(headers: Readonly<Record<string, string>> | undefined, time: VirtualTime) {
  const written = headers?.['date'] ?? headers?.['Date'];
  return written === undefined ? Math.floor(time.clock.nowMs() / 1000) * 1000 : Date.parse(written);
}

/** Puts one exchange behind a network on virtual time. */
export function createVirtualNetwork(parts: NetworkParts): VirtualNetwork {
  const { time, server, watcher } = parts;
  const connections = new Set<VirtualConnection>();
  let frozenUntilMs = 0;
  let refusedUntilMs = 0;
  let nextId = 0;
  const isRefused = (): boolean => time.clock.monotonicMs() < refusedUntilMs;
  const readFrozenUntilMs = (): number => frozenUntilMs;

  const answer = (request: HttpRequest): HttpResponse => {
    const { method, url, headers, body = '' } = request;
    const asked = { headers: lowerNames(headers), body };
    const told = server.onHttp?.(readRequest(method, url, asked));
    return {
      status: told?.status ?? 404,
      body: told?.body ?? '',
      serverDateMs: readDate(told?.headers, time),
      retryAfterMs: parseRetryAfter(told?.headers?.['retry-after'], 0),
    };
  };

  return {
    dial(target, listener) {
      watcher.onDialled(target.url);
      if (isRefused()) return refuseDial(listener);
      nextId += 1;
      const onEnded = (): void => void connections.delete(connection);
      const network = { parts, frozenUntilMs: readFrozenUntilMs, onEnded };
      const connection: VirtualConnection = new VirtualConnection(
        nextId,
        { target, listener },
        network,
      );
      connections.add(connection);
      return connection;
    },
    http: (request) =>
      new Promise((resolve, reject) => {
        if (isRefused()) {
          return reject(new ConnectionError('DIAL_FAILED', 'The network is down.'));
        }
        const cancel = time.timers.after(request.timeoutMs, () =>
          reject(new ConnectionError('TIMED_OUT', 'No answer came.')),
        );
        const [up, down] = [new Lane(parts, readFrozenUntilMs), new Lane(parts, readFrozenUntilMs)];
        up.carry(() => {
          const response = answer(request);
          down.carry(() => {
            cancel();
            resolve(response);
          });
        });
      }),
    reset() {
      for (const connection of [...connections]) connection.reset();
    },
    freeze: (forMs) => void (frozenUntilMs = time.clock.monotonicMs() + forMs),
    die() {
      for (const connection of connections) connection.die();
    },
    refuse: (forMs) => void (refusedUntilMs = time.clock.monotonicMs() + forMs),
    get calmAtMs() {
      return Math.max(frozenUntilMs, refusedUntilMs);
    },
    get openCount() {
      return connections.size;
    },
  };
}

function refuseDial(listener: SocketListener): Socket {
  queueMicrotask(() => listener.onClosed({ ...ENDED, failure: REFUSED }));
  return {
    send: () => false,
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
    bufferedBytes: () => 0,
  };
}
