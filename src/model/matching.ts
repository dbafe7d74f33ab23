/**
 * Contracts of an exchange that matches orders: what a venue's server half asks of the engine, and
 * what the engine tells. Sizes and prices are exact decimal strings without trailing zeros; times
 * are RFC 3339 in UTC. Nothing here is of any one venue: its words and ids are its server's.
 */
import type { OrderType, TimeInForce } from './order-entry.js';
import type { MarketSource } from './exchange.js';

/** An order that a server has read from its wire and found well-formed. */
export interface EngineOrderRequest {
  readonly account: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly orderType: OrderType;
  /** In the base currency; absent where `value` is given. */
  readonly size?: string | undefined;
  /** In the quote currency: a market buy for so much. */
  readonly value?: string | undefined;
  readonly limitPrice?: string | undefined;
  readonly stopPrice?: string | undefined;
  /** For trailing stops: how far the trigger follows the market, in the quote currency. */
  readonly trailBy?: string | undefined;
  /**
   * For trailing stops with a limit, in the place of `limitPrice`: how far beyond the trigger the
   * limit is once that is seen (above it for a buy, below it for a sell), in the quote currency.
   */
  readonly limitBy?: string | undefined;
  readonly timeInForce: TimeInForce;
  readonly expiresAtMs?: number | undefined;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly displaySize?: string | undefined;
  /** What happens where an order would trade with another of the same account. */
  readonly selfTrade: 'cancel-newest' | 'cancel-oldest' | 'cancel-both';
  readonly clientOrderId?: string | undefined;
  /** Kept with the order as it is, for the server's own use. */
  readonly venueFields: Readonly<Record<string, unknown>>;
}

/** Why the engine does not do what it was asked; each server has its own words for it. */
export type EngineRefusal =
  | 'symbol-unknown'
  | 'market-closed'
  | 'insufficient-funds'
  | 'size-below-minimum'
  | 'value-below-minimum'
  | 'price-off-tick'
  | 'size-off-step'
  | 'price-invalid'
  | 'order-unknown'
  | 'client-order-id-taken'
  | 'would-take-liquidity'
  | 'no-liquidity'
  | 'reduce-only'
  | 'type-unsupported'
  | 'too-many-orders'
  | 'deadline-passed';

/** Where an order stands. `untriggered` is in the engine, but not in the book. */
export type EngineOrderStatus =
  'pending' | 'untriggered' | 'open' | 'filled' | 'canceled' | 'expired';

/** An order of the engine at one moment; a copy, which does not change. */
export interface EngineOrder extends EngineOrderRequest {
  readonly orderId: string;
  readonly status: EngineOrderStatus;
  readonly filledSize: string;
  readonly remainingSize: string;
  /** In the quote currency. */
  readonly filledValue: string;
  /** '0' before the first fill. */
  readonly averagePrice: string;
  /** In the quote currency. */
  readonly fees: string;
  readonly placedAt: string;
  readonly changedAt: string;
  readonly amended: boolean;
  /** Why it ended, in plain words of ours; undefined while it lives. */
  readonly endedBecause?: 'user' | 'post-only' | 'ioc' | 'fok' | 'self-trade' | 'timer' | 'market';
}

/** One side of one trade. */
export interface EngineFill {
  readonly fillId: string;
  readonly orderId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly value: string;
  readonly fee: string;
  /** The quote currency. */
  readonly feeAsset: string;
  readonly liquidity: 'maker' | 'taker';
  /** The trade in the market data. */
  readonly tradeId: string;
  readonly time: string;
}

/** A change of one balance; `amount` is signed, `balance` is what it then is, after the fee. */
export interface LedgerEntry {
  readonly ledgerId: string;
  /** The fill that it belongs to, or another reference. */
  readonly refId: string;
  readonly account: string;
  readonly kind: 'trade' | 'deposit' | 'withdrawal';
  readonly asset: string;
  readonly amount: string;
  readonly fee: string;
  readonly balance: string;
  readonly time: string;
}

/** What one account has of one asset. */
export interface EngineBalance {
  readonly asset: string;
  readonly total: string;
  /** Total less what open orders reserve. */
  readonly available: string;
}

/** What the engine tells, synchronously and in the order in which it happens. */
export type EngineEvent =
  /** The engine has it; nothing of it is in the book yet. */
  | { readonly type: 'order.accepted'; readonly order: EngineOrder }
  /** It is in the book, or waits for its trigger. Also an order that then takes at once. */
  | { readonly type: 'order.opened'; readonly order: EngineOrder }
  | { readonly type: 'order.triggered'; readonly order: EngineOrder }
  | { readonly type: 'order.filled'; readonly order: EngineOrder; readonly fill: EngineFill }
  /** After its last fill. */
  | { readonly type: 'order.completed'; readonly order: EngineOrder }
  | { readonly type: 'order.amended'; readonly order: EngineOrder }
  | { readonly type: 'order.canceled'; readonly order: EngineOrder }
  | { readonly type: 'order.expired'; readonly order: EngineOrder }
  | { readonly type: 'ledger.posted'; readonly entry: LedgerEntry };

/** Which order of an account is meant: exactly one of the two. */
export interface EngineTarget {
  readonly orderId?: string | undefined;
  readonly clientOrderId?: string | undefined;
}

/** What an amendment changes. */
export interface EngineChange {
  readonly size?: string | undefined;
  readonly limitPrice?: string | undefined;
  readonly stopPrice?: string | undefined;
  readonly displaySize?: string | undefined;
  readonly postOnly?: boolean | undefined;
}

/** What came of a call; `order` is as it stands when the call returns. */
export type EngineAnswer =
  | { readonly ok: true; readonly order: EngineOrder }
  | { readonly ok: false; readonly refusal: EngineRefusal };

/** A market that takes orders. Calls take effect, and tell their events, before they return. */
export interface MatchingMarket extends MarketSource {
  /** `validateOnly`: says what would be refused, and does nothing. */
  place(request: EngineOrderRequest, options?: { readonly validateOnly?: boolean }): EngineAnswer;
  /** Keeps the id, and the place in the queue where only the size falls. */
  amend(account: string, target: EngineTarget, change: EngineChange): EngineAnswer;
  cancel(account: string, target: EngineTarget): EngineAnswer;
  /** How many ended. */
  cancelAll(account: string): number;
  /** Cancels everything of the account after so long, unless called again; 0 calls it off. */
  cancelAllAfter(account: string, timeoutMs: number): void;
  findOrder(account: string, target: EngineTarget): EngineOrder | undefined;
  /** Oldest first. */
  openOrders(account: string): readonly EngineOrder[];
  /** The latest, oldest first. */
  fills(account: string): readonly EngineFill[];
  balances(account: string): readonly EngineBalance[];
  /**
   * Credits (or, with a sign, debits) an account, which is made where it is new. Throws RangeError
   * for a debit of more than is available.
   */
  deposit(account: string, asset: string, amount: string): void;
  /** Returns what ends it. Events of a call that changes the book come before its market update. */
  onEngineEvent(listener: (event: EngineEvent) => void): () => void;
}
