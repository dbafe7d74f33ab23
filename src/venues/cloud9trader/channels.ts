import type { ChannelName, ChannelRule } from '../../model/venue.js';
import type { PrivateTopic, PublicFamily } from './messages.js';

/** There is one address for everything. */
export const ENDPOINT_NAME = 'sockets';

/** A channel of this venue. */
export interface Cloud9TraderChannelRule extends ChannelRule {
  /** The family of its topics, one for each instrument; absent for private channels. */
  readonly family?: PublicFamily;
  /** The private topic, which takes no instrument. */
  readonly topic?: PrivateTopic;
}

const PUBLIC = { private: false, endpoints: [ENDPOINT_NAME], symbols: 'required' } as const;
const PRIVATE = { private: true, endpoints: [ENDPOINT_NAME], symbols: 'none' } as const;

/**
 * Every channel there is. `snapshotOnSubscribe` says that a request for the present state goes out
 * with each subscription: the pages show one for all families but the ticker. Candles come over
 * HTTP alone. Lines for the owner (`messages`, `logs`) come unasked, so that they are no channel.
 */
export const CHANNEL_RULES: readonly Cloud9TraderChannelRule[] = [
  {
    ...PUBLIC,
    name: 'book',
    venueName: 'order-book',
    family: 'order-book',
    snapshotOnSubscribe: true,
  },
  { ...PUBLIC, name: 'trades', venueName: 'trades', family: 'trades', snapshotOnSubscribe: true },
  { ...PUBLIC, name: 'ticker', venueName: 'ticker', family: 'ticker', snapshotOnSubscribe: false },
  {
    ...PUBLIC,
    name: 'top-of-book',
    venueName: 'price',
    family: 'price',
    snapshotOnSubscribe: true,
  },
  {
    ...PRIVATE,
    name: 'orders',
    venueName: 'orders',
    aliases: ['user'],
    topic: 'orders',
    supplies: ['orders'],
    snapshotOnSubscribe: true,
  },
  {
    ...PRIVATE,
    name: 'executions',
    venueName: 'executions',
    topic: 'executions',
    supplies: ['fills'],
    snapshotOnSubscribe: true,
  },
  {
    ...PRIVATE,
    name: 'positions',
    venueName: 'positions',
    topic: 'positions',
    supplies: ['positions'],
    snapshotOnSubscribe: true,
  },
  {
    ...PRIVATE,
    name: 'balances',
    venueName: 'balances',
    topic: 'balances',
    supplies: ['balances'],
    snapshotOnSubscribe: true,
  },
];

const RULES_BY_NAME = new Map(CHANNEL_RULES.map((rule) => [rule.name, rule]));

/** Finds the rule of a channel by our name. */
export function findChannel(name: ChannelName): Cloud9TraderChannelRule | undefined {
  return RULES_BY_NAME.get(name);
}
