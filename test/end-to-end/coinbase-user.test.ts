import { describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/model/order-entry.js';
import { toOrderUuid } from '../../src/venues/coinbase/server/order-ids.js';
import { followUser, type User } from './coinbase-user.js';

const [FIRST, SECOND, FAILED] = [toOrderUuid('O1'), toOrderUuid('O2'), toOrderUuid('failed-1')];

function order(index: number, changes: Partial<NewOrder> = {}): NewOrder {
  return {
    symbol: 'BTC-USD',
    side: 'buy',
    orderType: 'limit',
    size: '1',
    limitPrice: '100',
    clientOrderId: `mine-${index}`,
    ...changes,
  };
}

const orders = (count: number): NewOrder[] =>
  Array.from({ length: count }, (_, index) => order(index + 1));

function expectAgreement(user: User): void {
  const { feed, engine } = user.compareOrders();
  expect(feed).toEqual(engine);
}

describe.concurrent('the account of a Coinbase user', () => {
  it.each([0, 50, 120])('is live once all of %i open orders have come', async (count) => {
    await using user = await followUser({ orders: orders(count) });
    await user.feed.whenLive({ timeoutMs: 5_000 });
    expect(user.feed.orders.count).toBe(count);
    expectAgreement(user);
    expect(user.count('fill.printed')).toBe(0);
  });

  it('is not live on two of three batches: the one that was lost is asked for anew', async () => {
    const lost = { fault: 'drop', at: { channel: 'user', count: 2 }, connection: 1 } as const;
    await using user = await followUser({ orders: orders(120), rules: [lost] });
    await user.feed.whenLive({ timeoutMs: 5_000 });
    expect(user.count('sequence.gapped')).toBeGreaterThan(0);
    expect(user.feed.orders.count).toBe(120);
    expectAgreement(user);
    expect(user.count('order.vanished')).toBe(0);
  });

  it('tells fills worked out from the sums, once, though the last state comes twice', async () => {
    await using user = await followUser();
    await user.feed.whenLive({ timeoutMs: 5_000 });
    user.server.placeOrder(order(1));
    user.engine.fill('O1', '0.25', '100');
    user.engine.fill('O1', '0.75', '99.5');
    await user.until('the end', () => user.feed.orders.get(FIRST)?.status === 'filled');
    await user.until('the fills', () => user.count('fill.printed') === 2);
    expect(user.feed.fills.all()).toMatchObject([
      { fillId: `${FIRST}:0.25`, size: '0.25', value: '25', fee: '0.025', derived: true },
      { fillId: `${FIRST}:1`, size: '0.75', value: '74.625', derived: true },
    ]);
    await user.until('the second FILLED', () => {
      return user.feed.orders.get(FIRST)?.venueFields['outstanding_hold_amount'] === '0';
    });
    expect(user.count('fill.printed')).toBe(2);
  });

  it('tells a cancel as it is queued and as it is done, and why an order failed', async () => {
    await using user = await followUser();
    await user.feed.whenLive({ timeoutMs: 5_000 });
    user.server.placeOrder(order(1));
    user.server.cancelOrder({ orderId: FIRST });
    user.engine.refuseNext('insufficient-funds');
    user.server.placeOrder(order(2));
    await user.until('the failure', () => user.feed.orders.get(FAILED) !== undefined);
    const states = user.ofType('order.changed').map((event) => event.order.status);
    expect(states).toEqual(['pending', 'open', 'cancel-queued', 'canceled', 'rejected']);
    expect(user.feed.orders.get(FAILED)?.reason).toBe('INSUFFICIENT_FUNDS');
  });

  it('keeps -USDC names, which are native on this channel', async () => {
    await using user = await followUser({ orders: [order(1, { symbol: 'BTC-USDC' })] });
    await user.feed.whenLive({ timeoutMs: 5_000 });
    expect(user.feed.orders.get(FIRST)?.symbol).toBe('BTC-USDC');
  });

  it('is made good after a loss: the rise is a fill, what is not listed has vanished', async () => {
    await using user = await followUser({ orders: orders(120) });
    await user.feed.whenLive({ timeoutMs: 5_000 });
    user.engine.fill('O1', '0.25', '100');
    await user.until('the first fill', () => user.count('fill.printed') === 1);
    user.server.resetConnections();
    user.engine.fill('O1', '0.5', '100');
    user.engine.fill('O2', '1', '100');
    await user.until('the loss', () => user.count('account.staled') >= 1);
    await user.until('the recovery', () => user.feed.orders.state.status === 'live');
    expect(user.feed.orders.count).toBe(119);
    expectAgreement(user);
    const fills = user.ofType('fill.printed');
    expect(fills.map(({ fill, recovered }) => [fill.fillId, fill.size, recovered])).toEqual([
      [`${FIRST}:0.25`, '0.25', false],
      [`${FIRST}:0.75`, '0.5', true],
    ]);
    expect(user.ofType('order.vanished').map((event) => event.order.orderId)).toEqual([SECOND]);
    // The venue does not say what was filled of it.
    expect(user.count('fills.gapped')).toBe(1);
  });

  it('is served by the market host where the user host is dead', async () => {
    await using user = await followUser({ orders: orders(3), isUserHostDead: true });
    await user.until('the account', () => user.feed.orders.state.status === 'live');
    expect(user.feed.orders.count).toBe(3);
    expect(user.feed.status().sessions.map(({ endpoint }) => endpoint)).toContain('market');
  });

  it('tells positions and the summary of futures, and their changes', async () => {
    await using user = await followUser();
    await user.feed.whenLive({ timeoutMs: 5_000 });
    const position = { product_id: 'BIT-28JUN24-CDE', side: 'Long', number_of_contracts: '3' };
    user.server.changePositions({ expiring_futures_positions: [position] });
    user.server.changeBalances({ total_usd_balance: '12.50' });
    await user.until('both', () => {
      return user.feed.positions.count === 1 && user.feed.balances.get('USD')?.total === '12.50';
    });
    expect(user.feed.positions.all()).toMatchObject([{ symbol: 'BIT-28JUN24-CDE', side: 'long' }]);
  });
});
