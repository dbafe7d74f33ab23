import { describe, expect, it } from 'vitest';
import { createFakeVenue } from '../doubles/fake-venue.js';
import { createCounterTracker } from '../../src/sequence/counter.js';
import { FeedBench, type FeedBenchOptions } from './feed-bench.js';

async function followBooks(symbols: readonly string[], options: FeedBenchOptions = {}) {
  const bench = new FeedBench({ subscriptions: [{ channel: 'book', symbols }] }, options);
  await bench.goLive();
  bench.tell();
  return bench;
}

describe('books', () => {
  it('are live after their snapshot and follow every change', async () => {
    const bench = new FeedBench({ subscriptions: [{ channel: 'book', symbols: ['A'] }] });
    const view = bench.feed.book('A');
    expect(view.state.status).toBe('syncing');
    expect(view.bestBid()).toBeUndefined();
    await bench.goLive();
    expect(bench.tell()).toEqual(['book.changed A']);
    bench.market.move('A', 'bids', ['100.5', '2']);
    bench.market.move('A', 'asks', ['101', '0']);
    expect(bench.read(view)).toEqual(bench.truth('A'));
    expect(view.bestBid()?.price).toBe('100.5');
    expect(bench.ofType('book.changed').map((event) => event.kind)).toEqual(['delta', 'delta']);
    await bench.feed.close();
  });

  it('count the time in which they are not live while it lasts', async () => {
    const bench = new FeedBench({ subscriptions: [{ channel: 'book', symbols: ['A'] }] });
    const view = bench.feed.book('A');
    await bench.time.advance(3_000);
    expect(view.state.status).toBe('syncing');
    expect(view.evidence().notLiveMs).toBe(3_000);
    expect(bench.feed.status().counters.bookNotLiveMs).toBe(3_000);
    expect(bench.feed.status().books[0]?.evidence.notLiveMs).toBe(3_000);
    await bench.feed.close();
  });

  it('say what changed to a handler that knows its fields', async () => {
    const bench = await followBooks(['A']);
    const seen: string[] = [];
    bench.feed.on('book.changed', (event) => {
      const { side, price, size } = event.changes.at(0);
      seen.push(`${event.kind} ${side} ${price} ${size} ${event.book.bestBid()?.price ?? ''}`);
    });
    bench.market.move('A', 'bids', ['99.5', '0.25']);
    expect(seen).toEqual(['delta bid 99.5 0.25 99.5']);
    await bench.feed.close();
  });

  it('are all stale before the frame that reveals a gap is used, and heal at once', async () => {
    const bench = await followBooks(['A', 'B']);
    const { exchange } = bench.serving('book', 'A');
    const statesAtGap: string[] = [];
    bench.feed.on('sequence.gapped', () => {
      for (const symbol of ['A', 'B']) statesAtGap.push(bench.feed.book(symbol).state.status);
    });
    bench.market.change('B', 'bids', ['99.5', '1']);
    exchange.loseFrame();
    const requestsBefore = exchange.requests.length;
    bench.market.move('A', 'bids', ['98', '1']);
    expect(statesAtGap).toEqual(['stale', 'stale']);
    expect(bench.tell()).toEqual(['sequence.gapped', 'book.staled A', 'book.staled B']);
    expect(bench.feed.book('A').bestBid()).toBeUndefined();
    expect(bench.feed.book('A').bestBid({ evenIfStale: true })?.price).toBe('99');
    await bench.run(2_000);
    const told = bench.tell();
    for (const symbol of ['A', 'B']) {
      expect(told).toContain(`book.restored ${symbol}`);
      expect(bench.read(bench.feed.book(symbol))).toEqual(bench.truth(symbol));
    }
    const asked = exchange.requests.slice(requestsBefore);
    expect(asked.map(({ op, symbols }) => `${op} ${[...symbols].sort().join()}`)).toEqual([
      'unsubscribe A,B',
      'subscribe A,B',
    ]);
    expect(bench.dialer.sockets).toHaveLength(1);
    expect(bench.feed.status().counters).toMatchObject({
      sequenceGaps: 1,
      framesMissing: 1,
      timesBookStale: 2,
      streamsResubscribed: 2,
      socketsReconnected: 0,
    });
    await bench.feed.close();
  });

  it('are restored before they change again', async () => {
    const bench = await followBooks(['A']);
    bench.serving('book', 'A').exchange.loseFrame();
    bench.market.move('A', 'bids', ['98', '1']);
    await bench.run(1_000);
    expect(bench.tell()).toEqual([
      'sequence.gapped',
      'book.staled A',
      'book.restored A',
      'book.changed A',
    ]);
    await bench.feed.close();
  });

  it('go stale on a lost frame that only a heartbeat reveals', async () => {
    const bench = await followBooks(['A']);
    bench.serving('book', 'A').exchange.loseFrame();
    await bench.run(1_000);
    expect(bench.tell().slice(0, 2)).toEqual(['sequence.gapped', 'book.staled A']);
    await bench.feed.close();
  });

  it('drop a frame that comes twice', async () => {
    const bench = await followBooks(['A']);
    const { exchange, socket } = bench.serving('book', 'A');
    const delta = bench.market.change('A', 'bids', ['98', '1']);
    exchange.send(delta);
    const n = (bench.feed.status().sessions[0]?.framesReceived ?? 0) - 1;
    socket.frame({ n, ...delta, bids: [['98', '7']] });
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    expect(bench.feed.book('A').state.status).toBe('live');
    expect(bench.feed.status().counters.framesStale).toBe(1);
    await bench.feed.close();
  });

  it('go stale at once where numbers begin anew on the same socket', async () => {
    const bench = await followBooks(['A']);
    const { socket } = bench.serving('book', 'A');
    bench.tell();
    socket.frame({ n: 0, ...bench.market.change('A', 'bids', ['98', '1']) });
    expect(bench.tell().slice(0, 2)).toEqual(['sequence.gapped', 'book.staled A']);
    expect(bench.feed.status().counters.framesMissing).toBe(0);
    await bench.run(1_000);
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    await bench.feed.close();
  });

  it('are not live by a late snapshot of the subscription that is about to end', async () => {
    const bench = await followBooks(['A']);
    const { exchange } = bench.serving('book', 'A');
    exchange.loseFrame();
    bench.tell();
    bench.market.move('A', 'bids', ['98', '1']);
    // The request to renew is under way when a snapshot asked for earlier comes late.
    exchange.send(bench.market.describe('A'));
    expect(bench.tell()).toEqual(['sequence.gapped', 'book.staled A']);
    await bench.run(1_000);
    expect(bench.tell()).toEqual(['book.restored A', 'book.changed A']);
    expect(bench.feed.status().counters.streamsResubscribed).toBe(1);
    await bench.feed.close();
  });

  it('are not live between the end of a subscription and the snapshot of the next', async () => {
    const sent: string[] = [];
    const bench = new FeedBench(
      { subscriptions: [{ channel: 'book', symbols: ['A', 'B'] }] },
      { sendsSnapshot: () => sent.length === 0 },
    );
    await bench.goLive();
    sent.push('the first one');
    const { exchange } = bench.serving('book', 'A');
    bench.feed.unsubscribe([{ channel: 'book', symbols: ['A'] }]);
    bench.feed.subscribe([{ channel: 'book', symbols: ['A'] }]);
    exchange.send(bench.market.describe('A'));
    expect(bench.feed.book('A').state.status).toBe('live');
    bench.tell();
    exchange.answer();
    expect(bench.tell()).toEqual(['book.staled A']);
    expect(bench.feed.book('A').state).toMatchObject({ reason: 'subscription-lost' });
    exchange.send(bench.market.describe('A'));
    expect(bench.tell()).toEqual(['book.restored A', 'book.changed A']);
    await bench.feed.close();
  });

  it('go stale at once when the venue ends their subscription by itself', async () => {
    const bench = await followBooks(['A']);
    const { exchange } = bench.serving('book', 'A');
    bench.tell();
    (exchange.held as Map<string, string[]>).delete('book');
    exchange.send({ say: 'held', held: Object.fromEntries(exchange.held) });
    expect(bench.tell()).toEqual(['book.staled A']);
    expect(bench.feed.book('A').state).toMatchObject({ reason: 'subscription-lost' });
    await bench.run(1_000);
    expect(bench.feed.book('A').state.status).toBe('live');
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    await bench.feed.close();
  });

  it('take an update that overtook its snapshot', async () => {
    const bench = new FeedBench(
      { subscriptions: [{ channel: 'book', symbols: ['A'] }] },
      { sendsSnapshot: () => false },
    );
    await bench.run(500);
    const { exchange } = bench.serving('book', 'A');
    const before = bench.market.change('A', 'bids', ['97', '1']);
    const snapshot = bench.market.describe('A');
    const after = bench.market.change('A', 'bids', ['98', '1']);
    exchange.send(after);
    exchange.send(before);
    expect(bench.feed.book('A').state.status).toBe('syncing');
    exchange.send(snapshot);
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    const [event] = bench.ofType('book.changed');
    expect(event).toMatchObject({ kind: 'snapshot' });
    expect(event?.changes.toArray().map(({ price }) => price)).toEqual(['99', '98', '97', '101']);
    await bench.feed.close();
  });

  it('wait for a new snapshot where more was lost while one was on its way', async () => {
    const bench = new FeedBench(
      { subscriptions: [{ channel: 'book', symbols: ['A'] }] },
      { sendsSnapshot: () => false },
    );
    await bench.run(500);
    const { exchange } = bench.serving('book', 'A');
    const snapshot = bench.market.describe('A');
    bench.market.change('A', 'bids', ['98', '1']);
    exchange.loseFrame();
    exchange.send(snapshot);
    expect(bench.feed.book('A').state.status).toBe('syncing');
    await bench.run(2_000);
    exchange.send(bench.market.describe('A'));
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    await bench.feed.close();
  });

  it('are replaced by a second snapshot', async () => {
    const bench = await followBooks(['A']);
    bench.market.change('A', 'bids', ['98', '3']);
    bench.serving('book', 'A').exchange.send(bench.market.describe('A'));
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    expect(bench.ofType('book.changed').at(-1)?.kind).toBe('snapshot');
    await bench.feed.close();
  });

  it('that cross are stale at once and heal alone', async () => {
    const bench = await followBooks(['A', 'B']);
    const { exchange } = bench.serving('book', 'A');
    const before = exchange.requests.length;
    const at = bench.market.tick();
    exchange.send({ say: 'book', symbol: 'A', whole: false, at, bids: [['105', '1']], asks: [] });
    expect(bench.tell()).toEqual(['book.staled A']);
    expect(bench.feed.book('A').state).toMatchObject({ status: 'stale', reason: 'crossed' });
    await bench.run(1_000);
    expect(bench.tell()).toEqual(['book.restored A', 'book.changed A']);
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    const asked = exchange.requests.slice(before);
    expect(asked.every(({ symbols }) => symbols.join() === 'A')).toBe(true);
    await bench.feed.close();
  });

  it('are stale after a frame that cannot be read, with no second alarm for it', async () => {
    const bench = await followBooks(['A']);
    const { exchange, socket } = bench.serving('book', 'A');
    socket.frame('{"say":');
    exchange.loseFrame();
    expect(bench.tell()).toEqual(['book.staled A', 'frame.refused']);
    expect(bench.feed.book('A').state).toMatchObject({ reason: 'frame-invalid' });
    await bench.run(1_000);
    expect(bench.tell()).toEqual(['book.restored A', 'book.changed A']);
    socket.frame('{"say":');
    expect(bench.tell()).toEqual(['book.staled A']);
    expect(bench.feed.status().counters).toMatchObject({ framesInvalid: 2, sequenceGaps: 0 });
    await bench.feed.close();
  });

  it('are stale while the socket is gone, and say why', async () => {
    const bench = await followBooks(['A']);
    bench.serving('book', 'A').socket.closed({ code: 1006 });
    expect(bench.tell()).toEqual(['session.closed', 'book.staled A']);
    expect(bench.feed.book('A').state).toMatchObject({ reason: 'connection-lost' });
    await bench.run(5_000);
    expect(bench.feed.book('A').state.status).toBe('live');
    expect(bench.dialer.sockets).toHaveLength(2);
    await bench.feed.close();
  });

  it('are stale when the socket answers pings but delivers nothing', async () => {
    const bench = await followBooks(['A']);
    const { socket } = bench.serving('book', 'A');
    for (let second = 0; second < 6; second += 1) {
      await bench.time.advance(1_000);
      socket.pong();
    }
    expect(bench.feed.book('A').state).toMatchObject({ status: 'stale', reason: 'silence' });
    await bench.run(5_000);
    expect(bench.feed.book('A').state.status).toBe('live');
    await bench.feed.close();
  });

  it('under two names tell each of them', async () => {
    const bench = await followBooks(['A', 'A-ALIAS']);
    bench.market.move('A', 'bids', ['98', '1']);
    expect(bench.tell()).toEqual(['book.changed A', 'book.changed A-ALIAS']);
    const view = bench.feed.book('A-ALIAS');
    expect(view.symbol).toBe('A-ALIAS');
    expect(bench.read(view)).toEqual(bench.truth('A'));
    const { exchange } = bench.serving('book', 'A');
    expect(exchange.held.get('book')).toEqual(['A']);
    bench.feed.unsubscribe([{ channel: 'book', symbols: ['A'] }]);
    bench.market.move('A', 'bids', ['97', '1']);
    expect(bench.tell()).toEqual(['book.changed A-ALIAS']);
    expect(() => bench.feed.book('A')).toThrow('holds no book');
    await bench.feed.close();
  });

  it('in rows of their own are not disturbed by a gap in another', async () => {
    const sequence = {
      scope: 'symbol',
      createTracker: createCounterTracker,
      tradeIdsContiguous: true,
    } as const;
    const bench = new FeedBench({
      venue: createFakeVenue({ sequence }),
      subscriptions: [{ channel: 'book', symbols: ['A', 'B'] }],
    });
    // The bench numbers the connection; here each frame carries its symbol's own number.
    await bench.run(500);
    const { socket } = bench.serving('book', 'A');
    const numbers: Record<string, number> = { A: 1_000, B: 2_000 };
    const send = (symbol: string, frame: object): void => {
      numbers[symbol] = (numbers[symbol] ?? 0) + 1;
      socket.frame({ ...frame, n: undefined, first: numbers[symbol], last: numbers[symbol] });
    };
    for (const symbol of ['A', 'B']) send(symbol, bench.market.describe(symbol));
    bench.tell();
    send('A', bench.market.change('A', 'bids', ['98', '1']));
    send('B', bench.market.change('B', 'bids', ['98', '1']));
    expect(bench.tell()).toEqual(['book.changed A', 'book.changed B']);
    numbers.A = (numbers.A ?? 0) + 1;
    send('A', bench.market.change('A', 'bids', ['97', '1']));
    send('B', bench.market.change('B', 'bids', ['97', '1']));
    expect(bench.tell()).toEqual(['sequence.gapped A', 'book.staled A', 'book.changed B']);
    expect(bench.ofType('sequence.gapped')).toEqual([]);
    expect(bench.feed.book('B').state.status).toBe('live');
    const overtaken = bench.market.change('A', 'bids', ['96', '1']);
    const snapshotNumber = (numbers.A ?? 0) + 1;
    numbers.A = snapshotNumber;
    socket.frame({ say: 'held', held: { heartbeats: [], book: ['B'] } });
    send('A', overtaken);
    const whole = bench.market.describe('A');
    socket.frame({ ...whole, first: snapshotNumber, last: snapshotNumber });
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    send('A', bench.market.change('A', 'bids', ['95', '1']));
    expect(bench.feed.book('A').state.status).toBe('live');
    await bench.feed.close();
  });
});

