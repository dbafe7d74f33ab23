import { describe, expect, it } from 'vitest';
import type { NewOrder } from '../../../../src/model/order-entry.js';
import { toOrderUuid } from '../../../../src/venues/coinbase/server/order-ids.js';
import { connectFake, openScripted, openWithEngine, type FakeClient } from './server-harness.js';

const ORDER: NewOrder = {
  symbol: 'BTC-USD',
  side: 'sell',
  orderType: 'limit',
  size: '0.746',
  limitPrice: '3.394',
  clientOrderId: 'mine-1',
};

type UserOrder = Readonly<Record<string, string>>;

function follow(parts: Parameters<typeof openWithEngine>[0] = {}, ...products: string[]) {
  const bench = openWithEngine(parts);
  const client = connectFake(bench.server, '/user');
  const narrowed = products.length > 0 ? { product_ids: products } : {};
  client.ask({ type: 'subscribe', channel: 'user', jwt: 'good', ...narrowed });
  return { ...bench, client };
}

/** The orders of every frame of the user channel, frame by frame. */
function ordersOf(client: FakeClient, type: 'snapshot' | 'update'): (readonly UserOrder[])[] {
  return client
    .frames()
    .filter(({ channel, events }) => channel === 'user' && events[0]?.['type'] === type)
    .map(({ events }) => events[0]?.['orders'] as readonly UserOrder[]);
}

function statesOf(client: FakeClient): string[] {
  return ordersOf(client, 'update').flatMap((orders) =>
    orders.map((order) => `${order['status']} ${order['cumulative_quantity']}`),
  );
}

describe('an order of the user', () => {
  it('is told whole, with every field as a text, as it was recorded', () => {
    const { server, client, engine } = follow();
    server.placeOrder(ORDER);
    engine.fill('O1', '0.746', '3.394');
    const last = ordersOf(client, 'update').at(-1)?.[0];
    expect(last).toEqual({
      avg_price: '3.394',
      cancel_reason: '',
      client_order_id: 'mine-1',
      completion_percentage: '100.00',
      cumulative_quantity: '0.746',
      contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
      filled_value: '2.531924',
      leaves_quantity: '0',
      limit_price: '3.394',
      number_of_fills: '1',
      order_id: toOrderUuid('O1'),
      order_side: 'SELL',
      order_type: 'Limit',
      outstanding_hold_amount: '0',
      post_only: 'false',
      product_id: 'BTC-USD',
      product_type: 'SPOT',
      reject_Reason: '',
      retail_portfolio_id: 'user-1',
      risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
      status: 'FILLED',
      stop_price: '',
      time_in_force: 'GOOD_UNTIL_CANCELLED',
      total_fees: '0.002531924',
      total_value_after_fees: '2.529392076',
      trigger_status: 'INVALID_ORDER_TYPE',
      creation_time: '2026-08-09T21:00:00.123456Z',
      end_time: '0001-01-01T00:00:00Z',
      start_time: '0001-01-01T00:00:00Z',
    });
  });

  it('is PENDING, then OPEN, and FILLED twice: with what was held, and once that is free', () => {
    const { server, client, engine } = follow();
    server.placeOrder(ORDER);
    engine.fill('O1', '0.5', '3.394');
    engine.fill('O1', '0.246', '3.394');
    expect(statesOf(client)).toEqual([
      'PENDING 0',
      'OPEN 0',
      'OPEN 0.5',
      'FILLED 0.746',
      'FILLED 0.746',
    ]);
    const [first, second] = ordersOf(client, 'update')
      .slice(-2)
      .map(([order]) => order);
    expect(first).toEqual({ ...second, outstanding_hold_amount: '0.746' });
    expect(second).toMatchObject({ outstanding_hold_amount: '0', number_of_fills: '2' });
  });

  it('is CANCEL_QUEUED before it is CANCELLED', () => {
    const { server, client } = follow();
    server.placeOrder(ORDER);
    server.cancelOrder({ clientOrderId: 'mine-1' });
    expect(statesOf(client).slice(-2)).toEqual(['CANCEL_QUEUED 0', 'CANCELLED 0']);
    expect(ordersOf(client, 'update').at(-1)?.[0]?.['cancel_reason']).toBe('User requested cancel');
  });

  it('may expire', () => {
    const { server, client, engine } = follow();
    server.placeOrder({ ...ORDER, expiresAtMs: Date.UTC(2026, 7, 10), timeInForce: 'gtd' });
    engine.expire('O1');
    expect(ordersOf(client, 'update').at(-1)?.[0]).toMatchObject({
      status: 'EXPIRED',
      time_in_force: 'GOOD_UNTIL_DATE_TIME',
      end_time: '2026-08-10T00:00:00.000Z',
    });
  });

  it('that the engine refuses is FAILED, with a reject_Reason of a capital R', () => {
    const { server, client, engine } = follow();
    engine.refuseNext('insufficient-funds');
    expect(server.placeOrder(ORDER)).toEqual({ ok: false, refusal: 'insufficient-funds' });
    expect(ordersOf(client, 'update')).toMatchObject([
      [{ status: 'FAILED', reject_Reason: 'INSUFFICIENT_FUNDS', client_order_id: 'mine-1' }],
    ]);
  });

  it('keeps the -USDC name under which it was placed, also where the subscriber names it', () => {
    const { server, client } = follow({}, 'BTC-USDC');
    server.placeOrder(ORDER);
    server.placeOrder({ ...ORDER, symbol: 'BTC-USDC', clientOrderId: 'mine-2' });
    const products = ordersOf(client, 'update').map(([order]) => order?.['product_id']);
    expect(products).toEqual(['BTC-USDC', 'BTC-USDC']);
  });

  it("is nobody else's: what other accounts do in the engine is not told", () => {
    const { client, engine } = follow();
    engine.place({
      ...ORDER,
      account: 'other',
      timeInForce: 'gtc',
      postOnly: false,
      reduceOnly: false,
      selfTrade: 'cancel-newest',
      venueFields: {},
    });
    expect(statesOf(client)).toEqual([]);
  });

  it('cannot be placed where there is no engine', () => {
    const { server } = openScripted();
    expect(server.placeOrder(ORDER)).toBeUndefined();
    expect(server.cancelOrder({ clientOrderId: 'mine' })).toBeUndefined();
  });
});

