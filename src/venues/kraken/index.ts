/**
 * Kraken Spot, protocols v2 and v1. README.md of this folder says what is known of the venue, and
 * how.
 *
 * @packageDocumentation
 */
import type { NonceScale } from '../../auth/nonce.js';
import type { NonceSource } from '../../model/auth.js';
import { ConfigError } from '../../model/error.js';
import { checkNames } from '../../model/option-names.js';
import type { BackoffRule, LivenessRule, Venue, VenueLimits } from '../../model/venue.js';
import {
  checkAddress,
  chooseRestUrl,
  KRAKEN_AUTH_URL,
  KRAKEN_LEVEL3_URL,
  KRAKEN_MARKET_URL,
  KRAKEN_V1_AUTH_URL,
  KRAKEN_V1_MARKET_URL,
  type KrakenAddressOptions,
} from './addresses.js';
import { krakenAuth } from './auth.js';
import { BOOK_DEPTH_DEFAULT, bookRule, ORDERS_BOOK_RULE, type BookDepth } from './book.js';
import { V2_CHANNEL_RULES } from './channels.js';
import { createKrakenCodec } from './codec.js';
import type { KrakenCredentials } from './credentials.js';
import { BOOK_DEPTHS, CANDLE_MINUTES, LEVEL3_COST_LIMIT } from './messages.js';
import { ORDER_ENTRY_V1, ORDER_ENTRY_V2 } from './order-entry.js';
import { SEQUENCE_RULE_V1, SEQUENCE_RULE_V2 } from './sequence.js';
import { symbolRule } from './symbols.js';
import { V1_CHANNEL_RULES } from './v1/channels.js';
import { createKrakenV1Codec } from './v1/codec.js';

export { krakenAuth, type KrakenAuthOptions } from './auth.js';
export {
  createKrakenSigner,
  explainKrakenSecret,
  parseKrakenCredentials,
  type KrakenCredentials,
} from './credentials.js';
export { KRAKEN_ERRORS, describeKrakenError, type KrakenErrorRule } from './errors.js';
export { signKrakenRequest, type KrakenRequest } from './request.js';
export {
  fetchKrakenToken,
  KRAKEN_REST_URL,
  type KrakenToken,
  type KrakenTokenTools,
} from './token.js';
export {
  KRAKEN_AUTH_URL,
  KRAKEN_LEVEL3_URL,
  KRAKEN_MARKET_URL,
  KRAKEN_V1_AUTH_URL,
  KRAKEN_V1_MARKET_URL,
  type KrakenAddressOptions,
} from './addresses.js';
export type { BookDepth } from './book.js';

/** Minutes that a candle may cover. */
export type CandleMinutes = (typeof CANDLE_MINUTES)[number];

/** What may differ from the venue as it is, in protocol v1. */
export interface KrakenV1Options extends KrakenAddressOptions {
  /** Levels a side of books that name no depth; 10, which is how deep the checksum proves. */
  readonly bookDepth?: BookDepth | undefined;
  /** Minutes of a candle; 1 by default. */
  readonly candleMinutes?: CandleMinutes | undefined;
  /** Nonces of the key for the token, shared by all that use the key; from the clock by default. */
  readonly nonces?: NonceSource | undefined;
  /** Of the nonces by default: milliseconds unless the key once saw larger ones. */
  readonly nonceScale?: NonceScale | undefined;
}

/** What may differ from the venue as it is. */
export interface KrakenOptions extends KrakenV1Options {
  /** Another address for order-by-order books; the private one by default if that one is given. */
  readonly level3Url?: string | undefined;
  /**
   * Whether a ticker comes with each trade, as by default, or with each change of the best prices.
   */
  readonly tickerTrigger?: 'trades' | 'bbo' | undefined;
}

/** Complete by their types: a new option that is left out here does not compile. */
const V1_OPTION_NAMES: Readonly<Record<keyof KrakenV1Options, true>> = {
  marketUrl: true,
  authUrl: true,
  restUrl: true,
  bookDepth: true,
  candleMinutes: true,
  nonces: true,
  nonceScale: true,
};

const V2_OPTION_NAMES: Readonly<Record<keyof KrakenOptions, true>> = {
  ...V1_OPTION_NAMES,
  level3Url: true,
  tickerTrigger: true,
};

const MIB = 2 ** 20;

const LIMITS: VenueLimits = {
  // Some 150 attempts in ten minutes, then the address is banned for as long
  // (guides/spot-ws-intro).
  connects: { count: 140, windowMs: 600_000 },
  // No number is published; another client lives with 20 a second in bursts of ten.
  messages: { count: 10, windowMs: 500, costs: LEVEL3_COST_LIMIT },
  // Instruments were 236 kB (recorded 2024-04); order-by-order books at depth 1,000 are far larger.
  maxFrameBytes: 32 * MIB,
};

