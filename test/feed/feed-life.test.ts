import { describe, expect, it } from 'vitest';
import { openFeed } from '../../src/feed/feed.js';
import type { FeedEvent } from '../../src/model/event.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { createFakeDialer } from '../doubles/fake-dialer.js';
import { createFakeAuth, createFakeVenue } from '../doubles/fake-venue.js';
import { createVirtualTime, settle } from '../doubles/virtual-time.js';
import { FeedBench } from './feed-bench.js';

const books = (...symbols: string[]) => ({ channel: 'book', symbols }) as const;

describe('sockets', () => {
  it('carry no more books than one may, and a gap on one leaves the others live', async () => {
    const symbols = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    const bench = new FeedBench({ subscriptions: [books(...symbols)] });
    await bench.goLive();
    expect(bench.dialer.sockets).toHaveLength(3);
    const counts = bench.market.served.map(({ exchange }) => exchange.held.get('book')?.length);
    expect(counts).toEqual([3, 3, 1]);
    bench.tell();
    bench.serving('book', 'D').exchange.loseFrame();
    bench.market.move('E', 'bids', ['98', '1']);
    const staled = bench.ofType('book.staled').map(({ symbol }) => symbol);
    expect(staled).toEqual(['D', 'E', 'F']);
    await bench.feed.close();
  });

  it('that are fuller than the venue allows give the refused books to another', async () => {
    const ignored = ['C'];
    const bench = new FeedBench(
      { subscriptions: [books('A', 'B', 'C')] },
      { exchange: { ignored } },
    );
    const { exchange } = await bench.openFirst();
    exchange.send({ say: 'refused', code: 'SUBSCRIPTION_LIMIT', channel: 'book', symbol: 'C' });
    exchange.answer();
    ignored.pop();
    await bench.run(2_000);
    expect(bench.feed.book('C').state.status).toBe('live');
    expect(bench.feed.status().sessions).toHaveLength(2);
    expect(bench.serving('book', 'C').socket).toBe(bench.dialer.sockets[1]);
    expect(bench.ofType('subscription.refused')).toMatchObject([{ symbol: 'C', final: false }]);
    await bench.feed.close();
    expect(bench.time.armedCount).toBe(0);
  });

  it('for private channels go to the second endpoint when the first keeps failing', async () => {
    const bench = new FeedBench(
      { credentials: { key: 'k' }, subscriptions: [{ channel: 'user' }] },
      { refuses: (url) => url.includes('user') },
    );
    await bench.goLive();
    const urls = bench.dialer.sockets.map(({ target }) => target.url);
    expect(urls.filter((url) => url.includes('user'))).toHaveLength(3);
    expect(urls.at(-1)).toBe('wss://market.fake.test/');
    expect(bench.feed.status().sessions).toMatchObject([{ endpoint: 'market', status: 'ready' }]);
    await bench.feed.close();
    expect(bench.time.armedCount).toBe(0);
  });

  it("go to addresses that the caller gives, and never to the venue's own instead", async () => {
    const bench = new FeedBench(
      {
        credentials: { key: 'k' },
        subscriptions: [{ channel: 'user' }],
        endpoints: { user: 'ws://127.0.0.1:1/user' },
      },
      { refuses: () => true },
    );
    await bench.run(60_000, 500);
    const urls = new Set(bench.dialer.sockets.map(({ target }) => target.url));
    expect([...urls]).toEqual(['ws://127.0.0.1:1/user']);
    await bench.feed.close();
  });
});