describe('a book that does not heal', () => {
  const failing: FeedBenchOptions = { sendsSnapshot: (_channel, symbol) => symbol !== 'BAD' };

  it('is given a socket of its own, fails once, and disturbs no other', async () => {
    const bench = new FeedBench(
      { subscriptions: [{ channel: 'book', symbols: ['GOOD', 'BAD'] }] },
      failing,
    );
    await bench.run(200_000, 500);
    expect(bench.ofType('book.failed').map(({ symbol, error }) => [symbol, error.code])).toEqual([
      ['BAD', 'BOOK_UNRECOVERED'],
    ]);
    expect(bench.ofType('book.staled')).toEqual([]);
    expect(bench.ofType('session.closed')).toEqual([]);
    expect(bench.feed.book('GOOD').state.status).toBe('live');
    const { books, sessions, counters } = bench.feed.status();
    expect(books.map(({ symbol, unrecovered }) => [symbol, unrecovered])).toEqual([
      ['GOOD', false],
      ['BAD', true],
    ]);
    expect(sessions).toHaveLength(2);
    expect(counters.streamsResubscribed).toBeLessThan(8);
    await bench.feed.close();
    expect(bench.time.armedCount).toBe(0);
  });

  it('alone on its socket has it dialled anew, and is live when the venue sends it', async () => {
    let isSending = false;
    const bench = new FeedBench(
      { subscriptions: [{ channel: 'book', symbols: ['BAD'] }] },
      { sendsSnapshot: () => isSending },
    );
    await bench.run(150_000, 500);
    expect(bench.feed.status().counters.socketsReconnected).toBe(1);
    expect(bench.ofType('book.failed')).toHaveLength(1);
    isSending = true;
    await bench.run(80_000, 500);
    expect(bench.feed.book('BAD').state.status).toBe('live');
    expect(bench.feed.status().books[0]?.unrecovered).toBe(true);
    await bench.feed.close();
  });
});
