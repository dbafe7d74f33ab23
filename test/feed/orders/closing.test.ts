import { describe, expect, it } from 'vitest';
import type { NewOrder } from '../../../src/model/order-entry.js';
import type { OrderOutcome, SettledOrder } from '../../../src/model/order-calls.js';
import { FeedBench } from '../feed-bench.js';

const ORDER: NewOrder = {
  ...{ symbol: 'A', side: 'buy', orderType: 'limit', size: '1', limitPrice: '99' },
};

async function open() {
  const bench = new FeedBench({ credentials: { key: 'k' }, subscriptions: [{ channel: 'user' }] });
  await bench.goLive();
  return { bench, entry: bench.feed.openOrderEntry() };
}

/** Closes the feed; the venue lets the sockets go. */
async function close(bench: FeedBench): Promise<void> {
  const closing = bench.feed.close();
  await bench.time.advance(0);
  for (const { socket } of bench.market.served) socket.closed({ code: 1000, reason: '' });
  await bench.time.advance(0);
  await closing;
}

describe('a feed that is closed', () => {
  it('leaves an order without an answer unsettled, and no timer', async () => {
    const { bench, entry } = await open();
    const outcomes: (OrderOutcome | SettledOrder)[] = [];
    void entry.addOrder(ORDER).then(async (outcome) => {
      outcomes.push(outcome);
      if (outcome.kind === 'unknown') outcomes.push(await outcome.settled);
    });
    await bench.run(100);
    await close(bench);
    expect(outcomes).toMatchObject([{ kind: 'unknown' }, { kind: 'unsettled' }]);
    expect(bench.time.armedCount).toBe(0);
  });
});
