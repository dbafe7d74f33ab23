import { describe, expect, it } from 'vitest';
import { connectFake, openBooks } from './server-harness.js';
import { issueToken } from './token-call.js';

describe('protocol v1', () => {
  const ask = (pair: unknown, subscription: unknown, more: object = {}): object => ({
    event: 'subscribe',
    pair,
    subscription,
    ...more,
  });

  it('begins with the status and tells of each pair', () => {
    const client = connectFake(openBooks().server, { path: '/' });
    expect(client.take()[0]).toMatch(
      /^\{"connectionID":\d{19,20},"event":"systemStatus","status":"online","version":"[\d.]+"\}$/,
    );
    client.ask(ask(['XBT/USD', 'XDG/USD'], { name: 'book', depth: 25 }, { reqid: 7 }));
    const texts = client.take();
    expect(texts[0]).toMatch(
      /^\{"channelID":\d+,"channelName":"book-25","event":"subscriptionStatus","pair":"XBT\/USD","status":"subscribed","subscription":\{"depth":25,"name":"book"\},"reqid":7\}$/,
    );
    expect(texts[1]).toContain('"pair":"XDG/USD","status":"subscribed"');
    expect(texts.slice(2).map((text) => text.slice(-22))).toEqual([
      ']},"book-25","XBT/USD"]'.slice(-22),
      ']},"book-25","XDG/USD"]'.slice(-22),
    ]);
  });

  it('answers a ping and beats once a second', async () => {
    const { server, time } = openBooks();
    const client = connectFake(server, { path: '/auth' });
    client.take();
    client.ask({ event: 'ping', reqid: 42 });
    client.ask({ event: 'ping' });
    expect(client.take()).toEqual(['{"event":"pong","reqid":42}', '{"event":"pong"}']);
    client.ask(ask(['XBT/USD'], { name: 'trade' }));
    client.take();
    await time.advance(2_500);
    expect(client.take()).toEqual(['{"event":"heartbeat"}', '{"event":"heartbeat"}']);
  });

  const errors: readonly (readonly [string, object | string, string])[] = [
    ['a broken message', 'nonsense', 'Malformed request'],
    ['no event', {}, 'Event(s) not found'],
    ['an unknown event', { event: 'hello' }, 'Unsupported event'],
    [
      'no subscription',
      { event: 'subscribe', pair: ['XBT/USD'] },
      'Subscription field must be an object',
    ],
  ];
  it.each(errors)('tells of %s as an error', (_, message, errorMessage) => {
    const client = connectFake(openBooks().server, { path: '/' });
    client.ask(message);
    expect(JSON.parse(client.texts.at(-1) ?? '')).toEqual({ event: 'error', errorMessage });
  });

  const refusals: readonly (readonly [string, object, string])[] = [
    ['an unknown name', ask(['XBT/USD'], { name: 'books' }), 'Subscription name invalid'],
    [
      'a depth that is not offered',
      ask(['XBT/USD'], { name: 'book', depth: 42 }),
      'Subscription depth not supported',
    ],
    [
      'a depth in quotes',
      ask(['XBT/USD'], { name: 'book', depth: '10' }),
      'Subscription book depth must be an integer',
    ],
    [
      'an odd interval',
      ask(['XBT/USD'], { name: 'ohlc', interval: 2 }),
      'Subscription ohlc interval not supported',
    ],
    [
      'an interval in quotes',
      ask(['XBT/USD'], { name: 'ohlc', interval: '5' }),
      'Subscription ohlc interval must be an integer',
    ],
    [
      'an unknown field',
      ask(['XBT/USD'], { name: 'book', color: 1 }),
      'Subscription object unsupported field',
    ],
    ['a bare pair', ask('XBT/USD', { name: 'book' }), 'Pair field must be an array'],
    ['no pair', ask(undefined, { name: 'book' }), 'Pair(s) not found'],
    ['the name of v2', ask(['BTC/USD'], { name: 'book' }), 'Currency pair not supported BTC/USD'],
    [
      'a pair without a slash',
      ask(['XBTUSD'], { name: 'book' }),
      'Currency pair not in ISO 4217-A3 format XBTUSD',
    ],
    [
      'a pair on a private name',
      ask(['XBT/USD'], { name: 'openOrders', token: 'x' }),
      'Pair field unsupported for this subscription type',
    ],
    ['no token', ask(undefined, { name: 'openOrders' }), 'Token(s) not found'],
    ['a bad token', ask(undefined, { name: 'openOrders', token: 'x' }), 'ESession:Invalid session'],
  ];
  it.each(refusals)('refuses %s', (_, message, errorMessage) => {
    const client = connectFake(openBooks().server, { path: '/' });
    client.ask(message);
    expect(JSON.parse(client.texts.at(-1) ?? '')).toMatchObject({
      errorMessage,
      event: 'subscriptionStatus',
      status: 'error',
    });
    expect(client.texts.at(-1)).not.toContain('token');
  });

  it('opens private names with a token, and refuses a second book of a pair', () => {
    const { server } = openBooks();
    const client = connectFake(server, { path: '/auth' });
    client.ask(ask(undefined, { name: 'openOrders', token: issueToken(server) }));
    expect(client.texts.slice(-2)).toEqual([
      '{"channelName":"openOrders","event":"subscriptionStatus","status":"subscribed",' +
        '"subscription":{"maxratecount":125,"name":"openOrders"}}',
      '[[],"openOrders",{"sequence":1}]',
    ]);
    client.ask(ask(['XBT/USD'], { name: 'book', depth: 10 }));
    client.ask(ask(['XBT/USD'], { name: 'book', depth: 25 }));
    expect(client.texts.at(-1)).toContain('"errorMessage":"Already subscribed"');
    client.ask({
      event: 'unsubscribe',
      pair: ['XBT/USD'],
      subscription: { name: 'book', depth: 10 },
    });
    expect(client.texts.at(-1)).toContain('"status":"unsubscribed"');
  });
});
