import type { BalanceReport, FillPatch, OrderPatch, PositionReport } from './account.js';
import type { ErrorCode } from './error.js';
import type { LevelColumns, Side } from './levels.js';
import type { Candle, Instrument, Ticker, Trade, VenueStatus } from './market.js';

/** A JSON object on its way out. */
export type JsonObject = { readonly [field: string]: unknown };

/** A whole message on its way out: at some venues it is a list. */
export type JsonMessage = JsonObject | readonly unknown[];

/** A whole book or its changes. `columns` is reused: valid until the next `decode`. */
export interface BookMessage {
  readonly type: 'book.snapshot' | 'book.delta';
  readonly symbol: string;
  /** The venue's time of this state, Unix milliseconds; NaN where it says none. */
  readonly venueAtMs: number;
  readonly columns: LevelColumns;
  /** Numbers of the symbol's own sequence, where the venue has one; NaN otherwise. */
  readonly firstNumber: number;
  readonly lastNumber: number;
  /** The venue's checksum of the book after this message; NaN where there is none. */
  readonly checksum: number;
}

/** One order of an order-by-order book, or what became of it. */
export interface QueuedOrder {
  readonly side: Side;
  /** In a snapshot always `add`. */
  readonly change: 'add' | 'modify' | 'delete';
  readonly orderId: string;
  readonly price: string;
  /** What is left of it, visibly; on `delete` what was left last. */
  readonly size: string;
  readonly placedAtMs: number;
}

/**
 * A whole order-by-order book or its changes, in wire order: within a price that is queue order.
 */
export interface OrdersBookMessage {
  readonly type: 'orders-book.snapshot' | 'orders-book.delta';
  readonly symbol: string;
  readonly venueAtMs: number;
  readonly orders: readonly QueuedOrder[];
  /** The venue's checksum of the book after this message; NaN where there is none. */
  readonly checksum: number;
}

/** A message of either kind of book. */
export type AnyBookMessage = BookMessage | OrdersBookMessage;

/** Trades, oldest first whatever the wire's order. A snapshot is history. */
export interface TradesMessage {
  readonly type: 'trades.snapshot' | 'trades.update';
  readonly symbol: string;
  readonly trades: readonly Trade[];
}

/** `venueAtMs` is NaN where the venue says no time. */
export interface TickerMessage {
  readonly type: 'ticker.update';
  readonly channel: string;
  readonly symbol: string;
  readonly venueAtMs: number;
  readonly ticker: Ticker;
}

/** Candles, oldest first. */
export interface CandlesMessage {
  readonly type: 'candles.snapshot' | 'candles.update';
  readonly symbol: string;
  readonly candles: readonly Candle[];
}

/** What can be traded, whole or changed. */
export interface InstrumentsMessage {
  readonly type: 'instruments.snapshot' | 'instruments.update';
  readonly instruments: readonly Instrument[];
}

/** The venue's sign of life. */
export interface HeartbeatMessage {
  readonly type: 'heartbeat';
  /** NaN where the venue counts none. */
  readonly counter: number;
  readonly venueAtMs: number;
}

/** What the venue says of itself: whether its engine trades. */
export interface VenueStatusMessage {
  readonly type: 'venue.status';
  readonly status: VenueStatus;
  /** The venue's own word. */
  readonly venueStatus: string;
}

/**
 * Orders. A snapshot lists all that are open, and maybe others; `complete` says that one made of
 * several messages ends with this one.
 */
export interface OrdersMessage {
  readonly type: 'orders.snapshot' | 'orders.update';
  readonly orders: readonly OrderPatch[];
  readonly complete: boolean;
}

/**
 * Fills, oldest first. A snapshot holds the latest ones: history, and what was missed; one that is
 * not `complete` is a part of it.
 */
export interface FillsMessage {
  readonly type: 'fills.snapshot' | 'fills.update';
  readonly fills: readonly FillPatch[];
  readonly complete: boolean;
}