describe('subscriptions', () => {
  it('come and go while the feed runs', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] });
    await bench.goLive();
    bench.feed.subscribe([books('B')]);
    await bench.goLive();
    expect(bench.serving('book', 'B').socket).toBe(bench.serving('book', 'A').socket);
    const view = bench.feed.book('A');
    bench.tell();
    bench.feed.unsubscribe([books('A')]);
    expect(bench.tell()).toEqual(['book.staled A']);
    expect(view.state).toMatchObject({ status: 'stale', reason: 'closed' });
    await bench.run(500);
    expect(bench.market.holders('book', 'A')).toEqual([]);
    expect(bench.feed.book('B').state.status).toBe('live');
    bench.feed.unsubscribe([books('B')]);
    await bench.run(500);
    expect(bench.feed.status().sessions).toEqual([]);
    expect(bench.dialer.sockets[0]?.state).toBe('closed');
    expect(bench.time.armedCount).toBe(0);
    await bench.feed.close();
  });

  it('that the venue refuses for good are told, and whenLive rejects with the reason', async () => {
    const bench = new FeedBench(
      { subscriptions: [books('A', 'NONE')] },
      {
        exchange: { ignored: ['NONE'] },
      },
    );
    const waiting = bench.feed.whenLive().catch((error: unknown) => error);
    const { exchange } = await bench.openFirst();
    exchange.send({ say: 'refused', code: 'SYMBOL_UNKNOWN', channel: 'book', symbol: 'NONE' });
    await bench.run(1_000);
    expect(await waiting).toMatchObject({ code: 'SYMBOL_UNKNOWN' });
    expect(bench.ofType('subscription.refused')).toMatchObject([{ symbol: 'NONE', final: true }]);
    expect(bench.feed.book('NONE').state).toMatchObject({ reason: 'subscription-lost' });
    expect(bench.feed.book('A').state.status).toBe('live');
    await bench.feed.close();
  });

  it('are checked before anything is dialled', () => {
    const open = (...subscriptions: { channel: string; symbols?: string[] }[]) =>
      new FeedBench({ subscriptions });
    expect(() => open({ channel: 'boook', symbols: ['A'] })).toThrow('"book"');
    expect(() => open({ channel: 'user' })).toThrow(/credentials/);
    expect(() =>
      openFeed({ venue: createFakeVenue(), subscriptions: [], endpoints: { x: '' } }),
    ).toThrow('no endpoint "x"');
  });

  it('beyond the limits are refused whole', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')], limits: { maxStreams: 2 } });
    expect(() => bench.feed.subscribe([books('B', 'C')])).toThrow('Ask for less');
    expect(bench.feed.status().streams).toHaveLength(1);
    await bench.feed.close();
  });
});

describe('consumers', () => {
  it('that throw do not disturb the feed', async () => {
    const bench = new FeedBench({
      subscriptions: [books('A')],
      onEvent: () => {
        throw new Error('mine');
      },
    });
    await bench.goLive();
    bench.market.move('A', 'bids', ['98', '1']);
    expect(bench.feed.book('A').state.status).toBe('live');
    expect(bench.feed.status().counters.listenerFailures).toBeGreaterThan(1);
    const reports = bench.logged.filter((facts) => facts.code === 'LISTENER_FAILED');
    expect(reports).toHaveLength(1);
    await bench.feed.close();
  });

  it('whose logger throws are not disturbed in the feed', async () => {
    const fail = (): never => {
      throw new Error('mine');
    };
    const time = createVirtualTime();
    const dialer = createFakeDialer(() => time.clock.nowMs());
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const feed = openFeed({
      venue: createFakeVenue(),
      subscriptions: [books('A')],
      runtime: { ...systemRuntime(), ...time, dial: dialer.dial, logger },
    });
    await settle();
    dialer.last().opened();
    expect(() => dialer.last().frame('?')).not.toThrow();
    dialer.last().frame({ n: 1, say: 'beat', counter: 1 });
    expect(feed.status().sessions).toMatchObject([{ status: 'ready', framesReceived: 1 }]);
    const closing = feed.close();
    await settle();
    await closing;
  });

  it('that iterate get copies that outlive the call', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] });
    const stream = bench.feed.events();
    await bench.goLive();
    bench.market.move('A', 'bids', ['98', '1']);
    bench.market.move('A', 'bids', ['97', '2']);
    await bench.feed.close();
    const seen: string[] = [];
    for await (const event of stream) {
      if (event.type !== 'book.changed') seen.push(event.type);
      else
        seen.push(
          event.changes
            .toArray()
            .map(({ price }) => price)
            .join(),
        );
    }
    expect(seen.filter((text) => !text.startsWith('s'))).toEqual([
      '99,101',
      '98',
      '97',
      'book.staled',
    ]);
  });

  it('that are slow end with the right book by conflation', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] });
    const stream = bench.feed.events({ maxEvents: 4 });
    await bench.goLive();
    for (let step = 0; step < 50; step += 1) {
      bench.market.move('A', 'bids', [String(50 + (step % 7)), String(step)]);
    }
    const levels = new Map<string, string>();
    for (let read = 0; read < 10; read += 1) {
      const next = await Promise.race([stream.next(), settle().then(() => undefined)]);
      const event = next?.done === false ? next.value : undefined;
      if (event?.type !== 'book.changed') continue;
      if (event.kind === 'snapshot') levels.clear();
      for (const { side, price, size } of event.changes.toArray()) {
        if (side === 'bid') levels.set(price, size);
      }
    }
    const truth = bench.truth('A').bids.toSorted();
    expect([...levels].map(([price, size]) => `${price} x ${size}`).toSorted()).toEqual(truth);
    await bench.feed.close();
  });

  it('that must see all end with QUEUE_OVERFLOWED', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] });
    await bench.goLive();
    const stream = bench.feed.events({ maxEvents: 2, whenFull: 'close' });
    for (const size of ['1', '2', '3']) bench.market.move('A', 'bids', ['98', size]);
    await stream.next();
    await stream.next();
    await expect(stream.next()).rejects.toMatchObject({ code: 'QUEUE_OVERFLOWED' });
    expect(() => bench.feed.events({ maxEvents: 0 })).toThrow('maxEvents');
    await bench.feed.close();
  });
});

