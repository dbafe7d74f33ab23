import type { BalancesView, FillsView, OrdersView, PositionsView } from '../model/account-view.js';
import type { AuthStrategy } from '../model/auth.js';
import type { BookView } from '../model/book.js';
import { ConfigError } from '../model/error.js';
import type { FeedEventOf, FeedEventType } from '../model/event.js';
import type { OrderEntry } from '../model/order-calls.js';
import type { OrdersBookView } from '../model/orders-book.js';
import type { Runtime } from '../model/runtime.js';
import type { ChannelName } from '../model/venue.js';
import { guardRuntime } from '../runtime/guarded-logger.js';
import { systemRuntime } from '../runtime/system-runtime.js';
import { explainNoOrders } from '../session/commands.js';
import { createAttemptBudget } from '../session/budget.js';
import { createMessagePacer } from '../session/pacing.js';
import { AccountViews } from './account/account-views.js';
import { EventFanout } from './event-fanout.js';
import type { EventStream } from './event-stream.js';
import { FeedEngine } from './feed-engine.js';
import type {
  EventStreamOptions,
  Feed,
  FeedOptions,
  FeedStatus,
  FeedSubscription,
  LiveWaitOptions,
} from './feed-options.js';
import type { FeedStream } from './feed-stream.js';
import { createFeedTools, type FeedTools } from './feed-tools.js';
import { createLiveStateReader } from './live-state.js';
import {
  createLiveWaiters,
  describeClosed,
  forgivingly,
  type LiveWaiters,
} from './live-waiters.js';
import { checkOptions, checkWaitOptions, type CheckedOptions } from './option-check.js';
import { openOrderDesk } from './orders/open-order-desk.js';
import type { OrderDesk } from './orders/order-desk.js';
import { reportBooks, reportCounters, reportHeld, reportStream } from './status-report.js';
import { checkSubscriptions, type CheckedSubscription } from './subscription-check.js';

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

/**
 * Whether the feed may be used. Set to `ended` before anything is told of the end, so that a
 * listener which closes the feed again changes nothing.
 */
type Life =
  | { readonly kind: 'open' }
  /** It ends, or has ended: `gone` resolves once no socket and no timer is left. */
  | { readonly kind: 'ended'; readonly gone: Promise<void> };

const OPEN: Life = { kind: 'open' };

/** What `openFeed` makes before the feed itself. */
interface FeedParts {
  readonly options: CheckedOptions;
  readonly auth: AuthStrategy | undefined;
  readonly runtime: Runtime;
}

/** The feed itself: what a user holds, over the engine that does the work. */
class OpenFeed implements Feed {
  readonly venue: string;
  readonly #options: FeedOptions;
  readonly #tools: FeedTools;
  readonly #fanout: EventFanout;
  readonly #engine: FeedEngine;
  readonly #views: AccountViews;
  readonly #waiters: LiveWaiters;
  readonly #onAbort = (): void => void this.close();
  #orderDesk: OrderDesk | undefined;
  #life = OPEN;

  constructor(options: FeedOptions, parts: FeedParts) {
    const { venue } = options;
    const { auth, runtime } = parts;
    const { limits, recovery, endpoints, failOverNames } = parts.options;
    this.venue = venue.id;
    this.#options = options;
    this.#fanout = new EventFanout(runtime.logger, (symbol, kind) =>
      this.#engine.findStream(kind, symbol)?.book?.takeSnapshot(symbol),
    );
    this.#tools = createFeedTools({
      venue,
      runtime,
      recovery,
      limits,
      fanout: this.#fanout,
      listSources: () =>
        [...this.#engine.streams.values()].flatMap((stream) => stream.account ?? []),
    });
    this.#views = new AccountViews(this.#tools.account, venue);
    this.#engine = new FeedEngine(this.#tools, {
      endpoints,
      failOverNames,
      auth,
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
    this.#waiters = createLiveWaiters(runtime.timers, createLiveStateReader(this.#engine));
    if (options.onEvent) this.#fanout.listenToAll(options.onEvent);
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
    return this.#fanout.listen(type, handler);
  }

  events(options: EventStreamOptions = {}): EventStream {
    this.#assertOpen();
    return this.#fanout.openStream(options);
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
      closed: this.#life.kind === 'ended',
      sessions: [...this.#engine.links].map((link) => link.report()),
      books: streams.flatMap((stream) => reportBooks(stream, sessionOf(stream))),
      streams: streams.map((stream) => reportStream(stream, sessionOf(stream))),
      counters: reportCounters(this.#tools.counters, streams, {
        eventsDropped: this.#fanout.dropped,
        listenerFailures: this.#fanout.listenerFailures,
      }),
      held: reportHeld({
        streams,
        links: this.#engine.links,
        account: this.#tools.account,
        events: this.#fanout.waitingCount,
      }),
    };
  }

  whenLive(options: LiveWaitOptions = {}): Promise<void> {
    try {
      checkWaitOptions(options);
    } catch (error) {
      // Not forgivingly: unlike bad weather, a mistake in the call must not pass unseen.
      return Promise.reject(error);
    }
    if (this.#life.kind === 'ended') return forgivingly(Promise.reject<void>(describeClosed()));
    return this.#waiters.wait(options.timeoutMs);
  }

  close(): Promise<void> {
    if (this.#life.kind === 'ended') return this.#life.gone;
    let finish = (): void => undefined;
    const gone = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.#life = { kind: 'ended', gone };
    this.#end().then(finish, (error: unknown) => {
      this.#tools.runtime.logger.warn('Something failed while the feed was closed.', { error });
      finish();
    });
    return gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    // Before the sockets go: what would cancel all orders is called off in good order.
    if (this.#orderDesk) await this.#orderDesk.close();
    const ending = this.#engine.close();
    this.#fanout.end();
    this.#waiters.end();
    await ending;
  }

  #assertOpen(): void {
    if (this.#life.kind === 'ended') throw describeClosed();
  }

  #check(subscriptions: readonly FeedSubscription[]): readonly CheckedSubscription[] {
    return checkAgainst(this.#options, subscriptions);
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
  const feed = new OpenFeed(options, { options: checkedOptions, auth, runtime });
  try {
    feed.start(checked);
  } catch (error) {
    void feed.close();
    throw error;
  }
  return feed;
}
