import type {
  AccountPart,
  BalanceReport,
  FillReport,
  OrderReport,
  PositionReport,
} from './account.js';
import type { BookView, StaleReason } from './book.js';
import type { TruefeedError } from './error.js';
import type { LevelChanges } from './levels.js';
import type { QueuedOrder } from './message.js';
import type { Candle, Instrument, Ticker, Trade, VenueStatus } from './market.js';
import type { OrdersBookView } from './orders-book.js';
import type { SwitchState } from './order-calls.js';
import type { ChannelName } from './venue.js';

/** What every event carries. `symbol` is '' and `venueAtMs` NaN where there is none. */
export interface EventBase {
  readonly venue: string;
  readonly symbol: string;
  readonly venueAtMs: number;
  /** When the bytes were read from the system, which may have brought several frames at once. */
  readonly receivedAtMs: number;
}

/** The book moved, and is live. `changes` is valid during the listener's call only. */
export interface BookChanged extends EventBase {
  readonly type: 'book.changed';
  readonly kind: 'snapshot' | 'delta';
  readonly book: BookView;
  readonly changes: LevelChanges;
}

/** The book is no longer to be trusted, from this event on. */
export interface BookStaled extends EventBase {
  readonly type: 'book.staled';
  readonly reason: StaleReason;
  readonly detail: string;
}

/** The book is right again; a `book.changed` of kind snapshot follows at once. */
export interface BookRestored extends EventBase {
  readonly type: 'book.restored';
  readonly notLiveMs: number;
}

/** Recovery did not succeed within its budget; it goes on at the slowest pace. */
export interface BookFailed extends EventBase {
  readonly type: 'book.failed';
  readonly error: TruefeedError;
}

/**
 * The order-by-order book moved, and is live. A snapshot's changes are all its orders, best price
 * first and in queue order; a delta's are those of the message.
 */
export interface OrdersBookChanged extends EventBase {
  readonly type: 'orders-book.changed';
  readonly kind: 'snapshot' | 'delta';
  readonly book: OrdersBookView;
  readonly changes: readonly QueuedOrder[];
}

/** The order-by-order book is no longer to be trusted, from this event on. */
export interface OrdersBookStaled extends EventBase {
  readonly type: 'orders-book.staled';
  readonly reason: StaleReason;
  readonly detail: string;
}

/** The book is right again; an `orders-book.changed` of kind snapshot follows at once. */
export interface OrdersBookRestored extends EventBase {
  readonly type: 'orders-book.restored';
  readonly notLiveMs: number;
}

/** Recovery did not succeed within its budget; it goes on at the slowest pace. */
export interface OrdersBookFailed extends EventBase {
  readonly type: 'orders-book.failed';
  readonly error: TruefeedError;
}

/** A trade. `recovered` marks one that was lost on the way and fetched afterwards. */
export interface TradePrinted extends EventBase, Trade {
  readonly type: 'trade.printed';
  readonly recovered: boolean;
}

/** History that came with a subscription: not new trades. Oldest first. */
export interface TradesListed extends EventBase {
  readonly type: 'trades.listed';
  readonly trades: readonly Trade[];
}

/** Trades are missing: ids from `expected` to `received - 1`. */
export interface TradesGapped extends EventBase {
  readonly type: 'trades.gapped';
  readonly expected: string;
  readonly received: string;
  readonly missing: number;
}

/** A new summary of the instrument. */
export interface TickerChanged extends EventBase {
  readonly type: 'ticker.changed';
  readonly channel: ChannelName;
  readonly ticker: Ticker;
}

/** `history` marks candles that came with the subscription. */
export interface CandleChanged extends EventBase {
  readonly type: 'candle.changed';
  readonly candle: Candle;
  readonly history: boolean;
}

/** The instrument, its increments or its status, as the venue now states it. */
export interface InstrumentChanged extends EventBase {
  readonly type: 'instrument.changed';
  readonly instrument: Instrument;
}

/** The venue's own sign of life on one socket. */
export interface HeartbeatReceived extends EventBase {
  readonly type: 'heartbeat.received';
  readonly session: string;
  readonly counter: number;
}

/**
 * The order as it now is, whole. `snapshot` marks a state that was reported with a subscription,
 * `recovered` one of those that differs from what was known before something was lost.
 */
export interface OrderChanged extends EventBase {
  readonly type: 'order.changed';
  readonly order: OrderReport;
  readonly snapshot: boolean;
  readonly recovered: boolean;
}

/** A part of an order traded. `recovered` marks one that was lost on the way and found later. */
export interface FillPrinted extends EventBase {
  readonly type: 'fill.printed';
  readonly fill: FillReport;
  readonly recovered: boolean;
}

/** Fills that came with the first subscription: history. Oldest first. */
export interface FillsListed extends EventBase {
  readonly type: 'fills.listed';
  readonly fills: readonly FillReport[];
}

/** More may have been filled, in a time that was lost, than the venue tells of afterwards. */
export interface FillsGapped extends EventBase {
  readonly type: 'fills.gapped';
  readonly session: string;
  readonly detail: string;
}

/** These parts of the account are no longer to be trusted, from this event on. */
export interface AccountStaled extends EventBase {
  readonly type: 'account.staled';
  readonly parts: readonly AccountPart[];
  readonly reason: StaleReason;
  readonly detail: string;
}

/** These parts of the account are whole and current again; what was missed has been told before. */
export interface AccountRestored extends EventBase {
  readonly type: 'account.restored';
  readonly parts: readonly AccountPart[];
  readonly notLiveMs: number;
}

