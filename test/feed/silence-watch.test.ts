import { describe, expect, it } from 'vitest';
import type { FeedEventOf } from '../../src/model/event.js';
import { createFakeVenue } from '../doubles/fake-venue.js';
import { FeedBench } from './feed-bench.js';

const plain = createFakeVenue();
const venue = createFakeVenue({
  channels: plain.channels.map((rule) =>
    rule.name === 'heartbeats' ? { ...rule, expectedCadenceMs: 3_000 } : rule,
  ),
});

/** What was said of silences since the last call. */
function hearSilences(bench: FeedBench): FeedEventOf<'stream.silenced'>[] {
  const silences = bench.ofType('stream.silenced');
  bench.events.length = 0;
  return silences;
}

/** A live book whose socket has heard its first heartbeat. */
async function follow(channels: readonly string[]): Promise<FeedBench> {
  const subscriptions = channels.map((channel) =>
    channel === 'book' ? { channel, symbols: ['A'] } : { channel },
  );
  const bench = new FeedBench({ venue, subscriptions });
  await bench.goLive();
  await bench.run(1_500);
  hearSilences(bench);
  return bench;
}

describe('heartbeats', () => {
  it.each([[['book']], [['book', 'heartbeats']]])(
    'that are late are told of once, before the socket is taken as dead (%j)',
    async (channels) => {
      const bench = await follow(channels);
      await bench.time.advance(3_500);
      const [late, ...more] = hearSilences(bench);
      expect(late).toMatchObject({ channel: 'heartbeats', session: 'market-1', symbol: '' });
      expect(late?.silentMs).toBeGreaterThanOrEqual(3_000);
      expect(more).toEqual([]);
      expect(bench.feed.book('A').state.status).toBe('live');
      await bench.run(50);
      expect(hearSilences(bench)).toMatchObject([{ silentMs: 0 }]);
      await bench.time.advance(5_500);
      expect(hearSilences(bench)).toHaveLength(1);
      expect(bench.feed.book('A').state).toMatchObject({ status: 'stale', reason: 'silence' });
      await bench.run(5_000);
      expect(hearSilences(bench).filter(({ silentMs }) => silentMs > 0)).toEqual([]);
      expect(bench.feed.book('A').state.status).toBe('live');
      await bench.feed.close();
      expect(bench.time.armedCount).toBe(0);
    },
  );

  it('are not missed before the first one came', async () => {
    const bench = new FeedBench({ venue, subscriptions: [{ channel: 'book', symbols: ['A'] }] });
    await bench.goLive();
    await bench.time.advance(4_000);
    expect(hearSilences(bench)).toEqual([]);
    await bench.feed.close();
  });
});
