import { ConfigError, KeyError, type TruefeedError } from '../../../model/error.js';
import type { Logger } from '../../../model/logger.js';
import type { Runtime } from '../../../model/runtime.js';
import type { Secret } from '../../../model/secret.js';
import { systemRuntime } from '../../../runtime/system-runtime.js';
import { cloud9traderAuth } from '../auth.js';
import { PUSHED_TOPICS, type Instruction } from '../messages.js';
import { Emitter, LIFE_EVENTS } from './emitter.js';
import {
  createHttpReader,
  DEFAULT_API_URL,
  DEFAULT_PRICE_URL,
  type HttpReader,
  type Moment,
} from './http.js';
import { Link } from './link.js';
import type { Listener } from './listeners.js';
import type { InstrumentRow, OrderSubmission } from './payloads.js';
import {
  createPendingRequests,
  guardHandler,
  type AnswerHandler,
  type PendingRequests,
} from './requests.js';

/** What a client takes: the vendor's three options, and ours. */
export interface ClientOptions {
  readonly key: string;
  /** For private sockets, which servers alone may open. */
  readonly secret?: string | Secret | undefined;
  readonly host?: string | undefined;
  /** Where the HTTP interface is, for a simulator. */
  readonly apiUrl?: string | undefined;
  readonly priceUrl?: string | undefined;
  /** Clock, timers, sockets, HTTP and logger that replace the real ones. */
  readonly runtime?: Partial<Runtime> | undefined;
}

/** Error first, as all callbacks here. */
export type ResultHandler<Result> = (error: unknown, result?: Result) => void;

const DEFAULT_HOST = 'wss://sockets.cloud9trader.com';
const REQUEST_TIMEOUT_MS = 3_000;
const SUBMIT_TIMEOUT_MS = 5_000;
/** What may wait for a connection; the oldest goes first. */
const DEFERRED_MAX = 1_000;
const NOT_CONNECTED = 'Socket is not connected';
const STOPPED = 'Client is stopped';
const PUSHED: readonly string[] = PUSHED_TOPICS;

/** Something that waits for a connection. */
interface Deferred {
  readonly run: () => void;
  readonly fail: (error: string) => void;
}

/**
 * A drop-in for the vendor's client library: its options, methods and events, without its defects.
 * An order goes out now or never, each callback is called once, and `stop` ends everything.
 */
export class Client extends Emitter {
  static readonly Client: typeof Client = Client;

  readonly #logger: Logger;
  readonly #link: Link;
  readonly #requests: PendingRequests;
  readonly #reader: HttpReader;
  /** Topics in the order of their subscription, each with its listeners. */
  readonly #subscriptions = new Map<string, Set<Listener>>();
  #deferred: Deferred[] = [];