describe('the end', () => {
  const phases: readonly [string, (bench: FeedBench) => Promise<void>][] = [
    ['at once', async () => undefined],
    ['while it dials', (bench) => bench.time.advance(0)],
    ['while it subscribes', (bench) => bench.run(50)],
    ['while it is live', (bench) => bench.goLive()],
    [
      'while a book heals',
      async (bench) => {
        await bench.goLive();
        bench.serving('book', 'A').exchange.loseFrame();
        bench.market.move('A', 'bids', ['98', '1']);
      },
    ],
    [
      'while it waits to dial again',
      async (bench) => {
        await bench.goLive();
        bench.serving('book', 'A').socket.closed({ code: 1006 });
      },
    ],
  ];

  it.each(phases)('%s leaves nothing behind', async (_name, reach) => {
    const bench = new FeedBench({
      credentials: { key: 'k' },
      subscriptions: [books('A', 'B', 'C', 'D'), { channel: 'user' }],
    });
    const stream = bench.feed.events();
    const waiting = bench.feed.whenLive({ timeoutMs: 1_000_000 }).catch((error: unknown) => error);
    await reach(bench);
    const view = bench.feed.book('A');
    const closing = bench.feed.close();
    await bench.time.advance(0);
    await closing;
    await bench.feed.close();
    await waiting;
    expect(bench.time.armedCount).toBe(0);
    expect(view.bestBid()).toBeUndefined();
    expect(view.state.status).not.toBe('live');
    expect(bench.feed.status()).toMatchObject({ closed: true });
    for (const socket of bench.dialer.sockets)
      expect(['closed', 'closing']).toContain(socket.state);
    const rest: FeedEvent[] = [];
    for await (const event of stream) rest.push(event);
    const told = bench.events.length;
    await bench.run(60_000, 1_000);
    expect(bench.events).toHaveLength(told);
  });

  it('makes every further use an error', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] });
    await bench.feed.close();
    const closed = expect.objectContaining({ code: 'FEED_CLOSED' }) as Error;
    expect(() => bench.feed.book('A')).toThrow(closed);
    expect(() => bench.feed.events()).toThrow(closed);
    expect(() => bench.feed.on('book.changed', () => undefined)).toThrow(closed);
    expect(() => bench.feed.subscribe([])).toThrow(closed);
    expect(() => bench.feed.unsubscribe([])).toThrow(closed);
    await expect(bench.feed.whenLive()).rejects.toMatchObject({ code: 'FEED_CLOSED' });
  });

  it('comes by an abort, also by one that came before', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const bench = new FeedBench({ subscriptions: [books('A')], signal });
    await bench.goLive();
    controller.abort();
    await bench.time.advance(0);
    expect(bench.feed.status().closed).toBe(true);
    expect(bench.time.armedCount).toBe(0);
    const late = new FeedBench({ subscriptions: [books('A')], signal });
    await late.run(1_000);
    expect(late.dialer.sockets).toEqual([]);
    expect(late.feed.status().closed).toBe(true);
  });

  it('may come from within a listener, in the middle of a frame', async () => {
    const bench: FeedBench = new FeedBench({
      subscriptions: [books('A', 'B')],
      onEvent: (event) => {
        if (event.type === 'book.staled') void bench.feed.close();
      },
    });
    await bench.goLive();
    bench.serving('book', 'A').exchange.loseFrame();
    bench.market.move('A', 'bids', ['98', '1']);
    await bench.time.advance(0);
    expect(bench.time.armedCount).toBe(0);
    expect(bench.feed.status().closed).toBe(true);
  });

  it('disposes of the sign-in', async () => {
    let disposals = 0;
    const auth = createFakeAuth('k', [], { dispose: () => void (disposals += 1) });
    const venue = createFakeVenue({ createAuth: () => auth });
    const bench = new FeedBench({
      venue,
      credentials: { key: 'k' },
      subscriptions: [{ channel: 'user' }],
    });
    await bench.goLive();
    await bench.feed.close();
    expect(disposals).toBeGreaterThan(0);
  });
});
