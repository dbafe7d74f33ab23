import { describe, expect, it } from 'vitest';
import { FeedBench } from './feed-bench.js';

const books = (...symbols: string[]) => ({ channel: 'book', symbols }) as const;

describe('a socket that ended for good', () => {
  it('refuses its streams, and takes no others; asked for again they go elsewhere', async () => {
    let isDown = true;
    const bench = new FeedBench(
      { subscriptions: [books('A', 'B')], maxAttempts: 2 },
      { refuses: () => isDown },
    );
    const waiting = bench.feed.whenLive().catch((error: unknown) => error);
    await bench.run(5_000);
    expect(await waiting).toMatchObject({ code: 'CONNECTION_EXHAUSTED' });
    expect(bench.dialer.sockets).toHaveLength(2);
    expect(bench.ofType('subscription.refused')).toMatchObject([
      { symbol: 'A', final: true, error: { code: 'CONNECTION_EXHAUSTED' } },
      { symbol: 'B', final: true },
    ]);
    isDown = false;
    bench.feed.subscribe([books('C')]);
    await bench.run(1_000);
    expect(bench.feed.book('C').state.status).toBe('live');
    expect(bench.feed.status().streams.map(({ status }) => status)).toEqual([
      'refused',
      'refused',
      'accepted',
    ]);
    bench.feed.subscribe([books('A', 'B')]);
    await bench.goLive();
    expect(bench.feed.status().sessions).toHaveLength(1);
    await bench.feed.close();
    expect(bench.time.armedCount).toBe(0);
  });
});