  constructor(options: ClientOptions) {
    const runtime = systemRuntime(options?.runtime);
    super(runtime.timers, runtime.logger);
    const { url, path } = checkOptions(options);
    const { key, secret } = options;
    this.#logger = runtime.logger;
    this.#requests = createPendingRequests(runtime.timers, runtime.random);
    this.#reader = createHttpReader({
      http: runtime.http,
      key,
      apiUrl: options.apiUrl ?? DEFAULT_API_URL,
      priceUrl: options.priceUrl ?? DEFAULT_PRICE_URL,
    });
    this.#link = new Link({
      url,
      runtime,
      auth: secret === undefined ? undefined : cloud9traderAuth({ key, secret }, { path }),
      listener: {
        onOpened: () => this.#onOpened(),
        onFrame: (text) => this.#onFrame(text),
        onFailed: (error) => this.#onFailed(error),
        onEnded: (wasOpen) => this.#onEnded(wasOpen),
        onWaiting: () => this.emit('status', 'Waiting for reconnect'),
      },
    });
  }

  get connected(): boolean {
    return this.#link.isOpen;
  }

  isConnected(): boolean {
    return this.connected;
  }

  /** Opens the socket, and again whenever it is lost. Does nothing while that goes on. */
  start(): void {
    this.#link.start();
  }

  /**
   * Ends the socket for good; whatever waits is answered. Subscriptions are kept for a new start.
   */
  stop(): void {
    this.#link.stop();
    this.#requests.failAll(STOPPED);
    for (const { fail } of this.#deferred.splice(0)) fail(STOPPED);
  }

  /** Drops the socket and opens another. */
  reconnect(): void {
    this.#link.reconnect();
  }

  /** Sends a raw message. Without a connection it waits for one, but an order does not. */
  send(...elements: unknown[]): void {
    if (!this.#link.isStarted) {
      this.#logger.warn('Nothing is sent before start().', { instruction: elements[0] });
      return;
    }
    if (this.#transmit(elements)) return;
    if (elements[0] === 'submit') {
      this.#logger.warn('An order is not kept for a later connection; it was not sent.');
      return;
    }
    this.#defer({ run: () => void this.#transmit(elements), fail: () => undefined });
  }

  /** Asks for the present state of a topic. */
  request(topic: string, handler: AnswerHandler): void {
    const guarded = guardHandler(handler, this.#logger);
    if (this.#ask(['request', topic], guarded, REQUEST_TIMEOUT_MS)) return;
    // The time allowed begins when it is sent.
    this.#defer({ run: () => this.request(topic, handler), fail: guarded });
  }

  /** Submits an order now; without a connection the handler is told at once and nothing is sent. */
  submit(kind: 'order', order: OrderSubmission, handler: AnswerHandler): void {
    const guarded = guardHandler(handler, this.#logger);
    if (!this.#ask(['submit', kind, order], guarded, SUBMIT_TIMEOUT_MS)) guarded(NOT_CONNECTED);
  }

  /** Calls the listener with whatever comes on the topic, from now on and over reconnections. */
  subscribe(topic: string, listener: Listener): void {
    this.on(topic, listener);
    const listeners = this.#subscriptions.get(topic);
    if (listeners) return void listeners.add(listener);
    this.#subscriptions.set(topic, new Set([listener]));
    this.#tell('subscribe', topic);
  }

  /**
   * Ends it for this listener; with the last one the topic is unsubscribed, now or never asked for.
   */
  unsubscribe(topic: string, listener: Listener): void {
    const listeners = this.#subscriptions.get(topic);
    if (!listeners?.delete(listener)) return;
    this.off(topic, listener);
    if (listeners.size > 0) return;
    this.#subscriptions.delete(topic);
    this.#tell('unsubscribe', topic);
  }

  /** Reads the instruments over HTTP. */
  fetchInstruments(): Promise<readonly InstrumentRow[]>;
  fetchInstruments(handler: ResultHandler<readonly InstrumentRow[]>): void;
  fetchInstruments(
    handler?: ResultHandler<readonly InstrumentRow[]>,
  ): Promise<readonly InstrumentRow[]> | void {
    const rows = this.#reader.readInstruments() as Promise<readonly InstrumentRow[]>;
    return answer(rows, handler);
  }

  /** Reads bars over HTTP; without an end, or with an empty one, up to the present. */
  fetchHistoricalPrice(
    ...query: readonly [
      instrumentId: string,
      interval: string,
      start: Moment,
      end?: Moment | ResultHandler<unknown>,
      handler?: ResultHandler<unknown>,
    ]
  ): Promise<unknown> | void {
    const [instrumentId, interval, start, end, handler] = query;
    const isHandler = typeof end === 'function';
    const until = end === undefined || isHandler ? '' : end;
    const bars = this.#reader.readHistoricalPrice({ instrumentId, interval, start, end: until });
    return answer(bars, isHandler ? end : handler);
  }

  #onOpened(): void {
    this.emit('status', 'Connected');
    for (const topic of this.#subscriptions.keys()) this.#tell('subscribe', topic);
    for (const { run } of this.#deferred.splice(0)) run();
    this.emit('connected');
  }

  #onFailed(error: TruefeedError): void {
    this.emit('status', 'Error');
    this.emit('error', error.code === 'AUTH_REFUSED' ? error.message : error);
  }

  #onEnded(wasOpen: boolean): void {
    this.emit('status', 'Disconnected');
    if (wasOpen) this.emit('disconnected');
  }

  #onFrame(text: string): void {
    const elements = parseList(text);
    const name = elements?.[0];
    if (!elements || typeof name !== 'string') {
      this.#logger.warn('A frame is no list with a channel first; it is left out.');
      return;
    }
    const values = elements.slice(1);
    if (this.#requests.settle(name, values)) return;
    if (name === 'error') this.emit('error', ...values);
    else if (LIFE_EVENTS.includes(name)) {
      this.#logger.warn("A channel has the name of one of the client's own events.", { name });
    } else this.emitChannel(name, values);
  }

  /** Texts of the server come by themselves: they are listened for and never asked for. */
  #tell(instruction: Instruction, topic: string): void {
    if (!PUSHED.includes(topic)) this.#transmit([instruction, topic]);
  }

  /** Sends with an id of its own; false where there is no connection this moment. */
  #ask(elements: readonly unknown[], handler: AnswerHandler, timeoutMs: number): boolean {
    if (!this.#link.isOpen) return false;
    const id = this.#requests.add(handler, timeoutMs);
    if (this.#transmit([...elements, id])) return true;
    this.#requests.cancel(id);
    return false;
  }

  #transmit(elements: readonly unknown[]): boolean {
    return this.#link.send(JSON.stringify(elements));
  }

  #defer(deferred: Deferred): void {
    this.#deferred.push(deferred);
    if (this.#deferred.length > DEFERRED_MAX) this.#deferred.shift()?.fail(NOT_CONNECTED);
  }
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // What cannot be parsed is left out like what is no list; the caller logs it.
    return undefined;
  }
}

function answer<Result>(
  result: Promise<Result>,
  handler: ResultHandler<Result> | undefined,
): Promise<Result> | void {
  if (!handler) return result;
  result.then(
    (value) => handler(null, value),
    (error: unknown) => handler(error),
  );
}

/** A secret in a browser is everybody's: the vendor's library refuses it, and so do we. */
function checkOptions(options: ClientOptions | undefined): { url: string; path: string } {
  if (!options) {
    throw new ConfigError('OPTION_INVALID', 'The client needs options: give it at least a key.');
  }
  const { key, secret, host = DEFAULT_HOST } = options;
  if (typeof key !== 'string' || key === '') {
    throw new KeyError('KEY_MISSING', 'The client needs an API key: give it as "key".');
  }
  if (secret !== undefined && isBrowser()) {
    const text = 'A secret must not be given in a browser: leave it out, and use public topics.';
    throw new KeyError('KEY_INVALID', text);
  }
  const isAddress = URL.canParse(host) && /^wss?:$/.test(new URL(host).protocol);
  if (!isAddress) {
    const text = 'The option host is not a WebSocket address; write one that begins with "wss://".';
    throw new ConfigError('OPTION_INVALID', text, { facts: { option: 'host' } });
  }
  const url = new URL(host);
  if (secret === undefined) url.searchParams.set('key', key);
  return { url: url.href, path: url.pathname };
}

function isBrowser(): boolean {
  const { window } = globalThis as { window?: { navigator?: unknown } };
  return window?.navigator !== undefined;
}
