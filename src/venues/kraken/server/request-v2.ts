/**
 * What a client may ask in protocol v2, read from one message. Pure. The venue validates strictly:
 * unknown fields and numbers in quotes are refused, with these texts (recorded 2024-05 and
 * 2025-08; those marked "ours" are on no page and in no recording).
 */
import { quoteNumbers } from '../../../book/number-text.js';
import { BOOK_DEPTHS, CANDLE_MINUTES, LEVEL3_DEPTHS } from '../messages.js';
import type { AccountOptions } from './account/account-desk.js';
import type { RequestFields } from './account/order-fields.js';
import { findOrderMisfit, ORDER_KINDS } from './account/order-forms-v2.js';
import type { Channel, Topic } from './topic.js';

/** One thing that a request asks for. */
export type Wish =
  | { readonly kind: 'topic'; readonly topic: Topic; readonly symbol: string }
  | { readonly kind: 'refused'; readonly symbol: string | undefined; readonly error: string };

/** One message, understood or not. `requestId` are the digits that the client sent. */
export type V2Request =
  | { readonly kind: 'refused'; readonly error: string; readonly echo: Echo }
  | { readonly kind: 'ping'; readonly echo: Echo }
  | {
      readonly kind: 'order';
      readonly echo: Echo;
      readonly method: string;
      readonly token: string;
      readonly fields: RequestFields;
    }
  | {
      readonly kind: 'subscribe' | 'unsubscribe';
      readonly echo: Echo;
      readonly channel: Channel;
      readonly wishes: readonly Wish[];
      readonly options: AccountOptions;
      readonly token: string | undefined;
    };

/** What every answer repeats. */
export interface Echo {
  readonly method: string | undefined;
  readonly requestId: string | undefined;
}

const SYMBOLS_MAX = 5_000;

type Fields = Readonly<Record<string, unknown>>;

interface ChannelRule {
  readonly symbols: boolean;
  readonly token: boolean;
  /** Fields beside `channel`, `symbol`, `snapshot` and `token`. */
  readonly fields: readonly string[];
  /** The topic's option, or what is wrong with it. */
  readonly option: (params: Fields) => { readonly option: string } | { readonly error: string };
}

const none = (): { option: string } => ({ option: '' });
const RULES: Readonly<Partial<Record<string, ChannelRule>>> = {
  book: {
    symbols: true,
    token: false,
    fields: ['depth'],
    option: (params) => readChoice(params, 'depth', BOOK_DEPTHS),
  },
  level3: {
    symbols: true,
    token: true,
    fields: ['depth'],
    option: (params) => readChoice(params, 'depth', LEVEL3_DEPTHS),
  },
  ticker: { symbols: true, token: false, fields: ['event_trigger'], option: readTrigger },
  trade: { symbols: true, token: false, fields: [], option: none },
  ohlc: {
    symbols: true,
    token: false,
    fields: ['interval'],
    option: (params) => readChoice(params, 'interval', CANDLE_MINUTES),
  },
  instrument: {
    symbols: false,
    token: false,
    option: none,
    fields: ['include_tokenized_assets', 'execution_venue'],
  },
  // The guide recommends to subscribe to it, the channel's page says that one cannot; harmless.
  heartbeat: { symbols: false, token: false, fields: [], option: none },
  executions: {
    symbols: false,
    token: true,
    option: none,
    fields: [
      'snap_orders',
      'snap_trades',
      'order_status',
      'ratecounter',
      'rebased',
      'users',
      'snapshot_trades',
    ],
  },
  balances: { symbols: false, token: true, fields: ['rebased', 'users'], option: none },
};