/** A line that the venue wrote to the owner of the account. */
export interface NoticeReceived extends EventBase {
  readonly type: 'notice.received';
  readonly kind: 'message' | 'log';
  readonly text: string;
}

/**
 * An order that was open before something was lost is not among the open ones any more: it ended,
 * and the venue will not say here how. Ask its REST interface. `order` is what was last reported.
 */
export interface OrderVanished extends EventBase {
  readonly type: 'order.vanished';
  readonly session: string;
  readonly order: OrderReport;
}

/** A position; `snapshot` marks one reported with the subscription. */
export interface PositionChanged extends EventBase {
  readonly type: 'position.changed';
  readonly position: PositionReport;
  readonly snapshot: boolean;
}

/** A balance; `snapshot` marks one reported with the subscription. */
export interface BalanceChanged extends EventBase {
  readonly type: 'balance.changed';
  readonly balance: BalanceReport;
  readonly snapshot: boolean;
}

/** Frames `expected` to `received - 1` of a numbered row did not arrive. */
export interface SequenceGapped extends EventBase {
  readonly type: 'sequence.gapped';
  readonly session: string;
  readonly scope: 'connection' | 'channel' | 'symbol';
  /** The channel whose row it is; '' where the row is not one of a channel. */
  readonly channel: ChannelName | '';
  readonly expected: number;
  readonly received: number;
  readonly missing: number;
}

/** What the venue says of its engine: with each new socket, and when it changes. */
export interface VenueChanged extends EventBase {
  readonly type: 'venue.changed';
  readonly session: string;
  readonly status: VenueStatus;
  /** The venue's own word. */
  readonly venueStatus: string;
}

/** A socket is open, signed in where due, and ready for subscriptions. */
export interface SessionOpened extends EventBase {
  readonly type: 'session.opened';
  readonly session: string;
  readonly url: string;
}

/** A socket ended; `retryInMs` is absent where no attempt follows. */
export interface SessionClosed extends EventBase {
  readonly type: 'session.closed';
  readonly session: string;
  readonly error: TruefeedError;
  readonly retryInMs?: number | undefined;
}

/** Private requests were accepted for the first time on this socket. */
export interface AuthAccepted extends EventBase {
  readonly type: 'auth.accepted';
  readonly session: string;
}

/** A credential was made anew before or because it ended. */
export interface AuthRenewed extends EventBase {
  readonly type: 'auth.renewed';
  readonly session: string;
  readonly reason: string;
}

/** The venue refused the sign-in; `final` says that it will not be tried again by itself. */
export interface AuthRefused extends EventBase {
  readonly type: 'auth.refused';
  readonly session: string;
  readonly error: TruefeedError;
  readonly final: boolean;
}

/** The venue acknowledged the subscription. */
export interface SubscriptionAccepted extends EventBase {
  readonly type: 'subscription.accepted';
  readonly session: string;
  readonly channel: ChannelName;
}

/** The venue refused the subscription, or passed over it in silence. */
export interface SubscriptionRefused extends EventBase {
  readonly type: 'subscription.refused';
  readonly session: string;
  readonly channel: ChannelName;
  readonly error: TruefeedError;
  readonly final: boolean;
}

/**
 * A stream that should speak is silent for `silentMs`, or, with 0, speaks again. Of heartbeats it
 * says that the whole socket may be late: its books are stale once it is taken as dead.
 */
export interface StreamSilenced extends EventBase {
  readonly type: 'stream.silenced';
  readonly session: string;
  readonly channel: ChannelName;
  readonly silentMs: number;
}

/** A frame of a kind that truefeed does not know: reported once per kind. */
export interface FrameSkipped extends EventBase {
  readonly type: 'frame.skipped';
  readonly session: string;
  readonly kind: string;
  readonly reason: string;
}

/**
 * A frame that the protocol does not allow: reported once per kind; books it may concern go stale.
 */
export interface FrameRefused extends EventBase {
  readonly type: 'frame.refused';
  readonly session: string;
  readonly error: TruefeedError;
}

/** A dead-man's switch was armed (again), failed to be, ran down, or was called off. */
export interface SwitchChanged extends EventBase {
  readonly type: 'switch.changed';
  readonly state: SwitchState;
}

/** A queue was full, and this many events were left out of it. */
export interface EventsDropped extends EventBase {
  readonly type: 'events.dropped';
  readonly dropped: number;
}

/** Everything a feed says, gaps and staleness included, in one stream. */
export type FeedEvent =
  | BookChanged
  | BookStaled
  | BookRestored
  | BookFailed
  | OrdersBookChanged
  | OrdersBookStaled
  | OrdersBookRestored
  | OrdersBookFailed
  | TradePrinted
  | TradesListed
  | TradesGapped
  | TickerChanged
  | CandleChanged
  | InstrumentChanged
  | HeartbeatReceived
  | OrderChanged
  | OrderVanished
  | FillPrinted
  | FillsListed
  | FillsGapped
  | AccountStaled
  | AccountRestored
  | NoticeReceived
  | PositionChanged
  | BalanceChanged
  | SequenceGapped
  | VenueChanged
  | SessionOpened
  | SessionClosed
  | AuthAccepted
  | AuthRenewed
  | AuthRefused
  | SubscriptionAccepted
  | SubscriptionRefused
  | StreamSilenced
  | FrameSkipped
  | FrameRefused
  | SwitchChanged
  | EventsDropped;

/** The names of all events. */
export type FeedEventType = FeedEvent['type'];

/** The event of one type. */
export type FeedEventOf<Type extends FeedEventType> = Extract<FeedEvent, { readonly type: Type }>;
