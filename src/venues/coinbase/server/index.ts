/** The exchange's side of Coinbase Advanced Trade: sign-in, subscriptions, frames from a market. */
import type {
  MarketHeartbeat,
  MarketSource,
  MarketUpdate,
  UpgradeAnswer,
  VenueServer,
  VenueServerRequest,
} from '../../../model/exchange.js';
import type { CancelTimer, Clock, Timers } from '../../../model/runtime.js';
import { formatNanoseconds, millisecondsToNanoseconds } from '../../../runtime/time-text.js';
import { SUBSCRIBE_WITHIN_MS, type RequestChannel } from '../messages.js';
import { createBatches, VENUE_PACE, type BatchPace } from './batches.js';
import { ClientConnection, type ServerLimits, type TokenVerifier } from './connection.js';
import { encodeHeartbeat } from './encode.js';
import type { UnnumberedFrame } from './fault-frames.js';
import type { Faults } from './faults.js';
import { answerRest } from './rest.js';

/** The path that stands for the user host; the market host's is `/`. Both serve every channel. */
export const USER_PATH = '/user';
const PATHS: readonly string[] = ['/', USER_PATH];

const HEARTBEAT_EVERY_MS = 1_000;
/** The counter is the server's uptime and starts anywhere; a new server is given some hours. */
const INITIAL_UPTIME_MS = 21_697_000;

/** What the venue keeps, as far as known. */
export const VENUE_LIMITS: ServerLimits = {
  subscribeWithinMs: SUBSCRIBE_WITHIN_MS,
  lateSubscribeCode: 1008,
  idleCloseMs: 90_000,
  messagesPerSecond: 8,
  maxBufferedBytes: 32 * 1024 * 1024,
};

/** What a server is made of. */
export interface CoinbaseServerOptions {
  readonly source: MarketSource;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly verifier: TokenVerifier;
  readonly faults: Faults;
  /** Stands in the acks of private channels. */
  readonly userId: string;
  readonly balanceSummary?: Readonly<Record<string, unknown>> | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  readonly pace?: Partial<BatchPace> | undefined;
  /** Unknown at the venue; off by default. */
  readonly compression?: boolean | undefined;
}

/** A server whose connections can be ended on command. */
export interface CoinbaseServer extends VenueServer {
  readonly connectionCount: number;
  closeConnections(code: number, reason: string): void;
  resetConnections(): void;
}

/** Makes the exchange's side; it needs a host to be reached. */
export function createCoinbaseServer(options: CoinbaseServerOptions): CoinbaseServer {
  const { source, clock, faults } = options;
  const clients = new Set<ClientConnection>();
  const attempts = new WeakMap<VenueServerRequest, number>();
  let attemptCount = 0;
  const timeText = (): string =>
    source.time() ?? formatNanoseconds(millisecondsToNanoseconds(clock.nowMs() + faults.skewMs));
  const publishing = startPublishing(options, clients, timeText);

  return {
    id: 'coinbase',
    get connectionCount() {
      return clients.size;
    },
    onUpgrade(request) {
      attemptCount += 1;
      attempts.set(request, attemptCount);
      return answerUpgrade(request, attemptCount, options);
    },
    onConnection(connection, request) {
      const client = new ClientConnection({
        ...options,
        connection,
        faults: faults.forConnection(attempts.get(request) ?? 0),
        limits: { ...VENUE_LIMITS, ...options.limits },
        isUserHost: request.path === USER_PATH,
        balanceSummary: options.balanceSummary ?? {},
        timeText,
        resolve: createResolver(source),
        flush: (channel, symbol) => publishing.flush(channel, symbol),
        onSubscribed: (held) => source.onDemand?.({ kind: 'subscribed', wants: wantsOf(held) }),
        onClosed: () => {
          clients.delete(client);
          source.onDemand?.({ kind: 'closed', connections: clients.size });
        },
      });
      clients.add(client);
      source.onDemand?.({ kind: 'opened', connections: clients.size });
      return client;
    },
    onHttp(request) {
      const answer = answerRest(request, {
        source,
        nowMs: clock.nowMs() + faults.skewMs,
        accepts: (token) =>
          !faults.standing('refuse-tokens', 0) && options.verifier.verify(token).ok,
      });
      return answer && { ...answer, headers: { ...dateHeaders(clock, faults), ...answer.headers } };
    },
    closeConnections(code, reason) {
      for (const client of clients) client.close(code, reason);
    },
    resetConnections() {
      for (const client of clients) client.terminate();
    },
    close() {
      publishing.close();
      source.close();
      for (const client of clients) client.close(1001, 'going away');
    },
  };
}

