/**
 * What topics carry, as a program that parsed the JSON sees it. By the documentation where it says
 * something, else by the vendor's library; where its types disagree with each other, both are
 * allowed.
 */

/** `price.<id>`. */
export interface Price {
  readonly time: string;
  readonly instrumentId: string;
  readonly bid: number;
  readonly ask: number;
  readonly open: boolean;
}

/** `ticker.<id>`; brokers fill it in part. */
export interface TickerSummary {
  readonly symbol: string;
  readonly time: string;
  readonly priceChange?: number;
  readonly priceChangePercent?: number;
  readonly previousDayClose?: number;
  readonly currentDayClose?: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly volume?: number;
  readonly quoteVolume?: number;
  readonly vwap?: number;
  readonly bid?: number;
  readonly ask?: number;
  readonly bidQuantity?: number;
  readonly askQuantity?: number;
  readonly tradesCount?: number;
}

/** One of the list in `trades.<id>`. */
export interface TradeRow {
  readonly id: string;
  readonly time: string;
  readonly price: number;
  readonly quantity: number;
  readonly side: 'BUY' | 'SELL';
}

/** `order-book.<id>`, whole or changed. */
export interface OrderBook {
  readonly sequence: number;
  readonly bids: readonly (readonly [price: number, quantity: number])[];
  readonly asks: readonly (readonly [price: number, quantity: number])[];
}

/** A row of `orders`. */
export interface Order {
  readonly broker: string;
  readonly id: string;
  readonly brokerOrderId?: string;
  readonly clientOrderId?: string;
  readonly accountNo?: string | number;
  readonly currency?: string;
  readonly instrumentId: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number | string;
  readonly quantityFilled?: number | string;
  readonly quantityRemaining?: number | string;
  readonly type: string;
  readonly time?: string;
  readonly timeInForce?: string;
  readonly price?: number;
  readonly stopPrice?: number;
  readonly status: string;
  readonly detail?: string;
  readonly averagePrice?: number | string;
  /** On rows that tell the past; never false. */
  readonly snapshot?: true;
}

/** A row of `executions`. */
export interface Execution {
  readonly broker: string;
  readonly id: string;
  readonly accountNo?: string | number;
  readonly orderId?: string;
  readonly instrumentId: string;
  readonly symbol: string;
  readonly time?: string;
  readonly side?: 'BUY' | 'SELL';
  readonly quantity?: number | string;
  readonly price?: number;
  readonly maker?: boolean;
  readonly fee?: number;
  readonly feeCurrency?: string;
  readonly snapshot?: true;
}

/** What `submit` sends, by the documentation; further fields go out untouched. */
export interface OrderSubmission {
  readonly broker: string;
  /** As the broker spells it, without `:broker`. */
  readonly symbol?: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly quantity: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly timeInForce?: string;
  readonly clientOrderId?: string;
  readonly [field: string]: unknown;
}

/** An instrument, as the HTTP interface lists it. */
export interface InstrumentRow {
  readonly id: string;
  readonly broker: string;
  readonly symbol: string;
  readonly displayName?: string;
  readonly [field: string]: unknown;
}
