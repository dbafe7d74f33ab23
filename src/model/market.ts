/**
 * Market data as the venues' codecs deliver it. Every price and size is an exact decimal string, as
 * the wire spelled it, with a double beside it where one is commonly wanted.
 */

/** One trade. `side` is the taker's: `buy` lifted the ask. */
export interface Trade {
  /** '' where the venue gives none: such trades can be neither counted nor told apart. */
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly priceNumber: number;
  readonly sizeNumber: number;
  readonly side: 'buy' | 'sell';
  /** Unix milliseconds, with a fraction where the venue is finer. */
  readonly tradedAtMs: number;
}

/** A summary of one instrument; what a venue does not say is absent. */
export interface Ticker {
  readonly last?: string;
  readonly bid?: string;
  readonly ask?: string;
  readonly bidSize?: string;
  readonly askSize?: string;
  readonly open24h?: string;
  readonly high24h?: string;
  readonly low24h?: string;
  /** In the base currency. */
  readonly volume24h?: string;
  readonly vwap24h?: string;
  readonly change24h?: string;
  readonly changePercent24h?: string;
  readonly high52w?: string;
  readonly low52w?: string;
}

/** One candle. A venue that marks no end leaves `closed` out until a later candle begins. */
export interface Candle {
  readonly openedAtMs: number;
  readonly intervalMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly vwap?: string;
  readonly tradeCount?: number;
}

/** What can be traded and how; increments are decimal strings. */
export interface Instrument {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** The venue's own word. */
  readonly status: string;
  readonly statusMessage?: string;
  readonly kind?: string;
  readonly displayName?: string;
  readonly priceIncrement?: string;
  readonly sizeIncrement?: string;
  readonly minSize?: string;
  readonly minCost?: string;
}

/** Whether the venue trades, one vocabulary for all venues: only `online` matches orders. */
export type VenueStatus =
  'online' | 'maintenance' | 'cancel-only' | 'post-only' | 'limit-only' | 'other';
