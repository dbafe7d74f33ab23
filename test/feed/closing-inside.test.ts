import { expect, it } from 'vitest';
import { FeedBench } from './feed-bench.js';
import { createFakeVenue } from '../doubles/fake-venue.js';
import type { FeedEventType } from '../../src/model/event.js';

const plain = createFakeVenue();
const venue = createFakeVenue({
  channels: plain.channels.map((rule) =>
    rule.name === 'heartbeats' ? { ...rule, expectedCadenceMs: 3_000 } : rule,
  ),
});

const TYPES: readonly FeedEventType[] = [
  'session.opened',
  'subscription.accepted',
  'book.changed',
  'ticker.changed',
  'heartbeat.received',
  'sequence.gapped',
  'book.staled',
  'book.restored',
  'frame.refused',
  'session.closed',
  'stream.silenced',
  'subscription.refused',
];

it.each(TYPES)('a feed that is closed from within %s leaves no timer behind', async (type) => {
  const bench = new FeedBench(
    {
      venue,
      subscriptions: [
        { channel: 'book', symbols: ['A', 'B', 'C', 'D', 'NONE'] },
        { channel: 'ticker', symbols: ['A'] },
        { channel: 'heartbeats' },
      ],
    },
    { exchange: { ignored: ['NONE'] } },
  );
  let closing: Promise<void> | undefined;
  bench.feed.on(type, () => {
    closing ??= bench.feed.close();
  });
  await bench.run(2_500);
  const [served] = bench.market.served;
  const ticker = { type: 'ticker.update', channel: 'ticker', symbol: 'A', venueAtMs: 1 } as const;
  served?.exchange.send({ say: 'message', channel: 'ticker', message: { ...ticker, ticker: {} } });
  served?.exchange.loseFrame();
  bench.market.move('A', 'bids', ['98', '1']);
  await bench.run(2_000);
  served?.socket.frame('?');
  served?.socket.closed();
  await bench.run(2_000);
  await bench.time.advance(8_000);
  await bench.run(30_000);
  expect(bench.feed.status().closed).toBe(true);
  await closing;
  expect(bench.time.armedCount).toBe(0);
});
