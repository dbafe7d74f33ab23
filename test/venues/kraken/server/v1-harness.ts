import { connectFake, type FakeClient } from './server-harness.js';
import { issueToken } from './token-call.js';
import { openTrader } from './trader-harness.js';

/** A message of v1 that is an object. */
export type Entry = Readonly<Record<string, unknown>>;
/** A private channel of v1. */
export type Channel = 'openOrders' | 'ownTrades';
/** A message of a private channel. */
export type AccountMessage = readonly [readonly Entry[], Channel, { readonly sequence: number }];

/** A limit order to buy. */
export const LIMIT_BUY = {
  ordertype: 'limit',
  type: 'buy',
  pair: 'XBT/USD',
  volume: '0.5',
  price: '26500.4',
};

/** A client of v1, and what it hears. */
export function openV1(parts: Parameters<typeof openTrader>[0] = {}) {
  const opened = openTrader(parts);
  const client = connectFake(opened.server, { path: '/auth' });
  const token = issueToken(opened.server);
  return { ...opened, client, token, ...followV1(client, token) };
}

function followV1(client: FakeClient, token: string) {
  const call = (event: string, fields: object = {}): readonly Entry[] => {
    const from = client.texts.length;
    client.ask({ event, token, ...fields });
    return client.texts
      .slice(from)
      .map((text) => JSON.parse(text) as Entry)
      .filter((frame) => !Array.isArray(frame));
  };
  const messages = (channel: Channel): readonly AccountMessage[] =>
    client.texts
      .map((text) => JSON.parse(text) as AccountMessage)
      .filter((frame) => Array.isArray(frame) && frame[1] === channel);
  return {
    call,
    callOnce: (...asked: Parameters<typeof call>): Entry => {
      const [reply, ...more] = call(...asked);
      if (!reply || more.length > 0) throw new Error('Not one reply came.');
      return reply;
    },
    subscribe: (name: Channel, options: object = {}) =>
      client.ask({ event: 'subscribe', subscription: { name, token, ...options } }),
    messages,
    /** What was told under each id, one by one. */
    told: (channel: Channel): readonly Entry[] =>
      messages(channel).flatMap(([entries]) =>
        entries.flatMap((entry) => Object.values(entry) as Entry[]),
      ),
  };
}
