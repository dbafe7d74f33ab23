/**
 * The wire of Cloud9Trader's WebSocket API: raw frame types and the constants that both halves of
 * the venue need. Types and constants only; nothing here reads or makes a frame.
 *
 * The vendor's pages, all under www.cloud9trader.com/documentation/cloud9trader-api/ and read 2026:
 * websocket-api, message-structure, public-channels/<name>, private-channels/<name>,
 * submitting-orders. "Library" is its client library, version 0.0.22. The service itself was never
 * observed; what no page says is ours, and README.md lists it.
 *
 * Every frame, in both directions, is one JSON array as text (message-structure). Prices are JSON
 * numbers; here they are `RawNumber`, the digits of the wire. Times are ISO-8601 texts.
 */

/** The first element of what a client sends (message-structure). */
export const INSTRUCTIONS = ['request', 'subscribe', 'unsubscribe', 'submit'] as const;

/** What a client may ask. */
export type Instruction = (typeof INSTRUCTIONS)[number];

/** Families of public topics: `<family>.<symbol>:<broker>` (public-channels). */
export const PUBLIC_FAMILIES = ['price', 'ticker', 'order-book', 'trades'] as const;

/** A family of public topics. */
export type PublicFamily = (typeof PUBLIC_FAMILIES)[number];

/** Topics of the owner's data, on authenticated sockets only (private-channels; library). */
export const PRIVATE_TOPICS = ['orders', 'executions', 'balances', 'positions'] as const;

/** A topic of the owner's data. */
export type PrivateTopic = (typeof PRIVATE_TOPICS)[number];

/** Topics that nobody subscribes: they come by themselves on authenticated sockets (library). */
export const PUSHED_TOPICS = ['messages', 'logs'] as const;

/** The channel of failures that answer no request with an id (message-structure). */
export const ERROR_CHANNEL = 'error';

/**
 * Names of the library's own events, and what its plain object cannot hold: as a topic or a request
 * id they would fire an event, or throw, in an unmodified client.
 */
export const RESERVED_NAMES: readonly string[] = [
  'connected',
  'disconnected',
  'status',
  'error',
  'constructor',
  'prototype',
  '__proto__',
  'toString',
  'valueOf',
  'hasOwnProperty',
];

/** A number of the wire, seen as the text that it is. */
export type RawNumber = string;

/**
 * Client to server: `["request","order-book.XBTUSD:BitMEX","7"]`,
 * `["subscribe","trades.BTCUSD:Bitfinex"]`, `["submit","order",{…},"r1"]`. Only `request` and
 * `submit` take an id.
 */
export type RawRequest =
  | readonly ['request', topic: string, requestId?: string]
  | readonly ['subscribe' | 'unsubscribe', topic: string]
  | readonly ['submit', kind: string, body: unknown, requestId?: string];

/**
 * Server to client: `[topic, data]`, `["error","some message"]`, or `[requestId, error, data]`,
 * with the error first; `null` stands for none (the value is not documented).
 */
export type RawFrame =
  | readonly [topic: string, data: unknown]
  | readonly [requestId: string, error: string | null, data?: unknown];

/**
 * `price.<id>` (public-channels/price): `{"time":"2020-03-04T10:00:00.000Z","instrumentId":
 * "EUR/USD:FXCM","bid":1.11342,"ask":1.11351,"open":true}`. Snapshot and update have one shape.
 */
export interface RawPrice {
  readonly time: string;
  readonly instrumentId: string;
  readonly bid: RawNumber;
  readonly ask: RawNumber;
  /** Whether the market is open for trading. */
  readonly open: boolean;
}

/** `ticker.<id>` (public-channels/ticker), a summary of 24 hours. Brokers fill it in part. */
export interface RawTicker {
  readonly symbol: string;
  readonly time: string;
  readonly priceChange?: RawNumber;
  readonly priceChangePercent?: RawNumber;
  readonly previousDayClose?: RawNumber;
  readonly currentDayClose?: RawNumber;
  readonly open?: RawNumber;
  readonly high?: RawNumber;
  readonly low?: RawNumber;
  readonly volume?: RawNumber;
  readonly quoteVolume?: RawNumber;
  readonly vwap?: RawNumber;
  readonly bid?: RawNumber;
  readonly ask?: RawNumber;
  readonly bidQuantity?: RawNumber;
  readonly askQuantity?: RawNumber;
  readonly tradesCount?: RawNumber;
}

/**
 * One of the list in `trades.<id>` (public-channels/trades), ascending by time, and a list even for
 * one: `{"id":"1","time":"2020-03-04T10:00:00.000Z","price":10002,"quantity":5,"side":"BUY"}`.
 */
export interface RawTrade {
  readonly id: string;
  readonly time: string;
  readonly price: RawNumber;
  readonly quantity: RawNumber;
  readonly side: 'BUY' | 'SELL';
}

/**
 * `order-book.<id>` (public-channels/order-book): `{"sequence":99999998,"bids":[[10002,179],
 * [10001.5,532]],"asks":[[10002.5,5909],[10003,1294]]}`, best first. The payload of a delta is on
 * no page: ours is the same object with the changed levels alone, quantities absolute, zero
 * deletes.
 */
export interface RawBook {
  readonly sequence: RawNumber;
  readonly bids?: readonly RawLevel[];
  readonly asks?: readonly RawLevel[];
}

/** Price and quantity. */
export type RawLevel = readonly [price: RawNumber, quantity: RawNumber];

/**
 * A row of `orders` (private-channels/orders; library). Brokers fill it in part. Rows that tell the
 * past after a subscription carry `snapshot: true`, live ones no such field.
 */
export interface RawOrder {
  readonly broker: string;
  readonly id: string;
  readonly clientOrderId?: string;
  readonly instrumentId: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly status: string;
  readonly time?: string;
  readonly quantity?: RawNumber;
  readonly quantityFilled?: RawNumber;
  readonly quantityRemaining?: RawNumber;
  readonly price?: RawNumber;
  readonly stopPrice?: RawNumber;
  readonly averagePrice?: RawNumber;
  readonly timeInForce?: string;
  readonly detail?: string;
  readonly snapshot?: true;
}

/** What a client submits (submitting-orders). `symbol` is the broker's own, without `:broker`. */
export interface RawOrderSubmission {
  readonly broker: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly quantity: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly timeInForce?: string;
  /** On no page but in the library's types. */
  readonly clientOrderId?: string;
}
