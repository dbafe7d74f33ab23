import { describe, expect, it } from 'vitest';
import { createVirtualTime } from '../../../doubles/virtual-time.js';
import {
  costTransaction,
  createRateCounters,
  TIER_LIMITS,
} from '../../../../src/venues/kraken/server/account/rate-counter.js';
import { createRestingTimes } from '../../../../src/venues/kraken/server/account/resting-times.js';
import { idOf, LIMIT_BUY, openTrader, toBatch, type OrderReply } from './trader-harness.js';

const EXCEEDED = 'EOrder:Rate limit exceeded';
const KEY = { account: 'main', symbol: 'BTC/USD' };

/** A trader who hears the engine's count. */
function open(tier: 'starter' | 'intermediate' | 'pro' = 'starter') {
  const opened = openTrader({ tier });
  const { trader } = opened;
  trader.subscribe('executions', { ratecounter: true });
  return {
    ...opened,
    add: (more: object = {}): OrderReply => trader.callOnce('add_order', { ...LIMIT_BUY, ...more }),
    count: (): unknown => trader.frames('executions').at(-1)?.data[0]?.['ratecount'],
  };
}

describe('what a transaction costs', () => {
  it.each([
    ['amend', [4, 4, 3, 2, 1, 1, 1]],
    ['edit', [7, 7, 6, 5, 3, 2, 1]],
    ['cancel', [8, 8, 6, 5, 4, 2, 1]],
  ] as const)('%s, by the age of the order', (transaction, costs) => {
    const ages = [0, 4_999, 5_000, 10_000, 15_000, 45_000, 90_000];
    expect(ages.map((ageMs) => costTransaction(transaction, ageMs))).toEqual(costs);
    expect(costTransaction(transaction, 300_000)).toBe(transaction === 'cancel' ? 0 : 1);
  });

  it('is 8 for the published example: 1 + 1 + 2 + 4', () => {
    const costs = [1, costTransaction('amend', 7_000), costTransaction('cancel', 36_000)];
    expect(costs.reduce((sum, cost) => sum + cost)).toBe(8);
  });
});

describe('the counter of a pair', () => {
  it.each([
    ['starter', 60, 1],
    ['intermediate', 125, 2.34],
    ['pro', 180, 3.75],
  ] as const)('of tier %s holds %i, and loses %d a second', async (tier, most, decay) => {
    const time = createVirtualTime();
    const counters = createRateCounters(TIER_LIMITS[tier], time.clock);
    for (let count = 0; count < most; count += 1) expect(counters.pass(KEY, 1)).toBe(true);
    expect(counters.pass(KEY, 0.5)).toBe(false);
    expect(counters.read(KEY)).toBe(String(most));
    expect(counters.pass({ ...KEY, symbol: 'ETH/USD' }, 1)).toBe(true);
    expect(counters.pass({ ...KEY, account: 'other' }, 1)).toBe(true);
    await time.advance(999);
    expect(counters.read(KEY)).toBe(String(most));
    await time.advance(1);
    expect(Number(counters.read(KEY))).toBeCloseTo(most - decay, 9);
    await time.advance(200_000);
    expect(counters.read(KEY)).toBe('0');
  });

  it('stays exact over thousands of seconds', async () => {
    const time = createVirtualTime();
    const counters = createRateCounters(TIER_LIMITS.intermediate, time.clock);
    for (let count = 0; count < 3_000; count += 1) {
      expect(counters.pass(KEY, 2)).toBe(true);
      await time.advance(1_000);
    }
    expect(counters.read(KEY)).toBe('0');
    counters.add(KEY, 10);
    await time.advance(3_000);
    expect(counters.read(KEY)).toBe('2.98');
  });
});

