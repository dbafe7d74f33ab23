import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../src/model/event.js';
import type { OrdersBookMessage, QueuedOrder } from '../../src/model/message.js';
import { createFakeVenue } from '../doubles/fake-venue.js';
import { FeedBench, type FeedBenchOptions } from './feed-bench.js';

type Change = readonly [QueuedOrder['change'], QueuedOrder['side'], string, string, string];

function say(kind: 'snapshot' | 'delta', changes: readonly Change[], venueAtMs = NaN) {
  const orders = changes.map(([change, side, orderId, price, size]): QueuedOrder => {
    return { change, side, orderId, price, size, placedAtMs: 1 };
  });
  // NaN cannot travel as JSON; a checksum is left out where there is none.
  const type = `orders-book.${kind}` as const;
  const message: OrdersBookMessage = { type, symbol: 'A', venueAtMs, orders, checksum: NaN };
  return { say: 'message', channel: 'orders-book', message } as const;
}

const START: readonly Change[] = [
  ['add', 'bid', 'b1', '99', '1'],
  ['add', 'bid', 'b2', '99', '2'],
  ['add', 'ask', 'a1', '101', '1'],
];

/** A feed of an order-by-order book whose snapshots the test sends. */
async function followOrders(names: readonly string[] = ['A'], options: FeedBenchOptions = {}) {
  const bench = new FeedBench(
    { subscriptions: [{ channel: 'orders-book', symbols: names }] },
    options,
  );
  await bench.run(500);
  const { exchange } = bench.serving('orders-book', 'A');
  exchange.send(say('snapshot', START));
  return { bench, exchange, book: bench.feed.ordersBook(names[0] ?? 'A') };
}

