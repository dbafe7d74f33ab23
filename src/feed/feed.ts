import type { BalancesView, FillsView, OrdersView, PositionsView } from '../model/account-view.js';
import type { AuthStrategy } from '../model/auth.js';
import type { BookView } from '../model/book.js';
import { copyColumns } from '../book/level-columns.js';
import { createLevelChanges } from '../book/level-changes.js';
import { ConfigError } from '../model/error.js';
import type { FeedEvent, FeedEventOf, FeedEventType } from '../model/event.js';
import type { OrderEntry } from '../model/order-calls.js';
import type { OrdersBookView } from '../model/orders-book.js';
import type { Runtime } from '../model/runtime.js';
import type { ChannelName } from '../model/venue.js';
import { guardLogger } from '../runtime/guarded-logger.js';
import { systemRuntime } from '../runtime/system-runtime.js';
import { explainNoOrders } from '../session/commands.js';
import { createAttemptBudget } from '../session/budget.js';
import { createMessagePacer } from '../session/pacing.js';
import { Account } from './account/account.js';
import { AccountViews } from './account/account-views.js';
import type { BookKind } from './book-stream.js';
import { EventStream } from './event-stream.js';
import { FeedEngine } from './feed-engine.js';
import type {
  EventStreamOptions,
  Feed,
  FeedOptions,
  FeedStatus,
  FeedSubscription,
} from './feed-options.js';
import { isDelivering, type FeedStream } from './feed-stream.js';
import { createCounters, createKindFilter, type FeedTools } from './feed-tools.js';
import { createListeners, type Listeners } from './listeners.js';
import {
  createLiveWaiters,
  describeClosed,
  forgivingly,
  type LiveState,
  type LiveWaiters,
  type MissingStream,
} from './live-waiters.js';
import { checkOptions, checkQueuePolicy, type CheckedOptions } from './option-check.js';
import { createInstrumentStore } from './instrument-store.js';
import { openOrderDesk } from './orders/open-order-desk.js';
import type { OrderDesk } from './orders/order-desk.js';
import { createReportMemory } from './report-memory.js';
import { reportBooks, reportCounters, reportHeld, reportStream } from './status-report.js';
import { checkSubscriptions, type CheckedSubscription } from './subscription-check.js';

const LIVE: LiveState = { kind: 'live' };

/** With an address replaced, a venue's own address must not be dialled in its stead. */
function chooseFailOverNames(options: FeedOptions): ReadonlySet<string> {
  const overridden = Object.keys(options.endpoints ?? {});
  const all = options.venue.endpoints.map((endpoint) => endpoint.name);
  return new Set(overridden.length > 0 ? overridden : all);
}

function checkAgainst(
  options: FeedOptions,
  subscriptions: readonly FeedSubscription[],
): readonly CheckedSubscription[] {
  return checkSubscriptions(subscriptions, {
    venue: options.venue,
    hasCredentials: options.credentials !== undefined,
    knownSymbols: options.knownSymbols,
  });
}

function refuseSymbol(channel: ChannelName, symbol: string): never {
  throw new ConfigError(
    'SYMBOL_UNKNOWN',
    `This feed holds no ${channel} of "${symbol}". Subscribe to the channel "${channel}" with it ` +
      'first.',
    { facts: { channel, symbol } },
  );
}

/** The runtime as it is, but for a logger that may throw. */
function guardRuntime(runtime: Runtime): Runtime {
  const logger = guardLogger(runtime.logger);
  return Object.create(runtime, { logger: { value: logger } }) as Runtime;
}

/** What `openFeed` makes before the feed itself. */
interface FeedParts {
  readonly options: CheckedOptions;
  readonly auth: AuthStrategy | undefined;
}

/** The feed itself: what a user holds, over the engine that does the work. */
class OpenFeed implements Feed {
  readonly venue: string;
  readonly #options: FeedOptions;
  readonly #runtime: Runtime;
  readonly #tools: FeedTools;
  readonly #engine: FeedEngine;
  readonly #views: AccountViews;
  readonly #listeners: Listeners;
  readonly #waiters: LiveWaiters;
  readonly #waiting: LiveState;
  readonly #eventStreams = new Set<EventStream>();
  readonly #onAbort = (): void => void this.close();
  #orderDesk: OrderDesk | undefined;
  #eventsDropped = 0;
  #closing: Promise<void> | undefined;

