/**
 * The wire of Kraken Spot: the constants that both protocols and both halves of the venue need, and
 * the raw frame types of v2; those of v1 are in `v1/messages.ts`. Types and constants only; nothing
 * here reads or makes a frame.
 *
 * The vendor's pages, all under docs.kraken.com/api/docs/ and all read 2026-05:
 * websocket-v2/<channel>, websocket-v1/<channel>, guides/spot-ws-book-v2, guides/spot-ws-l3-v2,
 * guides/spot-ws-intro. Where a rule was seen in recorded traffic instead, the comment says
 * "recorded" and the month.
 *
 * In v2 prices and quantities are JSON numbers whose digits count (see book/number-text.ts): here
 * they are `RawNumber`. In v1 they are strings. Keys come in no fixed order; unknown ones appear
 * over time.
 */

/**
 * Depths of `book`, levels a side (websocket-v2/book, websocket-v1/book). The first is the default.
 */
export const BOOK_DEPTHS = [10, 25, 100, 500, 1000] as const;

/** Depths of `level3`, price levels a side (websocket-v2/level3). The first is the default. */
export const LEVEL3_DEPTHS = [10, 100, 1000] as const;

/** How many of the best levels a checksum covers, whatever the depth (guides/spot-ws-book-v2). */
export const CHECKSUM_DEPTH = 10;

/** Minutes that a candle may cover (websocket-v2/ohlc). The first is the default of v1. */
export const CANDLE_MINUTES = [1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600] as const;

/**
 * Heartbeats come this often beside any traffic once something is subscribed (recorded 2023-08).
 */
export const HEARTBEAT_EVERY_MS = 1_000;

/** What a `level3` subscription of one symbol costs by its depth (websocket-v2/level3). */
export const LEVEL3_COSTS: ReadonlyMap<number, number> = new Map([
  [10, 5],
  [100, 25],
  [1000, 100],
]);

/** How much of that is taken in one second; accounts of the tier pro have 500. */
export const LEVEL3_COST_LIMIT = { count: 200, windowMs: 1_000 } as const;

/** Symbols on one `level3` connection (websocket-v2/level3). */
export const LEVEL3_SYMBOLS_MAX = 200;

/** What the venue says when too much is sent; the frame around it differs by source (FAQ). */
export const RATE_LIMIT_TEXT = 'Exceeded msg rate';

/** A number of the wire, seen as the text that it is; `JSON.parse` alone would lose its zeros. */
export type RawNumber = string;

/**
 * A channel of v2, as requests, acks and data frames spell it (websocket-v2); `level3`,
 * `executions` and `balances` need a token.
 */
export type V2Channel =
  'book' | 'level3' | 'ticker' | 'trade' | 'ohlc' | 'instrument' | 'executions' | 'balances';

/**
 * Client to server:
 * `{"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10}, "req_id":1}`.
 * Unknown keys and numbers in quotes are refused (recorded 2024-05); `ping` takes no `params`, not
 * even null.
 */
export interface RawV2Request {
  readonly method: 'subscribe' | 'unsubscribe' | 'ping';
  readonly params?: {
    readonly channel: V2Channel;
    readonly symbol?: readonly string[];
    readonly snapshot?: boolean;
    /** `book`, `level3`. An unsubscribe gives the same. */
    readonly depth?: number;
    /** `ohlc`, minutes. */
    readonly interval?: number;
    /** `ticker`; `trades` by default. */
    readonly event_trigger?: 'trades' | 'bbo';
    /** `executions`: open orders, and the latest fills, with the snapshot. */
    readonly snap_orders?: boolean;
    readonly snap_trades?: boolean;
    /** `executions`: the engine's count with each report. */
    readonly ratecounter?: boolean;
    /** Of private channels; put in place by the sign-in. */
    readonly token?: string;
  };
  readonly req_id?: number;
}

/**
 * One ack for each symbol:
 * `{"method":"subscribe","req_id":11,"result":{"channel":"book","depth":10,
 * "snapshot":true,"symbol":"BTC/USD"},"success":true,"time_in":"2024-05-19T16:27:13.694962Z",
 * "time_out":"2024-05-19T16:27:13.695006Z"}`. A pong has no `success` (recorded 2024-05), a refusal
 * has one `error` text and, since 2025-08 at the latest, the `symbol` it is about.
 */
export interface RawV2Reply {
  readonly method: string;
  readonly req_id?: RawNumber;
  readonly success?: boolean;
  readonly error?: string;
  readonly symbol?: string;
  readonly result?: {
    readonly channel?: string;
    readonly symbol?: string;
    readonly warnings?: readonly string[];
    /** `executions`: the count above which the engine refuses orders; 60, 125 or 180. */
    readonly maxratecount?: RawNumber;
  };
  readonly time_in?: string;
  readonly time_out?: string;
}

/**
 * Order methods (websocket-v2/add_order and its siblings):
 * `{"method":"add_order","params":{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":
 * 0.5,"limit_price":26500.4,"cl_ord_id":"…","token":"…"},"req_id":7}`. Numbers stand without quotes.
 */
export const ORDER_METHODS = [
  'add_order',
  'amend_order',
  'edit_order',
  'cancel_order',
  'cancel_all',
  'cancel_all_orders_after',
  'batch_add',
  'batch_cancel',
] as const;

/** A method of order entry in v2. */
export type OrderMethod = (typeof ORDER_METHODS)[number];

/** How many fills come with a subscription to `executions` (websocket-v2/executions). */
export const SNAPSHOT_FILLS = 50;

