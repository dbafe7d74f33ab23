/**
 * The exchange's side of Cloud9Trader: sign-in before the upgrade, topics, and frames from a
 * market.
 */
import type {
  MarketSource,
  MarketUpdate,
  ServerConnection,
  ServerConnectionHandler,
  UpgradeAnswer,
  VenueServer,
  VenueServerRequest,
  VenueServerResponse,
} from '../../../model/exchange.js';
import type { Clock, Timers } from '../../../model/runtime.js';
import { formatNanoseconds, millisecondsToNanoseconds } from '../../../runtime/time-text.js';
import type { MatchingMarket } from '../../../model/matching.js';
import { PRIVATE_TOPICS, type PrivateTopic, type PublicFamily } from '../messages.js';
import { createAccount, type Account, type AccountRow, type AccountRows } from './account.js';
import {
  createClientConnection,
  type ClientConnection,
  type ConnectionOptions,
  type ServerLimits,
} from './connection.js';
import { encodeData, encodeRows } from './encode.js';
import type { ConnectionFaults, Faults } from './faults.js';
import { createOrderDesk, type OrderDesk } from './order-desk.js';
import { createPublisher, type Publisher } from './publisher.js';
import { answerRest } from './rest.js';
import type { Cloud9TraderVerifier } from './sign-in.js';

/** Where sockets are served. */
const SOCKET_PATH = '/';

/** No limit is on any page; these are far above what the library does. */
const DEFAULT_LIMITS: ServerLimits = {
  topicsMax: 1_000,
  messagesPerSecond: 200,
  maxBufferedBytes: 32 * 1024 * 1024,
};

/** RFC 6455 section 7.4.1. */
const POLICY_CODE = 1008;

/** The number of a book before its first change; the page's example is near a hundred million. */
const FIRST_SEQUENCE = 99_999_998;

/** Whose account a key opens, and what it may do there. Nothing is documented on either. */
export interface KeyRights {
  readonly account: string;
  readonly mayTrade: boolean;
}

/** The account of keys of which nothing else is said. */
export const DEFAULT_ACCOUNT = 'main';

const DEFAULT_RIGHTS: KeyRights = { account: DEFAULT_ACCOUNT, mayTrade: true };

/** What a server is made of. */
export interface Cloud9TraderServerOptions {
  /** Its instruments are named `<symbol>:<broker>`. */
  readonly source: MarketSource;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly verifier: Cloud9TraderVerifier;
  readonly faults: Faults;
  /** Keys that a public socket may name in `?key=`; any, where this is absent. */
  readonly publicKeys?: ReadonlySet<string> | undefined;
  /** Further rows of the account of keys of which nothing else is said. */
  readonly account?: AccountRows | undefined;
  /** Matches orders, and is the source as well; without it none are taken. */
  readonly engine?: MatchingMarket | undefined;
  readonly describeKey?: ((key: string) => KeyRights) | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  readonly firstSequence?: number | undefined;
}

/** A server whose connections can be ended, and whose account can be changed, on command. */
export interface Cloud9TraderServer extends VenueServer {
  readonly connectionCount: number;
  closeConnections(code: number, reason: string): void;
  resetConnections(): void;
  /** Ends the sockets that were signed in. What the venue does with them is on no page. */
  revokeTokens(): void;
  /** Changes rows of an account and tells all of its sockets that hold the topic. */
  changeAccount(topic: PrivateTopic, rows: readonly AccountRow[], account?: string): void;
  /** Sends a text on all private sockets. */
  push(name: 'messages' | 'logs', text: string): void;
  /** Lets the numbers of all books begin anew on open sockets. */
  restartSequences(): void;
}

/** Who dials, as found before the upgrade. */
interface Admission {
  readonly attempt: number;
  /** Undefined where the socket is public. */
  readonly rights: KeyRights | undefined;
}

/** Makes the exchange's side; it needs a host to be reached. */
export function createCloud9TraderServer(options: Cloud9TraderServerOptions): Cloud9TraderServer {
  return new ExchangeServer(options);
}

