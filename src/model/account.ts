/** Private data as the venues' codecs deliver it; numbers are exact decimal strings. */

/** What an account is made of: each has a view of its own, and a state. */
export type AccountPart = 'orders' | 'fills' | 'balances' | 'positions';

/** The state of an order, one vocabulary for all venues. */
export type OrderStatus =
  'pending' | 'open' | 'filled' | 'cancel-queued' | 'canceled' | 'expired' | 'rejected';

/** An order as the venue last reported it. What the venue left out is absent. */
export interface OrderReport {
  readonly orderId: string;
  readonly clientOrderId?: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly status: OrderStatus;
  /** The venue's own word for the status. */
  readonly venueStatus: string;
  /** Lower case with dashes: `limit`, `market`, `stop-limit` … */
  readonly orderType?: string;
  readonly timeInForce?: string;
  /** What was asked for, in the base currency. */
  readonly size?: string;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  /** The visible part of an iceberg. */
  readonly displaySize?: string;
  readonly averagePrice?: string;
  readonly filledSize?: string;
  readonly filledValue?: string;
  readonly remainingSize?: string;
  readonly fees?: string;
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  readonly reason?: string;
  readonly createdAtMs?: number;
  readonly expiresAtMs?: number;
  /** Every field as the venue sent it last, by the venue's own name. */
  readonly venueFields: Readonly<Record<string, string>>;
}

/**
 * What a venue says of an order in one message: whole, or no more than what changed. The feed lays
 * it over what it knows of the order.
 */
export interface OrderPatch extends Partial<Omit<OrderReport, 'orderId'>> {
  readonly orderId: string;
  readonly venueFields: Readonly<Record<string, string>>;
}

/** A part of an order that traded. */
export interface FillReport {
  /** Unique at the venue; that of a derived one is made of the order's and its filled size. */
  readonly fillId: string;
  readonly orderId: string;
  readonly clientOrderId?: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly size: string;
  /** Absent where a venue tells no price of a fill, and none follows from what it tells. */
  readonly price?: string;
  /** Price times size, in the quote currency, as the venue counts it. */
  readonly value?: string;
  readonly fee?: string;
  readonly feeAsset?: string;
  readonly liquidity?: 'maker' | 'taker';
  /** The trade in the market data that it was a part of, where the venue says so. */
  readonly tradeId?: string;
  /** Unix milliseconds; NaN where the venue says no time. */
  readonly filledAtMs: number;
  /** Not told by the venue: worked out from the rise of what it says is filled of the order. */
  readonly derived: boolean;
  readonly venueFields: Readonly<Record<string, string>>;
}

/** A fill as the wire has it; what it leaves out of the order is known from the order itself. */
export interface FillPatch extends Omit<FillReport, 'symbol' | 'side' | 'derived'> {
  readonly symbol?: string;
  readonly side?: 'buy' | 'sell';
}

/** A position, with the venue's own fields beside the few that all venues share. */
export interface PositionReport {
  readonly symbol: string;
  /** Which of several accounts; absent where there is one. */
  readonly wallet?: string;
  readonly kind: string;
  readonly side?: 'long' | 'short';
  readonly size?: string;
  readonly entryPrice?: string;
  readonly unrealizedProfit?: string;
  readonly venueFields: Readonly<Record<string, string>>;
}

/** A balance, or a summary of several, under the venue's own field names. */
export interface BalanceReport {
  readonly asset?: string;
  /** Which of several wallets or accounts of the asset; absent for the one that trades. */
  readonly wallet?: string;
  readonly total?: string;
  /** What is not reserved by open orders, where the venue says so. */
  readonly available?: string;
  readonly kind: string;
  readonly venueFields: Readonly<Record<string, unknown>>;
}