describe('the snapshot of the user channel', () => {
  it.each([
    [0, [0]],
    [49, [49]],
    [50, [50, 0]],
    [120, [50, 50, 20]],
  ])('of %i open orders comes in batches of %j', (count, sizes) => {
    const { server, engine } = openWithEngine();
    for (let index = 0; index < count + 1; index += 1) {
      server.placeOrder({ ...ORDER, clientOrderId: `mine-${index}` });
    }
    // One that ended is not listed.
    engine.cancel('user', { clientOrderId: 'mine-0' });
    const client = connectFake(server, '/user');
    client.ask({ type: 'subscribe', channel: 'user', jwt: 'good' });
    expect(ordersOf(client, 'snapshot').map((orders) => orders.length)).toEqual(sizes);
    const frames = client.frames();
    expect(frames.at(-1)).toMatchObject({
      channel: 'subscriptions',
      sequence_num: sizes.length,
      events: [{ subscriptions: { user: ['user-1'] } }],
    });
    expect(frames.slice(0, -1).every(({ channel }) => channel === 'user')).toBe(true);
  });
});

describe('positions and balances', () => {
  const POSITION = { product_id: 'BIT-28JUN24-CDE', side: 'Long', number_of_contracts: '3' };

  it('come with the snapshot, and change on command', () => {
    const { server, client } = follow({ positions: { expiring_futures_positions: [POSITION] } });
    const positionsOf = (frame: number) => client.frames()[frame]?.events[0]?.['positions'];
    const none = { perpetual_futures_positions: [], prediction_market_positions: [] };
    expect(positionsOf(0)).toEqual({ ...none, expiring_futures_positions: [POSITION] });
    const changed = { ...POSITION, number_of_contracts: '4' };
    server.changePositions({ expiring_futures_positions: [changed] });
    expect(positionsOf(2)).toEqual({ ...none, expiring_futures_positions: [changed] });
    expect(client.frames()[2]?.events[0]).toMatchObject({ type: 'update', orders: [] });
  });

  it('of futures are a summary: whole on subscribing, and with each change', () => {
    const { server } = openWithEngine({ balanceSummary: { total_usd_balance: '100' } });
    const client = connectFake(server, '/user');
    server.changeBalances({ unrealized_pnl: '5' });
    client.ask({ type: 'subscribe', channel: 'futures_balance_summary', jwt: 'good' });
    server.changeBalances({ unrealized_pnl: '-1' });
    const summaries = client.frames().filter(({ channel }) => channel !== 'subscriptions');
    expect(summaries.map(({ events }) => events[0])).toEqual([
      { type: 'snapshot', fcm_balance_summary: { total_usd_balance: '100', unrealized_pnl: '5' } },
      { type: 'update', fcm_balance_summary: { total_usd_balance: '100', unrealized_pnl: '-1' } },
    ]);
  });
});
