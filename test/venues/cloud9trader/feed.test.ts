import { afterEach, describe, expect, it } from 'vitest';
import { openFeed } from '../../../src/feed/feed.js';
import type { Feed, FeedOptions } from '../../../src/feed/feed-options.js';
import type { BookView } from '../../../src/model/book.js';
import type { FeedEvent } from '../../../src/model/event.js';
import { systemRuntime } from '../../../src/runtime/system-runtime.js';
import {
  cloud9trader,
  type Cloud9TraderCredentials,
} from '../../../src/venues/cloud9trader/index.js';
import type { FaultRule } from '../../../src/venues/cloud9trader/server/fault-rules.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { BTC, EUR, hostServer, KEY, SECRET, type HostedBench } from './server/server-harness.js';

const PATIENCE_MS = 40_000;
const DELTAS = `order-book.${BTC}`;

interface Followed {
  readonly bench: HostedBench;
  readonly feed: Feed;
  readonly events: FeedEvent[];
  /** Waits until something is true; looks again after every event. */
  readonly until: (what: string, isTrue: () => boolean) => Promise<void>;
  readonly count: (type: FeedEvent['type']) => number;
}

const opened: Followed[] = [];

afterEach(async () => {
  for (const { feed, bench } of opened.splice(0)) {
    await feed.close();
    await bench[Symbol.asyncDispose]();
  }
});

async function follow(
  subscriptions: FeedOptions['subscriptions'],
  parts: { rules?: readonly FaultRule[]; credentials?: Cloud9TraderCredentials; key?: string } = {},
): Promise<Followed> {
  const { rules = [], credentials, key } = parts;
  const bench = await hostServer({ rules });
  const events: FeedEvent[] = [];
  const looks = new Set<() => void>();
  const feed = openFeed({
    venue: cloud9trader({ url: bench.wsUrl, key }),
    credentials,
    subscriptions,
    runtime: systemRuntime({ random: createSeededRandom(3) }),
    recovery: { backoff: { firstMs: 50, maxMs: 200, leastMs: 10 }, snapshotTimeoutMs: 500 },
    onEvent(event) {
      // What lives for the call only is not looked at.
      events.push(event);
      for (const look of looks) look();
    },
  });
  const until: Followed['until'] = (what, isTrue) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        looks.delete(look);
        const seen = events.map(({ type }) => type).join(' ');
        reject(new Error(`No ${what} in ${PATIENCE_MS} ms: ${seen}`));
      }, PATIENCE_MS);
      const look = (): void => {
        if (!isTrue()) return;
        clearTimeout(timer);
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  const count: Followed['count'] = (type) => events.filter((event) => event.type === type).length;
  const followed = { bench, feed, events, until, count };
  opened.push(followed);
  return followed;
}

/** The book as the market shows it. */
function show(view: BookView): string {
  const { bids, asks } = view.top(1_000);
  const side = (levels: typeof bids): string =>
    levels.map(({ priceNumber, sizeNumber }) => `${priceNumber}x${sizeNumber}`).join(' ');
  return `bids ${side(bids)} | asks ${side(asks)}`;
}

/** Changes that touch many levels and leave the book uncrossed. */
function churn({ market }: HostedBench, symbol: string, count: number): void {
  const random = createSeededRandom(count);
  for (let step = 0; step < count; step += 1) {
    const side = random.fraction() < 0.5 ? 'bid' : 'ask';
    const offset = Math.floor(random.fraction() * 20);
    const price = side === 'bid' ? 98 - offset / 2 : 102 + offset / 2;
    const size = random.fraction() < 0.3 ? '0' : (random.fraction() * 9 + 1).toFixed(4);
    market.move(symbol, side, [price.toFixed(2), size]);
  }
}

async function expectTruth({ feed, bench, until }: Followed, symbol: string): Promise<void> {
  const view = feed.book(symbol);
  // A last change, so that there is an event to look after.
  bench.market.move(symbol, 'bid', ['1', String(Math.round(performance.now()))]);
  await until('truth', () => show(view) === bench.market.show(symbol));
  expect(view.state.status).toBe('live');
}

