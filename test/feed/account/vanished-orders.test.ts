import { describe, expect, it } from 'vitest';
import { createOrderStore, type OrderStore } from '../../../src/feed/account/order-store.js';
import type { OrderReport, OrderStatus } from '../../../src/model/account.js';
import type { VenueMessage } from '../../../src/model/message.js';
import { FeedBench } from '../feed-bench.js';

function order(orderId: string, status: OrderStatus = 'open'): OrderReport {
  return { orderId, symbol: 'A', side: 'buy', status, venueStatus: status, venueFields: {} };
}

const idsOf = (orders: readonly OrderReport[]): string[] => orders.map(({ orderId }) => orderId);

function know(...orders: OrderReport[]): OrderStore {
  const known = createOrderStore(3);
  for (const one of orders) known.note(one);
  return known;
}

describe('orders that were open', () => {
  it('that were doubted and are not listed again have vanished, once', () => {
    const known = know(order('1'), order('2', 'pending'), order('3', 'cancel-queued'));
    known.doubt();
    known.note(order('2'));
    expect(idsOf(known.settle())).toEqual(['1', '3']);
    known.doubt();
    expect(idsOf(known.settle())).toEqual(['2']);
  });

  it('without a doubt are not missed, whatever a list leaves out', () => {
    const known = know(order('1'));
    expect(known.settle()).toEqual([]);
  });

  it('whose end was heard are not missed', () => {
    const known = know(order('1'), order('2'));
    known.doubt();
    known.note(order('1', 'filled'));
    known.note(order('2', 'canceled'));
    expect(known.settle()).toEqual([]);
  });

  it('are remembered up to a limit, the newest', () => {
    const known = know(order('1'), order('2'), order('3'), order('4'));
    known.doubt();
    expect(idsOf(known.settle())).toEqual(['2', '3', '4']);
  });
});

const list = (complete: boolean, ...ids: string[]): VenueMessage => ({
  type: 'orders.snapshot',
  orders: ids.map((id) => order(id)),
  complete,
});

async function followOrders() {
  const subscriptions = [{ channel: 'user' }];
  const sendsSnapshot = (): boolean => false;
  const bench = new FeedBench({ credentials: { key: 'k' }, subscriptions }, { sendsSnapshot });
  await bench.run(500);
  const say = (message: VenueMessage): void =>
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message });
  const vanished = (): string[] => idsOf(bench.ofType('order.vanished').map((one) => one.order));
  return { bench, say, vanished };
}

describe('an order that ended while nobody could hear it', () => {
  it('is told of after a lost socket, once the list is whole', async () => {
    const { bench, say, vanished } = await followOrders();
    say(list(true, '1', '2', '3'));
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    say(list(false, '1'));
    expect(vanished()).toEqual([]);
    say(list(true, '4'));
    expect(vanished()).toEqual(['2', '3']);
    expect(bench.ofType('order.vanished')[0]).toMatchObject({ session: 'user-1', symbol: 'A' });
    await bench.feed.close();
  });

  it('is told of after a gap, by the list that was asked for then', async () => {
    const { bench, say, vanished } = await followOrders();
    say(list(true, '1', '2'));
    bench.market.served[0]?.exchange.loseFrame();
    // This one was on its way when the gap showed: what it leaves out may be older than it.
    say(list(true, '1'));
    expect(vanished()).toEqual([]);
    await bench.run(500);
    say(list(true, '2'));
    expect(vanished()).toEqual(['1']);
    await bench.feed.close();
  });
});

describe('a list that an update has overtaken', () => {
  const update = (one: OrderReport): VenueMessage => ({
    type: 'orders.update',
    orders: [one],
    complete: true,
  });
  const listOf = (...orders: readonly OrderReport[]): VenueMessage => ({
    type: 'orders.snapshot',
    orders,
    complete: true,
  });

  it('opens no order again that has ended', async () => {
    const { bench, say } = await followOrders();
    say(update(order('1', 'filled')));
    say(list(true, '1', '2'));
    expect(bench.feed.orders.state.status).toBe('live');
    expect(idsOf(bench.feed.orders.open())).toEqual(['2']);
    expect(bench.feed.orders.get('1')?.status).toBe('filled');
    await bench.feed.close();
  });

  it('takes nothing back that was filled', async () => {
    const { bench, say } = await followOrders();
    say(update({ ...order('1'), filledSize: '0.9', size: '1' }));
    say(listOf({ ...order('1'), filledSize: '0.5', size: '1' }));
    expect(bench.feed.orders.get('1')).toMatchObject({ filledSize: '0.9', remainingSize: '0.1' });
    await bench.feed.close();
  });

  it('is of another order where its client calls it otherwise', async () => {
    const { bench, say } = await followOrders();
    say(update({ ...order('1', 'filled'), clientOrderId: 'a' }));
    say(listOf({ ...order('1'), clientOrderId: 'b' }));
    expect(bench.feed.orders.open()).toMatchObject([{ orderId: '1', clientOrderId: 'b' }]);
    await bench.feed.close();
  });
});
