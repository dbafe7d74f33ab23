import { describe, expect, it } from 'vitest';
import { createCounterTracker } from '../../src/sequence/counter.js';
import { createFakeVenue, type FakeRequest } from '../doubles/fake-venue.js';
import { FeedBench } from './feed-bench.js';

/** A venue without acknowledgements, whose snapshots come when they are asked for. */
const venue = createFakeVenue({
  acknowledges: 'none',
  sequence: {
    scope: 'symbol',
    createTracker: createCounterTracker,
    tradeIdsContiguous: false,
  },
  book: {
    depth: 'whole',
    verifiedDepth: 'whole',
    recovery: ['request-snapshot', 'reconnect'],
  },
});

async function follow(...symbols: string[]): Promise<FeedBench> {
  const bench = new FeedBench(
    { venue, subscriptions: [{ channel: 'book', symbols }] },
    { exchange: { ackStyle: 'none' }, numbersSymbols: true },
  );
  await bench.run(500);
  for (const symbol of symbols) sendSnapshot(bench, symbol);
  await bench.run(50);
  bench.tell();
  return bench;
}

function sendSnapshot(bench: FeedBench, symbol: string): void {
  bench.serving('book', symbol).exchange.send(bench.market.describe(symbol));
}

function lastRequest(bench: FeedBench, symbol: string): FakeRequest | undefined {
  return bench.serving('book', symbol).exchange.requests.at(-1);
}

describe('books whose snapshots are asked for', () => {
  it('are live without an acknowledgement', async () => {
    const bench = await follow('A');
    expect(bench.feed.book('A').state.status).toBe('live');
    await bench.feed.whenLive({ timeoutMs: 1 });
    await bench.feed.close();
  });

  it('heal by one request, alone, and take what came while it was on its way', async () => {
    const bench = await follow('A', 'B');
    bench.market.change('A', 'bids', ['98', '1']);
    bench.market.move('A', 'bids', ['97', '1']);
    expect(bench.tell()).toEqual(['sequence.gapped A', 'book.staled A']);
    await bench.run(100);
    expect(lastRequest(bench, 'A')).toMatchObject({ op: 'request-snapshot', symbols: ['A'] });
    const snapshot = bench.market.describe('A');
    bench.market.move('A', 'asks', ['102', '3']);
    bench.market.move('B', 'asks', ['102', '3']);
    expect(bench.tell()).toEqual(['book.changed B']);
    bench.serving('book', 'A').exchange.send(snapshot);
    expect(bench.tell()).toEqual(['book.restored A', 'book.changed A']);
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    bench.market.move('A', 'asks', ['102', '4']);
    expect(bench.read(bench.feed.book('A'))).toEqual(bench.truth('A'));
    expect(bench.feed.status().counters.streamsResubscribed).toBe(1);
    await bench.feed.close();
  });

  it('ask again, later, where the answer does not come, and dial anew at last', async () => {
    const bench = await follow('A');
    bench.market.change('A', 'bids', ['98', '1']);
    bench.market.move('A', 'bids', ['97', '1']);
    const countAsked = (): number =>
      bench.serving('book', 'A').exchange.requests.filter(({ op }) => op === 'request-snapshot')
        .length;
    await bench.run(100);
    expect(countAsked()).toBe(1);
    await bench.run(14_000);
    expect(countAsked()).toBe(1);
    await bench.run(2_000);
    expect(countAsked()).toBe(2);
    await bench.run(17_000);
    expect(bench.dialer.sockets.length).toBe(2);
    await bench.feed.close();
  });

  it('are stale where the numbers begin anew, which is a gap of unknown size', async () => {
    const restarting = createCounterTracker();
    const own = {
      reset: (start?: number) => restarting.reset(start),
      check: ({ last }: { readonly last: number }) =>
        last === 1
          ? ({ kind: 'gap', expected: 50, received: 1 } as const)
          : restarting.check({ first: last, last }),
    };
    const sequence = { ...venue.sequence, createTracker: () => own };
    const bench = new FeedBench(
      { venue: { ...venue, sequence }, subscriptions: [{ channel: 'book', symbols: ['A'] }] },
      { exchange: { ackStyle: 'none' }, numbersSymbols: true },
    );
    await bench.run(500);
    const { exchange } = bench.serving('book', 'A');
    exchange.send({ ...bench.market.describe('A'), last: 49 });
    exchange.send({ ...bench.market.change('A', 'bids', ['98', '1']), last: 1 });
    const [gap] = bench.ofType('sequence.gapped');
    expect(gap).toMatchObject({ expected: 50, received: 1, missing: 0 });
    const [staled] = bench.ofType('book.staled');
    expect(staled?.detail).toContain('fell from 49 to 1');
    expect(bench.feed.status().counters.framesMissing).toBe(0);
    await bench.feed.close();
  });
});
