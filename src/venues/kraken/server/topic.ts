/** What a connection may hold, in the terms of both protocols. */

/** The venue's two protocols. */
export type Protocol = 'v1' | 'v2';

/** Channels of both protocols; `openOrders` and `ownTrades` are v1's private ones. */
export type Channel =
  | 'book'
  | 'level3'
  | 'ticker'
  | 'trade'
  | 'ohlc'
  | 'spread'
  | 'instrument'
  | 'heartbeat'
  | 'executions'
  | 'balances'
  | 'openOrders'
  | 'ownTrades';

/** One subscription. */
export interface Topic {
  readonly protocol: Protocol;
  readonly channel: Channel;
  /** The market's name of the pair, v2's; empty where the channel has none. */
  readonly symbol: string;
  /** Depth, minutes or trigger; empty where the channel has none. */
  readonly option: string;
}

/** Names a topic: `v2/book-10:BTC/USD`. All who hold the same get the same frames. */
export function topicKey(topic: Topic): string {
  return `${channelKey(topic)}:${topic.symbol}`;
}

/** The part of a topic's name without the pair, as recordings name their frames. */
export function channelKey({ protocol, channel, option }: Omit<Topic, 'symbol'>): string {
  return `${protocol}/${channel}${option === '' ? '' : `-${option}`}`;
}

/**
 * Two topics of one connection with the same key cannot be held together: a second book of a pair
 * is refused at whatever depth (seen in two live probes), candles differ by their length.
 */
export function conflictKey({ channel, symbol, option }: Topic): string {
  return `${channel}:${symbol}${channel === 'ohlc' ? `:${option}` : ''}`;
}

/** Channels of an account. */
export type AccountChannel = 'executions' | 'balances' | 'openOrders' | 'ownTrades';

/** Whether a topic is one of an account, and not of the market. */
export function isAccountTopic(topic: Topic): topic is Topic & { channel: AccountChannel } {
  return ACCOUNT_CHANNELS.has(topic.channel);
}

/** Whether a token is needed. */
export function isPrivate({ channel }: Topic): boolean {
  return channel === 'level3' || ACCOUNT_CHANNELS.has(channel);
}

const ACCOUNT_CHANNELS: ReadonlySet<Channel> = new Set<AccountChannel>([
  'executions',
  'balances',
  'openOrders',
  'ownTrades',
]);
