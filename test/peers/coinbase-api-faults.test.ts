/** What coinbase-api makes of trouble, and what truefeed makes of the same, side by side. */
import { createPrivateKey } from 'node:crypto';
import { openFeed, type Feed } from 'truefeed';
import { simulate } from 'truefeed/simulator';
import { coinbase } from 'truefeed/venues/coinbase';
import { describe, expect, it } from 'vitest';
import { runProgram } from './child-program.js';
import { lastAck, MARKET_SOCKET, openCoinbaseApi, USER_SOCKET } from './coinbase-api-client.js';
import type { CoinbaseSimulator } from './simulators.js';

const LEVEL2_OF = (product: string) => ({ topic: 'level2', payload: { product_ids: [product] } });
/** Five seconds without a heartbeat are too many for truefeed; then it needs a moment to dial. */
const SILENCE_NOTICED_WITHIN_MS = 9_000;

function open(keyType: 'es256' | 'ed25519' = 'es256'): Promise<CoinbaseSimulator> {
  return simulate({ venues: { coinbase: {} }, seed: 5, keyType });
}

function openUserFeed(exchange: CoinbaseSimulator, privateKey: string): Feed {
  const { wsUrl, userWsUrl, keyName } = exchange.venues.coinbase;
  return openFeed({
    venue: coinbase({ marketUrl: wsUrl, userUrl: userWsUrl }),
    credentials: { keyName, privateKey },
    subscriptions: [{ channel: 'user' }],
  });
}

function openBookFeed(exchange: CoinbaseSimulator, products: readonly string[]): Feed {
  return openFeed({
    venue: coinbase({ marketUrl: exchange.venues.coinbase.wsUrl }),
    subscriptions: [{ channel: 'book', symbols: products }],
  });
}

describe('a product that is not wanted any more, and a reset', () => {
  it('is subscribed to again by coinbase-api', async () => {
    await using exchange = await open();
    await using client = openCoinbaseApi(exchange);
    client.peer.subscribe([LEVEL2_OF('BTC-USD'), LEVEL2_OF('ETH-USD')], MARKET_SOCKET);
    await client.until('both books', () => lastAck(client.responses).level2?.length === 2);
    client.peer.unsubscribe(LEVEL2_OF('ETH-USD'), MARKET_SOCKET);
    await client.until('the end of one', () => lastAck(client.responses).level2?.length === 1);
    exchange.venues.coinbase.control.resetConnections();
    await client.until('both books again', () => lastAck(client.responses).level2?.length === 2);
  });

  it('stays away at truefeed', async () => {
    await using exchange = await open();
    await using feed = openBookFeed(exchange, ['BTC-USD', 'ETH-USD']);
    await feed.whenLive();
    feed.unsubscribe([{ channel: 'book', symbols: ['ETH-USD'] }]);
    const restored = new Promise<void>((resolve) => {
      feed.on('book.restored', () => resolve());
    });
    const acks: string[] = [];
    // The acknowledgement follows the snapshot that makes the book live.
    const accepted = new Promise<void>((resolve) => {
      feed.on('subscription.accepted', ({ symbol }) => {
        acks.push(symbol);
        if (symbol === 'BTC-USD') resolve();
      });
    });
    exchange.venues.coinbase.control.resetConnections();
    await Promise.all([restored, accepted]);
    await feed.whenLive();
    expect(feed.status().books.map((book) => book.symbol)).toEqual(['BTC-USD']);
    expect(acks.filter((symbol) => symbol !== '')).toEqual(['BTC-USD']);
  });
});

describe('a second private channel on an open socket', () => {
  it('is served by the exchange where coinbase-api asks at once for both', async () => {
    await using exchange = await open();
    await using client = openCoinbaseApi(exchange);
    client.peer.subscribe(['user', 'futures_balance_summary'], USER_SOCKET);
    await client.until('both', () => Object.keys(lastAck(client.responses)).length === 2);
  });

  it('is never asked for by coinbase-api once the socket is open', async () => {
    await using exchange = await open();
    await using client = openCoinbaseApi(exchange);
    client.peer.subscribe(['user', 'heartbeats'], USER_SOCKET);
    await client.until('the first', () => client.responses.length === 2);
    client.peer.subscribe('futures_balance_summary', USER_SOCKET);
    const beats = (): number => client.updates.filter((one) => one.channel === 'heartbeats').length;
    await client.until('three heartbeats more', () => beats() >= 3);
    expect(Object.keys(lastAck(client.responses))).toEqual(['heartbeats', 'user']);
    expect(client.exceptions).toEqual([]);
  });

  it('is asked for by truefeed', async () => {
    await using exchange = await open();
    await using feed = openUserFeed(exchange, exchange.venues.coinbase.privateKey);
    await feed.whenLive();
    feed.subscribe([{ channel: 'balances' }]);
    await feed.whenLive();
    expect(feed.status().streams.map((one) => one.status)).toEqual(['accepted', 'accepted']);
  });
});