/**
 * Heartbeats come once a second, but only while something is subscribed; a socket whose first
 * subscription is still open, or was refused, hears nothing but the answers to its pings.
 */
const LIVENESS: LivenessRule = { silentAfterMs: 10_000, pingEveryMs: 4_000 };

/**
 * A drop at random may be retried soon; the guide ends at a minute
 * (guides/websockets/reconnection).
 */
const BACKOFF: BackoffRule = { firstMs: 1_000, maxMs: 60_000, leastMs: 200 };

const BOTH_PROTOCOLS = {
  acknowledges: 'each',
  limits: LIMITS,
  liveness: LIVENESS,
  backoff: BACKOFF,
} as const;

/** Makes the venue in protocol v2. Every fact of it is data or pure, but `createAuth`. */
export function kraken(options: KrakenOptions = {}): Venue<KrakenCredentials> {
  checkNames('the options of kraken', options, V2_OPTION_NAMES);
  const { marketUrl = KRAKEN_MARKET_URL, tickerTrigger = 'trades' } = options;
  const authUrl = options.authUrl ?? options.marketUrl ?? KRAKEN_AUTH_URL;
  const level3Url = options.level3Url ?? options.authUrl ?? options.marketUrl ?? KRAKEN_LEVEL3_URL;
  const endpoints = [
    { name: 'market', url: checkAddress(marketUrl, 'marketUrl') },
    { name: 'auth', url: checkAddress(authUrl, 'authUrl') },
    { name: 'level3', url: checkAddress(level3Url, 'level3Url') },
  ];
  const restUrl = chooseRestUrl(options.restUrl, level3Url);
  const choices = checkChoices(options);
  return {
    id: 'kraken',
    title: 'Kraken',
    endpoints,
    channels: V2_CHANNEL_RULES,
    ...BOTH_PROTOCOLS,
    sequence: SEQUENCE_RULE_V2,
    book: bookRule(choices.bookDepth),
    ordersBook: ORDERS_BOOK_RULE,
    symbols: symbolRule('v2'),
    orderEntry: ORDER_ENTRY_V2,
    createCodec: () => createKrakenCodec({ ...choices, tickerTrigger }),
    createAuth: (credentials, tools) => krakenAuth(credentials, tools, { ...options, restUrl }),
  };
}

/** Makes the venue in protocol v1. */
export function krakenV1(options: KrakenV1Options = {}): Venue<KrakenCredentials> {
  checkNames('the options of krakenV1', options, V1_OPTION_NAMES);
  const { marketUrl = KRAKEN_V1_MARKET_URL } = options;
  const authUrl = options.authUrl ?? options.marketUrl ?? KRAKEN_V1_AUTH_URL;
  const endpoints = [
    { name: 'market', url: checkAddress(marketUrl, 'marketUrl') },
    { name: 'auth', url: checkAddress(authUrl, 'authUrl') },
  ];
  const restUrl = chooseRestUrl(options.restUrl, authUrl);
  const choices = checkChoices(options);
  return {
    id: 'kraken-v1',
    title: 'Kraken (WebSocket v1)',
    endpoints,
    channels: V1_CHANNEL_RULES,
    ...BOTH_PROTOCOLS,
    sequence: SEQUENCE_RULE_V1,
    book: bookRule(choices.bookDepth),
    symbols: symbolRule('v1'),
    orderEntry: ORDER_ENTRY_V1,
    createCodec: () => createKrakenV1Codec(choices),
    createAuth: (credentials, tools) => krakenAuth(credentials, tools, { ...options, restUrl }),
  };
}

/** The depth and the candle, by default or as chosen; what the venue does not offer is refused. */
function checkChoices(options: KrakenV1Options): {
  readonly bookDepth: BookDepth;
  readonly candleMinutes: CandleMinutes;
} {
  const { bookDepth = BOOK_DEPTH_DEFAULT, candleMinutes = 1 } = options;
  return {
    bookDepth: checkChoice('bookDepth', bookDepth, BOOK_DEPTHS),
    candleMinutes: checkChoice('candleMinutes', candleMinutes, CANDLE_MINUTES),
  };
}

/** Options come from configuration files as well, where no type keeps them right. */
function checkChoice<Choice extends number>(
  option: string,
  chosen: Choice,
  offered: readonly Choice[],
): Choice {
  if (offered.includes(chosen)) return chosen;
  throw new ConfigError(
    'OPTION_INVALID',
    `The option ${option} is ${String(chosen)}; Kraken offers ${offered.join(', ')}.`,
    { facts: { option } },
  );
}
