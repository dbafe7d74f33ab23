import type { ChannelName, ChannelRule } from '../../../model/venue.js';
import { SNAPSHOT_FILLS } from '../messages.js';
import { type V1Channel, type V1PrivateChannel } from './messages.js';

/** A channel of v1. */
export interface V1ChannelRule extends ChannelRule {
  readonly venueName: V1Channel | V1PrivateChannel;
}

const PUBLIC = {
  symbols: 'required',
  private: false,
  endpoints: ['market'],
  snapshotOnSubscribe: false,
} as const;

const PRIVATE = {
  symbols: 'none',
  private: true,
  endpoints: ['auth'],
  snapshotOnSubscribe: true,
} as const;

/**
 * The channels of v1 (websocket-v1). Of the public ones only a book begins with a whole state that
 * heals a loss: the docs promise 50 trades as well, but none came with ten subscriptions (recorded
 * 2021-04).
 */
export const V1_CHANNEL_RULES: readonly V1ChannelRule[] = [
  { ...PUBLIC, name: 'book', venueName: 'book', snapshotOnSubscribe: true },
  { ...PUBLIC, name: 'trades', venueName: 'trade' },
  { ...PUBLIC, name: 'ticker', venueName: 'ticker' },
  { ...PUBLIC, name: 'top-of-book', venueName: 'spread' },
  { ...PUBLIC, name: 'candles', venueName: 'ohlc' },
  {
    ...PRIVATE,
    name: 'orders',
    venueName: 'openOrders',
    aliases: ['user'],
    supplies: ['orders'],
  },
  {
    ...PRIVATE,
    name: 'executions',
    venueName: 'ownTrades',
    supplies: ['fills'],
    latestFills: SNAPSHOT_FILLS,
  },
];

const RULES_BY_NAME = new Map(V1_CHANNEL_RULES.map((rule) => [rule.name, rule]));
const RULES_BY_WIRE_NAME = new Map<string, V1ChannelRule>(
  V1_CHANNEL_RULES.map((rule) => [rule.venueName, rule]),
);

/** Finds the rule of a channel by our name. */
export function findV1Channel(name: ChannelName): V1ChannelRule | undefined {
  return RULES_BY_NAME.get(name);
}

/** A channel as the wire names it, with the option it carries: `book-1000`, `ohlc-5`, `trade`. */
export interface V1ChannelReference {
  readonly rule: V1ChannelRule;
  /** The depth or the minutes; NaN where the name has none. */
  readonly option: number;
}

/** Reads the name of a channel; undefined for one that we do not know. */
export function findV1ChannelByWireName(wireName: string): V1ChannelReference | undefined {
  const [, name = '', digits] = /^([a-zA-Z]+)(?:-(\d{1,9}))?$/.exec(wireName) ?? [];
  const rule = RULES_BY_WIRE_NAME.get(name);
  return rule && { rule, option: digits === undefined ? NaN : Number(digits) };
}