describe('orders and the counter', () => {
  it('count 8 for the published example, less what decays', async () => {
    const { add, trader, time, count } = open('starter');
    // Enough beneath it that no decay is lost at zero.
    for (let more = 0; more < 50; more += 1) add();
    const id = idOf(add());
    expect(count()).toBe(51);
    await time.advance(7_000);
    trader.call('amend_order', { order_id: id, order_qty: 0.4 });
    expect(count()).toBe(51 - 7 + 1 + 2);
    await time.advance(36_000);
    trader.call('cancel_order', { order_id: [id] });
    expect(count()).toBe(51 - 7 + 3 - 36 + 4);
  });

  it('are refused over the limit, and taken again a second later', async () => {
    const { add, trader, engine, time } = open('starter');
    for (let count = 0; count < 20; count += 1) add();
    trader.call('cancel_all');
    for (let count = 20; count < 60; count += 1) expect(add().success).toBe(true);
    expect(add()).toEqual({ method: 'add_order', success: false, error: EXCEEDED });
    expect(engine.placed).toBe(60);
    expect(add({ symbol: 'DOGE/USD', limit_price: 1 }).success).toBe(true);
    await time.advance(1_000);
    expect([add().success, add().success]).toEqual([true, false]);
  });

  it('count also where they fail, and where they are only checked', () => {
    const { add, engine, count } = open();
    engine.refuseNext('insufficient-funds');
    add();
    add({ order_qty: 0 });
    add({ deadline: '2026-08-09T20:00:00Z' });
    add({ validate: true });
    add();
    expect(count()).toBe(5);
  });

  it('do not count where nobody knows for which pair, nor where the form is wrong', () => {
    const { add, trader, count } = open();
    add({ symbol: 'WWW/USD' });
    add({ order_qty: '1' });
    trader.call('cancel_order', { cl_ord_id: ['unknown'] });
    add();
    expect(count()).toBe(1);
  });

  it('that are young cost more to end or change, since they were placed or amended', async () => {
    const { add, trader, time, count } = open('pro');
    const id = idOf(add());
    expect(count()).toBe(1);
    await time.advance(100_000);
    const params = { order_id: id, order_qty: 0.4 };
    trader.call('amend_order', params);
    expect(count()).toBe(1);
    trader.call('amend_order', params);
    expect(count()).toBe(5);
    trader.call('edit_order', { order_id: id, symbol: 'BTC/USD', order_qty: 0.3 });
    expect(count()).toBe(12);
  });

  it('that were there before the server have the age that the engine says', async () => {
    const time = createVirtualTime();
    const ages = createRestingTimes(time.clock, () => time.clock.nowMs());
    const order = { orderId: 'O1', placedAt: '2026-08-09T20:59:20.5Z' };
    expect(ages.ageMs(order)).toBe(39_500);
    await time.advance(10_000);
    expect(ages.ageMs(order)).toBe(49_500);
    expect(ages.ageMs({ ...order, placedAt: '2026-08-09T22:00:00Z' })).toBe(0);
  });

  it('in a batch cost half, and a batch of cancels is carried out over the limit', () => {
    const { add, trader, engine, count } = open('starter');
    trader.call('batch_add', {
      symbol: 'BTC/USD',
      orders: toBatch(LIMIT_BUY, LIMIT_BUY, LIMIT_BUY),
    });
    expect(count()).toBe(1.5);
    const ids = Array.from({ length: 20 }, () => idOf(add()));
    expect(trader.callOnce('batch_cancel', { orders: ids }).orders_cancelled).toBe(20);
    expect(count()).toBe(21.5 + 160);
    expect(engine.openOrders('main').length).toBe(3);
    expect(add().error).toBe(EXCEEDED);
    const [left] = engine.openOrders('main');
    trader.call('cancel_all');
    expect(left && engine.openOrders('main')).toEqual([]);
  });

  it('of which one is ended over the limit stay, unless all are ended', () => {
    const { add, trader, engine } = open('starter');
    const ids = Array.from({ length: 8 }, () => idOf(add()));
    const cancel = (id: string) => trader.callOnce('cancel_order', { order_id: [id] }).error;
    expect(ids.map(cancel)).toEqual([
      ...Array.from({ length: 6 }, () => undefined),
      EXCEEDED,
      EXCEEDED,
    ]);
    expect(trader.callOnce('amend_order', { order_id: ids[6], order_qty: 1 }).success).toBe(true);
    expect(trader.callOnce('amend_order', { order_id: ids[7], order_qty: 1 }).error).toBe(EXCEEDED);
    expect(engine.openOrders('main').length).toBe(2);
    expect(trader.callOnce('cancel_all').result).toEqual({ count: 2 });
  });

  it('are shared by all connections of an account', () => {
    const { add, trader, connect } = open('starter');
    for (let count = 0; count < 30; count += 1) add();
    trader.call('cancel_all');
    const other = connect();
    for (let count = 0; count < 30; count += 1) other.call('add_order', LIMIT_BUY);
    expect(other.callOnce('add_order', LIMIT_BUY).error).toBe(EXCEEDED);
  });
});

describe('open orders of a pair', () => {
  it.each([
    ['starter', 60],
    ['intermediate', 80],
    ['pro', 225],
  ] as const)('of tier %s are limited to %i', async (tier, most) => {
    const { add, time } = open(tier);
    for (let count = 0; count < most; count += 1) {
      expect(add().success).toBe(true);
      await time.advance(1_000);
    }
    expect(add().error).toBe('EOrder:Orders limit exceeded');
    expect(add({ symbol: 'DOGE/USD', limit_price: 1 }).success).toBe(true);
  });

  it('leave room for some of a batch', async () => {
    const { add, trader, time } = open('starter');
    for (let count = 0; count < 59; count += 1) {
      add();
      await time.advance(1_000);
    }
    const orders = toBatch(LIMIT_BUY, LIMIT_BUY);
    const { result } = trader.callOnce('batch_add', { symbol: 'BTC/USD', orders });
    expect(result).toEqual([
      { order_id: expect.any(String) as string },
      { error: 'EOrder:Orders limit exceeded' },
    ]);
  });
});
