import { createPublicKey } from 'node:crypto';
import { SignJWT, importPKCS8 } from 'jose';
import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { simulate, type SimulateOptions, type Simulator } from '../../src/simulator/index.js';
import { SYNTHETIC_PRODUCTS } from '../../src/simulator/synthetic-products.js';
import { connectRaw, type RawClient, type RawFrame } from './raw-client.js';

const NAMES = SYNTHETIC_PRODUCTS.map((one) => one.instrument.symbol);

const open = (options: Partial<SimulateOptions> = {}): Promise<Simulator> =>
  simulate({ venues: { coinbase: {} }, ...options });

const connect = (exchange: Simulator): Promise<RawClient> =>
  connectRaw(exchange.venues.coinbase.wsUrl);

const acks = (client: RawClient): (RawFrame['events'][number]['subscriptions'] | undefined)[] =>
  client.frames
    .filter((one) => one.channel === 'subscriptions')
    .map((one) => one.events[0]?.subscriptions);

const errors = (client: RawClient): (string | undefined)[] =>
  client.frames.filter((one) => one.type === 'error').map((one) => one.message);

/** A token made by another library than ours. */
async function makeToken(exchange: Simulator, ageSeconds = 0): Promise<string> {
  const { keyName, privateKey } = exchange.venues.coinbase;
  const key = createPrivateKey(privateKey);
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
  const now = Math.floor(Date.now() / 1000) - ageSeconds;
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: keyName, typ: 'JWT', nonce: 'abcdef0123456789' })
    .setSubject(keyName)
    .setIssuer('cdp')
    .setNotBefore(now)
    .setExpirationTime(now + 120)
    .sign(await importPKCS8(pem, 'ES256'));
}

describe('subscriptions', () => {
  it('sends a snapshot per product, then the whole set held', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('ticker', ['ETH-USD', 'BTC-USD']);
    client.subscribe('level2', ['BTC-USD']);
    client.subscribe('heartbeats');
    await client.until('three acks', () => acks(client).length === 3);
    expect(client.frames.slice(0, 3).map((one) => one.channel)).toEqual([
      'ticker',
      'ticker',
      'subscriptions',
    ]);
    expect(acks(client).at(-1)).toEqual({
      heartbeats: ['heartbeats'],
      level2: ['BTC-USD'],
      ticker: ['ETH-USD', 'BTC-USD'],
    });
    expect(Object.keys(acks(client).at(-1) ?? {})).toEqual(['heartbeats', 'level2', 'ticker']);
    expect(client.frames.map((one) => one.sequence_num)).toEqual(
      client.frames.map((_, index) => index),
    );
  });

  it('acknowledges products already held without a new snapshot', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('candles', ['BTC-USD']);
    client.subscribe('candles', ['BTC-USD']);
    await client.until('two acks', () => acks(client).length === 2);
    const snapshots = client.frames.filter((one) => one.events[0]?.type === 'snapshot');
    expect(snapshots).toHaveLength(1);
  });

  it('gives a fresh snapshot after unsubscribing, and numbers go on', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('level2', ['BTC-USD']);
    client.unsubscribe('level2', ['BTC-USD']);
    client.subscribe('level2', ['BTC-USD']);
    await client.until('three acks', () => acks(client).length === 3);
    expect(acks(client)[1]).toEqual({});
    const snapshots = client.frames.filter((one) => one.events[0]?.type === 'snapshot');
    expect(snapshots).toHaveLength(2);
    expect(client.frames.map((one) => one.sequence_num)).toEqual(
      client.frames.map((_, index) => index),
    );
  });

  it('drops the whole channel when an unsubscribe names no products', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('ticker', ['BTC-USD', 'ETH-USD']);
    client.unsubscribe('ticker');
    await client.until('two acks', () => acks(client).length === 2);
    expect(acks(client)[1]).toEqual({});
    expect(client.texts.at(-1)).toContain('"events":[{"subscriptions":{}}]');
  });

  it('serves an alias under its proper name and passes over unknown products', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('level2', ['BTC-USDC', 'BTC-USD', 'GIBBERISH-USD']);
    await client.until('the ack', () => acks(client).length === 1);
    expect(acks(client)[0]).toEqual({ level2: ['BTC-USD'] });
    expect(client.frames[0]?.events[0]?.product_id).toBe('BTC-USD');
    expect(errors(client)).toEqual([]);
  });

  it('holds 30 level2 products and refuses the 31st with its whole request', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('level2', NAMES.slice(0, 30));
    client.subscribe('level2', NAMES.slice(30, 31));
    client.subscribe('level2', ['BTC-USDC']);
    await client.until('two acks', () => acks(client).length === 2);
    expect(acks(client)[1]?.level2).toHaveLength(30);
    expect(errors(client)).toEqual(['too many L2 streams requested in a single session']);
    client.unsubscribe('level2', NAMES.slice(0, 1));
    client.subscribe('level2', NAMES.slice(30, 31));
    await client.until('four acks', () => acks(client).length === 4);
    expect(acks(client)[3]?.level2).toContain(NAMES[30]);
  });

  it('answers an unknown channel as it answers a bad token', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('heartbeat', ['BTC-USD']);
    await client.until('the error', () => errors(client).length === 1);
    expect(client.texts[0]).toBe('{"type":"error","message":"authentication failure"}');
  });

  it.each(['{', '[]', 'null', '7', '{"type":"order"}', '{"type":"subscribe","channel":7}'])(
    'answers %s with an error and stays open',
    async (text) => {
      await using exchange = await open();
      await using client = await connect(exchange);
      client.send(text);
      client.subscribe('heartbeats');
      await client.until('the ack', () => acks(client).length === 1);
      expect(errors(client)).toEqual(['failure to subscribe']);
      expect(client.frames.find((one) => one.channel)?.sequence_num).toBe(0);
    },
  );

  it('refuses the ninth message without a token within a second', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    for (let count = 0; count < 9; count += 1) client.subscribe('heartbeats');
    await client.until('the error', () => errors(client).length === 1);
    expect(errors(client)).toEqual(['rate limit exceeded']);
    expect(acks(client)).toHaveLength(8);
  });

  it('closes a connection that subscribes to nothing in time', async () => {
    await using exchange = await open({
      venues: { coinbase: { limits: { subscribeWithinMs: 50 } } },
    });
    await using client = await connect(exchange);
    client.subscribe('level3', ['BTC-USD']);
    const { code } = await client.closed;
    expect(code).toBe(1008);
  });
});

