/** One client's connection: its requests, what it holds, and the frames it gets. */
import type {
  MarketRecordedFrame,
  MarketSource,
  ServerConnection,
  ServerConnectionHandler,
  VenueFields,
} from '../../../model/exchange.js';
import type { CancelTimer, Clock, Timers } from '../../../model/runtime.js';
import {
  ERROR_TEXTS,
  LEVEL2_DATA_CHANNEL,
  PRIVATE_CHANNELS,
  REQUEST_CHANNELS,
  type RawPositions,
  type RequestChannel,
} from '../messages.js';
import { encodeSubscriptions, encodeUser } from './encode.js';
import type { UnnumberedFrame } from './fault-frames.js';
import type { ConnectionFaults } from './faults.js';
import {
  createIdleGate,
  createRateGate,
  type IdleGate,
  type RateGate,
} from '../../../exchange/gates.js';
import { Outbox } from './outbox.js';
import { readRequest, type ClientRequest } from './request.js';
import { makeSnapshots } from './snapshots.js';
import { createSubscriptions, type Subscriptions } from './subscriptions.js';
import type { UserAccount } from './user-account.js';

/** What refuses or accepts a token; the exchange's sign-in is one. */
export interface TokenVerifier {
  verify(token: unknown): { readonly ok: boolean };
}

/** Limits that the venue states or was seen to keep; each may be changed. */
export interface ServerLimits {
  /** The first subscribe is due within this time (websocket-overview). */
  readonly subscribeWithinMs: number;
  /** The venue's own code is unknown. */
  readonly lateSubscribeCode: number;
  /** Without heartbeats a quiet connection is cut after 60 to 90 s (websocket-channels). */
  readonly idleCloseMs: number;
  /** Messages without a token per second (websocket-rate-limits). */
  readonly messagesPerSecond: number;
  readonly maxBufferedBytes: number;
}

/** What one connection needs of its server. */
export interface ConnectionOptions {
  readonly connection: ServerConnection;
  readonly source: MarketSource;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly verifier: TokenVerifier;
  readonly faults: ConnectionFaults;
  readonly limits: ServerLimits;
  readonly isUserHost: boolean;
  readonly userId: string;
  readonly account: UserAccount;
  readonly timeText: () => string;
  /** The name under which a product is served. */
  readonly resolve: (symbol: string) => string | undefined;
  /** Sends everyone what is pending, before a snapshot of it is made. */
  readonly flush: (channel: RequestChannel, symbol: string) => void;
  readonly onSubscribed: (held: ReadonlyMap<string, readonly string[]>) => void;
  readonly onClosed: () => void;
}

type Understood = Extract<ClientRequest, { channel: RequestChannel }>;

/** Serves one client, until either side ends it. */
export class ClientConnection implements ServerConnectionHandler {
  readonly #options: ConnectionOptions;
  readonly #outbox: Outbox;
  readonly #subscriptions: Subscriptions;
  readonly #rate: RateGate;
  readonly #idle: IdleGate;
  #cancelFirst: CancelTimer;
  #isEnded = false;
  /** Products that the user channel was narrowed to; undefined: all. */
  #userSymbols: ReadonlySet<string> | undefined;