class ExchangeServer implements Cloud9TraderServer {
  readonly id = 'cloud9trader';
  readonly #options: Cloud9TraderServerOptions;
  readonly #clients = new Set<ClientConnection>();
  readonly #admissions = new WeakMap<VenueServerRequest, Admission>();
  readonly #accounts = new Map<string, Account>();
  readonly #desk: OrderDesk | undefined;
  readonly #publisher: Publisher;
  readonly #detach: () => void;
  #attemptCount = 0;

  constructor(options: Cloud9TraderServerOptions) {
    const { source, engine } = options;
    this.#options = options;
    this.#desk =
      engine &&
      createOrderDesk({
        engine,
        timeText: () => this.#timeText(),
        tell: (account, topic, rows) => this.changeAccount(topic, rows, account),
      });
    this.#publisher = createPublisher({
      source,
      timeText: () => this.#timeText(),
      publish: (family, symbol, data) => this.#publish(family, symbol, data),
      firstSequence: options.firstSequence ?? FIRST_SEQUENCE,
      isHeld: (family, symbol) => this.#isHeld(`${family}.${symbol}`),
    });
    options.faults.server.attach({
      timers: options.timers,
      closeConnections: (code, reason) => this.closeConnections(code, reason),
      revokeTokens: () => this.revokeTokens(),
    });
    this.#detach = source.attach({
      onUpdate: (update) => this.#onUpdate(update),
      pendingBytes: () => Math.max(0, ...[...this.#clients].map((client) => client.bufferedBytes)),
    });
  }

  get connectionCount(): number {
    return this.#clients.size;
  }

  onUpgrade(request: VenueServerRequest): UpgradeAnswer {
    this.#attemptCount += 1;
    const { answer, rights } = admit(request, this.#options, this.#attemptCount);
    this.#admissions.set(request, { attempt: this.#attemptCount, rights });
    return answer;
  }

  onConnection(connection: ServerConnection, request: VenueServerRequest): ServerConnectionHandler {
    const { source, clock, timers, faults, limits } = this.#options;
    const { attempt, rights } = this.#admissions.get(request) ?? { attempt: 0, rights: undefined };
    const ownFaults = faults.forConnection(attempt);
    const client = createClientConnection({
      connection,
      clock,
      timers,
      limits: { ...DEFAULT_LIMITS, ...limits },
      faults: ownFaults,
      accountName: rights?.account,
      account: rights && this.#accountOf(rights.account),
      submit: rights && this.#submitAs(rights, ownFaults),
      isKnown: (symbol) => source.instruments.some((one) => one.symbol === symbol),
      describe: (family, symbol) => this.#publisher.describe(family, symbol),
      onClosed: () => {
        this.#clients.delete(client);
        source.onDemand?.({ kind: 'closed', connections: this.#clients.size });
      },
    });
    this.#clients.add(client);
    source.onDemand?.({ kind: 'opened', connections: this.#clients.size });
    // Texts come unasked on authenticated sockets; the library waits for them and never asks.
    if (rights) client.push('logs', 'The socket is signed in');
    return client.handler;
  }

  onHttp(request: VenueServerRequest): VenueServerResponse | undefined {
    const { faults, source } = this.#options;
    const answer = faults.server.refuseHttp(request) ?? answerRest(request, source);
    return answer && { ...answer, headers: { ...dateHeaders(this.#options), ...answer.headers } };
  }

  closeConnections(code: number, reason: string): void {
    for (const client of this.#clients) client.close(code, reason);
  }

  resetConnections(): void {
    for (const client of this.#clients) client.terminate();
  }

  revokeTokens(): void {
    for (const client of this.#clients) {
      if (client.accountName !== undefined) client.close(POLICY_CODE, 'The sign-in was revoked');
    }
  }

  changeAccount(topic: PrivateTopic, rows: readonly AccountRow[], account?: string): void {
    const name = account ?? DEFAULT_ACCOUNT;
    this.#accountOf(name).change(topic, rows);
    const text = encodeData(topic, encodeRows(rows, false));
    for (const client of this.#clients) {
      if (client.accountName === name) client.offer(topic, { kind: 'data', topic, text });
    }
  }

  push(name: 'messages' | 'logs', text: string): void {
    for (const client of this.#clients) {
      if (client.accountName !== undefined) client.push(name, text);
    }
  }

  restartSequences(): void {
    this.#publisher.restartSequences();
  }

  close(): void {
    this.#options.faults.server.close();
    this.#detach();
    this.#desk?.close();
    this.#options.source.close();
    this.closeConnections(1001, 'going away');
  }

  /** Made when it is first needed, of what the engine has by then. */
  #accountOf(name: string): Account {
    const known = this.#accounts.get(name);
    if (known) return known;
    const { source, account: further = {} } = this.#options;
    const held = this.#desk?.present(name) ?? {};
    const isDefault = name === DEFAULT_ACCOUNT;
    const rows = isDefault ? joinRows(held, further, { orders: source.orders() }) : held;
    const account = createAccount(rows);
    this.#accounts.set(name, account);
    return account;
  }

  #submitAs(
    { account, mayTrade }: KeyRights,
    faults: ConnectionFaults,
  ): ConnectionOptions['submit'] {
    const desk = this.#desk;
    if (!desk) return undefined;
    return (name, body) => {
      if (!mayTrade) return { kind: 'refused', text: NO_TRADING };
      const answer = desk.submit({ account, name, body });
      const isLost = answer.kind === 'forwarded' && faults.losesSubmissions;
      return isLost ? { ...answer, forward: () => undefined } : answer;
    };
  }

  #onUpdate(update: MarketUpdate): void {
    if (update.type === 'orders.changed') this.changeAccount('orders', update.orders);
    else this.#publisher.onUpdate(update);
  }

  #publish(family: PublicFamily, symbol: string, data: string): void {
    const topic = `${family}.${symbol}`;
    const kind = family === 'order-book' ? 'delta' : 'data';
    const text = encodeData(topic, data);
    for (const client of this.#clients) client.offer(topic, { kind, topic, text });
  }

  #isHeld(topic: string): boolean {
    return [...this.#clients].some((client) => client.holds(topic));
  }

  #timeText(): string {
    const { source, clock, faults } = this.#options;
    const nowMs = clock.nowMs() + faults.skewMs;
    return source.time() ?? formatNanoseconds(millisecondsToNanoseconds(nowMs));
  }
}

const NO_TRADING = 'This key has no permission to trade';

function joinRows(...parts: readonly AccountRows[]): AccountRows {
  const all = PRIVATE_TOPICS.map((topic) => [topic, parts.flatMap((part) => part[topic] ?? [])]);
  return Object.fromEntries(all) as AccountRows;
}

/** Judges an upgrade. A sign-in is refused before it, with a real 401 (section of the README). */
function admit(
  request: VenueServerRequest,
  options: Cloud9TraderServerOptions,
  attempt: number,
): { readonly answer: UpgradeAnswer; readonly rights: KeyRights | undefined } {
  const headers = dateHeaders(options);
  const refuse = (status: number, body: string) => ({
    answer: { kind: 'refuse', status, headers, body } as const,
    rights: undefined,
  });
  const refused = options.faults.server.refuseUpgrade(attempt);
  if (refused) {
    const answer = { ...refused, headers: { ...headers, ...refused.headers } };
    return { answer: { kind: 'refuse', ...answer }, rights: undefined };
  }
  if (request.path !== SOCKET_PATH) return refuse(404, '');
  const verification = options.verifier.verify({ headers: request.headers, path: request.path });
  if (verification.kind === 'refused') return refuse(401, `${verification.detail}\n`);
  const isSigned = verification.kind === 'signed';
  const describeKey = options.describeKey ?? (() => DEFAULT_RIGHTS);
  const rights = isSigned ? describeKey(verification.key) : undefined;
  const told = isSigned ? options.faults.refuseSignIn(attempt) : undefined;
  if (told !== undefined) return refuse(401, `${told}\n`);
  const key = request.query.get('key');
  const isKeyKnown = key === null || (options.publicKeys?.has(key) ?? true);
  if (!isSigned && !isKeyKnown) return refuse(401, 'The key is not known here.\n');
  return { answer: { kind: 'accept', headers, compression: false }, rights };
}

function dateHeaders({
  clock,
  faults,
}: Cloud9TraderServerOptions): Readonly<Record<string, string>> {
  return { date: new Date(clock.nowMs() + faults.skewMs).toUTCString() };
}
