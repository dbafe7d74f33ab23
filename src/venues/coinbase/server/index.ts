/** The exchange's side of Coinbase Advanced Trade: sign-in, subscriptions, frames from a market. */
import type {
  MarketHeartbeat,
  MarketSource,
  MarketUpdate,
  UpgradeAnswer,
  VenueServer,
  VenueServerRequest,
  VenueServerResponse,
} from '../../../model/exchange.js';
import type { EngineAnswer, EngineTarget, MatchingMarket } from '../../../model/matching.js';
import type { NewOrder } from '../../../model/order-entry.js';
import type { CancelTimer, Clock, Timers } from '../../../model/runtime.js';
import { formatNanoseconds, millisecondsToNanoseconds } from '../../../runtime/time-text.js';
import { SUBSCRIBE_WITHIN_MS, type RawPositions, type RequestChannel } from '../messages.js';
import { createBatches, VENUE_PACE, type BatchPace } from './batches.js';
import { ClientConnection, type ServerLimits, type TokenVerifier } from './connection.js';
import { encodeBalance, encodeHeartbeat } from './encode.js';
import type { UnnumberedFrame } from './fault-frames.js';
import type { Faults } from './faults.js';
import { createOrderDesk, type OrderDesk } from './order-desk.js';
import { answerRest } from './rest.js';
import { createRevocations, type Revocations } from './revocations.js';
import { createUserAccount, type BalanceSummary, type UserAccount } from './user-account.js';

/** The path that stands for the user host; the market host's is `/`. Both serve every channel. */
export const USER_PATH = '/user';
const PATHS: readonly string[] = ['/', USER_PATH];

const HEARTBEAT_EVERY_MS = 1_000;
/** The counter is the server's uptime and starts anywhere; a new server is given some hours. */
const INITIAL_UPTIME_MS = 21_697_000;

/** What the venue keeps, as far as known. */
const VENUE_LIMITS: ServerLimits = {
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
  /** Matches orders, and is the source as well; the venue takes none on its sockets. */
  readonly engine?: MatchingMarket | undefined;
  readonly positions?: RawPositions | undefined;
  readonly balanceSummary?: BalanceSummary | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  readonly pace?: Partial<BatchPace> | undefined;
  /** Unknown at the venue; off by default. */
  readonly compression?: boolean | undefined;
}

/** The account of the user in the engine. */
export const USER_ACCOUNT = 'user';

/** A server whose connections can be ended, and whose user can act, on command. */
export interface CoinbaseServer extends VenueServer {
  /** Places an order of the user's, under the product name given; undefined without an engine. */
  placeOrder(order: NewOrder): EngineAnswer | undefined;
  cancelOrder(target: EngineTarget): EngineAnswer | undefined;
  /** Replaces these lists of positions, and tells them. */
  changePositions(positions: RawPositions): void;
  /** Changes fields of the summary, and tells the whole. */
  changeBalances(summary: BalanceSummary): void;
  readonly connectionCount: number;
  closeConnections(code: number, reason: string): void;
  resetConnections(): void;
  /** Tokens used until now end, and so do private channels. What the venue does is unknown. */
  revokeTokens(): void;
}

/** Makes the exchange's side; it needs a host to be reached. */
export function createCoinbaseServer(options: CoinbaseServerOptions): CoinbaseServer {
  const { source, clock, timers, faults } = options;
  const tokens = createRevocations(options.verifier);
  const verifier = tokens.verifier;
  const clients = new Set<ClientConnection>();
  const attempts = new WeakMap<VenueServerRequest, number>();
  let attemptCount = 0;
  const timeText = (): string =>
    source.time() ?? formatNanoseconds(millisecondsToNanoseconds(clock.nowMs() + faults.skewMs));
  const publishing = startPublishing(options, clients, timeText);
  const desk = openDesk(options, clients, timeText);
  const account = createUserAccount({ ...options, desk });
  const hands = commandConnections(clients, tokens);
  faults.server.attach({ timers, ...hands });

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
        verifier,
        connection,
        faults: faults.forConnection(attempts.get(request) ?? 0),
        limits: { ...VENUE_LIMITS, ...options.limits },
        isUserHost: request.path === USER_PATH,
        account,
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
      const refused = faults.server.refuseHttp(request);
      if (refused) return withDate(refused, dateHeaders(clock, faults));
      const answer = answerRest(request, {
        source,
        nowMs: clock.nowMs() + faults.skewMs,
        accepts: (token) => !faults.forConnection(0).refusesTokens && verifier.verify(token).ok,
      });
      return answer && withDate(answer, dateHeaders(clock, faults));
    },
    ...commandUser({ clients, desk, account }),
    ...hands,
    close() {
      faults.server.close();
      publishing.close();
      desk?.close();
      source.close();
      for (const client of clients) client.close(1001, 'going away');
    },
  };
}

