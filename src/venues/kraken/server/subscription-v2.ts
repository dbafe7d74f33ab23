/**
 * What a client may subscribe to in protocol v2, channel by channel. Pure. The venue validates
 * strictly: unknown fields and numbers in quotes are refused (recorded 2024-05 and 2025-08).
 */
import { BOOK_DEPTHS, CANDLE_MINUTES, LEVEL3_DEPTHS } from '../messages.js';
import type { AccountOptions } from './account/account-desk.js';
import { findUnknown, isObject, type Fields } from './request-fields.js';
import type { Channel } from './topic.js';
import { unsupportedPair, type Wish } from './wish.js';

/** What is asked for, or why nothing of it is. */
export type V2Subscription =
  | { readonly error: string }
  | {
      readonly error?: undefined;
      readonly channel: Channel;
      readonly wishes: readonly Wish[];
      readonly options: AccountOptions;
      readonly token: string | undefined;
    };

type Method = 'subscribe' | 'unsubscribe';

/** The topic's option, or what is wrong with it. */
type ChosenOption = { readonly option: string } | { readonly error: string };

const SYMBOLS_MAX = 5_000;

interface ChannelRule {
  readonly symbols: boolean;
  readonly token: boolean;
  /** Fields beside `channel`, `symbol`, `snapshot` and `token`. */
  readonly fields: readonly string[];
  readonly option: (params: Fields) => ChosenOption;
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

/** Reads the parameters of a request; whatever they hold, it does not throw. */
export function readSubscriptionV2(
  params: unknown,
  method: Method,
  hasSymbol: (symbol: string) => boolean,
): V2Subscription {
  if (!isObject(params)) return { error: 'Params field must be an object' };
  const { channel, token } = params;
  const isKnown = typeof channel === 'string' && Object.hasOwn(RULES, channel);
  const rule = isKnown ? RULES[channel] : undefined;
  if (!isKnown || !rule) return { error: 'Unsupported event' };
  const defect = findDefect(params, rule, method);
  if (defect !== undefined) return { error: defect };
  const names = readSymbols(params, rule);
  if (typeof names === 'string') return { error: names };
  const chosen = chooseOption(params, rule, method);
  const wishes = names.map((symbol): Wish => {
    if ('error' in chosen) return { kind: 'refused', symbol: symbol || undefined, ...chosen };
    if (rule.symbols && !hasSymbol(symbol)) {
      return { kind: 'refused', symbol, error: unsupportedPair(symbol) };
    }
    const topic = { protocol: 'v2', channel: channel as Channel, symbol, ...chosen } as const;
    return { kind: 'topic', topic, symbol };
  });
  return {
    channel: channel as Channel,
    wishes,
    options: readOptions(params),
    token: typeof token === 'string' ? token : undefined,
  };
}

/** What the venue says of a field that a message of this type has not. */
export function unsupportedField(field: string, type: string): string {
  return `Unsupported field: '${field}' for the given msg type: ${type}`;
}

/** What is wrong whatever the symbols. */
function findDefect(params: Fields, rule: ChannelRule, method: Method): string | undefined {
  const unknown = findUnknown(params, [
    'channel',
    'snapshot',
    ...rule.fields,
    ...(rule.symbols ? ['symbol'] : []),
    ...(rule.token ? ['token'] : []),
  ]);
  if (unknown !== undefined) return unsupportedField(unknown, method);
  const flag = findOddFlag(params);
  if (flag !== undefined) return `${flag} field must be a boolean`;
  const { users = 'all', token } = params;
  if (users !== 'all') return 'Users field must be all';
  return rule.token && typeof token !== 'string' ? 'Token(s) not found' : undefined;
}

/** An end that names no depth or trigger ends the one that there is; candles are named always. */
function chooseOption(params: Fields, rule: ChannelRule, method: Method): ChosenOption {
  const isWhichever =
    method === 'unsubscribe' &&
    params.channel !== 'ohlc' &&
    rule.fields.every((name) => params[name] === undefined);
  return isWhichever ? { option: '' } : rule.option(params);
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
): ChosenOption {
  const value = params[name];
  if (value === undefined) return { option: String(offered[0]) };
  const label = name === 'depth' ? 'Depth' : 'Interval';
  if (typeof value !== 'number') return { error: `${label} field must be a number_float` };
  if (offered.includes(value)) return { option: String(value) };
  const subject = name === 'depth' ? 'depth' : 'ohlc interval';
  return { error: `Subscription ${subject} not supported` };
}

function readTrigger({ event_trigger: value }: Fields): ChosenOption {
  if (value === undefined) return { option: 'trades' };
  if (value === 'trades' || value === 'bbo') return { option: value };
  return { error: 'Event_trigger field must be trades or bbo' };
}
