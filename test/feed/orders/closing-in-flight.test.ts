import { describe, expect, it } from 'vitest';
import type { AuthStrategy } from '../../../src/model/auth.js';
import type { NewOrder } from '../../../src/model/order-entry.js';
import type { OrderOutcome, SettledOrder } from '../../../src/model/order-calls.js';
import type { JsonObject } from '../../../src/model/message.js';
import { createFakeAuth, createFakeVenue } from '../../doubles/fake-venue.js';
import { FeedBench } from '../feed-bench.js';

const ORDER: NewOrder = {
  symbol: 'A',
  side: 'buy',
  orderType: 'limit',
  size: '1',
  limitPrice: '99',
};

async function open(hooks: Partial<AuthStrategy> = {}) {
  const bench = new FeedBench({
    venue: createFakeVenue({ createAuth: () => createFakeAuth('k', [], hooks) }),
    credentials: { key: 'k' },
    subscriptions: [{ channel: 'user' }],
  });
  await bench.goLive();
  const entry = bench.feed.openOrderEntry();
  const place = () => {
    const heard: string[] = [];
    const note = ({ kind }: OrderOutcome | SettledOrder): void => void heard.push(kind);
    void entry.addOrder(ORDER).then(async (outcome) => {
      note(outcome);
      if (outcome.kind === 'refused') heard.push(outcome.error.code, String(outcome.wasSent));
      if (outcome.kind === 'unknown') note(await outcome.settled);
    });
    return heard;
  };
  const sent = (op: string): number =>
    bench.market.served.flatMap(({ exchange }) => exchange.requests.filter((one) => one.op === op))
      .length;
  const answer = (op: string): void => {
    for (const { socket, exchange } of bench.market.served) {
      for (const { op: asked, id: requestId } of exchange.requests) {
        if (asked !== op || socket.state !== 'open') continue;
        const message = { type: 'order.answered', requestId, results: [{ ok: true }] } as const;
        exchange.send({ say: 'message', channel: 'control', message });
      }
    }
  };
  return { bench, entry, place, sent, answer };
}

const UNSENT = ['refused', 'ORDER_NOT_SENT', 'false'];

describe('an order on its way when the feed is closed', () => {
  it('is not sent any more while it waits for the pace', async () => {
    const { bench, place, sent } = await open();
    const many = Array.from({ length: 12 }, place);
    await bench.time.advance(0);
    const sentBefore = sent('add');
    expect(sentBefore).toBeLessThan(12);
    await bench.feed.close();
    expect(many.filter(([kind]) => kind === 'refused')).toHaveLength(12 - sentBefore);
    expect(many.filter(([kind]) => kind === 'unknown')).toHaveLength(sentBefore);
    for (const heard of many) {
      expect(heard).toEqual(heard[0] === 'refused' ? UNSENT : ['unknown', 'unsettled']);
    }
    await bench.time.advance(60_000);
    expect(sent('add')).toBe(sentBefore);
    expect(bench.time.armedCount).toBe(0);
  });

  it('is not sent any more while it is being signed', async () => {
    let sign: (message: JsonObject) => void = () => undefined;
    const { bench, place, sent } = await open({
      decorate: (message) =>
        message['op'] === 'add' ? new Promise((resolve) => (sign = resolve)) : message,
    });
    const heard = place();
    await bench.time.advance(0);
    await bench.feed.close();
    sign({ op: 'add' });
    await bench.time.advance(60_000);
    expect(heard).toEqual(UNSENT);
    expect(sent('add')).toBe(0);
    expect(bench.time.armedCount).toBe(0);
  });

  it('is unknown, and stays so, while its answer is waited for or its account asked', async () => {
    for (const waitedMs of [0, 1_000, 2_500, 4_000, 7_000]) {
      const { bench, place } = await open();
      const heard = place();
      await bench.run(waitedMs);
      await bench.feed.close();
      await bench.time.advance(0);
      expect(heard.slice(0, 1)).toEqual(['unknown']);
      expect(heard).toHaveLength(2);
      expect(bench.time.armedCount).toBe(0);
    }
  });

  it('ends once where the feed is closed by a listener that hears of it', async () => {
    const { bench, place, answer } = await open();
    bench.feed.on('order.changed', () => void bench.feed.close());
    const heard = place();
    await bench.time.advance(0);
    const order = { orderId: '1', symbol: 'A', side: 'buy', status: 'open' } as const;
    const orders = [{ ...order, venueStatus: 'OPEN', venueFields: {} }];
    const message = { type: 'orders.update', orders, complete: true } as const;
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message });
    answer('add');
    await bench.time.advance(0);
    expect(heard).toEqual(['acknowledged']);
    expect(bench.time.armedCount).toBe(0);
  });

  it("is not taken any more while a dead-man's switch is called off", async () => {
    const { bench, entry, place, sent, answer } = await open();
    entry.holdDeadMansSwitch();
    await bench.time.advance(0);
    answer('cancel-all-after');
    await bench.time.advance(0);
    const closing = bench.feed.close();
    await bench.time.advance(0);
    const heard = place();
    await bench.time.advance(0);
    expect(heard).toEqual(UNSENT);
    expect(sent('add')).toBe(0);
    // This would be armed after the switch was called off.
    expect(await entry.cancelAllOrdersAfter(60)).toMatchObject({ kind: 'refused', wasSent: false });
    // What ends orders may still be asked for.
    void entry.cancelAllOrders();
    await bench.time.advance(0);
    expect(sent('cancel-all')).toBe(1);
    answer('cancel-all-after');
    await closing;
    expect(bench.time.armedCount).toBe(0);
  });

  it('is refused afterwards, and the error says that the feed is closed', async () => {
    const { bench, entry } = await open();
    await bench.feed.close();
    const outcome = await entry.addOrder(ORDER);
    expect(outcome).toMatchObject({ kind: 'refused', wasSent: false });
    expect(outcome.kind === 'refused' && outcome.error.message).toContain('feed is closed');
  });
});