describe('order-by-order books', () => {
  it('are syncing until their snapshot, then live', async () => {
    const bench = new FeedBench({ subscriptions: [{ channel: 'orders-book', symbols: ['A'] }] });
    const book = bench.feed.ordersBook('A');
    expect(book.state.status).toBe('syncing');
    expect(book.bestBid()).toBeUndefined();
    await bench.run(500);
    expect(bench.feed.status().streams[0]).toMatchObject({ status: 'accepted' });
    expect(book.state.status).toBe('syncing');
    let isLive = false;
    void bench.feed.whenLive().then(() => (isLive = true));
    bench.serving('orders-book', 'A').exchange.send(say('snapshot', START));
    await bench.run(50);
    expect(isLive).toBe(true);
    expect(bench.ofType('orders-book.changed')).toMatchObject([
      {
        kind: 'snapshot',
        symbol: 'A',
        changes: [
          { change: 'add', side: 'bid', orderId: 'b1' },
          { change: 'add', side: 'bid', orderId: 'b2' },
          { change: 'add', side: 'ask', orderId: 'a1' },
        ],
      },
    ]);
    await bench.feed.close();
  });

  it('tell each name, and start a later one from a snapshot', async () => {
    const { bench, exchange } = await followOrders(['A', 'A-ALIAS']);
    bench.tell();
    exchange.send(say('delta', [['delete', 'bid', 'b1', '99', '1']]));
    expect(bench.tell()).toEqual(['orders-book.changed A', 'orders-book.changed A-ALIAS']);
    expect(bench.feed.ordersBook('A-ALIAS').symbol).toBe('A-ALIAS');
    bench.feed.unsubscribe([{ channel: 'orders-book', symbols: ['A'] }]);
    bench.feed.subscribe([{ channel: 'orders-book', symbols: ['A'] }]);
    const [event] = bench.ofType('orders-book.changed');
    expect(event).toMatchObject({ kind: 'snapshot', symbol: 'A' });
    expect(event?.changes.map(({ orderId }) => orderId)).toEqual(['b2', 'a1']);
    await bench.feed.close();
  });

  it('add what overtook their snapshot, by the time of the venue', async () => {
    const bench = new FeedBench({ subscriptions: [{ channel: 'orders-book', symbols: ['A'] }] });
    await bench.run(500);
    const { exchange } = bench.serving('orders-book', 'A');
    exchange.send(say('delta', [['delete', 'bid', 'b1', '99', '1']], 5));
    exchange.send(say('delta', [['add', 'bid', 'b3', '99', '3']], 20));
    expect(bench.feed.ordersBook('A').state.status).toBe('syncing');
    exchange.send(say('snapshot', START, 10));
    const ids = bench.feed
      .ordersBook('A')
      .bestBid()
      ?.orders.map(({ orderId }) => orderId);
    expect(ids).toEqual(['b1', 'b2', 'b3']);
    const [event] = bench.ofType('orders-book.changed');
    expect(event).toMatchObject({ kind: 'snapshot', venueAtMs: 20 });
    expect(event?.changes).toHaveLength(4);
    await bench.feed.close();
  });

  it('are stale with the other books where a frame is lost, before it is told', async () => {
    const subscriptions = [
      { channel: 'orders-book', symbols: ['A'] },
      { channel: 'book', symbols: ['A'] },
    ];
    const bench = new FeedBench({ subscriptions });
    await bench.run(500);
    const { exchange } = bench.serving('orders-book', 'A');
    exchange.send(say('snapshot', START));
    bench.tell();
    const states: string[] = [];
    bench.feed.on('sequence.gapped', () => {
      states.push(bench.feed.ordersBook('A').state.status, bench.feed.book('A').state.status);
    });
    exchange.loseFrame();
    exchange.send(say('delta', [['add', 'bid', 'b3', '99', '3']]));
    expect(states).toEqual(['stale', 'stale']);
    const told = ['sequence.gapped', 'orders-book.staled A', 'book.staled A'];
    expect(bench.tell().sort()).toEqual(told.sort());
    expect(bench.feed.ordersBook('A').bestBid()).toBeUndefined();
    await bench.run(1_000);
    exchange.send(say('snapshot', START));
    expect(bench.tell()).toContain('orders-book.restored A');
    expect(bench.feed.ordersBook('A').bestBid()?.orders).toHaveLength(2);
    await bench.feed.close();
  });

  it('say so once where they do not recover, and go on', async () => {
    const { bench, exchange } = await followOrders();
    exchange.loseFrame();
    exchange.send(say('delta', []));
    await bench.run(200_000, 500);
    const failed = bench.ofType('orders-book.failed');
    expect(failed.map(({ symbol, error }) => [symbol, error.code])).toEqual([
      ['A', 'BOOK_UNRECOVERED'],
    ]);
    expect(bench.feed.status().books).toMatchObject([
      { channel: 'orders-book', unrecovered: true },
    ]);
    await bench.feed.close();
  });

  it('are stale with a reason when the feed is closed', async () => {
    const { bench, book } = await followOrders();
    bench.tell();
    await bench.feed.close();
    expect(bench.tell()).toEqual(['orders-book.staled A']);
    expect(book.state).toMatchObject({ status: 'stale', reason: 'closed' });
    expect(() => bench.feed.ordersBook('A')).toThrow('closed');
  });

  it('reach a slow reader as one snapshot of what they are when it is read', async () => {
    const { bench, exchange } = await followOrders();
    const events = bench.feed.events({ maxEvents: 2 });
    for (const id of ['b3', 'b4', 'b5', 'b6']) {
      exchange.send(say('delta', [['add', 'bid', id, '99', '1']]));
    }
    const step: IteratorResult<FeedEvent, undefined> = await events.next();
    const event = step.value;
    if (event?.type !== 'orders-book.changed') throw new Error(`It is ${event?.type}.`);
    expect(event.kind).toBe('snapshot');
    expect(event.changes.map(({ orderId }) => orderId)).toEqual([
      'b1',
      'b2',
      'b3',
      'b4',
      'b5',
      'b6',
      'a1',
    ]);
    await bench.feed.close();
  });

  it('are no books where the venue has no rule for them', async () => {
    const { ordersBook, ...venue } = createFakeVenue();
    expect(ordersBook).toBeDefined();
    const subscriptions = [{ channel: 'orders-book', symbols: ['A'] }];
    const bench = new FeedBench({ venue, subscriptions });
    await bench.run(500);
    expect(() => bench.feed.ordersBook('A')).toThrow('holds no orders-book');
    await bench.feed.close();
  });
});
