import { describe, expect, it } from 'vitest';
import { openFeed } from '../../../src/feed/feed.js';
import { silentLogger } from '../../../src/runtime/silent-logger.js';
import { kraken } from '../../../src/venues/kraken/index.js';
import { createFakeDialer } from '../../doubles/fake-dialer.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

describe('the depth of a Kraken book', () => {
  it('that was asked for is the one that is sent, one message for each depth', async () => {
    const time = createVirtualTime();
    const dialer = createFakeDialer(() => time.clock.nowMs());
    const feed = openFeed({
      venue: kraken(),
      subscriptions: [
        { channel: 'book', symbols: ['BTC/USD', 'ETH/USD'], depth: 100 },
        { channel: 'book', symbols: ['SOL/USD'], depth: 25 },
        { channel: 'book', symbols: ['ADA/USD'] },
      ],
      runtime: {
        clock: time.clock,
        timers: time.timers,
        dial: dialer.dial,
        logger: silentLogger,
        random: createSeededRandom(1),
        http: () => Promise.reject(new Error('No HTTP in this test.')),
      },
    });
    await time.advance(0);
    dialer.last().opened();
    await time.advance(0);
    const asked = dialer
      .last()
      .sent.map((text) => (JSON.parse(text) as { params?: object }).params)
      .filter((params) => params !== undefined);
    expect(asked).toMatchObject([
      { symbol: ['BTC/USD', 'ETH/USD'], depth: 100 },
      { symbol: ['SOL/USD'], depth: 25 },
      { symbol: ['ADA/USD'], depth: 10 },
    ]);
    await feed.close();
  });
});
