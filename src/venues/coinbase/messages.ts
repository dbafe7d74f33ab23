/**
 * The wire of Coinbase Advanced Trade: raw frame types and the constants that both halves of the
 * venue need. Types and constants only; nothing here reads or makes a frame.
 *
 * The vendor's pages, all under docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/
 * and all read 2026-11: websocket-channels, websocket-overview, websocket-authentication,
 * websocket-rate-limits, websocket-endpoints. Where a rule was seen in recorded traffic instead,
 * the comment says "recorded" and the month.
 *
 * Every price, quantity and percentage is a JSON string: plain decimal, no exponent, no trailing
 * zeros. Only `sequence_num` and `heartbeat_counter` are JSON numbers (recorded 2026-08).
 */

/** Channel names as a request and an ack spell them (websocket-channels). */
export const REQUEST_CHANNELS = [
  'level2',
  'market_trades',
  'ticker',
  'ticker_batch',
  'candles',
  'status',
  'heartbeats',
  'user',
  'futures_balance_summary',
] as const;

/** A channel name in a request or an ack. */
export type RequestChannel = (typeof REQUEST_CHANNELS)[number];

/** Data of `level2` arrives under this name; all others keep theirs (recorded 2026-08). */
export const LEVEL2_DATA_CHANNEL = 'l2_data';

/** The channels that need a token; all others are public (websocket-channels). */
export const PRIVATE_CHANNELS: readonly RequestChannel[] = ['user', 'futures_balance_summary'];

/** Level2 products on one connection: 30 accepted, 31 refused (measured 2026-09; undocumented). */
export const LEVEL2_PRODUCTS_MAX = 30;

/** A connection without a subscribe is cut after this long (websocket-overview). */
export const SUBSCRIBE_WITHIN_MS = 5_000;

/** Open orders come in batches of this many; the first smaller one is the last (user channel). */
export const ORDERS_PER_BATCH = 50;

/** Candles cover five minutes, always (websocket-channels). */
export const CANDLE_INTERVAL_MS = 300_000;

/** What the venue writes where a time does not apply (recorded 2025-02). */
export const NO_TIME = '0001-01-01T00:00:00Z';

/** The only -USDC products that are not another name of the -USD one (REST products, 2026-08). */
export const NATIVE_USDC_PRODUCTS: readonly string[] = [
  'USDT-USDC',
  'EURC-USDC',
  'XSGD-USDC',
  'TGBP-USDC',
  'AUDD-USDC',
];

/** The literal texts of error frames (recorded; the last one by report only). */
export const ERROR_TEXTS = {
  authentication: 'authentication failure',
  tooManyLevel2: 'too many L2 streams requested in a single session',
  rateLimit: 'rate limit exceeded',
  subscribe: 'failure to subscribe',
} as const;

/**
 * Client to server, one channel a message (websocket-overview):
 * `{"type":"subscribe","product_ids":["BTC-USD","ETH-USD"],"channel":"level2","jwt":"..."}`.
 */
export interface RawRequest {
  readonly type: 'subscribe' | 'unsubscribe';
  readonly channel: RequestChannel;
  /** Absent: all products (status, user), or a channel without products. */
  readonly product_ids?: readonly string[];
  /** Needed for private channels only; a bad one is refused on a public channel as well. */
  readonly jwt?: string;
}

/**
 * What every data frame and ack is wrapped in (recorded 2026-08):
 * `{"channel":"l2_data","timestamp":"2026-09-30T02:39:53.690696234Z","sequence_num":1,"events":[…]}`.
 */
export interface RawEnvelope<Event = unknown> {
  readonly channel: string;
  /** Absent on the market host, an empty string on the user host (recorded 2026-09). */
  readonly client_id?: string;
  /** Server send time, RFC 3339 in UTC, 0 to 9 fraction digits, trailing zeros trimmed. */
  readonly timestamp: string;
  /** Counts every enveloped frame of the connection from 0 (recorded 2026-08; see sequence.ts). */
  readonly sequence_num: number;
  /** One event in every recorded frame; the format allows more. */
  readonly events: readonly Event[];
}