/** What can be done to all connections at once. */
function commandConnections(
  clients: ReadonlySet<ClientConnection>,
  tokens: Revocations,
): Pick<CoinbaseServer, 'closeConnections' | 'resetConnections' | 'revokeTokens'> {
  return {
    revokeTokens() {
      tokens.revoke();
      for (const client of clients) client.endPrivate();
    },
    closeConnections(code, reason) {
      for (const client of clients) client.close(code, reason);
    },
    resetConnections() {
      for (const client of clients) client.terminate();
    },
  };
}

/** What the user does, on command of whoever runs the exchange. */
function commandUser(parts: {
  readonly clients: ReadonlySet<ClientConnection>;
  readonly desk: OrderDesk | undefined;
  readonly account: UserAccount;
}): Pick<CoinbaseServer, 'placeOrder' | 'cancelOrder' | 'changePositions' | 'changeBalances'> {
  const { clients, desk, account } = parts;
  return {
    placeOrder: (order) => desk?.place(order),
    cancelOrder: (target) => desk?.cancel(target),
    changePositions(positions) {
      account.positions = { ...account.positions, ...positions };
      for (const client of clients) client.offerPositions(positions);
    },
    changeBalances(summary) {
      account.balanceSummary = { ...account.balanceSummary, ...summary };
      const bodies = [encodeBalance('update', account.balanceSummary)];
      const channel = 'futures_balance_summary';
      for (const client of clients) {
        client.offer(channel, '', { channel, kind: 'update', symbol: '', bodies });
      }
    },
  };
}

/** From the engine to everyone who holds the user channel. */
function openDesk(
  { source, engine, userId }: CoinbaseServerOptions,
  clients: ReadonlySet<ClientConnection>,
  timeText: () => string,
): OrderDesk | undefined {
  if (!engine) return undefined;
  return createOrderDesk({
    engine,
    timeText,
    account: USER_ACCOUNT,
    portfolioId: userId,
    resolve: createResolver(source),
    tell: (orders) => clients.forEach((client) => client.offerOrders(orders)),
  });
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
  const refused = faults.server.refuseUpgrade(attempt);
  if (refused) return { kind: 'refuse', ...withDate(refused, headers) };
  if (!PATHS.includes(request.path)) return { kind: 'refuse', status: 404, headers, body: '' };
  const isCompressed = faults.standing('compression', attempt)?.on ?? compression;
  return { kind: 'accept', headers, compression: isCompressed };
}

function withDate(answer: VenueServerResponse, headers: Readonly<Record<string, string>>) {
  return { ...answer, headers: { ...headers, ...answer.headers } };
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
  let names = listNames(source);
  return (symbol) => {
    // It may have been listed since.
    if (!names.has(symbol)) names = listNames(source);
    return names.get(symbol);
  };
}

function listNames({ instruments }: MarketSource): ReadonlyMap<string, string> {
  const names = new Map(
    instruments.flatMap((one) => one.aliases.map((alias) => [alias, one.symbol] as const)),
  );
  for (const { symbol } of instruments) names.set(symbol, symbol);
  return names;
}

function wantsOf(held: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const wants = new Set<string>();
  for (const [channel, symbols] of held) {
    wants.add(channel);
    for (const symbol of symbols) wants.add(`${channel}:${symbol}`);
  }
  return wants;
}