/** Reads a message; whatever it holds, it does not throw. */
export function readV2Request(text: string, hasSymbol: (symbol: string) => boolean): V2Request {
  const message = parseObject(text);
  if (!message) return refuse({ method: undefined, requestId: undefined }, 'Malformed request');
  const { method, req_id: id } = message;
  const echo: Echo = {
    method: typeof method === 'string' ? method : undefined,
    requestId: typeof id === 'number' && Number.isInteger(id) ? readDigits(text, id) : undefined,
  };
  if (id !== undefined && echo.requestId === undefined) {
    return refuse(echo, 'Req_id field must be a number_integer');
  }
  if (echo.method === 'ping') return readPing(message, echo);
  if (echo.method === 'subscribe' || echo.method === 'unsubscribe') {
    return readSubscription(message, echo, hasSymbol);
  }
  const { method: name } = echo;
  if (name === undefined || !ORDER_KINDS.has(name)) return refuse(echo, 'Unsupported event');
  return readOrder(text, message, { echo, name });
}

/** What the fields say is read once it is known that the token is good. */
function readOrder(
  text: string,
  message: Fields,
  { echo, name }: { readonly echo: Echo; readonly name: string },
): V2Request {
  const odd = findUnknown(message, ['method', 'req_id', 'params']);
  if (odd !== undefined) return refuse(echo, unsupported(odd, name));
  const { params } = message;
  const token = isObject(params) ? params.token : undefined;
  if (!isObject(params) || typeof token !== 'string') return refuse(echo, 'Token(s) not found');
  const digits = parseObject(quoteNumbers(text))?.params;
  const fields = { values: params, digits: isObject(digits) ? digits : {} };
  const misfit = findOrderMisfit(fields, name);
  if (misfit !== undefined) return refuse(echo, misfit);
  return { kind: 'order', echo, method: name, token, fields };
}

function readPing(message: Fields, echo: Echo): V2Request {
  const unknown = findUnknown(message, ['method', 'req_id']);
  return unknown === undefined
    ? { kind: 'ping', echo }
    : refuse(echo, unsupported(unknown, 'ping'));
}

function readSubscription(
  message: Fields,
  echo: Echo,
  hasSymbol: (symbol: string) => boolean,
): V2Request {
  const method = echo.method === 'subscribe' ? 'subscribe' : 'unsubscribe';
  const { params } = message;
  const odd = findUnknown(message, ['method', 'req_id', 'params']);
  if (odd !== undefined) return refuse(echo, unsupported(odd, method));
  if (!isObject(params)) return refuse(echo, 'Params field must be an object');
  const { channel, token } = params;
  const isKnown = typeof channel === 'string' && Object.hasOwn(RULES, channel);
  const rule = isKnown ? RULES[channel] : undefined;
  if (!isKnown || !rule) return refuse(echo, 'Unsupported event');
  const known = ['channel', 'snapshot', ...rule.fields];
  if (rule.symbols) known.push('symbol');
  if (rule.token) known.push('token');
  const unknown = findUnknown(params, known);
  if (unknown !== undefined) return refuse(echo, unsupported(unknown, method));
  const flag = findOddFlag(params);
  if (flag !== undefined) return refuse(echo, `${flag} field must be a boolean`);
  const { users = 'all' } = params;
  if (users !== 'all') return refuse(echo, 'Users field must be all');
  if (rule.token && typeof token !== 'string') return refuse(echo, 'Token(s) not found');
  const names = readSymbols(params, rule);
  if (typeof names === 'string') return refuse(echo, names);
  const isWhichever = method === 'unsubscribe' && findOption(params, rule) === undefined;
  // An end that names no depth or trigger ends the one that there is.
  const chosen = isWhichever && channel !== 'ohlc' ? { option: '' } : rule.option(params);
  const wishes = names.map((symbol): Wish => {
    if ('error' in chosen) return { kind: 'refused', symbol: symbol || undefined, ...chosen };
    if (rule.symbols && !hasSymbol(symbol)) {
      return { kind: 'refused', symbol, error: unsupportedPair(symbol) };
    }
    const topic = { protocol: 'v2', channel: channel as Channel, symbol, ...chosen } as const;
    return { kind: 'topic', topic, symbol };
  });
  const sent = typeof token === 'string' ? token : undefined;
  const options = readOptions(params);
  return { kind: method, echo, channel: channel as Channel, wishes, options, token: sent };
}

