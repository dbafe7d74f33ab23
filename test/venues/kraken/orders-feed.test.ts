import { describe, expect, it } from 'vitest';
import { openFeed } from '../../../src/feed/feed.js';
import type { FeedOptions } from '../../../src/feed/feed-options.js';
import type { FeedEvent, FeedEventOf } from '../../../src/model/event.js';
import type { OrdersBookView } from '../../../src/model/orders-book.js';
import { KRAKEN_LEVEL3_URL, kraken } from '../../../src/venues/kraken/index.js';
import { createFakeDialer } from '../../doubles/fake-dialer.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';
import { OrdersExchange, TOKEN, type TrueOrder } from './orders-exchange.js';
import { hasSamples, readFrames, readSample, SKIP_NOTE } from './samples.js';

const BTC = 'BTC/USD';
const ETH = 'ETH/USD';
const SECRET =
  'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';
const order = (id: string, price: string, qty: string): TrueOrder => ({ id, price, qty });

class Bench {
  readonly time = createVirtualTime();
  readonly dialer = createFakeDialer(() => this.time.clock.nowMs());
  readonly exchange = new OrdersExchange(this.dialer);
  readonly events: FeedEvent[] = [];
  readonly feed: ReturnType<typeof openFeed>;

  constructor(options: Partial<FeedOptions> & Pick<FeedOptions, 'subscriptions'>) {
    const write = (): void => undefined;
    this.feed = openFeed({
      venue: kraken(),
      credentials: { key: 'PUBLIC', secret: SECRET },
      onEvent: (event) => this.events.push(event),
      runtime: {
        clock: this.time.clock,
        timers: this.time.timers,
        random: createSeededRandom(3),
        dial: (target, listener) => this.dialer.dial(target, listener),
        http: this.exchange.http,
        logger: { debug: write, info: write, warn: write, error: write },
      },
      ...options,
    });
  }

  async run(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      await this.time.advance(50);
      this.exchange.attend();
    }
  }

  types(): string[] {
    return this.events.splice(0).map((event) => `${event.type} ${event.symbol}`.trim());
  }

  changes(): FeedEventOf<'orders-book.changed'>[] {
    return this.events.splice(0).filter((event) => event.type === 'orders-book.changed');
  }
}

async function followOrders(...symbols: string[]): Promise<Bench> {
  const bench = new Bench({ subscriptions: [{ channel: 'orders-book', symbols }] });
  await bench.run(1_000);
  return bench;
}

function idsIn(book: OrdersBookView): string[] {
  const { asks, bids } = book.top(100);
  return [...asks, ...bids].flatMap(({ orders }) => orders.map(({ orderId }) => orderId));
}

