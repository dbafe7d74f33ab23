import type { BalancesView, FillsView, OrdersView, PositionsView } from '../model/account-view.js';
import type { BookEvidence, BookState, BookView } from '../model/book.js';
import type { TruefeedError } from '../model/error.js';
import type { FeedEvent, FeedEventOf, FeedEventType } from '../model/event.js';
import type { OrderEntry } from '../model/order-calls.js';
import type { OrdersBookView } from '../model/orders-book.js';
import type { Runtime } from '../model/runtime.js';
import type { AttemptBudget, FrameTap, SessionStatus } from '../model/session.js';
import type { BackoffRule, ChannelName, RecoveryMeans, Venue } from '../model/venue.js';

/**
 * What a user asks for: a channel in the shared vocabulary, and symbols in the venue's spelling
 * where the channel takes them. Any string is accepted here and checked before anything is sent.
 */
export interface FeedSubscription {
  readonly channel: ChannelName | (string & Record<never, never>);
  readonly symbols?: readonly string[] | undefined;
  /**
   * Levels a side, or prices of an order-by-order book, where the venue offers a choice; its own
   * default where absent.
   */
  readonly depth?: number | undefined;
}

/** How hard a stream is tried for after its trust was lost. */
export interface RecoveryRule {
  /** Attempts of each means before the next one is tried; after all of them the pace is slowest. */
  readonly attempts: Readonly<Record<RecoveryMeans, number>>;
  /** A first subscription whose snapshot has not come by then has failed; large books take long. */
  readonly firstSnapshotTimeoutMs: number;
  /** An attempt to recover whose snapshot has not come by then has failed. */
  readonly snapshotTimeoutMs: number;
  /** Delays between attempts. The first attempt after a time of peace starts at once. */
  readonly backoff: BackoffRule;
  /** The pause between attempts once the budget is used up. */
  readonly slowestPaceMs: number;
  /** Live for this long, a stream's attempts are forgotten. */
  readonly stableAfterMs: number;
}

/** A limit on everything in a feed that can grow. */
export interface FeedLimits {
  /** Sockets one feed may hold. */
  readonly maxSockets: number;
  /** Streams one feed may hold: a channel of one symbol is one stream. */
  readonly maxStreams: number;
  /** Deltas kept for one book while its snapshot is awaited; the oldest go first. */
  readonly maxBufferedDeltas: number;
  /** Levels, or orders, kept in those deltas, for one book. */
  readonly maxBufferedLevels: number;
  /** Orders, positions and balances remembered so that a repeated report is one event. */
  readonly maxRememberedReports: number;
  /** Holes in one symbol's trade ids that are remembered; older ones are given up. */
  readonly maxTradeHoles: number;
  /** Kinds of skipped or refused frames that are reported; further ones are only counted. */
  readonly maxReportedKinds: number;
}

/** Everything `openFeed` takes. */
export interface FeedOptions<Credentials = unknown> {
  readonly venue: Venue<Credentials>;
  /** Needed for private channels only; public channels are never signed. */
  readonly credentials?: Credentials | undefined;
  readonly subscriptions: readonly FeedSubscription[];
  /** Called for every event, synchronously and in order, before anything else sees it. */
  readonly onEvent?: ((event: FeedEvent) => void) | undefined;
  /** Closes the feed when it aborts. */
  readonly signal?: AbortSignal | undefined;
  readonly runtime?: Runtime | undefined;
  /** Addresses that replace the venue's own, by the endpoint's name. */
  readonly endpoints?: Readonly<Record<string, string>> | undefined;
  /** Certificate authorities to trust beside the system's, in PEM. */
  readonly caPem?: string | undefined;
  /** Sees the raw frames both ways, for recorders. */
  readonly tap?: FrameTap | undefined;
  /** The symbols that exist; with it a misspelt symbol is refused before anything is sent. */
  readonly knownSymbols?: readonly string[] | undefined;
  /** Attempts in a row without a connection before a socket is given up; Infinity by default. */
  readonly maxAttempts?: number | undefined;
  /** Shared between feeds that dial the same addresses; each feed has its own by default. */
  readonly budget?: AttemptBudget | undefined;
  readonly recovery?: Partial<RecoveryRule> | undefined;
  readonly limits?: Partial<FeedLimits> | undefined;
}

/** What happens when a consumer is too slow for its queue. */
export type QueuePolicy = 'conflate' | 'drop' | 'close';

/** Options of `feed.events()`. */
export interface EventStreamOptions {
  /** Events that wait at most; 10,000 by default. */
  readonly maxEvents?: number | undefined;
  /**
   * `conflate` (the default) merges pending book changes of a symbol into one snapshot and keeps
   * the newest ticker, candle, instrument and heartbeat; `drop` leaves the newest out and says how
   * many with `events.dropped`; `close` ends the iterator with QUEUE_OVERFLOWED.
   */
  readonly whenFull?: QueuePolicy | undefined;
}

/** Options of `feed.whenLive()`. */
export interface LiveWaitOptions {
  /** From 0; without it the wait ends only with what it waits for. */
  readonly timeoutMs?: number | undefined;
}

