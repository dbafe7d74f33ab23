import { describe, expect, it } from 'vitest';
import { FeedBench } from './feed-bench.js';

describe('what the venue complains of and nothing asked for explains', () => {
  it('is told once for each text, and costs no book', async () => {
    const bench = new FeedBench({ subscriptions: [{ channel: 'book', symbols: ['A'] }] });
    await bench.goLive();
    const { socket } = bench.serving('book', 'A');
    socket.frame({ say: 'refused', code: 'VENUE_REFUSED' });
    socket.frame({ say: 'refused', code: 'VENUE_REFUSED' });
    expect(bench.ofType('frame.refused')).toMatchObject([{ error: { code: 'VENUE_REFUSED' } }]);
    expect(bench.feed.book('A').state.status).toBe('live');
    await bench.feed.close();
  });
});

describe('a handler that is no function', () => {
  it('is refused where it is added, and the feed goes on', async () => {
    const bench = new FeedBench({ subscriptions: [{ channel: 'book', symbols: ['A'] }] });
    expect(() => bench.feed.on('book.changed', 5 as never)).toThrow(TypeError);
    await bench.goLive();
    await bench.feed.close();
  });
});