describe('order-by-order books of Kraken', () => {
  it('are asked for with a token on a host of their own, and are live once proved', async () => {
    const bench = await followOrders(BTC, ETH);
    expect(bench.dialer.sockets.map(({ target }) => target.url)).toEqual([KRAKEN_LEVEL3_URL]);
    expect(bench.exchange.requests).toMatchObject([
      {
        method: 'subscribe',
        params: { channel: 'level3', depth: 10, symbol: [BTC, ETH], snapshot: true, token: TOKEN },
      },
    ]);
    expect(bench.exchange.tokensIssued).toBe(1);
    expect(bench.types().sort()).toEqual([
      'auth.accepted',
      `orders-book.changed ${BTC}`,
      `orders-book.changed ${ETH}`,
      'session.opened',
      `subscription.accepted ${BTC}`,
      `subscription.accepted ${ETH}`,
    ]);
    const book = bench.feed.ordersBook(BTC);
    expect(book).toMatchObject({ symbol: BTC, verifiedDepth: 10, bidCount: 2, askCount: 1 });
    expect(book.state.status).toBe('live');
    expect(book.evidence()).toMatchObject({ snapshotsApplied: 1, checksumsVerified: 1 });
    expect(idsIn(book)).toEqual(bench.exchange.idsOf(BTC));
    expect(book.bestBid()?.orders.map(({ size }) => size)).toEqual(['2.00000000', '0.50000000']);
    await bench.feed.close();
  });

  it('follow every order, and prove each message', async () => {
    const bench = await followOrders(BTC);
    bench.types();
    const { exchange, feed } = bench;
    const socket = bench.dialer.last();
    socket.frame(exchange.change(BTC, ['add', 'bids', order('OBID-4', '100.0', '3.00000000')]));
    socket.frame(exchange.change(BTC, ['modify', 'bids', order('OBID-1', '100.0', '1.00000000')]));
    socket.frame(
      exchange.change(
        BTC,
        ['delete', 'asks', order('OASK-1', '100.5', '1.00000000')],
        ['add', 'asks', order('OASK-2', '101.0', '886110000.79999999')],
      ),
    );
    const book = feed.ordersBook(BTC);
    expect(idsIn(book)).toEqual(['OASK-2', 'OBID-1', 'OBID-2', 'OBID-4', 'OBID-3']);
    expect(idsIn(book)).toEqual(exchange.idsOf(BTC));
    expect(book.queueAt('bid', '100')?.orders[0]).toMatchObject({ size: '1.00000000' });
    expect(book.bestAsk()?.orders[0]?.size).toBe('886110000.79999999');
    expect(book.evidence()).toMatchObject({ deltasApplied: 3, checksumsVerified: 4 });
    const changes = bench.changes();
    expect(changes.map(({ kind }) => kind)).toEqual(['delta', 'delta', 'delta']);
    expect(changes[2]?.changes.map((one) => [one.change, one.side, one.orderId])).toEqual([
      ['delete', 'ask', 'OASK-1'],
      ['add', 'ask', 'OASK-2'],
    ]);
    await bench.feed.close();
  });

  it('notice a lost change by the next checksum, and heal that book alone', async () => {
    const bench = await followOrders(BTC, ETH);
    bench.types();
    const { exchange, feed } = bench;
    const view = feed.ordersBook(BTC);
    exchange.change(BTC, ['delete', 'bids', order('OBID-2', '100.0', '0.50000000')]);
    bench.dialer
      .last()
      .frame(exchange.change(BTC, ['add', 'bids', order('OBID-5', '99.0', '1.00000000')]));
    const [staled] = bench.events.splice(0);
    expect(staled).toMatchObject({
      type: 'orders-book.staled',
      symbol: BTC,
      reason: 'checksum-mismatch',
    });
    expect([view.bestBid(), view.top(5), view.bidCount]).toEqual([
      undefined,
      { bids: [], asks: [] },
      0,
    ]);
    expect(view.bestBid({ evenIfStale: true })?.orders).toHaveLength(2);
    expect(feed.ordersBook(ETH).state.status).toBe('live');
    await bench.run(2_000);
    expect(bench.types()).toEqual([`orders-book.restored ${BTC}`, `orders-book.changed ${BTC}`]);
    expect(idsIn(view)).toEqual(exchange.idsOf(BTC));
    const asked = exchange.requests.slice(1).map(({ method, params }) => [method, params?.symbol]);
    expect(asked).toEqual([
      ['unsubscribe', [BTC]],
      ['subscribe', [BTC]],
    ]);
    expect(feed.ordersBook(ETH).evidence().timesStale).toBe(0);
    await bench.feed.close();
  });

  it.each([
    { name: 'an order changes that was never placed', reason: 'sequence-gap', event: 'modify' },
    { name: 'bids and offers cross', reason: 'crossed', event: 'add' },
  ] as const)('are stale where $name', async ({ reason, event }) => {
    const bench = await followOrders(BTC);
    const { exchange } = bench;
    const change = order('OBID-9', '100.5', '1.00000000');
    if (event === 'modify') exchange.bookOf(BTC).bids.push(change);
    bench.dialer.last().frame(exchange.change(BTC, [event, 'bids', change]));
    expect(bench.feed.ordersBook(BTC).state).toMatchObject({ status: 'stale', reason });
    await bench.feed.close();
  });

  it('are stale where anything of their channel cannot be read', async () => {
    for (const frame of [
      '{"channel":"level3","type":"tomorrow","data":[]}',
      '{"channel":"level3","type":"update","data":[{"bids":[],"asks":[],"checksum":1}]}',
    ]) {
      const bench = await followOrders(BTC);
      bench.dialer.last().frame(frame);
      const state = { status: 'stale', reason: 'frame-invalid' };
      expect(bench.feed.ordersBook(BTC).state).toMatchObject(state);
      await bench.run(2_000);
      expect(bench.feed.ordersBook(BTC).state.status).toBe('live');
      await bench.feed.close();
    }
  });

  it('are stale when the socket is lost, and whole on the next, with a fresh token', async () => {
    const bench = await followOrders(BTC);
    bench.types();
    bench.dialer.last().closed();
    expect(bench.types()).toEqual(['session.closed', `orders-book.staled ${BTC}`]);
    bench.exchange.bookOf(BTC).bids.shift();
    await bench.run(5_000);
    expect(bench.dialer.sockets).toHaveLength(2);
    expect(bench.exchange.tokensIssued).toBe(2);
    expect(idsIn(bench.feed.ordersBook(BTC))).toEqual(bench.exchange.idsOf(BTC));
    await bench.feed.close();
  });

  it('stand beside books of levels in the status, each under its channel', async () => {
    const bench = await followOrders(BTC);
    expect(bench.feed.status().books).toMatchObject([
      { channel: 'orders-book', symbol: BTC, state: { status: 'live' } },
    ]);
    expect(() => bench.feed.book(BTC)).toThrow('no book of "BTC/USD"');
    expect(() => bench.feed.ordersBook(ETH)).toThrow('no orders-book of "ETH/USD"');
    await bench.feed.close();
  });

  it('need credentials, and a depth that the venue offers', () => {
    const subscriptions = [{ channel: 'orders-book', symbols: [BTC] }];
    expect(() => new Bench({ subscriptions, credentials: undefined })).toThrow(/private/);
    const deep = [{ channel: 'orders-book', symbols: [BTC], depth: 25 }];
    expect(() => new Bench({ subscriptions: deep })).toThrow('choose from 10, 100, 1000');
  });

  it('are asked for at the depth that is wanted', async () => {
    const subscriptions = [{ channel: 'orders-book', symbols: [BTC], depth: 100 }];
    const bench = new Bench({ subscriptions });
    await bench.run(1_000);
    expect(bench.exchange.requests[0]?.params?.depth).toBe(100);
    expect(bench.feed.ordersBook(BTC).state.status).toBe('live');
    await bench.feed.close();
  });

  it('are asked for in the pace that the venue takes at their depth', async () => {
    const symbols = Array.from({ length: 8 }, (_, index) => `X${index}/USD`);
    const bench = new Bench({ subscriptions: [{ channel: 'orders-book', symbols, depth: 1_000 }] });
    const counts: number[] = [];
    for (let second = 0; second < 5; second += 1) {
      await bench.run(1_000);
      counts.push(bench.exchange.requests.length);
    }
    // Each names two symbols, at 100 each of 200 a second, with a margin.
    expect(counts).toEqual([1, 2, 3, 4, 4]);
    const asked = bench.exchange.requests.flatMap(({ params }) => params?.symbol ?? []);
    expect(asked).toEqual(symbols);
    expect(bench.feed.status().streams.every(({ status }) => status === 'accepted')).toBe(true);
    await bench.feed.close();
  });
});

