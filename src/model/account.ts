/** Private data as the venues' codecs deliver it; numbers are exact decimal strings. */

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
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly averagePrice?: string;
  readonly filledSize?: string;
  readonly filledValue?: string;
  readonly remainingSize?: string;
  readonly fees?: string;
  readonly postOnly?: boolean;
  readonly reason?: string;
  readonly createdAtMs?: number;
  /** Every field as the venue sent it, by the venue's own name. */
  readonly venueFields: Readonly<Record<string, string>>;
}

/** A position, with the venue's own fields beside the few that all venues share. */
export interface PositionReport {
  readonly symbol: string;
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
  readonly total?: string;
  readonly kind: string;
  readonly venueFields: Readonly<Record<string, unknown>>;
}