/** One socket, as `status()` shows it. */
export interface SessionReport {
  readonly name: string;
  readonly endpoint: string;
  readonly url: string;
  readonly status: SessionStatus;
  readonly skewMs: number | undefined;
  /** Undefined while the socket is not ready. */
  readonly readySinceAtMs: number | undefined;
  readonly timesOpened: number;
  readonly framesReceived: number;
  readonly framesInvalid: number;
  readonly framesStale: number;
  readonly framesMissing: number;
  readonly lastError: TruefeedError | undefined;
}

/** One book, under each name it was asked for, as `status()` shows it. */
export interface BookReport {
  /** `book`, or `orders-book` for one that is kept order by order. */
  readonly channel: ChannelName;
  readonly symbol: string;
  /** The name under which the venue delivers it. */
  readonly canonicalSymbol: string;
  readonly session: string | undefined;
  readonly state: BookState;
  readonly evidence: BookEvidence;
  /** Attempts since the last time of peace, and whether their budget is used up. */
  readonly recoveryAttempts: number;
  readonly unrecovered: boolean;
}

/** One channel of one symbol, as `status()` shows it. */
export interface StreamReport {
  readonly channel: ChannelName;
  readonly symbol: string;
  readonly requestedNames: readonly string[];
  readonly session: string | undefined;
  readonly status: 'pending' | 'accepted' | 'refused';
  readonly messages: number;
  readonly lastMessageAtMs: number | undefined;
  readonly silent: boolean;
  readonly error: TruefeedError | undefined;
}

/** What was lost since the feed was opened, and what it cost. */
export interface FeedCounters {
  readonly framesReceived: number;
  readonly framesInvalid: number;
  readonly framesSkipped: number;
  /** Duplicates, dropped. */
  readonly framesStale: number;
  /** Numbered frames that never came. */
  readonly framesMissing: number;
  readonly sequenceGaps: number;
  readonly tradesMissing: number;
  readonly tradesRecovered: number;
  readonly timesBookStale: number;
  /** Of all books together, outages that go on included. */
  readonly bookNotLiveMs: number;
  readonly streamsResubscribed: number;
  /** Sockets that recovery dropped on purpose. */
  readonly socketsReconnected: number;
  readonly socketsLost: number;
  readonly eventsDropped: number;
  readonly listenerFailures: number;
}

/** How much a feed keeps at this moment beside the levels of its books. All of it has a bound. */
export interface HeldCounts {
  /** Deltas that wait for a snapshot: `maxBufferedDeltas` for each book. */
  readonly deltas: number;
  /** Ids, or holes in their row, by which trades are told apart: a few thousand a symbol. */
  readonly tradeIds: number;
  /** Orders, fills, balances and positions: `maxRememberedReports` of each. */
  readonly reports: number;
  /** Requests and orders that are not answered yet. */
  readonly requests: number;
  /** Events that their consumers have not taken: `maxEvents` for each. */
  readonly events: number;
}

/** The state of a feed at one moment, as plain data. */
export interface FeedStatus {
  readonly venue: string;
  readonly closed: boolean;
  readonly sessions: readonly SessionReport[];
  readonly books: readonly BookReport[];
  readonly streams: readonly StreamReport[];
  readonly counters: FeedCounters;
  readonly held: HeldCounts;
}

/** What a user holds. Every method but `close` throws FEED_CLOSED once the feed is closed. */
export interface Feed extends AsyncDisposable {
  readonly venue: string;
  /** Calls the handler synchronously for events of one type; the result removes it. */
  on<Type extends FeedEventType>(
    type: Type,
    handler: (event: FeedEventOf<Type>) => void,
  ): () => void;
  /** Events from now on; what must outlive the call is copied. Several iterators may run. */
  events(options?: EventStreamOptions): AsyncIterableIterator<FeedEvent>;
  /** The book of a symbol that was asked for, by that name; throws SYMBOL_UNKNOWN for others. */
  book(symbol: string): BookView;
  /** The same for a book that is kept order by order. */
  ordersBook(symbol: string): OrdersBookView;
  /**
   * The account, part by part. Each throws OPTION_INVALID where no channel that tells it was asked
   * for, since an account that nobody follows would look like an empty one.
   */
  readonly orders: OrdersView;
  readonly fills: FillsView;
  readonly balances: BalancesView;
  readonly positions: PositionsView;
  /**
   * Orders on the signed-in socket. Subscribes to what tells of the account's orders, and to the
   * list of instruments where the venue has one, unless that was done before; `whenLive` waits for
   * them. Throws ORDER_INVALID where the venue takes no orders here, and KEY_MISSING without
   * credentials.
   */
  openOrderEntry(): OrderEntry;
  subscribe(subscriptions: readonly FeedSubscription[]): void;
  unsubscribe(subscriptions: readonly FeedSubscription[]): void;
  /** Also answers after the end. */
  status(): FeedStatus;
  /**
   * Resolves when every subscription is accepted and every book live. Rejects with TIMED_OUT,
   * naming what is not; with the refusal where one is final; with FEED_CLOSED; with OPTION_INVALID.
   */
  whenLive(options?: LiveWaitOptions): Promise<void>;
  /** Ends every socket, timer and iterator; may be called again. */
  close(): Promise<void>;
}