  constructor(options: FeedOptions, runtime: Runtime, parts: FeedParts) {
    const { venue } = options;
    this.venue = venue.id;
    this.#options = options;
    this.#runtime = runtime;
    this.#listeners = createListeners(runtime.logger);
    const { limits, recovery, endpoints } = parts.options;
    const emit = (event: FeedEvent): void => this.#emit(event);
    const listSources = () =>
      [...this.#engine.streams.values()].flatMap((stream) => stream.account ?? []);
    const orderLimiter = venue.orderEntry?.createLimiter?.(runtime.clock);
    const account = new Account({ venue, limits, emit, listSources, orderLimiter });
    this.#views = new AccountViews(account, venue);
    this.#tools = {
      venue,
      runtime,
      recovery,
      limits,
      counters: createCounters(),
      reports: createReportMemory(limits.maxRememberedReports),
      account,
      instruments: createInstrumentStore(limits.maxRememberedReports),
      orderLimiter,
      wants: (type) => this.#eventStreams.size > 0 || this.#listeners.wants(type),
      emit,
      isNewKind: createKindFilter(limits.maxReportedKinds),
    };
    this.#waiting = { kind: 'waiting', listMissing: () => this.#listMissing() };
    this.#waiters = createLiveWaiters(runtime.timers, () => this.#readLiveState());
    this.#engine = new FeedEngine(this.#tools, {
      endpoints,
      failOverNames: chooseFailOverNames(options),
      auth: parts.auth,
      budget: options.budget ?? createAttemptBudget(venue.limits.connects, runtime.clock),
      pacer: createMessagePacer(venue.limits.messages, runtime.clock),
      tap: options.tap,
      caPem: options.caPem,
      maxAttempts: options.maxAttempts,
      onProgress: () => {
        this.#orderDesk?.noteProgress();
        this.#waiters.check();
      },
    });
    if (options.onEvent) this.#listeners.addAny(options.onEvent);
  }

  /** Sockets are dialled from here on. */
  start(checked: readonly CheckedSubscription[]): void {
    const { signal } = this.#options;
    if (signal?.aborted === true) return this.#onAbort();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#engine.subscribe(checked);
  }

  on<Type extends FeedEventType>(
    type: Type,
    handler: (event: FeedEventOf<Type>) => void,
  ): () => void {
    this.#assertOpen();
    return this.#listeners.add(type, handler);
  }

  events(options: EventStreamOptions = {}): EventStream {
    this.#assertOpen();
    const maxEvents = options.maxEvents ?? 1;
    if (!Number.isSafeInteger(maxEvents) || maxEvents < 1) {
      throw new ConfigError('OPTION_INVALID', 'maxEvents must be a whole number from 1.');
    }
    checkQueuePolicy(options.whenFull);
    const tools = {
      keep: (event: FeedEvent) => this.#keep(event),
      takeSnapshot: (symbol: string, kind: BookKind) =>
        this.#engine.findStream(kind, symbol)?.book?.takeSnapshot(symbol),
      onDropped: (count: number) => void (this.#eventsDropped += count),
    };
    const stream: EventStream = new EventStream(options, tools, () =>
      this.#eventStreams.delete(stream),
    );
    this.#eventStreams.add(stream);
    return stream;
  }

  book(symbol: string): BookView {
    this.#assertOpen();
    const book = this.#engine.findStream('book', symbol)?.levelBook;
    return book?.viewAs(symbol) ?? refuseSymbol('book', symbol);
  }

  ordersBook(symbol: string): OrdersBookView {
    this.#assertOpen();
    const book = this.#engine.findStream('orders-book', symbol)?.ordersBook;
    return book?.viewAs(symbol) ?? refuseSymbol('orders-book', symbol);
  }

  get orders(): OrdersView {
    this.#assertOpen();
    return this.#views.orders;
  }

  get fills(): FillsView {
    this.#assertOpen();
    return this.#views.fills;
  }

  get balances(): BalancesView {
    this.#assertOpen();
    return this.#views.balances;
  }

  get positions(): PositionsView {
    this.#assertOpen();
    return this.#views.positions;
  }

  openOrderEntry(): OrderEntry {
    this.#assertOpen();
    const { venue } = this.#options;
    const { orderEntry: rule } = venue;
    if (!rule) throw explainNoOrders(venue);
    const channels = [rule.channel, ...(rule.instrumentsChannel ? [rule.instrumentsChannel] : [])];
    this.#engine.subscribe(this.#check(channels.map((channel) => ({ channel }))));
    this.#orderDesk ??= openOrderDesk(rule, this.#tools, this.#engine);
    return this.#orderDesk;
  }

  subscribe(subscriptions: readonly FeedSubscription[]): void {
    this.#assertOpen();
    this.#engine.subscribe(this.#check(subscriptions));
  }

  unsubscribe(subscriptions: readonly FeedSubscription[]): void {
    this.#assertOpen();
    this.#engine.unsubscribe(this.#check(subscriptions));
    this.#waiters.check();
  }

  status(): FeedStatus {
    const streams = [...this.#engine.streams.values()];
    const names = this.#engine.nameSessions();
    const sessionOf = (stream: FeedStream): string | undefined => names.get(stream);
    return {
      venue: this.venue,
      closed: this.#closing !== undefined,
      sessions: [...this.#engine.links].map((link) => link.report()),
      books: streams.flatMap((stream) => reportBooks(stream, sessionOf(stream))),
      streams: streams.map((stream) => reportStream(stream, sessionOf(stream))),
      counters: reportCounters(this.#tools.counters, streams, {
        eventsDropped: this.#eventsDropped,
        listenerFailures: this.#listeners.failures,
      }),
      held: reportHeld({
        streams,
        links: this.#engine.links,
        account: this.#tools.account,
        eventStreams: this.#eventStreams,
      }),
    };
  }

  whenLive(options: { readonly timeoutMs?: number | undefined } = {}): Promise<void> {
    if (this.#closing) return forgivingly(Promise.reject<void>(describeClosed()));
    return this.#waiters.wait(options.timeoutMs);
  }

  close(): Promise<void> {
    if (this.#closing) return this.#closing;
    let finish = (): void => undefined;
    // Set before anything is told, so that a listener which closes the feed again changes nothing.
    this.#closing = new Promise((resolve) => {
      finish = resolve;
    });
    this.#end().then(finish, (error: unknown) => {
      this.#runtime.logger.warn('Something failed while the feed was closed.', { error });
      finish();
    });
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    // Before the sockets go: what would cancel all orders is called off in good order.
    if (this.#orderDesk) await this.#orderDesk.close();
    const ending = this.#engine.close();
    for (const stream of [...this.#eventStreams]) stream.end();
    this.#listeners.clear();
    this.#waiters.end();
    await ending;
  }

  #assertOpen(): void {
    if (this.#closing) throw describeClosed();
  }

  #check(subscriptions: readonly FeedSubscription[]): readonly CheckedSubscription[] {
    return checkAgainst(this.#options, subscriptions);
  }

  #emit(event: FeedEvent): void {
    this.#listeners.emit(event);
    for (const stream of this.#eventStreams) stream.push(event);
  }

  /** Changes are the codec's and reused; whoever reads later needs their own. */
  #keep(event: FeedEvent): FeedEvent {
    if (event.type === 'orders-book.changed') return { ...event, changes: [...event.changes] };
    if (event.type !== 'book.changed') return event;
    return { ...event, changes: createLevelChanges(copyColumns(event.changes.columns)) };
  }

  #listMissing(): MissingStream[] {
    const losses = this.#engine.listLosses();
    return [...this.#engine.streams.values()]
      .filter((stream) => !isDelivering(stream))
      .map((stream) => ({ key: stream.key, error: stream.error ?? losses.get(stream) }));
  }

  /** Read after each frame until all is live: nothing is made here. */
  #readLiveState(): LiveState {
    let isLive = true;
    for (const stream of this.#engine.streams.values()) {
      if (stream.status === 'refused' && stream.error) {
        return { kind: 'hopeless', error: stream.error };
      }
      isLive &&= isDelivering(stream);
    }
    for (const { endedBy } of this.#engine.links) {
      if (endedBy) return { kind: 'hopeless', error: endedBy };
    }
    return isLive ? LIVE : this.#waiting;
  }
}

/**
 * Connects to a venue and keeps what was asked for right, or says that it is not. Everything is
 * checked before anything is sent: throws ConfigError and KeyError for what the caller must change.
 */
export function openFeed<Credentials>(options: FeedOptions<Credentials>): Feed {
  const checkedOptions = checkOptions(options);
  const runtime = guardRuntime(options.runtime ?? systemRuntime());
  const { venue, credentials } = options;
  const checked = checkAgainst(options, options.subscriptions);
  const auth = credentials === undefined ? undefined : venue.createAuth(credentials, runtime);
  const feed = new OpenFeed(options, runtime, { options: checkedOptions, auth });
  try {
    feed.start(checked);
  } catch (error) {
    void feed.close();
    throw error;
  }
  return feed;
}
