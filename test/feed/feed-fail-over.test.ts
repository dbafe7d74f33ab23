import { describe, expect, it } from 'vitest';
import { createFakeAuth, createFakeVenue } from '../doubles/fake-venue.js';
import { FeedBench } from './feed-bench.js';

const HOUR_MS = 3_600_000;

describe('a private channel whose addresses are all unreachable', () => {
  it('is dialled on both of them, no oftener than one address would be', async () => {
    const bench = new FeedBench(
      { subscriptions: [{ channel: 'user' }], credentials: { key: 'x' } },
      { refuses: () => true },
    );
    for (let at = 0; at < HOUR_MS; at += 1_000) {
      await bench.time.advance(1_000);
      for (const socket of bench.dialer.sockets) if (socket.state === 'dialling') socket.closed();
    }
    const hosts = new Set(bench.dialer.sockets.map(({ target }) => new URL(target.url).host));
    expect(hosts.size).toBe(2);
    const { maxMs } = createFakeVenue().backoff;
    // Full jitter waits half of the longest delay on average, and a second passes in each round.
    expect(bench.dialer.sockets.length).toBeLessThan((3 * HOUR_MS) / (maxMs / 2) + 50);
    await bench.feed.close();
  });

  it('is given up after the attempts that were allowed, over both addresses', async () => {
    const bench = new FeedBench(
      {
        subscriptions: [{ channel: 'user' }],
        credentials: { key: 'x' },
        maxAttempts: 4,
      },
      { refuses: () => true },
    );
    for (let round = 0; round < 600; round += 1) {
      await bench.time.advance(1_000);
      for (const socket of bench.dialer.sockets) if (socket.state === 'dialling') socket.closed();
    }
    expect(bench.dialer.sockets).toHaveLength(4);
    expect(bench.ofType('session.closed').at(-1)).toMatchObject({ retryInMs: undefined });
    await bench.feed.close();
  });
});

describe('a venue that signs the upgrade', () => {
  it('gets no signature where only public channels are asked for', async () => {
    let prepared = 0;
    const auth = {
      ...createFakeAuth(),
      family: 'signed-upgrade' as const,
      prepareDial: () => {
        prepared += 1;
        return { headers: { 'x-signature': 'secret' } };
      },
    };
    const bench = new FeedBench({
      venue: createFakeVenue({ createAuth: () => auth }),
      credentials: { key: 'x' },
      subscriptions: [{ channel: 'book', symbols: ['A'] }],
    });
    await bench.goLive();
    expect(prepared).toBe(0);
    expect(bench.dialer.last().target.headers ?? {}).toEqual({});
    await bench.feed.close();
  });
});
