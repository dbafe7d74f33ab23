import { describe, expect, it } from 'vitest';
import type { OrderResult } from '../../../src/model/message.js';
import type { OrderOutcome } from '../../../src/model/order-calls.js';
import type { NewOrder } from '../../../src/model/order-entry.js';
import { FeedBench } from '../feed-bench.js';

const order = (clientOrderId: string): NewOrder => ({
  symbol: 'A',
  side: 'buy',
  orderType: 'limit',
  size: '1',
  limitPrice: '99',
  clientOrderId,
});
const yes = (orderId: string, clientOrderId?: string): OrderResult => ({
  ok: true,
  orderId,
  ...(clientOrderId !== undefined && { clientOrderId }),
});
const NO: OrderResult = { ok: false, code: 'VENUE_REFUSED', venueText: 'no', likelyCause: '' };

async function open() {
  const bench = new FeedBench({ credentials: { key: 'k' }, subscriptions: [{ channel: 'user' }] });
  await bench.goLive();
  const entry = bench.feed.openOrderEntry();
  const served = bench.market.served.at(-1);
  const answer = async (requestId: number, ...results: readonly OrderResult[]): Promise<void> => {
    const message = { type: 'order.answered', requestId, results } as const;
    served?.exchange.send({ say: 'message', channel: 'control', message });
    await bench.time.advance(0);
  };
  /** Ids of the requests of orders, in the order in which they left. */
  const ids = async (): Promise<number[]> => {
    await bench.time.advance(0);
    const requests = served?.exchange.requests ?? [];
    return requests.filter(({ op }) => op === 'add' || op === 'batch-add').map(({ id }) => id);
  };
  return { bench, entry, answer, ids };
}

const show = (outcome: OrderOutcome): string =>
  outcome.kind === 'acknowledged' ? `${outcome.clientOrderId}=${outcome.orderId}` : outcome.kind;

describe('an answer to orders', () => {
  it('is of the orders that it names, in whatever order', async () => {
    const { bench, entry, answer, ids } = await open();
    const placed = entry.addOrders([order('a'), order('b'), order('c')]);
    const [id = 0] = await ids();
    await answer(id, yes('3', 'c'), yes('1', 'a'), yes('2', 'b'));
    expect((await placed).map(show)).toEqual(['a=1', 'b=2', 'c=3']);
    await bench.feed.close();
  });

  it('that names some is of the others in their places', async () => {
    const { bench, entry, answer, ids } = await open();
    const placed = entry.addOrders([order('a'), order('b'), order('c')]);
    const [id = 0] = await ids();
    await answer(id, yes('1', 'a'), NO, yes('3'));
    expect((await placed).map(show)).toEqual(['a=1', 'refused', 'c=3']);
    await bench.feed.close();
  });

  it('that names another order says nothing of this one', async () => {
    const { bench, entry, answer, ids } = await open();
    const placed = entry.addOrder(order('mine'));
    const [id = 0] = await ids();
    await answer(id, yes('1', 'foreign'));
    expect(await placed).toMatchObject({ kind: 'unknown', clientOrderId: 'mine' });
    await bench.feed.close();
  });

  it('knows a client order id again however its digits are written', async () => {
    const { bench, entry, answer, ids } = await open();
    const clientOrderId = '6D1B345E-2821-40E2-AD83-4ECB18A06876';
    const placed = entry.addOrder(order(clientOrderId));
    const [id = 0] = await ids();
    await answer(id, yes('1', clientOrderId.toLowerCase().replaceAll('-', '')));
    expect(await placed).toMatchObject({ kind: 'acknowledged', orderId: '1' });
    await bench.feed.close();
  });

  it('that comes twice, and differently, counts once', async () => {
    const { bench, entry, answer, ids } = await open();
    const outcomes: string[] = [];
    void entry.addOrder(order('a')).then((outcome) => outcomes.push(show(outcome)));
    const [id = 0] = await ids();
    await answer(id, yes('1', 'a'));
    await answer(id, NO);
    await answer(id, yes('2', 'a'));
    expect(outcomes).toEqual(['a=1']);
    await bench.feed.close();
  });

  it('to a request that nobody made, or a subscription, ends no order', async () => {
    const { bench, entry, answer, ids } = await open();
    const outcomes: string[] = [];
    void entry.addOrder(order('a')).then((outcome) => outcomes.push(show(outcome)));
    const [id = 0] = await ids();
    for (const other of [0, -1, 1, id + 1, id + 0.5, NaN]) await answer(other, NO);
    expect(outcomes).toEqual([]);
    await answer(id, yes('1'));
    expect(outcomes).toEqual(['a=1']);
    await bench.feed.close();
  });

  it('of an earlier socket is none to an order of this one', async () => {
    const { bench, entry, ids } = await open();
    const placed = entry.addOrder(order('a'));
    const [id = 0] = await ids();
    bench.market.served.at(-1)?.socket.closed();
    expect((await placed).kind).toBe('unknown');
    await bench.run(5_000);
    const outcomes: string[] = [];
    void entry.addOrder(order('b')).then((outcome) => outcomes.push(show(outcome)));
    await bench.time.advance(0);
    const message = { type: 'order.answered', requestId: id, results: [NO] } as const;
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'control', message });
    await bench.time.advance(0);
    expect(outcomes).toEqual([]);
    await bench.feed.close();
  });

  it('proves its own order, and no other of the same name whose answer is lost', async () => {
    const { bench, entry, answer, ids } = await open();
    const first = entry.addOrder(order('x'));
    const second = entry.addOrder(order('x'));
    const [id = 0] = await ids();
    await answer(id, yes('O1', 'x'));
    expect((await first).kind).toBe('acknowledged');
    await bench.run(3_000);
    const settled: unknown[] = [];
    const outcome = await second;
    if (outcome.kind === 'unknown') void outcome.settled.then((one) => settled.push(one));
    const told = { orderId: 'O1', clientOrderId: 'x', symbol: 'A', side: 'buy' } as const;
    const orders = [{ ...told, status: 'open', venueStatus: 'OPEN', venueFields: {} } as const];
    const message = { type: 'orders.update', orders, complete: true } as const;
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message });
    await bench.run(100);
    expect(settled).toEqual([]);
    await bench.run(10_000);
    expect(settled).toMatchObject([{ kind: 'not-found' }]);
    await bench.feed.close();
  });

  it('with fewer or more results than orders leaves the rest unknown', async () => {
    for (const [results, shown] of [
      [[], ['unknown', 'unknown']],
      [[yes('1')], ['a=1', 'unknown']],
      [[NO], ['refused', 'refused']],
      [[{ ...NO, clientOrderId: 'b' }], ['unknown', 'refused']],
      [
        [yes('1'), yes('2'), yes('3')],
        ['a=1', 'b=2'],
      ],
      [[yes('1', 'b')], ['unknown', 'b=1']],
    ] as const) {
      const { bench, entry, answer, ids } = await open();
      const placed = entry.addOrders([order('a'), order('b')]);
      const [id = 0] = await ids();
      await answer(id, ...results);
      expect((await placed).map(show)).toEqual(shown);
      await bench.feed.close();
    }
  });
});