describe.skipIf(!hasSamples)(`order-by-order frames of the venue in a feed${SKIP_NOTE}`, () => {
  interface Vector {
    readonly message_with_string_decoder: object;
  }

  it('prove the book that the venue publishes, 1063832831', async () => {
    const vectors = JSON.parse(readSample('doc-vectors.json')) as { v2_level3_guide: Vector };
    // Printed with its numbers in quotes; the wire has none.
    const printed = JSON.stringify(vectors.v2_level3_guide.message_with_string_decoder);
    const frame = printed.replace(/"(limit_price|order_qty)":"([\d.]+)"/g, '"$1":$2');
    const symbol = /"symbol":"([^"]+)"/.exec(frame)?.[1] ?? '';
    const bench = await followOrders(symbol);
    bench.dialer.last().frame(frame);
    const book = bench.feed.ordersBook(symbol);
    expect(book.state.status).toBe('live');
    expect(idsIn(book)).toHaveLength(35);
    expect(book.evidence().checksumsVerified).toBe(2);
    await bench.feed.close();
  });

  it('are not trusted where lists were cut, as in the recording of 2024-05', async () => {
    const frames = readFrames('v2-kraken-async-rs-captures-2024.jsonl').filter((frame) =>
      frame.startsWith('{"channel":"level3"'),
    );
    const bench = await followOrders(BTC);
    bench.dialer.last().frame(frames[0] ?? '');
    expect(bench.feed.ordersBook(BTC).state).toMatchObject({
      status: 'stale',
      reason: 'checksum-mismatch',
    });
    await bench.feed.close();
  });
});
