/**
 * What a client may subscribe to in protocol v1, channel by channel. Pure. The texts of refusals
 * are those that clients list (websocket-v1 pages and another client's table, read 2026-05).
 */
import { BOOK_DEPTHS, CANDLE_MINUTES } from '../messages.js';
import type { AccountOptions } from './account/account-desk.js';
import type { Fields } from './request-fields.js';
import type { Channel } from './topic.js';
import type { Wish } from './wish.js';

/** What is asked for. */
export interface V1Subscription {
  readonly wishes: readonly Wish[];
  /** Echoed in refusals, where there is nothing better. */
  readonly subscription: Fields;
  readonly options: AccountOptions;
  readonly token: string | undefined;
}

const PUBLIC: ReadonlySet<string> = new Set(['book', 'ticker', 'trade', 'ohlc', 'spread']);
const PRIVATE: ReadonlySet<string> = new Set(['openOrders', 'ownTrades']);
const SUBSCRIPTION_FIELDS: readonly string[] = [
  'name',
  'depth',
  'interval',
  'token',
  'snapshot',
  'ratecounter',
  'consolidate_taker',
];
const PAIRS_MAX = 5_000;
const ISO_PAIR = /^[A-Z0-9.]{1,16}\/[A-Z0-9.]{1,16}$/;

/** Reads a subscription of pairs; whatever it holds, it does not throw. */
export function readSubscriptionV1(
  subscription: Fields,
  pair: unknown,
  findSymbol: (v1Symbol: string) => string | undefined,
): V1Subscription {
  const { token } = subscription;
  return {
    wishes: readWishes(subscription, pair, findSymbol),
    subscription: showFields(subscription),
    options: readOptions(subscription),
    token: typeof token === 'string' ? token : undefined,
  };
}

function readWishes(
  subscription: Fields,
  pair: unknown,
  findSymbol: (v1Symbol: string) => string | undefined,
): Wish[] {
  const error = findDefect(subscription, pair);
  const pairs = readPairs(pair);
  if (error !== undefined) {
    const symbols = pairs.length > 0 ? pairs : [undefined];
    return symbols.map((symbol) => ({ kind: 'refused', symbol, error }));
  }
  const channel = subscription.name as Channel;
  if (PRIVATE.has(channel)) {
    const topic = { protocol: 'v1', channel, symbol: '', option: '' } as const;
    return [{ kind: 'topic', topic, symbol: '' }];
  }
  const option = readOption(subscription);
  return pairs.map((name) => {
    const symbol = findSymbol(name);
    if (symbol === undefined) return { kind: 'refused', symbol: name, error: explainPair(name) };
    return { kind: 'topic', topic: { protocol: 'v1', channel, symbol, option }, symbol: name };
  });
}

/**
 * What is echoed: no field takes a list or an object, and one may be nested too deeply to be
 * written. A token is not repeated.
 */
function showFields(subscription: Fields): Fields {
  const isFlat = (value: unknown): boolean => typeof value !== 'object' || value === null;
  const fields = Object.entries(subscription);
  return Object.fromEntries(fields.filter(([name, one]) => name !== 'token' && isFlat(one)));
}

/** `openOrders` always begin with what there is; `ownTrades` unless told otherwise. */
function readOptions({ name, snapshot, ratecounter }: Fields): AccountOptions {
  return {
    snapshot: name === 'openOrders' || snapshot !== false,
    snapOrders: true,
    snapTrades: true,
    orderStatus: true,
    rateCounter: ratecounter === true,
  };
}

function findDefect(subscription: Fields, pair: unknown): string | undefined {
  const { name, depth, interval, token } = subscription;
  if (typeof name !== 'string' || !(PUBLIC.has(name) || PRIVATE.has(name))) {
    return 'Subscription name invalid';
  }
  if (Object.keys(subscription).some((field) => !SUBSCRIPTION_FIELDS.includes(field))) {
    return 'Subscription object unsupported field';
  }
  if (PRIVATE.has(name)) {
    if (pair !== undefined) return 'Pair field unsupported for this subscription type';
    return typeof token === 'string' ? undefined : 'Token(s) not found';
  }
  if (pair === undefined) return 'Pair(s) not found';
  if (!Array.isArray(pair)) return 'Pair field must be an array';
  if (readPairs(pair).length === 0 || pair.length > PAIRS_MAX) return 'Pair(s) not found';
  if (name === 'book' && depth !== undefined) {
    if (!Number.isInteger(depth)) return 'Subscription book depth must be an integer';
    if (!isOffered(BOOK_DEPTHS, depth)) return 'Subscription depth not supported';
  }
  if (name === 'ohlc' && interval !== undefined) {
    if (!Number.isInteger(interval)) return 'Subscription ohlc interval must be an integer';
    if (!isOffered(CANDLE_MINUTES, interval)) return 'Subscription ohlc interval not supported';
  }
  return undefined;
}

function isOffered(offered: readonly number[], value: unknown): boolean {
  return offered.some((one) => one === value);
}

function readPairs(pair: unknown): string[] {
  if (!Array.isArray(pair)) return [];
  return [...new Set(pair.filter((one): one is string => typeof one === 'string'))];
}

/** Depth or minutes; in acks and data it stands in the channel's name, also where it is missing. */
function readOption({ name, depth, interval }: Fields): string {
  const choose = (value: unknown, byDefault: number): string =>
    String(typeof value === 'number' ? value : byDefault);
  if (name === 'book') return choose(depth, BOOK_DEPTHS[0]);
  return name === 'ohlc' ? choose(interval, CANDLE_MINUTES[0]) : '';
}

function explainPair(name: string): string {
  return ISO_PAIR.test(name)
    ? `Currency pair not supported ${name}`
    : `Currency pair not in ISO 4217-A3 format ${name}`;
}
