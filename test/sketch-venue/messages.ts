import type { ChannelName, ChannelRule } from '../../src/model/venue.js';

/** The wire's word for the login, in requests and in answers. */
export const LOGIN_OP = 'auth';
/** What an accepted login is called among acknowledgements; no channel has this name. */
export const LOGIN_CHANNEL = 'login';

export const ENDPOINTS = [
  { name: 'public', url: 'wss://public.sketch.test/' },
  { name: 'private', url: 'wss://private.sketch.test/' },
];

export const CHANNELS: readonly ChannelRule[] = [
  {
    name: 'book',
    venueName: 'orderbook',
    symbols: 'required',
    private: false,
    endpoints: ['public'],
    snapshotOnSubscribe: true,
  },
  {
    name: 'balances',
    venueName: 'wallet',
    supplies: ['balances'],
    symbols: 'none',
    private: true,
    endpoints: ['private'],
    snapshotOnSubscribe: false,
  },
];

/** `orderbook.BTCUSDT` or `wallet`. */
export function toTopic(channel: ChannelName, symbol: string | undefined): string {
  const name = CHANNELS.find((rule) => rule.name === channel)?.venueName ?? channel;
  return symbol === undefined ? name : `${name}.${symbol}`;
}

/** What a topic is about; undefined for one that is not decoded. */
export function parseTopic(
  topic: string,
): { readonly rule: ChannelRule; readonly symbol: string | undefined } | undefined {
  const [name, ...rest] = topic.split('.');
  const symbol = rest.length > 0 ? rest.join('.') : undefined;
  const rule = CHANNELS.find((one) => one.venueName === name);
  if (rule === undefined || (rule.symbols === 'required') !== (symbol !== undefined)) {
    return undefined;
  }
  return { rule, symbol };
}
