/** One client's connection: its requests, what it holds, and the frames it gets. */
import type {
  MarketRecordedFrame,
  MarketSource,
  ServerConnection,
  ServerConnectionHandler,
} from '../../../model/exchange.js';
import type { CancelTimer, Clock, Timers } from '../../../model/runtime.js';
import {
  ERROR_TEXTS,
  LEVEL2_DATA_CHANNEL,
  PRIVATE_CHANNELS,
  REQUEST_CHANNELS,
  type RequestChannel,
} from '../messages.js';
import { encodeSubscriptions } from './encode.js';
import type { UnnumberedFrame } from './fault-frames.js';
import type { ConnectionFaults } from './faults.js';
import { createOutbox } from './outbox.js';
import { readRequest, type ClientRequest } from './request.js';
import { makeSnapshots } from './snapshots.js';
import { createSubscriptions } from './subscriptions.js';

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
  readonly balanceSummary: Readonly<Record<string, unknown>>;
  readonly timeText: () => string;
  /** The name under which a product is served. */
  readonly resolve: (symbol: string) => string | undefined;
  /** Sends everyone what is pending, before a snapshot of it is made. */
  readonly flush: (channel: RequestChannel, symbol: string) => void;
  readonly onSubscribed: (held: ReadonlyMap<string, readonly string[]>) => void;
  readonly onClosed: () => void;
}

/** A client's connection as its server sees it. */
export interface ClientConnection {
  readonly handler: ServerConnectionHandler;
  readonly bufferedBytes: number;
  /** Sends a frame where the channel and product are held; an empty symbol asks for the channel. */
  offer(channel: RequestChannel, symbol: string, frame: UnnumberedFrame): void;
  offerRecorded(frame: MarketRecordedFrame): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Serves one client. */
export function createClientConnection(options: ConnectionOptions): ClientConnection {
  const { connection, source, faults, limits, timers } = options;
  const outbox = createOutbox({
    connection,
    faults,
    timers,
    clientId: () => faults.clientId ?? options.isUserHost,
    timeText: options.timeText,
    maxBufferedBytes: limits.maxBufferedBytes,
  });
  const subscriptions = createSubscriptions({
    resolve: options.resolve,
    allSymbols: () => source.instruments.map((one) => one.symbol),
    userId: options.userId,
    partialLevel2: () => faults.partialLevel2,
  });
  const rate = createRateGate(limits.messagesPerSecond, options.clock);
  let userSymbols: ReadonlySet<string> | undefined;
  const isUserSymbol = (symbol: string): boolean => userSymbols?.has(symbol) ?? true;
  let cancelFirstTimer: CancelTimer = timers.after(limits.subscribeWithinMs, () => {
    end();
    connection.close(limits.lateSubscribeCode, 'no subscription within the time allowed');
  });
  const idle = createIdleGate(options, () => {
    if (subscriptions.holdsChannel('heartbeats')) return;
    end();
    connection.terminate();
  });
  const end = (): void => {
    cancelFirstTimer();
    idle.close();
    outbox.close();
  };

  const send = (frame: UnnumberedFrame): void => {
    idle.touch();
    outbox.send(frame);
  };
  const acknowledge = (): void => {
    const bodies = [encodeSubscriptions(subscriptions.held())];
    send({ channel: 'subscriptions', kind: 'ack', symbol: '', bodies });
  };

  const subscribe = ({ channel, symbols }: Understood): void => {
    const { added, tooMany } = subscriptions.subscribe(channel, symbols);
    if (tooMany) outbox.sendError(ERROR_TEXTS.tooManyLevel2);
    if (tooMany && added.length === 0) return;
    cancelFirstTimer();
    cancelFirstTimer = () => undefined;
    if (channel === 'user' && added.length > 0)
      userSymbols = symbols?.length ? new Set(symbols) : undefined;
    for (const symbol of added) options.flush(channel, symbol);
    const { balanceSummary } = options;
    makeSnapshots({ source, channel, symbols: added, isUserSymbol, balanceSummary }).forEach(send);
    acknowledge();
    options.onSubscribed(subscriptions.held());
  };

  const onMessage = (text: string): void => {
    const request = readRequest(text);
    const refusal = judge(request, { rate, verifier: options.verifier, faults });
    if (refusal !== undefined) return outbox.sendError(refusal);
    if (request.kind === 'subscribe') subscribe(request);
    if (request.kind !== 'unsubscribe') return;
    subscriptions.unsubscribe(request.channel, request.symbols);
    acknowledge();
  };

  return {
    handler: {
      onMessage,
      onClosed() {
        end();
        options.onClosed();
      },
    },
    get bufferedBytes() {
      return outbox.bufferedBytes;
    },
    offer(channel, symbol, frame) {
      const isHeld =
        symbol === '' ? subscriptions.holdsChannel(channel) : subscriptions.holds(channel, symbol);
      if (isHeld) send(frame);
    },
    offerRecorded({ channel: name, sentTime, events }) {
      const channel = name === LEVEL2_DATA_CHANNEL ? 'level2' : name;
      if (!isRequestChannel(channel) || !subscriptions.holdsChannel(channel)) return;
      const held = events.filter(
        ({ symbols }) =>
          symbols.length === 0 || symbols.some((symbol) => subscriptions.holds(channel, symbol)),
      );
      if (held.length === 0) return;
      const kind = channel === 'heartbeats' ? 'heartbeat' : 'update';
      const symbol = held[0]?.symbols[0] ?? '';
      send({ channel: name, kind, symbol, sentTime, bodies: held.map(({ body }) => body) });
    },
    close(code, reason) {
      end();
      connection.close(code, reason);
    },
    terminate() {
      end();
      connection.terminate();
    },
  };
}

type Understood = Extract<ClientRequest, { channel: RequestChannel }>;

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
  if (request.kind === 'unreadable') return ERROR_TEXTS.subscribe;
  if (request.kind === 'unknown-channel') return ERROR_TEXTS.authentication;
  const isNeeded = request.kind === 'subscribe' && PRIVATE_CHANNELS.includes(request.channel);
  // A bad token is refused on public channels as well; seen on the venue in 2026.
  if (jwt === undefined) return isNeeded ? ERROR_TEXTS.authentication : undefined;
  const isGood = !faults.refusesTokens && verifier.verify(jwt).ok;
  return isGood ? undefined : ERROR_TEXTS.authentication;
}

interface RateGate {
  pass(): boolean;
}

/** At most `count` in any second; what is refused does not count. */
function createRateGate(count: number, clock: Clock): RateGate {
  let passedAtMs: number[] = [];
  return {
    pass() {
      const nowMs = clock.monotonicMs();
      passedAtMs = passedAtMs.filter((atMs) => nowMs - atMs < 1000);
      if (passedAtMs.length >= count) return false;
      passedAtMs.push(nowMs);
      return true;
    },
  };
}

/** Calls `onIdle` where nothing was sent for the time allowed; looks again as long as it goes on. */
function createIdleGate(options: ConnectionOptions, onIdle: () => void) {
  const { clock, timers, limits } = options;
  let touchedAtMs = clock.monotonicMs();
  let cancel: CancelTimer;
  const arm = (delayMs: number): void => {
    cancel = timers.after(delayMs, () => {
      const leftMs = touchedAtMs + limits.idleCloseMs - clock.monotonicMs();
      arm(leftMs > 0 ? leftMs : limits.idleCloseMs);
      if (leftMs <= 0) onIdle();
    });
  };
  arm(limits.idleCloseMs);
  return { touch: () => void (touchedAtMs = clock.monotonicMs()), close: () => cancel() };
}
