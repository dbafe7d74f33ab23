import type { ChannelName, ChannelRule } from '../../model/venue.js';
import { LEVEL3_SYMBOLS_MAX, SNAPSHOT_FILLS, type V2Channel } from './messages.js';

/** A channel of v2. */
export interface V2ChannelRule extends ChannelRule {
  readonly venueName: V2Channel;
}

const PUBLIC = { private: false, endpoints: ['market'], snapshotOnSubscribe: true } as const;

/** Order by order, with a token and on a host of its own (websocket-v2/level3). */
const LEVEL3_CHANNEL_RULE: V2ChannelRule = {
  name: 'orders-book',
  venueName: 'level3',
  symbols: 'required',
  private: true,
  endpoints: ['level3'],
  snapshotOnSubscribe: true,
  maxSymbolsPerSocket: LEVEL3_SYMBOLS_MAX,
};

const PRIVATE = { private: true, endpoints: ['auth'], symbols: 'none' } as const;

/** The owner's own data (websocket-v2/executions, websocket-v2/balances). */
const ACCOUNT_CHANNEL_RULES: readonly V2ChannelRule[] = [
  {
    ...PRIVATE,
    name: 'executions',
    venueName: 'executions',
    aliases: ['user', 'orders'],
    supplies: ['orders', 'fills'],
    latestFills: SNAPSHOT_FILLS,
    snapshotOnSubscribe: true,
  },
  {
    ...PRIVATE,
    name: 'balances',
    venueName: 'balances',
    supplies: ['balances'],
    snapshotOnSubscribe: true,
  },
];

/** The channels of v2 (websocket-v2). Snapshots are asked for by name. */
export const V2_CHANNEL_RULES: readonly V2ChannelRule[] = [
  { ...PUBLIC, name: 'book', venueName: 'book', symbols: 'required' },
  { ...PUBLIC, name: 'trades', venueName: 'trade', symbols: 'required' },
  { ...PUBLIC, name: 'ticker', venueName: 'ticker', symbols: 'required' },
  { ...PUBLIC, name: 'candles', venueName: 'ohlc', symbols: 'required' },
  { ...PUBLIC, name: 'status', venueName: 'instrument', symbols: 'none' },
  LEVEL3_CHANNEL_RULE,
  ...ACCOUNT_CHANNEL_RULES,
];

const RULES_BY_NAME = new Map(V2_CHANNEL_RULES.map((rule) => [rule.name, rule]));
const RULES_BY_WIRE_NAME = new Map<string, V2ChannelRule>(
  V2_CHANNEL_RULES.map((rule) => [rule.venueName, rule]),
);

/** Finds the rule of a channel by our name. */
export function findChannel(name: ChannelName): V2ChannelRule | undefined {
  return RULES_BY_NAME.get(name);
}

/** Finds the rule of a channel by the name that the wire uses. */
export function findChannelByWireName(wireName: string): V2ChannelRule | undefined {
  return RULES_BY_WIRE_NAME.get(wireName);
}