describe('an exchange that answers pings and sends nothing', () => {
  it('is noticed by truefeed, and not by coinbase-api', async () => {
    await using exchange = await open();
    await using client = openCoinbaseApi(exchange, { pingInterval: 500 });
    await using feed = openBookFeed(exchange, ['BTC-USD']);
    client.peer.subscribe(['heartbeats', LEVEL2_OF('BTC-USD')], MARKET_SOCKET);
    await feed.whenLive();
    await client.until('a heartbeat', () => client.updates.length > 2);
    const closed = new Promise<void>((resolve, reject) => {
      feed.on('session.closed', () => resolve());
      setTimeout(() => reject(new Error('truefeed noticed nothing')), SILENCE_NOTICED_WITHIN_MS);
    });
    let pongs = 0;
    client.peer
      .getWsStore()
      .getWs(MARKET_SOCKET)
      ?.on('pong', () => (pongs += 1));
    exchange.venues.coinbase.control.addFault({ fault: 'silence' });
    await closed;
    const told = client.updates.length;
    expect(feed.book('BTC-USD').state.status).toBe('stale');
    expect(pongs).toBeGreaterThanOrEqual(5);
    expect(client.life).toEqual(['open']);
    expect(client.exceptions).toEqual([]);
    expect(client.updates).toHaveLength(told);
  });
});

describe('a key that was pasted on one line, with \\n for the line breaks', () => {
  it('ends a program around coinbase-api, which can catch nothing', async () => {
    await using exchange = await open();
    const { wsUrl, keyName, privateKey } = exchange.venues.coinbase;
    const environment = { WS_URL: wsUrl, KEY_NAME: keyName };
    const good = await runProgram('follow-orders.mjs', { ...environment, PRIVATE_KEY: privateKey });
    expect(good).toMatchObject({ code: 0, output: 'signed in\n' });
    const pasted = privateKey.replaceAll('\n', '\\n');
    const bad = await runProgram('follow-orders.mjs', { ...environment, PRIVATE_KEY: pasted });
    expect(bad).toMatchObject({ code: 1, output: '' });
    expect(bad.errors).toContain('ERR_OSSL');
  });

  it('signs in with truefeed', async () => {
    await using exchange = await open();
    const pasted = exchange.venues.coinbase.privateKey.replaceAll('\n', '\\n');
    await using feed = openUserFeed(exchange, pasted);
    await feed.whenLive();
    expect(feed.status().streams[0]?.status).toBe('accepted');
  });
});

describe('an Ed25519 key as PEM', () => {
  const toPem = (privateKey: string): string => {
    const bytes = Buffer.from(privateKey, 'base64');
    const [d, x] = [bytes.subarray(0, 32), bytes.subarray(32)];
    return createPrivateKey({
      format: 'jwk',
      key: {
        kty: 'OKP',
        crv: 'Ed25519',
        d: d.toString('base64url'),
        x: x.toString('base64url'),
      },
    })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString();
  };

  it('ends a program around coinbase-api, which can catch nothing', async () => {
    await using exchange = await open('ed25519');
    const { wsUrl, keyName, privateKey } = exchange.venues.coinbase;
    const end = await runProgram('follow-orders.mjs', {
      WS_URL: wsUrl,
      KEY_NAME: keyName,
      PRIVATE_KEY: toPem(privateKey),
    });
    expect(end).toMatchObject({ code: 1, output: '' });
  });

  it('signs in with truefeed', async () => {
    await using exchange = await open('ed25519');
    await using feed = openUserFeed(exchange, toPem(exchange.venues.coinbase.privateKey));
    await feed.whenLive();
    expect(feed.status().streams[0]?.status).toBe('accepted');
  });
});
