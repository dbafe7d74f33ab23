import { describe, expect, it } from 'vitest';
import type { NewOrder } from '../../../src/model/order-entry.js';
import type { OrderOutcome, SettledOrder } from '../../../src/model/order-calls.js';
import { FeedBench } from '../feed-bench.js';

const ORDER: NewOrder = {
  symbol: 'A',
  side: 'buy',
  orderType: 'limit',
  size: '1',
  limitPrice: '99',
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

/** Says yes to every switch that was asked for. */
function arm({ market }: FeedBench): void {
  for (const { exchange } of market.served) {
    for (const { op, id: requestId } of exchange.requests) {
      if (op !== 'cancel-all-after') continue;
      const message = { type: 'order.answered', requestId, results: [{ ok: true }] } as const;
      exchange.send({ say: 'message', channel: 'control', message });
    }
  }
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

  it("takes no dead-man's switch that would outlive it", async () => {
    const { bench, entry } = await open();
    await close(bench);
    const closed = expect.objectContaining({ code: 'FEED_CLOSED' }) as Error;
    expect(() => entry.holdDeadMansSwitch()).toThrow(closed);
    expect(bench.time.armedCount).toBe(0);
  });

  it('takes none either in the moment in which the one before is called off', async () => {
    const { bench, entry } = await open();
    const held = entry.holdDeadMansSwitch();
    await bench.run(100);
    arm(bench);
    const refused: unknown[] = [];
    void held.close().then(() => {
      try {
        entry.holdDeadMansSwitch();
      } catch (error) {
        refused.push(error);
      }
    });
    const closing = bench.feed.close();
    await bench.run(100);
    arm(bench);
    await close(bench);
    await closing;
    expect(refused).toMatchObject([{ code: 'FEED_CLOSED' }]);
    expect(bench.time.armedCount).toBe(0);
  });
});
