/**
 * The exchange's side of Kraken Spot, all on one port: protocol v2 under `/v2`, v1 at the root,
 * REST under `/0`. At the venue public, private and order-by-order data have hosts of their own;
 * here their paths differ, and each serves everything.
 */
import type {
  MarketSource,
  ServerConnection,
  ServerConnectionHandler,
  UpgradeAnswer,
  VenueServer,
  VenueServerRequest,
  VenueServerResponse,
} from '../../../model/exchange.js';
import type { MatchingMarket } from '../../../model/matching.js';
import type { Clock, RandomSource, Timers } from '../../../model/runtime.js';
import { formatNanoseconds, millisecondsToNanoseconds } from '../../../runtime/time-text.js';
import { createAccountDesk, type AccountDesk } from './account/account-desk.js';
import type { DeskAnswer } from './account/order-command.js';
import { createOrderDesk, type OrderDesk } from './account/order-desk.js';
import { PERMISSION_DENIED } from './account/order-refusals.js';
import { mayCommand } from './account/order-rights.js';
import { TIER_LIMITS, type AccountTier, type CounterKey } from './account/rate-counter.js';
import { createAudience, type Audience } from './audience.js';
import { ClientConnection, type OrderRequest } from './connection.js';
import { createV1Dialect } from './dialect-v1.js';
import { createV2Dialect } from './dialect-v2.js';
import type { Dialect } from './dialect.js';
import { createEngineStatus, type EngineStatus, type SystemState } from './engine-status.js';
import { REST_REFUSALS, type Faults } from './faults.js';
import {
  createConnectLimit,
  VENUE_LIMITS,
  type ConnectLimit,
  type ServerLimits,
} from './limits.js';
import { createPairTable, type PairTable } from './pairs.js';
import { createPublisher, type Publisher } from './publisher.js';
import { createRestDesk, type RestDesk } from './rest.js';
import type { KrakenVerifier } from './sign-in.js';
import { createKrakenTokenStore, type KrakenTokenStore } from './token-store.js';
import type { Protocol } from './topic.js';

/** Where each of the venue's hosts is on this one. */
export const KRAKEN_PATHS = {
  market: '/v2',
  auth: '/auth/v2',
  level3: '/l3/v2',
  v1Market: '/',
  v1Auth: '/auth',
} as const;

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  [KRAKEN_PATHS.market, 'v2'],
  [KRAKEN_PATHS.auth, 'v2'],
  [KRAKEN_PATHS.level3, 'v2'],
  [KRAKEN_PATHS.v1Market, 'v1'],
  [KRAKEN_PATHS.v1Auth, 'v1'],
]);

/** What a server is made of. */
export interface KrakenServerOptions {
  /** Its instruments have v2's names. */
  readonly source: MarketSource;
  readonly clock: Clock;
  readonly timers: Timers;
  /** For tokens and ids of connections; a seeded one will do for tests only. */
  readonly random: RandomSource;
  /** For ids of connections alone, which are no secret; `random` by default. */
  readonly idRandom?: Pick<RandomSource, 'bytes'> | undefined;
  readonly verifier: KrakenVerifier;
  readonly faults: Faults;
  /** Matches orders, and is the source as well; without it accounts are empty, orders refused. */
  readonly engine?: MatchingMarket | undefined;
  /** What the engine's limits are for every account; intermediate by default. */
  readonly tier?: AccountTier | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Price decimals on the v1 wire, by v2 name, before those that are known. */
  readonly v1PriceDecimals?: ReadonlyMap<string, number> | undefined;
  /** Unknown at the venue; off by default. */
  readonly compression?: boolean | undefined;
}

const DEFAULT_TIER: AccountTier = 'intermediate';

/** A server whose connections, tokens and engine can be acted on by command. */
export interface KrakenServer extends VenueServer {
  readonly connectionCount: number;
  closeConnections(code: number, reason: string): void;
  resetConnections(): void;
  /** Ends every token issued so far. */
  revokeTokens(): void;
  changeStatus(state: SystemState): void;
  /** Down to maintenance, and back in steps. */
  walkStatus(stepMs: number): void;
}