/** A line that the venue writes to the owner of the account. */
export interface NoticeMessage {
  readonly type: 'notice';
  readonly kind: 'message' | 'log';
  readonly text: string;
}

/** What a venue says with a yes. Ids are there as far as it says them. */
export interface OrderFacts {
  readonly orderId?: string;
  readonly clientOrderId?: string;
  /** The order that was replaced, where the venue gave the new one another id. */
  readonly originalOrderId?: string;
  /** How many orders were canceled, where the venue counts instead of naming them. */
  readonly count?: number;
  /** When the venue will cancel everything, Unix milliseconds; NaN where it no longer will. */
  readonly triggersAtMs?: number;
  readonly warnings?: readonly string[];
}

/** What became of one order of a command. */
export type OrderResult =
  | ({ readonly ok: true } & OrderFacts)
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly venueText: string;
      readonly likelyCause: string;
      readonly orderId?: string;
      readonly clientOrderId?: string;
    };

/** The venue's answer to an order command, or one of several answers to it. */
export interface OrderAnswerMessage {
  readonly type: 'order.answered';
  readonly requestId: number | undefined;
  readonly results: readonly OrderResult[];
}

/** What the venue says of the limits of its engine for this account. */
export interface OrderLimitsMessage {
  readonly type: 'order-limits.told';
  /** The count above which orders are refused. */
  readonly maxCount: number;
}

/** Positions: all there are, where a snapshot is `complete`, or those that changed. */
export interface PositionsMessage {
  readonly type: 'positions.snapshot' | 'positions.update';
  readonly positions: readonly PositionReport[];
  readonly complete: boolean;
}

/** Balances: all there are, where a snapshot is `complete`, or those that changed. */
export interface BalancesMessage {
  readonly type: 'balances.snapshot' | 'balances.update';
  readonly balances: readonly BalanceReport[];
  readonly complete: boolean;
}

/**
 * Everything the connection now holds: our channel name → symbols in the venue's spelling. An empty
 * list is a channel that is held without naming symbols: it stands for all that were asked for.
 */
export interface SubscriptionSetMessage {
  readonly type: 'subscriptions.held';
  readonly held: ReadonlyMap<string, readonly string[]>;
}

/** One subscription was accepted or ended, at venues that acknowledge one by one. */
export interface SubscriptionMessage {
  readonly type: 'subscription.accepted' | 'subscription.ended';
  readonly channel: string;
  readonly symbol: string | undefined;
  readonly requestId: number | undefined;
}

/** The venue said no. Fields it did not name are absent. */
export interface RefusalMessage {
  readonly type: 'request.refused';
  readonly code: ErrorCode;
  readonly venueText: string;
  readonly likelyCause: string;
  readonly channel?: string | undefined;
  readonly symbol?: string | undefined;
  readonly requestId?: number | undefined;
}

/** A frame, or an event in it, of a kind we do not know. `kind` is short and safe to print. */
export interface SkippedMessage {
  readonly type: 'frame.skipped';
  readonly kind: string;
  readonly reason: string;
}

/** What one frame may say. */
export type VenueMessage =
  | BookMessage
  | OrdersBookMessage
  | TradesMessage
  | TickerMessage
  | CandlesMessage
  | InstrumentsMessage
  | HeartbeatMessage
  | VenueStatusMessage
  | OrdersMessage
  | FillsMessage
  | PositionsMessage
  | BalancesMessage
  | NoticeMessage
  | OrderAnswerMessage
  | OrderLimitsMessage
  | SubscriptionSetMessage
  | SubscriptionMessage
  | RefusalMessage
  | SkippedMessage;

/** One frame, decoded. The object and its columns are reused: valid until the next `decode`. */
export interface DecodedFrame {
  /** Our name of the channel, `control` for acks and errors, or the wire's own where unknown. */
  readonly channel: string;
  /** The number in the frame's own sequence scope; NaN where it carries none. */
  readonly number: number;
  /** When the venue sent it, Unix milliseconds; NaN where it does not say. */
  readonly sentAtMs: number;
  readonly messages: readonly VenueMessage[];
}
