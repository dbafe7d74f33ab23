/**
 * Orders on their way to a venue, in one vocabulary. Prices and sizes are exact decimal strings;
 * they go onto the wire digit by digit.
 */
import type { OrderReport } from './account.js';
import type { TruefeedError } from './error.js';
import type { Instrument } from './market.js';
import type { OrderLimitsMessage, OrderResult } from './message.js';
import type { Clock, RandomSource } from './runtime.js';
import type { ChannelName } from './venue.js';

/** Kinds of order; each venue takes some of them. */
export type OrderType =
  | 'limit'
  | 'market'
  | 'iceberg'
  | 'stop-loss'
  | 'stop-loss-limit'
  | 'take-profit'
  | 'take-profit-limit'
  | 'trailing-stop'
  | 'trailing-stop-limit'
  | 'settle-position'
  | 'stop'
  | 'stop-limit'
  | 'market-if-touched'
  | 'limit-if-touched'
  | 'pegged';

/** How long an order stays. */
export type TimeInForce = 'gtc' | 'gtd' | 'ioc' | 'fok' | 'day' | 'opg';

/** An order to be placed. */
export interface NewOrder {
  /** The venue's own spelling, as in subscriptions. */
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly orderType: OrderType;
  /** In the base currency. */
  readonly size?: string | undefined;
  /** In the quote currency, in the place of `size`, where the venue takes that. */
  readonly value?: string | undefined;
  /** Of a trailing stop with a limit: how far beyond the trigger it is, where the venue says so. */
  readonly limitPrice?: string | undefined;
  /** The price at which a triggered order wakes. */
  readonly stopPrice?: string | undefined;
  readonly timeInForce?: TimeInForce | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly postOnly?: boolean | undefined;
  readonly reduceOnly?: boolean | undefined;
  /** The visible part of an iceberg, in the base currency. */
  readonly displaySize?: string | undefined;
  /** Made by default, so that an order whose answer was lost can be found again. */
  readonly clientOrderId?: string | undefined;
  /** Further fields in the venue's own names and form, for what has no word here. */
  readonly venueFields?: Readonly<Record<string, unknown>> | undefined;
}

/** Which order is meant: exactly one of the two. */
export interface OrderTarget {
  readonly orderId?: string | undefined;
  readonly clientOrderId?: string | undefined;
}

/** What an amendment changes; what is left out stays. */
export interface OrderChange extends Pick<
  NewOrder,
  'size' | 'limitPrice' | 'stopPrice' | 'displaySize' | 'postOnly' | 'venueFields'
> {
  readonly target: OrderTarget;
  /** Needed for an edit, and where the venue asks for it. */
  readonly symbol?: string | undefined;
}

/** One call of order entry, before it becomes a message of the venue. */
export type OrderCommand =
  | { readonly kind: 'add'; readonly order: NewOrder; readonly validate: boolean }
  | { readonly kind: 'amend'; readonly change: OrderChange }
  /** Cancels and places anew: another id, the last place in the queue. */
  | { readonly kind: 'edit'; readonly change: OrderChange; readonly validate: boolean }
  | { readonly kind: 'cancel'; readonly targets: readonly OrderTarget[] }
  | { readonly kind: 'cancel-all' }
  /** The venue cancels everything once so many seconds are over; 0 calls it off. */
  | { readonly kind: 'cancel-all-after'; readonly timeoutSeconds: number }
  /** Orders of one symbol. */
  | { readonly kind: 'batch-add'; readonly orders: readonly NewOrder[]; readonly validate: boolean }
  | { readonly kind: 'batch-cancel'; readonly targets: readonly OrderTarget[] };

/** The names of the calls. */
export type OrderCommandKind = OrderCommand['kind'];

/** A command ready to be encoded. */
export interface OrderRequest {
  readonly command: OrderCommand;
  readonly requestId: number;
  /** The venue's time after which the order must not reach the engine; absent: its own default. */
  readonly deadlineAtMs?: number | undefined;
}

/** What a command is checked against before it is sent. */
export interface OrderCheckContext {
  /** What the venue says of the instrument; undefined where nothing is known of it. */
  findInstrument(symbol: string): Instrument | undefined;
  /** Whether the venue listed all that it trades, so that what is not found does not exist. */
  readonly instrumentsAreKnown: boolean;
  /** An order of the account, as far as it is known. */
  findOrder(target: OrderTarget): OrderReport | undefined;
}

/** What the limits of a venue's engine depend on, beside what was sent. */
export interface OrderLimitContext {
  /** An order of the account, as far as it is known. */
  findOrder(target: OrderTarget): OrderReport | undefined;
  countOpenOrders(symbol: string): number;
}

/** Why a command has to wait, and how long. */
export interface OrderLimitation {
  /** A sentence that says what would be passed. */
  readonly text: string;
  /** Infinity where time alone changes nothing. */
  readonly retryInMs: number;
}

/** A model of the limits of a venue's engine: what it would refuse need not be sent. */
export interface OrderLimiter {
  /** Undefined where the engine should take the command now. */
  explainRefusal(command: OrderCommand, context: OrderLimitContext): OrderLimitation | undefined;
  noteSent(command: OrderCommand, context: OrderLimitContext): void;
  /** What came of an order of the symbol, in the venue's fields: maybe the engine's own count. */
  noteReport(symbol: string, venueFields: Readonly<Record<string, string>>): void;
  noteLimits(limits: OrderLimitsMessage): void;
}

/** What a venue's order entry is like. Data and pure functions, as all of a venue is. */
export interface OrderEntryRule {
  /** Orders go on the socket that carries this channel, which also tells what becomes of them. */
  readonly channel: ChannelName;
  readonly commands: readonly OrderCommandKind[];
  /** Whether an answer says that the engine has the order, or only that it was passed on. */
  readonly answerMeans: 'accepted' | 'forwarded';
  /** Commands that are answered once for each of their targets, in any order. */
  readonly answeredPerTarget: readonly OrderCommandKind[];
  /** Without an answer by then it is unknown what became of a command. */
  readonly answerTimeoutMs: number;
  /**
   * How long an order may take to the engine: after that it can no longer come to life. Absent
   * where the venue knows no such thing.
   */
  readonly deadline?: {
    readonly defaultMs: number;
    readonly minMs: number;
    readonly maxMs: number;
  };
  /** The channel that lists what can be traded, so that orders can be checked against it. */
  readonly instrumentsChannel?: ChannelName;
  /** Undefined where the order has an identity of another kind that excludes one. */
  createClientOrderId(random: RandomSource, order: NewOrder): string | undefined;
  /** Absent where no limits are known that could be counted here. */
  createLimiter?(clock: Clock): OrderLimiter;
  /** Throws ConfigError ORDER_INVALID for what the venue would refuse for its form or steps. */
  check(command: OrderCommand, context: OrderCheckContext): void;
}

/** What a socket says about a command: exactly one of these, exactly once. */
export type CommandOutcome =
  | { readonly kind: 'answered'; readonly results: readonly OrderResult[] }
  /** Nothing of it left this process. */
  | { readonly kind: 'not-sent'; readonly error: TruefeedError }
  /** It was sent, and no answer came; `results` are those of its orders that were answered. */
  | {
      readonly kind: 'unknown';
      readonly error: TruefeedError;
      readonly results: readonly OrderResult[];
    };
