import type { ChannelName, ChannelRule } from '../../model/venue.js';
import { LEVEL2_PRODUCTS_MAX, type RequestChannel } from './messages.js';

/** The endpoints by name: market data, and the owner's own data. */
export type EndpointName = 'market' | 'user';

/** A channel of this venue. */
export interface CoinbaseChannelRule extends ChannelRule {
  readonly venueName: RequestChannel;
  readonly endpoints: readonly EndpointName[];
  /**
   * Whether an ack lists products. `heartbeats` lists its own name, `user` the user's id even where
   * products were asked for (recorded 2026-09), the balances something unknown.
   */
  readonly listsSymbols: boolean;
}

/** Public channels are promised on the market host only (websocket-endpoints, read 2026-11). */
const PUBLIC = { private: false, endpoints: ['market'], listsSymbols: true } as const;

/** Private channels work on both hosts; the market host is the documented fail-over. */
const PRIVATE = { private: true, endpoints: ['user', 'market'], listsSymbols: false } as const;

/** Every channel there is (websocket-channels, read 2026-11). */
export const CHANNEL_RULES: readonly CoinbaseChannelRule[] = [
  {
    ...PUBLIC,
    name: 'book',
    venueName: 'level2',
    symbols: 'required',
    snapshotOnSubscribe: true,
    maxSymbolsPerSocket: LEVEL2_PRODUCTS_MAX,
  },
  {
    ...PUBLIC,
    name: 'trades',
    venueName: 'market_trades',
    symbols: 'required',
    snapshotOnSubscribe: true,
  },
  {
    ...PUBLIC,
    name: 'ticker',
    venueName: 'ticker',
    symbols: 'required',
    snapshotOnSubscribe: true,
  },
  {
    ...PUBLIC,
    name: 'ticker-batch',
    venueName: 'ticker_batch',
    symbols: 'required',
    snapshotOnSubscribe: true,
  },
  {
    ...PUBLIC,
    name: 'candles',
    venueName: 'candles',
    symbols: 'required',
    snapshotOnSubscribe: true,
  },
  {
    ...PUBLIC,
    name: 'status',
    venueName: 'status',
    symbols: 'optional',
    snapshotOnSubscribe: true,
  },
  {
    name: 'heartbeats',
    venueName: 'heartbeats',
    symbols: 'none',
    private: false,
    endpoints: ['market', 'user'],
    listsSymbols: false,
    // Once a second (recorded 2026-08).
    expectedCadenceMs: 3_000,
    snapshotOnSubscribe: false,
  },
  {
    ...PRIVATE,
    name: 'user',
    venueName: 'user',
    aliases: ['orders', 'positions', 'executions'],
    supplies: ['orders', 'fills', 'positions'],
    // "Not a fill feed": no ids and no prices of fills (websocket-channels).
    derivesFills: true,
    symbols: 'optional',
    snapshotOnSubscribe: true,
  },
  {
    ...PRIVATE,
    name: 'balances',
    venueName: 'futures_balance_summary',
    supplies: ['balances'],
    symbols: 'none',
    snapshotOnSubscribe: true,
  },
];

const RULES_BY_NAME = new Map(CHANNEL_RULES.map((rule) => [rule.name, rule]));
const RULES_BY_WIRE_NAME = new Map<string, CoinbaseChannelRule>(
  CHANNEL_RULES.map((rule) => [rule.venueName, rule]),
);

/** Finds the rule of a channel by our name. */
export function findChannel(name: ChannelName): CoinbaseChannelRule | undefined {
  return RULES_BY_NAME.get(name);
}

/** Finds the rule of a channel by the name that requests and acks use. */
export function findChannelByWireName(wireName: string): CoinbaseChannelRule | undefined {
  return RULES_BY_WIRE_NAME.get(wireName);
}
