import { describe, expect, it } from 'vitest';
import { FeedBench } from './feed-bench.js';

async function followBooks(symbols: readonly string[]) {
  const bench = new FeedBench({ subscriptions: [{ channel: 'book', symbols }] });
  await bench.goLive();
  bench.tell();
  return bench;
}

describe('books whose names a listener drops', () => {
  it.each(['book.changed', 'book.restored'] as const)(
    'are not told of under another name once a listener of %s ended them',
    async (type) => {
      const bench = await followBooks(['A', 'A-ALIAS']);
      const names = [{ channel: 'book', symbols: ['A', 'A-ALIAS'] }];
      const stop = bench.feed.on(type, () => {
        stop();
        bench.feed.unsubscribe(names);
        bench.feed.subscribe(names);
      });
      const { socket } = bench.serving('book', 'A');
      if (type === 'book.restored') socket.closed({ code: 1006 });
      else bench.market.move('A', 'bids', ['98', '1']);
      await bench.run(5_000);
      const told = bench.tell().filter((line) => line !== 'session.closed');
      // Of the new book, which was never stale, after the last that is told of the old one.
      const ended = told.lastIndexOf('book.staled A-ALIAS');
      expect(told.slice(0, ended)).toContain(`${type} A`);
      expect(told.slice(ended + 1)).toEqual(['book.changed A', 'book.changed A-ALIAS']);
      await bench.feed.close();
    },
  );

  it('tell no snapshot any more once they ended as they were restored', async () => {
    const bench = await followBooks(['A']);
    bench.feed.on('book.restored', () => {
      bench.feed.unsubscribe([{ channel: 'book', symbols: ['A'] }]);
    });
    bench.serving('book', 'A').socket.closed({ code: 1006 });
    await bench.run(5_000);
    const ends = ['book.staled A', 'book.restored A', 'book.staled A'];
    expect(bench.tell()).toEqual(['session.closed', ...ends]);
    await bench.feed.close();
  });

  it('begin anew under a name that is taken again', async () => {
    const bench = await followBooks(['A', 'A-ALIAS']);
    const names = [{ channel: 'book', symbols: ['A-ALIAS'] }];
    const stop = bench.feed.on('book.changed', () => {
      stop();
      bench.feed.unsubscribe(names);
      bench.feed.subscribe(names);
    });
    bench.market.move('A', 'bids', ['98', '1']);
    const kinds = bench.ofType('book.changed').map(({ symbol, kind }) => `${symbol} ${kind}`);
    // The snapshot has the change already.
    expect(kinds).toEqual(['A delta', 'A-ALIAS snapshot']);
    expect(bench.read(bench.feed.book('A-ALIAS'))).toEqual(bench.truth('A'));
    await bench.feed.close();
  });
});