/** Makes the exchange's side; it needs a host to be reached. */
export function createKrakenServer(options: KrakenServerOptions): KrakenServer {
  return new ExchangeServer(options);
}

class ExchangeServer implements KrakenServer {
  readonly id = 'kraken';
  readonly #options: KrakenServerOptions;
  readonly #limits: ServerLimits;
  readonly #clients = new Set<ClientConnection>();
  readonly #attempts = new WeakMap<VenueServerRequest, number>();
  readonly #audience: Audience = createAudience();
  readonly #pairs: PairTable;
  readonly #dialects: Readonly<Record<Protocol, Dialect>>;
  readonly #publisher: Publisher;
  readonly #tokens: KrakenTokenStore;
  readonly #orders: OrderDesk | undefined;
  readonly #accounts: AccountDesk;
  readonly #engine: EngineStatus;
  readonly #connectLimit: ConnectLimit;
  readonly #answerRest: RestDesk;
  readonly #detach: () => void;
  #attemptCount = 0;

  constructor(options: KrakenServerOptions) {
    const { source, clock, timers, random, faults, verifier, engine } = options;
    const tier = TIER_LIMITS[options.tier ?? DEFAULT_TIER];
    this.#options = options;
    this.#limits = { ...VENUE_LIMITS, ...options.limits };
    const pairs = createPairTable(source.instruments, options.v1PriceDecimals);
    this.#pairs = pairs;
    this.#dialects = {
      v1: createV1Dialect(pairs, tier.maxCount),
      v2: createV2Dialect(pairs, tier.maxCount),
    };
    const timeText = (): string => source.time() ?? this.#clockText();
    this.#publisher = createPublisher({ source, pairs, audience: this.#audience, timeText });
    const skewed = { nowMs: () => clock.nowMs() + faults.skewMs };
    this.#tokens = createKrakenTokenStore({ clock: skewed, random });
    this.#engine = createEngineStatus(timers, (state) => {
      for (const client of this.#clients) client.tellStatus(state);
    });
    const nowMs = (): number => skewed.nowMs();
    const system = (): SystemState => this.#engine.state;
    this.#orders = engine && createOrderDesk({ engine, pairs, tier, clock, nowMs, system });
    const readRateCount = (key: CounterKey): string => this.#orders?.readRateCount(key) ?? '0';
    this.#accounts = createAccountDesk({ engine, pairs, readRateCount });
    this.#connectLimit = createConnectLimit(this.#limits.connects, clock);
    this.#answerRest = createRestDesk({
      pairs,
      verifier,
      clock,
      tokens: this.#tokens,
      nowMs,
      system,
      refusal: () => {
        const defect = faults.server.credentialDefect(0);
        return defect && REST_REFUSALS[defect];
      },
      rate: this.#limits.restCalls,
    });
    faults.server.attach({
      timers,
      closeConnections: (code, reason) => this.closeConnections(code, reason),
      revokeTokens: () => this.revokeTokens(),
      walkStatus: (stepMs) => this.walkStatus(stepMs),
    });
    this.#detach = source.attach({
      onUpdate: (update) => {
        if (this.#clients.size > 0 || update.type === 'instruments.changed') {
          this.#publisher.onUpdate(update);
        }
      },
      pendingBytes: () => Math.max(0, ...[...this.#clients].map((client) => client.bufferedBytes)),
    });
  }

  get connectionCount(): number {
    return this.#clients.size;
  }

  onUpgrade(request: VenueServerRequest): UpgradeAnswer {
    this.#attemptCount += 1;
    this.#attempts.set(request, this.#attemptCount);
    const headers = this.#dateHeaders();
    const refused = this.#options.faults.server.refuseUpgrade(this.#attemptCount);
    const refuse = (status: number, body = ''): UpgradeAnswer => {
      return { kind: 'refuse', status, headers, body };
    };
    if (refused) return { kind: 'refuse', ...this.#withDate(refused) };
    if (!this.#connectLimit.admits(request.remoteAddress))
      return refuse(429, 'Too many requests\n');
    if (!PROTOCOLS.has(request.path)) return refuse(404);
    // Node clients give up where a subprotocol that they offered is not answered.
    const [offered = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    const subprotocol = offered.trim() === '' ? {} : { subprotocol: offered.trim() };
    const compression = this.#options.compression ?? false;
    return { kind: 'accept', headers, compression, ...subprotocol };
  }

  onConnection(connection: ServerConnection, request: VenueServerRequest): ServerConnectionHandler {
    const { source, clock, timers, faults, verifier } = this.#options;
    // What was kept for subscribers may be of a time before the market began anew.
    if (this.#clients.size === 0) this.#publisher.forget();
    const client = new ClientConnection({
      connection,
      clock,
      timers,
      limits: this.#limits,
      dialect: this.#dialects[PROTOCOLS.get(request.path) ?? 'v2'],
      publisher: this.#publisher,
      audience: this.#audience,
      tokens: this.#tokens,
      accounts: this.#accounts,
      accountOf: (key) => verifier.rightsOf(key)?.account ?? key,
      runOrder: (order) => this.#runOrder(order),
      faults: faults.forConnection(this.#attempts.get(request) ?? 0),
      connectionId: this.#makeConnectionId(),
      system: () => this.#engine.state,
      clockText: () => this.#clockText(),
      nowMs: () => clock.nowMs() + faults.skewMs,
      onSubscribed: (wants) => source.onDemand?.({ kind: 'subscribed', wants }),
      onClosed: () => {
        this.#clients.delete(client);
        source.onDemand?.({ kind: 'closed', connections: this.#clients.size });
      },
    });
    this.#clients.add(client);
    source.onDemand?.({ kind: 'opened', connections: this.#clients.size });
    return client;
  }

  onHttp(request: VenueServerRequest): VenueServerResponse | undefined {
    const answer = this.#options.faults.server.refuseHttp(request) ?? this.#answerRest(request);
    return answer && this.#withDate(answer);
  }

  closeConnections(code: number, reason: string): void {
    for (const client of this.#clients) client.close(code, reason);
  }

  resetConnections(): void {
    for (const client of this.#clients) client.terminate();
  }

  revokeTokens(): void {
    this.#tokens.revokeAll();
  }

  changeStatus(state: SystemState): void {
    this.#engine.change(state);
  }

  walkStatus(stepMs: number): void {
    this.#engine.walk(stepMs);
  }

  close(): void {
    this.#options.faults.server.close();
    this.#engine.close();
    this.#orders?.close();
    this.#accounts.close();
    this.#detach();
    this.#options.source.close();
    this.closeConnections(1001, 'going away');
  }

  /** For a key that may. */
  #runOrder({ key, protocol, reading }: OrderRequest): DeskAnswer {
    const rights = this.#options.verifier.rightsOf(key);
    const kind = reading.ok ? reading.command.kind : reading.kind;
    if (!this.#orders || !rights || !mayCommand(rights.permissions, kind)) {
      return { kind: 'refused', error: PERMISSION_DENIED };
    }
    return this.#orders.run({ account: rights.account, protocol, reading });
  }

  #clockText(): string {
    const { clock, faults } = this.#options;
    return formatNanoseconds(millisecondsToNanoseconds(clock.nowMs() + faults.skewMs));
  }

  #withDate(answer: VenueServerResponse): VenueServerResponse {
    return { ...answer, headers: { ...this.#dateHeaders(), ...answer.headers } };
  }

  #dateHeaders(): Readonly<Record<string, string>> {
    const { clock, faults } = this.#options;
    return { date: new Date(clock.nowMs() + faults.skewMs).toUTCString() };
  }

  /** Above 2^53, as the venue's are: what reads it as a double gets another id. */
  #makeConnectionId(): string {
    const { random, idRandom = random } = this.#options;
    const bytes = Buffer.from(idRandom.bytes(8));
    return String(bytes.readBigUInt64BE() | (1n << 63n));
  }
}