describe('a feed of Cloud9Trader', () => {
  it('follows books, trades, tickers and prices', async () => {
    const symbols = [BTC, EUR];
    const followed = await follow([
      { channel: 'book', symbols },
      { channel: 'trades', symbols: [BTC] },
      { channel: 'ticker', symbols: [BTC] },
      { channel: 'top-of-book', symbols: [EUR] },
    ]);
    const { bench, feed, events, until, count } = followed;
    await until('books', () =>
      symbols.every((symbol) => feed.book(symbol).state.status === 'live'),
    );
    await until('trades', () => count('trades.listed') > 0 || count('subscription.accepted') >= 4);
    for (const symbol of symbols) churn(bench, symbol, 300);
    for (const symbol of symbols) await expectTruth(followed, symbol);
    bench.market.trade(BTC, 't1', 'sell');
    bench.market.tell({ type: 'ticker.changed', symbol: BTC, ticker: { last: '100.50' } });
    bench.market.move(EUR, 'ask', ['100.5', '1']);
    await until('news', () => count('trade.printed') > 0 && count('ticker.changed') > 2);
    const trade = events.find((event) => event.type === 'trade.printed');
    expect(trade).toMatchObject({ symbol: BTC, tradeId: 't1', price: '100.5', side: 'sell' });
    expect(events.filter((event) => event.type === 'ticker.changed')).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ symbol: BTC, channel: 'ticker', ticker: { last: '100.5' } }),
        expect.objectContaining({
          symbol: EUR,
          channel: 'top-of-book',
          ticker: { bid: '99', ask: '100.5' },
        }),
      ]) as unknown[],
    );
    expect(count('sequence.gapped') + count('frame.skipped') + count('frame.refused')).toBe(0);
  });

  it.each<[string, FaultRule]>([
    ['a lost change', { fault: 'drop', at: { kind: 'delta', topic: DELTAS, count: 20 } }],
    ['changes in the wrong order', { fault: 'reorder', at: { kind: 'delta', count: 20 } }],
    ['a frame cut in half', { fault: 'corrupt', at: { kind: 'delta', count: 20 } }],
  ])('heals %s by a request on the same socket', async (_name, rule) => {
    const followed = await follow([{ channel: 'book', symbols: [BTC] }], { rules: [rule] });
    const { bench, feed, until, count } = followed;
    await until('book', () => feed.book(BTC).state.status === 'live');
    churn(bench, BTC, 60);
    await until('recovery', () => count('book.restored') > 0);
    await expectTruth(followed, BTC);
    expect(count('session.opened')).toBe(1);
    expect(count('book.staled')).toBe(1);
  });

  it('takes duplicates for what they are', async () => {
    const rules: FaultRule[] = [{ fault: 'duplicate', every: { kind: 'delta', frames: 3 } }];
    const followed = await follow([{ channel: 'book', symbols: [BTC] }], { rules });
    await followed.until('book', () => followed.feed.book(BTC).state.status === 'live');
    churn(followed.bench, BTC, 60);
    await expectTruth(followed, BTC);
    expect(followed.count('book.staled')).toBe(0);
    expect(followed.feed.status().counters.framesStale).toBeGreaterThan(10);
  });

  it('keeps changes that come before a late snapshot, and applies those after it', async () => {
    const rules: FaultRule[] = [{ fault: 'delay', at: { kind: 'answer' }, delayMs: 200 }];
    const followed = await follow([{ channel: 'book', symbols: [BTC] }], { rules });
    const { bench, feed, until, count } = followed;
    await until('socket', () => count('session.opened') > 0);
    for (let round = 0; round < 10; round += 1) {
      churn(bench, BTC, 10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('book', () => feed.book(BTC).state.status === 'live');
    await expectTruth(followed, BTC);
    expect(count('sequence.gapped')).toBe(0);
  });

  it('asks again where the snapshot never comes', async () => {
    const rules: FaultRule[] = [
      { fault: 'drop', at: { kind: 'delta', count: 5 } },
      { fault: 'drop', at: { kind: 'answer', count: 2 } },
      { fault: 'refuse-request', at: { kind: 'answer', count: 2 } },
    ];
    const followed = await follow([{ channel: 'book', symbols: [BTC] }], { rules });
    const { bench, feed, until, count } = followed;
    await until('book', () => feed.book(BTC).state.status === 'live');
    churn(bench, BTC, 10);
    await until('recovery', () => count('book.restored') > 0);
    await expectTruth(followed, BTC);
  });

  it('notices that the numbers begin anew on an open socket', async () => {
    const followed = await follow([{ channel: 'book', symbols: [BTC] }]);
    const { bench, feed, until, count } = followed;
    await until('book', () => feed.book(BTC).state.status === 'live');
    churn(bench, BTC, 1_200);
    bench.server.restartSequences();
    churn(bench, BTC, 5);
    await until('recovery', () => count('book.restored') > 0);
    await expectTruth(followed, BTC);
    expect(followed.events.find(({ type }) => type === 'sequence.gapped')).toMatchObject({
      missing: 0,
      received: 1,
    });
  });

  it('comes back after a lost connection', async () => {
    const followed = await follow([{ channel: 'book', symbols: [BTC, EUR] }]);
    const { bench, feed, until, count } = followed;
    await until('book', () => feed.book(BTC).state.status === 'live');
    bench.server.resetConnections();
    await until('loss', () => count('book.staled') > 0);
    churn(bench, BTC, 10);
    await until('recovery', () => count('book.restored') > 1);
    for (const symbol of [BTC, EUR]) await expectTruth(followed, symbol);
  });

  it('says that an instrument is unknown, and follows the others', async () => {
    const symbols = [BTC, 'NOSUCH:Binance'];
    const { feed, events, until, count } = await follow([{ channel: 'book', symbols }]);
    await until('refusal', () => count('subscription.refused') > 0);
    await until('book', () => feed.book(BTC).state.status === 'live');
    expect(events.find(({ type }) => type === 'subscription.refused')).toMatchObject({
      symbol: 'NOSUCH:Binance',
      final: true,
      error: { code: 'SUBSCRIPTION_REFUSED' },
    });
  });

  it('opens a public socket with a key', async () => {
    const { feed, until } = await follow([{ channel: 'book', symbols: [BTC] }], { key: KEY });
    await until('book', () => feed.book(BTC).state.status === 'live');
  });

  it('signs in and reads orders and balances', async () => {
    const { bench, feed, events, until, count } = await follow(
      [{ channel: 'user' }, { channel: 'balances' }, { channel: 'executions' }],
      {
        credentials: { key: KEY, secret: SECRET },
        key: 'PUBLIC',
      },
    );
    await until('sign-in', () => count('auth.accepted') > 0);
    await until('subscriptions', () => count('subscription.accepted') >= 3);
    const order = {
      broker: 'BitMEX',
      id: '1',
      instrumentId: 'XBTUSD:BitMEX',
      symbol: 'XBTUSD',
      side: 'BUY',
      type: 'LIMIT',
      status: 'NEW',
      price: '20000.5',
      quantity: '100',
    };
    bench.server.changeAccount('orders', [order]);
    bench.server.changeAccount('balances', [{ broker: 'BitMEX', currency: 'XBT', balance: '1.5' }]);
    await until('reports', () => count('order.changed') > 0 && count('balance.changed') > 0);
    expect(events.find(({ type }) => type === 'order.changed')).toMatchObject({
      order: { orderId: '1', status: 'open', limitPrice: '20000.5', side: 'buy' },
      snapshot: false,
    });
    const execution = {
      broker: 'BitMEX',
      id: 'e1',
      orderId: '1',
      instrumentId: 'XBTUSD:BitMEX',
      symbol: 'XBTUSD',
      side: 'BUY',
      quantity: '40',
      price: '20000.5',
    };
    bench.server.changeAccount('executions', [execution]);
    bench.server.changeAccount('executions', [execution]);
    await until('the fill', () => count('fill.printed') > 0);
    expect(feed.fills.all()).toMatchObject([{ fillId: 'e1', size: '40', derived: false }]);
    expect(count('fill.printed')).toBe(1);
    expect(feed.orders.open()).toHaveLength(1);
    expect(feed.balances.get('XBT BitMEX')?.total).toBe('1.5');
  });

  it('explains a refused sign-in, and does not try for ever', async () => {
    const { events, until, count } = await follow([{ channel: 'user' }], {
      credentials: { key: KEY, secret: 'AAECAwQFBgcICQoLDA0ODw==' },
    });
    const isFinal = (event: FeedEvent): boolean => event.type === 'auth.refused' && event.final;
    await until('refusal', () => events.some(isFinal));
    expect(count('auth.refused')).toBeLessThanOrEqual(3);
    const shown = JSON.stringify(events.find(isFinal), (_key, value: unknown) =>
      value instanceof Error ? `${value.message} ${value.stack}` : value,
    );
    expect(shown).not.toContain('AAECAwQFBgcICQoLDA0ODw');
  });
});