describe('the private channels', () => {
  it('refuses them without a token and with an expired one', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('user');
    client.subscribe('futures_balance_summary');
    client.subscribe('user', undefined, await makeToken(exchange, 600));
    await client.until('three errors', () => errors(client).length === 3);
    expect(new Set(errors(client))).toEqual(new Set(['authentication failure']));
    expect(acks(client)).toEqual([]);
  });

  it('refuses a bad token on a public channel as well', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('ticker', ['BTC-USD'], 'not.a.token');
    await client.until('the error', () => errors(client).length === 1);
    expect(acks(client)).toEqual([]);
  });

  it('lists orders in batches of fifty before the ack with the user id', async () => {
    const orders = Array.from({ length: 50 }, (_, index) => ({
      order_id: `order-${index}`,
      product_id: 'BTC-USD',
      order_side: 'BUY',
      status: 'OPEN',
    }));
    await using exchange = await open({ venues: { coinbase: { orders } } });
    await using client = await connect(exchange);
    client.subscribe('user', undefined, await makeToken(exchange));
    await client.until('the ack', () => acks(client).length === 1);
    expect(client.frames.map((one) => one.sequence_num)).toEqual([0, 1, 2]);
    expect(client.frames.map((one) => one.events[0]?.orders?.length)).toEqual([50, 0, undefined]);
    expect(acks(client)[0]?.user?.[0]).toMatch(/^[0-9a-f-]{36}$/);
    exchange.venues.coinbase.control.changeOrders([{ ...orders[0], status: 'FILLED' }]);
    await client.until('the update', () => client.frames.length === 4);
    expect(client.frames[3]?.events[0]).toMatchObject({
      type: 'update',
      orders: [{ order_id: 'order-0', status: 'FILLED' }],
    });
  });

  it('accepts Ed25519 keys in the form of the portal', async () => {
    await using exchange = await open({ keyType: 'ed25519' });
    const bytes = Buffer.from(exchange.venues.coinbase.privateKey, 'base64');
    expect(bytes).toHaveLength(64);
    const key = createPrivateKey({
      format: 'jwk',
      key: {
        kty: 'OKP',
        crv: 'Ed25519',
        d: bytes.subarray(0, 32).toString('base64url'),
        x: bytes.subarray(32).toString('base64url'),
      },
    });
    const x = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
    expect(Buffer.from(x, 'base64url')).toEqual(bytes.subarray(32));
    const { keyName } = exchange.venues.coinbase;
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: keyName })
      .setSubject(keyName)
      .setIssuer('cdp')
      .setNotBefore(now)
      .setExpirationTime(now + 120)
      .sign(key);
    await using client = await connect(exchange);
    client.subscribe('futures_balance_summary', undefined, token);
    await client.until('the ack', () => acks(client).length === 1);
    expect(client.frames[0]?.channel).toBe('futures_balance_summary');
    expect(errors(client)).toEqual([]);
  });
});