  constructor(options: ConnectionOptions) {
    const { connection, source, faults, limits, timers, clock } = options;
    this.#options = options;
    this.#outbox = new Outbox({
      connection,
      faults,
      timers,
      clientId: () => faults.clientId ?? options.isUserHost,
      timeText: options.timeText,
      maxBufferedBytes: limits.maxBufferedBytes,
    });
    this.#subscriptions = createSubscriptions({
      resolve: options.resolve,
      allSymbols: () => source.instruments.map((one) => one.symbol),
      userId: options.userId,
      partialLevel2: () => faults.partialLevel2,
    });
    this.#rate = createRateGate(limits.messagesPerSecond, clock);
    this.#cancelFirst = timers.after(limits.subscribeWithinMs, () =>
      this.close(limits.lateSubscribeCode, 'no subscription within the time allowed'),
    );
    this.#idle = createIdleGate({ clock, timers, idleMs: limits.idleCloseMs }, () => {
      if (!this.#subscriptions.holdsChannel('heartbeats')) this.terminate();
    });
  }

  get bufferedBytes(): number {
    return this.#outbox.bufferedBytes;
  }

  onMessage(text: string): void {
    if (this.#isEnded) return;
    const request = readRequest(text);
    const { verifier, faults } = this.#options;
    const refusal = judge(request, { rate: this.#rate, verifier, faults });
    if (refusal !== undefined) return this.#outbox.sendError(refusal);
    if (request.kind === 'subscribe') this.#subscribe(request);
    if (request.kind !== 'unsubscribe') return;
    this.#subscriptions.unsubscribe(request.channel, request.symbols);
    this.#acknowledge();
  }

  onClosed(): void {
    this.#end();
    this.#options.onClosed();
  }

  /** Sends a frame where the channel and product are held; an empty symbol asks for the channel. */
  offer(channel: RequestChannel, symbol: string, frame: UnnumberedFrame): void {
    const isHeld =
      symbol === ''
        ? this.#subscriptions.holdsChannel(channel)
        : this.#subscriptions.holds(channel, symbol);
    if (isHeld) this.#send(frame);
  }

  /** Sends what is held of a recorded frame, as it was. */
  offerRecorded({ channel: name, sentTime, events }: MarketRecordedFrame): void {
    const channel = name === LEVEL2_DATA_CHANNEL ? 'level2' : name;
    if (!isRequestChannel(channel) || !this.#subscriptions.holdsChannel(channel)) return;
    const isHeld = (symbol: string): boolean => this.#subscriptions.holds(channel, symbol);
    const held = events.filter(({ symbols }) => symbols.length === 0 || symbols.some(isHeld));
    if (held.length === 0) return;
    const kind = channel === 'heartbeats' ? 'heartbeat' : 'update';
    const symbol = held[0]?.symbols[0] ?? '';
    this.#send({ channel: name, kind, symbol, sentTime, bodies: held.map(({ body }) => body) });
  }

  /** Sends changed orders that concern the subscriber of the user channel. */
  offerOrders(orders: readonly VenueFields[]): void {
    if (!this.#subscriptions.holdsChannel('user')) return;
    const own = orders.filter((order) => this.#isUserSymbol(order.product_id ?? ''));
    const bodies = [encodeUser('update', own)];
    if (own.length > 0) this.#send({ channel: 'user', kind: 'update', symbol: '', bodies });
  }

  /** Sends changed positions to the subscriber of the user channel. */
  offerPositions(positions: RawPositions): void {
    if (!this.#subscriptions.holdsChannel('user')) return;
    const bodies = [encodeUser('update', [], positions)];
    this.#send({ channel: 'user', kind: 'update', symbol: '', bodies });
  }

  /** What was opened with a token ends. */
  endPrivate(): void {
    const held = PRIVATE_CHANNELS.filter((one) => this.#subscriptions.holdsChannel(one));
    if (this.#isEnded || held.length === 0) return;
    for (const channel of held) this.#subscriptions.unsubscribe(channel, undefined);
    this.#outbox.sendError(ERROR_TEXTS.authentication);
    this.#acknowledge();
  }

  close(code: number, reason: string): void {
    this.#end();
    this.#options.connection.close(code, reason);
  }

  terminate(): void {
    this.#end();
    this.#options.connection.terminate();
  }

  #subscribe({ channel, symbols }: Understood): void {
    const { source, account } = this.#options;
    // What is pending goes to those who hold the product already; the newcomer's snapshot has it.
    for (const symbol of symbols ?? []) {
      this.#options.flush(channel, this.#options.resolve(symbol) ?? symbol);
    }
    const { added, tooMany } = this.#subscriptions.subscribe(channel, symbols);
    if (tooMany) this.#outbox.sendError(ERROR_TEXTS.tooManyLevel2);
    if (tooMany && added.length === 0) return;
    this.#cancelFirst();
    if (channel === 'user' && added.length > 0) {
      this.#userSymbols = symbols && symbols.length > 0 ? new Set(symbols) : undefined;
    }
    const isUserSymbol = (symbol: string): boolean => this.#isUserSymbol(symbol);
    const parts = { source, channel, symbols: added, isUserSymbol, account };
    for (const frame of makeSnapshots(parts)) this.#send(frame);
    this.#acknowledge();
    this.#options.onSubscribed(this.#subscriptions.held());
  }

  #acknowledge(): void {
    const bodies = [encodeSubscriptions(this.#subscriptions.held())];
    this.#send({ channel: 'subscriptions', kind: 'ack', symbol: '', bodies });
  }

  #isUserSymbol(symbol: string): boolean {
    return this.#userSymbols?.has(symbol) ?? true;
  }

  #send(frame: UnnumberedFrame): void {
    this.#idle.touch();
    this.#outbox.send(frame);
  }

  #end(): void {
    this.#isEnded = true;
    this.#cancelFirst();
    this.#idle.close();
    this.#outbox.close();
  }
}

function isRequestChannel(name: string): name is RequestChannel {
  return (REQUEST_CHANNELS as readonly string[]).includes(name);
}

interface Judges {
  readonly rate: RateGate;
  readonly verifier: TokenVerifier;
  readonly faults: ConnectionFaults;
}

/** The venue's words for a request it does not serve; undefined for one it does. */
function judge(request: ClientRequest, { rate, verifier, faults }: Judges): string | undefined {
  const jwt = 'jwt' in request ? request.jwt : undefined;
  if (jwt === undefined && !rate.pass()) return ERROR_TEXTS.rateLimit;
  if (!faults.messages.pass()) return ERROR_TEXTS.rateLimit;
  if (request.kind === 'unreadable') return ERROR_TEXTS.subscribe;
  if (request.kind === 'unknown-channel') return ERROR_TEXTS.authentication;
  const isNeeded = request.kind === 'subscribe' && PRIVATE_CHANNELS.includes(request.channel);
  // A bad token is refused on public channels as well; seen on the venue in 2026.
  if (jwt === undefined) return isNeeded ? ERROR_TEXTS.authentication : undefined;
  const isGood = !faults.refusesTokens && verifier.verify(jwt).ok;
  return isGood ? undefined : ERROR_TEXTS.authentication;
}