/** Data: `{"channel":…,"type":"snapshot"|"update","data":[…]}`; of `instrument` an object. */
export interface RawV2Frame<Data> {
  readonly channel: string;
  readonly type: 'snapshot' | 'update';
  readonly data: Data;
}

/**
 * Sent by itself after the handshake and on each change.
 * `{"channel":"status","data":[{"api_version":
 * "v2","connection_id":12393906104898154338,"system":"online","version":"2.0.4"}],"type":"update"}`:
 * the id passes 2^53, and was missing in one frame of a maintenance (recorded 2024-05).
 */
export interface RawV2Status {
  readonly system: 'online' | 'maintenance' | 'cancel_only' | 'post_only';
  readonly connection_id?: RawNumber;
}

/**
 * `{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[{"price":64525.3,
 * "qty":0.00000000},{"price":64532.8,"qty":1.23479983}],"checksum":2175437505,"timestamp":
 * "2026-07-19T17:54:39.784623Z"}]}`. Quantity zero deletes; the same price may occur twice, the
 * later counts; what is pushed below the depth gets no delete. The time is absent from snapshots
 * before 2026.
 */
export interface RawV2Book {
  readonly symbol: string;
  readonly bids: readonly RawV2Level[];
  readonly asks: readonly RawV2Level[];
  /** Of the book after this message; in snapshots too. */
  readonly checksum: RawNumber;
  readonly timestamp?: string;
}

/** One level: price and total quantity, padded to the pair's precisions. */
export interface RawV2Level {
  readonly price: RawNumber;
  readonly qty: RawNumber;
}

/**
 * One order of `level3`: `{"event":"delete","order_id":"O7SO4Y-RHRAK-GGAHJE","limit_price":66567.3,
 * "order_qty":0.22540000,"timestamp":"2024-05-19T18:59:46.541105556Z"}`. A snapshot has no `event`
 * and stands in order of price, then queue. A delete names the last quantity, not zero.
 */
export interface RawV2Order {
  readonly event?: 'add' | 'modify' | 'delete';
  readonly order_id: string;
  readonly limit_price: RawNumber;
  readonly order_qty: RawNumber;
  readonly timestamp: string;
}

/** `level3`: as `book`, with orders in the place of levels. */
export interface RawV2OrdersBook {
  readonly symbol: string;
  readonly bids: readonly RawV2Order[];
  readonly asks: readonly RawV2Order[];
  readonly checksum: RawNumber;
  readonly timestamp?: string;
}

/**
 * `{"symbol":"BTC/USD","bid":65843.7,"bid_qty":12.31628629,"ask":65843.8,"ask_qty":0.31232000,"last":
 * 65843.7,"volume":4182.59447976,"vwap":64223.4,"low":61325.4,"high":66450.0,"change":4213.8,
 * "change_pct":6.84}`; the time is documented since 2026 and was absent in 2024.
 */
export interface RawV2Ticker {
  readonly symbol: string;
  readonly bid: RawNumber;
  readonly bid_qty: RawNumber;
  readonly ask: RawNumber;
  readonly ask_qty: RawNumber;
  readonly last: RawNumber;
  readonly volume: RawNumber;
  readonly vwap: RawNumber;
  readonly low: RawNumber;
  readonly high: RawNumber;
  readonly change: RawNumber;
  readonly change_pct: RawNumber;
  readonly timestamp?: string;
}

/**
 * `{"symbol":"BTC/USD","side":"sell","price":68466.9,"qty":0.01919415,"ord_type":"market","trade_id":
 * 70635251,"timestamp":"2024-05-27T12:33:10.826003Z"}`. The side is the taker's; ids have no holes,
 * symbol by symbol (websocket-v2/trade). A snapshot is the last 50.
 */
export interface RawV2Trade {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: RawNumber;
  readonly qty: RawNumber;
  readonly ord_type: 'limit' | 'market';
  readonly trade_id: RawNumber;
  readonly timestamp: string;
}

/**
 * `{"symbol":"ETH/USD","open":3027.80,"high":3027.80,"low":3026.13,"close":3026.13,"trades":9,"volume":
 * 13.31603062,"vwap":3027.01,"interval_begin":"2024-05-17T11:12:00.000000000Z","interval":1,"timestamp":
 * "2024-05-17T11:13:00.000000Z"}`. Sent on trades only; no candle is marked as closed. `timestamp`
 * is deprecated and holds the end, against its description.
 */
export interface RawV2Candle {
  readonly symbol: string;
  readonly open: RawNumber;
  readonly high: RawNumber;
  readonly low: RawNumber;
  readonly close: RawNumber;
  readonly vwap: RawNumber;
  readonly volume: RawNumber;
  readonly trades: RawNumber;
  readonly interval_begin: string;
  readonly interval: RawNumber;
}

/** `instrument`: what can be traded; updates hold the changed elements only. */
export interface RawV2Instruments {
  readonly assets: readonly { readonly id: string; readonly status: string }[];
  readonly pairs: readonly RawV2Pair[];
}

/**
 * `{"symbol":"EUR/USD","base":"EUR","quote":"USD","status":"online","qty_precision":8,"qty_increment":
 * 0.00000001,"price_precision":5,"cost_precision":5,"marginable":true,…,"qty_min":0.5,"cost_min":0.5,
 * "tick_size":0.00001,"price_increment":0.00001}`.
 */
export interface RawV2Pair {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly status: string;
  readonly price_precision: RawNumber;
  readonly qty_precision: RawNumber;
  readonly price_increment: RawNumber;
  readonly qty_increment: RawNumber;
  readonly qty_min: RawNumber;
  readonly cost_min: RawNumber;
}
