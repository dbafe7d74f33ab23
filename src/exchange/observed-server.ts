/** Looks over the shoulder of a server: who is connected, what clients sent, what was answered. */
import type {
  ServerConnection,
  ServerConnectionHandler,
  VenueServer,
  VenueServerRequest,
} from '../model/exchange.js';
import type { Clock } from '../model/runtime.js';

/** A connection that is open. */
export interface ConnectionFacts {
  /** Attempts to connect, counted from 1: what rules call `connection`. */
  readonly connection: number;
  readonly path: string;
  readonly openedAtMs: number;
  /** Frames that were sent to the client, and messages that came from it. */
  readonly sentCount: number;
  readonly receivedCount: number;
}

/** A message of a client. */
export interface SeenMessage {
  readonly connection: number;
  readonly atMs: number;
  /** As it came, with whatever secret is in it. */
  readonly text: string;
}

/** An attempt to connect, or a request, and what was answered; 101 is an open socket. */
export interface SeenRequest {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Of an attempt to connect. */
  readonly connection?: number;
}

/** What was seen of a server. */
export interface Observation {
  readonly connections: readonly ConnectionFacts[];
  /** The latest, oldest first; at most 1,000, and 4 million characters in all. */
  readonly messages: readonly SeenMessage[];
  /** The latest, oldest first; at most 1,000. */
  readonly requests: readonly SeenRequest[];
  /** Returns what ends it. Called after each message, request, opening and closing. */
  onSeen(listener: () => void): () => void;
  /** Whether there was such a connection, which is now closed. */
  close(connection: number, code: number, reason: string): boolean;
  reset(connection: number): boolean;
}

const SEEN_MAX = 1_000;
const CHARACTERS_MAX = 4_000_000;
const SWITCHING = 101;
const NOT_FOUND = 404;

type Open = { -readonly [Field in keyof ConnectionFacts]: ConnectionFacts[Field] } & {
  readonly raw: ServerConnection;
};

/** Puts an observer before a server; hosts are given `server`. */
export function observeServer(
  inner: VenueServer,
  clock: Clock,
): { readonly server: VenueServer; readonly observation: Observation } {
  const observer = new Observer(inner, clock);
  const server: VenueServer = {
    id: inner.id,
    onUpgrade: (request) => observer.onUpgrade(request),
    onConnection: (connection, request) => observer.onConnection(connection, request),
    onHttp: (request) => observer.onHttp(request),
    close: () => inner.close(),
  };
  return { server, observation: observer };
}

class Observer implements Observation {
  readonly #inner: VenueServer;
  readonly #clock: Clock;
  readonly #open = new Map<number, Open>();
  readonly #attempts = new WeakMap<VenueServerRequest, number>();
  readonly #listeners = new Set<() => void>();
  #messages: SeenMessage[] = [];
  #requests: SeenRequest[] = [];
  #characters = 0;
  #attemptCount = 0;

  constructor(inner: VenueServer, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  get connections(): readonly ConnectionFacts[] {
    return [...this.#open.values()].map(({ raw: _, ...facts }) => facts);
  }

  get messages(): readonly SeenMessage[] {
    return this.#messages;
  }

  get requests(): readonly SeenRequest[] {
    return this.#requests;
  }

  onSeen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(connection: number, code: number, reason: string): boolean {
    const open = this.#open.get(connection);
    open?.raw.close(code, reason);
    return open !== undefined;
  }

  reset(connection: number): boolean {
    const open = this.#open.get(connection);
    open?.raw.terminate();
    return open !== undefined;
  }

  onUpgrade(request: VenueServerRequest) {
    this.#attemptCount += 1;
    const connection = this.#attemptCount;
    this.#attempts.set(request, connection);
    const answer = this.#inner.onUpgrade(request);
    const status = answer.kind === 'accept' ? SWITCHING : answer.status;
    this.#seeRequest(request, { status, connection });
    return answer;
  }

  onConnection(raw: ServerConnection, request: VenueServerRequest): ServerConnectionHandler {
    const connection = this.#attempts.get(request) ?? 0;
    const { path } = request;
    const openedAtMs = this.#clock.nowMs();
    const open: Open = { raw, connection, path, openedAtMs, sentCount: 0, receivedCount: 0 };
    this.#open.set(connection, open);
    const handler = this.#inner.onConnection(countSent(raw, open), request);
    return {
      onMessage: (text) => {
        open.receivedCount += 1;
        this.#seeMessage({ connection, atMs: this.#clock.nowMs(), text });
        handler.onMessage(text);
        this.#tell();
      },
      onClosed: () => {
        this.#open.delete(connection);
        handler.onClosed();
        this.#tell();
      },
    };
  }

  onHttp(request: VenueServerRequest) {
    const answer = this.#inner.onHttp?.(request);
    this.#seeRequest(request, { status: answer?.status ?? NOT_FOUND });
    return answer;
  }

  #seeMessage(message: SeenMessage): void {
    this.#messages.push(message);
    this.#characters += message.text.length;
    while (this.#messages.length > SEEN_MAX || this.#characters > CHARACTERS_MAX) {
      this.#characters -= this.#messages.shift()?.text.length ?? 0;
    }
  }

  #seeRequest(
    { method, path }: VenueServerRequest,
    seen: Pick<SeenRequest, 'status' | 'connection'>,
  ): void {
    this.#requests.push({ atMs: this.#clock.nowMs(), method, path, ...seen });
    if (this.#requests.length > SEEN_MAX) this.#requests.shift();
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function countSent(raw: ServerConnection, open: Open): ServerConnection {
  return {
    id: raw.id,
    send(text) {
      open.sentCount += 1;
      raw.send(text);
    },
    close: (code, reason) => raw.close(code, reason),
    terminate: () => raw.terminate(),
    bufferedBytes: () => raw.bufferedBytes(),
    ...(raw.wire && { wire: raw.wire }),
  };
}