const FLAGS: readonly string[] = [
  'snapshot',
  'snap_orders',
  'snap_trades',
  'order_status',
  'ratecounter',
  'rebased',
  'snapshot_trades',
];

/** A flag that is none, as refusals name it. */
function findOddFlag(params: Fields): string | undefined {
  const name = FLAGS.find((one) => params[one] !== undefined && typeof params[one] !== 'boolean');
  return name && name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * Of `executions` the two words with `snapshot` are deprecated for those with `snap`. "No snapshot
 * is provided" to a master account that follows all of its users (websocket-v2/executions).
 */
function readOptions(params: Fields): AccountOptions {
  const { snapshot, snap_orders: orders = snapshot, users } = params;
  const { snapshot_trades: oldTrades, snap_trades: trades = oldTrades } = params;
  const isOwn = users === undefined;
  return {
    snapshot: isOwn && snapshot !== false,
    snapOrders: isOwn && orders !== false,
    snapTrades: isOwn && trades === true,
    orderStatus: params.order_status !== false,
    rateCounter: params.ratecounter === true,
  };
}

function findOption(params: Fields, { fields }: ChannelRule): unknown {
  return fields.map((name) => params[name]).find((value) => value !== undefined);
}

/** The symbols, one empty one where the channel has none, or what is wrong with them. */
function readSymbols({ symbol }: Fields, rule: ChannelRule): readonly string[] | string {
  if (!rule.symbols) return [''];
  if (symbol === undefined) return 'Symbol(s) not found';
  if (!Array.isArray(symbol)) return 'Symbol field must be an array';
  const names = symbol.filter((one): one is string => typeof one === 'string');
  if (names.length === 0) return 'Symbol(s) not found';
  if (names.length !== symbol.length) return 'Symbol field must be an array of strings';
  return names.length > SYMBOLS_MAX ? 'Exceeded msg rate' : [...new Set(names)];
}

function readChoice(
  params: Fields,
  name: 'depth' | 'interval',
  offered: readonly number[],
): { option: string } | { error: string } {
  const value = params[name];
  if (value === undefined) return { option: String(offered[0]) };
  const label = name === 'depth' ? 'Depth' : 'Interval';
  if (typeof value !== 'number') return { error: `${label} field must be a number_float` };
  if (offered.includes(value)) return { option: String(value) };
  const subject = name === 'depth' ? 'depth' : 'ohlc interval';
  return { error: `Subscription ${subject} not supported` };
}

function readTrigger({ event_trigger: value }: Fields): { option: string } | { error: string } {
  if (value === undefined) return { option: 'trades' };
  if (value === 'trades' || value === 'bbo') return { option: value };
  return { error: 'Event_trigger field must be trades or bbo' };
}

/** What the venue says of a pair that it does not have under that name. */
export function unsupportedPair(name: string): string {
  return `Currency pair not supported ${name}`;
}

function refuse(echo: Echo, error: string): V2Request {
  return { kind: 'refused', error, echo };
}

function unsupported(field: string, type: string): string {
  return `Unsupported field: '${field}' for the given msg type: ${type}`;
}

function findUnknown(fields: Fields, known: readonly string[]): string | undefined {
  return Object.keys(fields).find((name) => !known.includes(name));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses an object; anything else is undefined. */
export function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // The venue answers a broken message like any other it does not understand.
    return undefined;
  }
}

/** The digits of an id as the client sent them: it may pass 2^53. */
export function readDigits(text: string, value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const candidates = [...text.matchAll(/"req_?id"\s*:\s*(-?\d+)/g)].map(([, digits]) => digits);
  return candidates.find((digits) => Number(digits) === value) ?? String(value);
}