describe('the market', () => {
  it('moves: books never cross, trades are contiguous, numbers have no gap', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('level2', ['BTC-USD']);
    client.subscribe('market_trades', ['BTC-USD']);
    client.subscribe('ticker', ['BTC-USD']);
    client.subscribe('heartbeats');
    await client.until('80 frames', () => client.frames.length >= 80);
    expect(client.frames.map((one) => one.sequence_num)).toEqual(
      client.frames.map((_, index) => index),
    );
    const book = { bid: new Map<string, number>(), offer: new Map<string, number>() };
    for (const { channel, events } of client.frames) {
      if (channel !== 'l2_data') continue;
      for (const { side, price_level: price, new_quantity: size } of events[0]?.updates ?? []) {
        const levels = side === 'bid' ? book.bid : book.offer;
        if (size === '0') levels.delete(price);
        else levels.set(price, Number(size));
      }
      const bestBid = Math.max(...[...book.bid.keys()].map(Number));
      expect(bestBid).toBeLessThan(Math.min(...[...book.offer.keys()].map(Number)));
    }
    const ids = client.frames
      .filter((one) => one.channel === 'market_trades')
      .reverse()
      .flatMap((one) => one.events[0]?.trades.map((trade) => Number(trade.trade_id)) ?? []);
    expect(ids.length).toBeGreaterThan(100);
    ids.forEach((id, index) => index > 0 && expect(id).toBe((ids[index - 1] ?? 0) - 1));
  });

  it('beats once a second in the time text of the venue', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.subscribe('heartbeats');
    await client.until('two beats', () => client.frames.length === 3);
    const beats = client.frames.slice(1).map((one) => one.events[0]);
    expect(beats[0]?.current_time).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})? \+0000 UTC m=\+\d+\.\d{9}$/,
    );
    expect(Number(beats[1]?.heartbeat_counter) - Number(beats[0]?.heartbeat_counter)).toBe(1);
  });

  it('writes client_id on the path of the user host only', async () => {
    await using exchange = await open();
    const { wsUrl, userWsUrl } = exchange.venues.coinbase;
    await using market = await connectRaw(wsUrl);
    await using user = await connectRaw(userWsUrl);
    market.subscribe('ticker', ['BTC-USD']);
    user.subscribe('ticker', ['BTC-USD']);
    await market.until('a frame', () => market.frames.length > 0);
    await user.until('a frame', () => user.frames.length > 0);
    expect(market.texts[0]).toMatch(/^\{"channel":"ticker","timestamp":/);
    expect(user.texts[0]).toMatch(/^\{"channel":"ticker","client_id":"","timestamp":/);
  });
});

describe('the host', () => {
  it('answers pings, sends a Date, and refuses paths that the venue does not have', async () => {
    await using exchange = await open();
    await using client = await connect(exchange);
    client.ping();
    await client.until('the pong', () => client.pongs === 1);
    expect(Date.parse(String(client.headers.date))).not.toBeNaN();
    const { wsUrl, restUrl } = exchange.venues.coinbase;
    await expect(connectRaw(`${wsUrl}/elsewhere`)).rejects.toThrow('404');
    const time = await fetch(`${restUrl}/api/v3/brokerage/time`);
    expect(await time.json()).toHaveProperty('epochSeconds');
    expect((await fetch(`${restUrl}/nothing`)).status).toBe(404);
  });

  it('serves TLS with a certificate that holds for 127.0.0.1 when it is trusted', async () => {
    await using exchange = await open({ tls: true });
    const { wsUrl } = exchange.venues.coinbase;
    expect(wsUrl).toMatch(/^wss:/);
    await expect(connectRaw(wsUrl)).rejects.toThrow(/self.signed/);
    await using client = await connectRaw(wsUrl, { ca: exchange.caPem ?? '' });
    client.subscribe('heartbeats');
    await client.until('the ack', () => acks(client).length === 1);
  });

  it('says that a port is taken', async () => {
    await using exchange = await open();
    await expect(open({ port: exchange.venues.coinbase.port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
  });

  it('frees its port and ends its connections when it is closed', async () => {
    const exchange = await open();
    await using client = await connect(exchange);
    await exchange.close();
    expect([1001, 1006]).toContain((await client.closed).code);
    await using again = await open({ port: exchange.venues.coinbase.port });
    expect(again.venues.coinbase.port).toBe(exchange.venues.coinbase.port);
  });

  it('cuts a client that does not read, and keeps the others', async () => {
    await using exchange = await open({
      venues: { coinbase: { limits: { maxBufferedBytes: 1_000_000 } } },
      faults: { rules: [{ fault: 'giant-snapshot', bytes: 20_000_000, connection: 1 }] },
    });
    await using slow = await connect(exchange);
    await using quick = await connect(exchange);
    slow.pause();
    slow.subscribe('level2', ['BTC-USD']);
    quick.subscribe('level2', ['BTC-USD']);
    await quick.until('data', () => quick.frames.length > 20);
    expect(exchange.venues.coinbase.control.connectionCount).toBe(1);
    slow.resume();
    expect((await slow.closed).code).toBe(1006);
  });
});
