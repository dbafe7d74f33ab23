import { describe, expect, it } from 'vitest';
import type { FillPatch } from '../../../src/model/account.js';
import type { FillsMessage, VenueMessage } from '../../../src/model/message.js';
import { FeedBench } from '../feed-bench.js';

function fill(fillId: string): FillPatch {
  const whole = { orderId: '1', symbol: 'A', side: 'buy', size: '1' } as const;
  return { ...whole, fillId, filledAtMs: NaN, venueFields: {} };
}

async function follow() {
  const bench = new FeedBench(
    { credentials: { key: 'k' }, subscriptions: [{ channel: 'user' }] },
    { sendsSnapshot: () => false },
  );
  await bench.run(500);
  const send = (message: VenueMessage): void => {
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message });
  };
  const say = (complete: boolean, ...ids: string[]): void => {
    const message: FillsMessage = { type: 'fills.snapshot', fills: ids.map(fill), complete };
    send(message);
  };
  const settle = (): void => send({ type: 'orders.snapshot', orders: [], complete: true });
  const told = (): string[] =>
    bench
      .ofType('fill.printed')
      .map((event) => `${event.fill.fillId}${event.recovered ? ' recovered' : ''}`);
  return { bench, say, settle, told };
}

describe('a list of fills that comes in parts', () => {
  it('is told once it is whole, each fill once', async () => {
    const { bench, say } = await follow();
    say(false, 'a1', 'a2');
    say(false, 'b1');
    expect(bench.ofType('fills.listed')).toEqual([]);
    say(true, 'a1', 'b1', 'a2', 'a3');
    const misspelt: object = { stale: true };
    expect(() => bench.feed.fills.all(misspelt)).toThrow('There are: evenIfStale.');
    expect(bench.feed.fills.all({ evenIfStale: true }).map(({ fillId }) => fillId)).toEqual([
      'a1',
      'b1',
      'a2',
      'a3',
    ]);
    await bench.feed.close();
  });

  it('is not taken for one that reaches too little far back, as a part of it might', async () => {
    const { bench, say, settle, told } = await follow();
    say(true, 'a1');
    settle();
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    bench.tell();
    say(false, 'b1');
    say(true, 'a1', 'b1', 'a2');
    expect(bench.ofType('fills.gapped')).toEqual([]);
    settle();
    expect(told()).toEqual(['b1 recovered', 'a2 recovered']);
    await bench.feed.close();
  });

  it('shows that fills may be missing, where none of the whole was known', async () => {
    const { bench, say, settle } = await follow();
    say(true, 'a1');
    settle();
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    say(false, 'b1', 'b2');
    // The venue of the test lists its five latest.
    say(true, 'b1', 'b2', 'b3', 'b4', 'b5');
    expect(bench.ofType('fills.gapped')).toHaveLength(1);
    await bench.feed.close();
  });
});

describe('a fill that was told without the name that its client gave the order', () => {
  it('has it from the list of fills, and is printed once', async () => {
    const { bench, say, settle, told } = await follow();
    say(true);
    settle();
    const entry = bench.feed.openOrderEntry();
    const limit = { orderType: 'limit', size: '1', limitPrice: '99' } as const;
    const placed = entry.addOrder({ symbol: 'A', side: 'buy', clientOrderId: 'mine', ...limit });
    await bench.run(100);
    // What said that the order is there was lost, and this says no more than its id.
    const { exchange } = bench.market.served.at(-1) ?? {};
    const update: FillsMessage = { type: 'fills.update', fills: [fill('a1')], complete: true };
    exchange?.send({ say: 'message', channel: 'user', message: update });
    expect(told()).toEqual(['a1']);
    bench.market.served.at(-1)?.socket.closed();
    await bench.run(5_000);
    const named = { ...fill('a1'), clientOrderId: 'mine' };
    const list: FillsMessage = { type: 'fills.snapshot', fills: [named], complete: true };
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message: list });
    settle();
    await bench.run(100);
    expect(told()).toEqual(['a1']);
    expect(bench.feed.fills.all()).toMatchObject([{ fillId: 'a1', clientOrderId: 'mine' }]);
    const outcome = await placed;
    expect(outcome.kind === 'unknown' && (await outcome.settled)).toMatchObject({
      kind: 'found',
      fills: [{ fillId: 'a1' }],
    });
    await bench.feed.close();
  });
});