/**
 * The whole set that the connection holds after a request (recorded 2026-08), `user` with the
 * user's id instead of products:
 * `{"subscriptions":{"heartbeats":["heartbeats"],"level2":["BTC-USD"]}}`.
 */
export interface RawSubscriptionsEvent {
  readonly subscriptions: Readonly<Record<string, readonly string[]>>;
}

/**
 * Once a second, no type and no product (recorded 2026-09): `{"current_time":"2026-09-30
 * 02:37:15.057778606 +0000 UTC m=+21697.195984854","heartbeat_counter":21697}`.
 */
export interface RawHeartbeatEvent {
  /** The default time text of Go, not RFC 3339. */
  readonly current_time: string;
  /** Seconds of server uptime, from anywhere; a string in the documentation's example. */
  readonly heartbeat_counter: number | string;
}

/** A snapshot precedes the updates of its product (websocket-channels). */
export type RawEventType = 'snapshot' | 'update';

/**
 * Best first: bids high to low, then offers low to high (recorded 2026-08):
 * `{"type":"update","product_id":"BTC-USD","updates":[{"side":"offer",
 * "event_time":"2026-08-09T21:05:48.407682Z","price_level":"65106.54","new_quantity":"0"}]}`.
 */
export interface RawLevel2Event {
  readonly type: RawEventType;
  readonly product_id: string;
  readonly updates: readonly RawLevel2Update[];
}

/** One level: the absolute size at the price, `"0"` to delete (websocket-channels). */
export interface RawLevel2Update {
  readonly side: 'bid' | 'offer';
  readonly event_time: string;
  readonly price_level: string;
  readonly new_quantity: string;
}

/**
 * Newest first (recorded 2026-08): `{"type":"update","trades":[{"product_id":"BTC-USD",
 * "trade_id":"1100253573","price":"83320.66","size":"0.0041608",
 * "time":"2026-09-30T02:39:59.416138Z","side":"SELL"}]}`.
 */
export interface RawTradesEvent {
  readonly type: RawEventType;
  readonly trades: readonly RawTrade[];
}

/** One trade; `side` is the maker's: SELL prints at the ask (recorded 2026-08, 73 of 78). */
export interface RawTrade {
  readonly product_id: string;
  /** Whole numbers without holes, product by product (recorded 2026-08). */
  readonly trade_id: string;
  readonly price: string;
  readonly size: string;
  readonly time: string;
  readonly side: 'BUY' | 'SELL';
}

/** Of `ticker` and `ticker_batch` (websocket-channels). */
export interface RawTickerEvent {
  readonly type: RawEventType;
  readonly tickers: readonly RawTicker[];
}

/**
 * No time and no trade id (recorded 2026-08): `{"type":"ticker","product_id":"BTC-USD",
 * "price":"65086.18","volume_24_h":"2867.54532609","low_24_h":"64675.22","high_24_h":"65252.99",
 * "low_52_w":"57717.55","high_52_w":"126296","price_percent_chg_24_h":"0.09601107287722",
 * "best_bid":"65083.66","best_ask":"65083.67","best_bid_quantity":"0.20371215",
 * "best_ask_quantity":"0.24290402"}`.
 */
export interface RawTicker {
  readonly type: 'ticker';
  readonly product_id: string;
  readonly price: string;
  readonly volume_24_h: string;
  readonly low_24_h: string;
  readonly high_24_h: string;
  readonly low_52_w: string;
  readonly high_52_w: string;
  readonly price_percent_chg_24_h: string;
  /** The four of the touch are documented for `ticker` only. */
  readonly best_bid?: string;
  readonly best_ask?: string;
  readonly best_bid_quantity?: string;
  readonly best_ask_quantity?: string;
}

/**
 * A snapshot holds 100 candles, oldest first, with holes where nothing traded (recorded 2026-08).
 */
export interface RawCandlesEvent {
  readonly type: RawEventType;
  readonly candles: readonly RawCandle[];
}

/**
 * `{"start":"1786309500","high":"1919.6","low":"1919.27","open":"1919.58","close":"1919.42",
 * "volume":"46.258414","product_id":"ETH-USD"}` (recorded 2026-08); `start` is Unix seconds.
 */
