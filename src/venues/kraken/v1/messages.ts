/**
 * The wire of Kraken Spot, protocol v1: what `../messages.ts` is for v2. Types and constants only.
 */
import type { RawNumber } from '../messages.js';

/**
 * The subscription name of a public channel of v1 (websocket-v1). In acks and data `book` and
 * `ohlc` carry their option: `book-10`.
 */
export type V1Channel = 'book' | 'ticker' | 'trade' | 'ohlc' | 'spread';

/**
 * The owner's channels of v1 (websocket-v1/openorders, websocket-v1/owntrades):
 * `[[{"OKB55A-UEMMN-YUXM2A":{"status":"open","userref":0}}],"openOrders",{"sequence":2}]`. The
 * number counts for each subscription, from 1 with the snapshot (recorded 2023-08).
 */
export const V1_PRIVATE_CHANNELS = ['openOrders', 'ownTrades'] as const;

/** A channel of v1 that needs a token and takes no pair. */
export type V1PrivateChannel = (typeof V1_PRIVATE_CHANNELS)[number];

/**
 * Client to server:
 * `{"event":"subscribe","reqid":1,"pair":["XBT/USD"],"subscription":{"name":"book", "depth":10}}`,
 * `{"event":"ping","reqid":42}`.
 */
export interface RawV1Request {
  readonly event: 'subscribe' | 'unsubscribe' | 'ping';
  readonly reqid?: number;
  readonly pair?: readonly string[];
  readonly subscription?: {
    readonly name: V1Channel | V1PrivateChannel;
    readonly depth?: number;
    readonly interval?: number;
    /** `openOrders`: the engine's count with each report. */
    readonly ratecounter?: boolean;
  };
}

/**
 * Order events of v1 (websocket-v1/addorder and its siblings), each answered by one with `Status`
 * at its end. All values are texts but `reqid`, `timeout` and flags.
 */
export const V1_ORDER_EVENTS = [
  'addOrder',
  'amendOrder',
  'editOrder',
  'cancelOrder',
  'cancelAll',
  'cancelAllOrdersAfter',
] as const;

/** An event of order entry in v1. */
export type V1OrderEvent = (typeof V1_ORDER_EVENTS)[number];

/**
 * One for each pair:
 * `{"channelID":1664,"channelName":"book-1000","event":"subscriptionStatus","pair":
 * "WAVES/EUR","status":"subscribed","subscription":{"depth":1000,"name":"book"}}`; a refusal has
 * `errorMessage` and no channel name. The number of the channel is deprecated.
 */
export interface RawV1SubscriptionStatus {
  readonly event: 'subscriptionStatus';
  readonly status: 'subscribed' | 'unsubscribed' | 'error';
  readonly channelName?: string;
  readonly pair?: string;
  readonly reqid?: RawNumber;
  readonly errorMessage?: string;
  readonly subscription?: { readonly name: string };
}

/**
 * `{"connectionID":18239578009413566319,"event":"systemStatus","status":"online","version":"1.8.3"}`.
 */
export interface RawV1SystemStatus {
  readonly event: 'systemStatus';
  readonly status: string;
}

/** `{"errorMessage":"Malformed request","event":"error"}`: does not say what it answers. */
export interface RawV1Error {
  readonly event: 'error';
  readonly errorMessage: string;
  readonly reqid?: RawNumber;
}

/**
 * Data: `[channelID, payload…, channelName, pair]`, read from the end: a book that changed on both
 * sides has two payloads (recorded 2021-04).
 * `[2304,{"a":[["0.074700000","0.00000000","1690246089.516119"],["0.074738500","125000.00000000",
 * "1690246063.352141","r"]],"c":"2219685759"},"book-10","XDG/USD"]`.
 */
export type RawV1Data = readonly [number, ...unknown[]];

/**
 * `[price, volume, time]`, and "r" where a level comes back into the window: a set like any other.
 */
export type RawV1Level = readonly [string, string, string, 'r'?];

/**
 * A snapshot has `as` and `bs` and no checksum; an update `a`, `b` or both, and `c` in the last.
 */
export interface RawV1Book {
  readonly as?: readonly RawV1Level[];
  readonly bs?: readonly RawV1Level[];
  readonly a?: readonly RawV1Level[];
  readonly b?: readonly RawV1Level[];
  readonly c?: string;
}

/** `a`, `b`: [price, whole lots, lots]; `c`: [price, lots]; the others: [today, last 24 hours]. */
export interface RawV1Ticker {
  readonly a: readonly [string, RawNumber, string];
  readonly b: readonly [string, RawNumber, string];
  readonly c: readonly [string, string];
  readonly v: readonly [string, string];
  readonly p: readonly [string, string];
  readonly l: readonly [string, string];
  readonly h: readonly [string, string];
  readonly o: readonly [string, string];
}

/**
 * `[price, volume, time, "b"|"s", "m"|"l", misc]`; no id, and no history was seen (recorded
 * 2021-04).
 */
export type RawV1Trade = readonly [string, string, string, 'b' | 's', 'm' | 'l', string];

/** `[time, end, open, high, low, close, vwap, volume, count]`, the times in seconds. */
export type RawV1Candle = readonly string[];

/** `[bid, ask, time, bidVolume, askVolume]`. */
export type RawV1Spread = readonly [string, string, string, string, string];