interface Publishing {
  flush(channel: RequestChannel, symbol: string): void;
  close(): void;
}

/** From the market to everyone who is connected. */
function startPublishing(
  options: CoinbaseServerOptions,
  clients: ReadonlySet<ClientConnection>,
  timeText: () => string,
): Publishing {
  const { source, clock, timers } = options;
  const publish = (channel: RequestChannel, symbol: string, frame: UnnumberedFrame): void => {
    for (const client of clients) client.offer(channel, symbol, frame);
  };
  const pace = { ...VENUE_PACE, ...options.pace };
  const batches = createBatches({ clock, timers, pace, publish });
  const beat = ({ uptimeNanoseconds }: Omit<MarketHeartbeat, 'type'>): void => {
    const bodies = [encodeHeartbeat(timeText(), uptimeNanoseconds)];
    publish('heartbeats', '', { channel: 'heartbeats', kind: 'heartbeat', symbol: '', bodies });
  };
  const stopBeating = source.batched ? () => undefined : startHeartbeats(options, beat);
  const onUpdate = (update: MarketUpdate): void => {
    if (update.type === 'heartbeat.due') return beat(update);
    if (update.type !== 'frame.recorded') batches.onChange(update);
    for (const client of clients) {
      if (update.type === 'frame.recorded') client.offerRecorded(update);
      if (update.type === 'orders.changed') client.offerOrders(update.orders);
    }
  };
  const pendingBytes = (): number =>
    Math.max(0, ...[...clients].map((client) => client.bufferedBytes));
  const detach = source.attach({ onUpdate, pendingBytes });
  return {
    flush: (channel, symbol) => batches.flush(channel, symbol),
    close() {
      stopBeating();
      batches.close();
      detach();
    },
  };
}

function answerUpgrade(
  request: VenueServerRequest,
  attempt: number,
  { clock, faults, compression = false }: CoinbaseServerOptions,
): UpgradeAnswer {
  const headers = dateHeaders(clock, faults);
  const refused = faults.standing('refuse-upgrade', attempt);
  if (refused) return { kind: 'refuse', status: refused.status, headers, body: refused.body ?? '' };
  if (!PATHS.includes(request.path)) return { kind: 'refuse', status: 404, headers, body: '' };
  const isCompressed = faults.standing('compression', attempt)?.on ?? compression;
  return { kind: 'accept', headers, compression: isCompressed };
}

function dateHeaders(clock: Clock, faults: Faults): Readonly<Record<string, string>> {
  return { date: new Date(clock.nowMs() + faults.skewMs).toUTCString() };
}

/** Every second from the server's start, whatever each beat takes. */
function startHeartbeats(
  { clock, timers }: CoinbaseServerOptions,
  beat: (heartbeat: Omit<MarketHeartbeat, 'type'>) => void,
): CancelTimer {
  const startedAtMs = clock.monotonicMs();
  const elapsedMs = (): number => clock.monotonicMs() - startedAtMs;
  let cancel: CancelTimer;
  // Beats are counted: a timer may run a little early, and must not make a second of its own.
  const arm = (count: number): void => {
    const dueMs = count * HEARTBEAT_EVERY_MS;
    cancel = timers.after(dueMs - elapsedMs(), () => {
      const passed = Math.floor(elapsedMs() / HEARTBEAT_EVERY_MS);
      arm(Math.max(count, passed) + 1);
      const uptimeMs = INITIAL_UPTIME_MS + Math.max(dueMs, elapsedMs());
      beat({ uptimeNanoseconds: millisecondsToNanoseconds(uptimeMs) });
    });
  };
  arm(1);
  return () => cancel();
}

/** Product names and their other names → the name under which data and acks are served. */
function createResolver(source: MarketSource): (symbol: string) => string | undefined {
  const names = new Map(
    source.instruments.flatMap((one) => one.aliases.map((alias) => [alias, one.symbol] as const)),
  );
  for (const { symbol } of source.instruments) names.set(symbol, symbol);
  return (symbol) => names.get(symbol);
}

function wantsOf(held: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const wants = new Set<string>();
  for (const [channel, symbols] of held) {
    wants.add(channel);
    for (const symbol of symbols) wants.add(`${channel}:${symbol}`);
  }
  return wants;
}