export interface RawCandle {
  readonly start: string;
  readonly high: string;
  readonly low: string;
  readonly open: string;
  readonly close: string;
  readonly volume: string;
  readonly product_id: string;
}

/** Products and their states (websocket-channels; never recorded). */
export interface RawStatusEvent {
  readonly type: RawEventType;
  readonly products: readonly RawProduct[];
}

/**
 * `{"product_type":"SPOT","id":"BTC-USD","base_currency":"BTC","quote_currency":"USD",
 * "base_increment":"0.00000001","quote_increment":"0.01","display_name":"BTC/USD",
 * "status":"online","status_message":"","min_market_funds":"1"}` (websocket-channels).
 */
export interface RawProduct {
  readonly product_type: string;
  readonly id: string;
  readonly base_currency: string;
  readonly quote_currency: string;
  readonly base_increment: string;
  readonly quote_increment: string;
  readonly display_name: string;
  readonly status: string;
  readonly status_message: string;
  readonly min_market_funds: string;
}

/**
 * Orders and positions of the key's owner (recorded 2026-09 for an account without orders):
 * `{"type":"snapshot","orders":[],"positions":{"perpetual_futures_positions":[],
 * "expiring_futures_positions":[],"prediction_market_positions":[]}}`.
 */
export interface RawUserEvent {
  readonly type: RawEventType;
  readonly orders: readonly RawOrder[];
  readonly positions?: RawPositions;
}

/** The three lists of positions; the last one is new in 2026 and may hold anything. */
export interface RawPositions {
  readonly perpetual_futures_positions?: readonly Readonly<Record<string, string>>[];
  readonly expiring_futures_positions?: readonly Readonly<Record<string, string>>[];
  readonly prediction_market_positions?: readonly unknown[];
}

/**
 * One order, every value a string (recorded 2025-02, shortened): `{"avg_price":"3.394",
 * "cumulative_quantity":"0.746","leaves_quantity":"0","limit_price":"3.394","order_id":"7aafde8c-…",
 * "order_side":"SELL","order_type":"Limit","post_only":"false","product_id":"NEAR-USDC",
 * "reject_Reason":"","status":"FILLED","total_fees":"0.008861734",
 * "end_time":"0001-01-01T00:00:00Z"}`. In 2023 an order had 13 of these fields.
 */
export interface RawOrder {
  readonly order_id: string;
  readonly product_id: string;
  readonly order_side: 'BUY' | 'SELL';
  readonly status: string;
  readonly client_order_id?: string;
  readonly product_type?: string;
  /** `Limit` on the wire, `LIMIT` in the documentation, `LIMIT_ORDER_TYPE` in one client. */
  readonly order_type?: string;
  readonly time_in_force?: string;
  readonly limit_price?: string;
  readonly stop_price?: string;
  readonly avg_price?: string;
  readonly cumulative_quantity?: string;
  readonly leaves_quantity?: string;
  readonly filled_value?: string;
  readonly number_of_fills?: string;
  readonly completion_percentage?: string;
  readonly total_fees?: string;
  readonly total_value_after_fees?: string;
  readonly outstanding_hold_amount?: string;
  readonly post_only?: string;
  readonly cancel_reason?: string;
  /** The capital R is on the wire (recorded 2023-01 and 2025-02); the documentation has none. */
  readonly reject_Reason?: string;
  readonly reject_reason?: string;
  readonly trigger_status?: string;
  readonly contract_expiry_type?: string;
  readonly risk_managed_by?: string;
  readonly retail_portfolio_id?: string;
  readonly creation_time?: string;
  readonly start_time?: string;
  readonly end_time?: string;
}

/**
 * The futures account (websocket-channels; never recorded): `{"type":"snapshot",
 * "fcm_balance_summary":{"total_usd_balance":"200.00","intraday_margin_window_measure":
 * {"margin_level":"MARGIN_LEVEL_TYPE_BASE","initial_margin":"100.00"}}}`.
 */
export interface RawBalanceEvent {
  readonly type: RawEventType;
  readonly fcm_balance_summary: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/**
 * `{"type":"error","message":"authentication failure"}` (recorded, several): no channel, no number,
 * no echo of the request; the socket stays open.
 */
export interface RawErrorFrame {
  readonly type: 'error';
  readonly message: string;
}
