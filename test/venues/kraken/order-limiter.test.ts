import { describe, expect, it } from 'vitest';
import type { OrderReport } from '../../../src/model/account.js';
import type { OrderCommand, OrderLimitContext } from '../../../src/model/order-entry.js';
import { costCommand, createOrderLimiter } from '../../../src/venues/kraken/order-limiter.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const ADD: OrderCommand = {
  kind: 'add',
  order: { symbol: 'BTC/USD', side: 'buy', orderType: 'limit', size: '1', limitPrice: '1' },
  validate: false,
};
const AMEND: OrderCommand = { kind: 'amend', change: { target: { orderId: 'O' }, size: '2' } };
const CANCEL: OrderCommand = { kind: 'cancel', targets: [{ orderId: 'O' }] };

function contextOf(createdAtMs: number | undefined, open = 0): OrderLimitContext {
  const order = { orderId: 'O', symbol: 'BTC/USD', createdAtMs } as OrderReport;
  return { findOrder: () => order, countOpenOrders: () => open };
}

const agesAt = (seconds: number) => ({
  nowMs: seconds * 1_000,
  amendedAtMs: new Map<string, number>(),
});

describe("the engine's counters", () => {
  it('keep the published check: an order, amended after 7 s, canceled 36 s later, costs 8', () => {
    const costOf = (command: OrderCommand, ageSeconds: number): number =>
      costCommand(command, contextOf(0), agesAt(ageSeconds)).get('BTC/USD') ?? 0;
    expect([costOf(ADD, 0), costOf(AMEND, 7), costOf(CANCEL, 43)]).toEqual([1, 1 + 2, 4]);
  });

  it.each([
    [4.9, 4, 7, 8],
    [5, 3, 6, 6],
    [10, 2, 5, 5],
    [15, 1, 3, 4],
    [45, 1, 2, 2],
    [90, 1, 1, 1],
    [300, 1, 1, 0],
  ])('count by age: at %s s an amend %i, an edit %i, a cancel %i', (age, ...expected) => {
    const edit: OrderCommand = { kind: 'edit', change: { target: {} }, validate: false };
    const costs = [AMEND, edit, CANCEL].map((command) =>
      costCommand(command, contextOf(0), agesAt(age)).get('BTC/USD'),
    );
    expect(costs).toEqual(expected);
  });

  it('refuse what would pass the threshold, say when it would not, and decay', async () => {
    const time = createVirtualTime();
    const limiter = createOrderLimiter(time.clock);
    const context = contextOf(undefined);
    for (let count = 0; count < 60; count += 1) {
      expect(limiter.explainRefusal(ADD, context)).toBeUndefined();
      limiter.noteSent(ADD, context);
    }
    expect(limiter.explainRefusal(ADD, context)).toMatchObject({ retryInMs: 1_000 });
    expect(limiter.explainRefusal(AMEND, context)).toMatchObject({ retryInMs: 4_000 });
    await time.advance(999);
    expect(limiter.explainRefusal(ADD, context)).toBeDefined();
    await time.advance(1);
    expect(limiter.explainRefusal(ADD, context)).toBeUndefined();
  });

  it('decay too where orders come faster than once a second', async () => {
    const time = createVirtualTime();
    const limiter = createOrderLimiter(time.clock);
    let taken = 0;
    for (let tick = 0; tick < 600; tick += 1) {
      if (!limiter.explainRefusal(ADD, contextOf(undefined))) {
        limiter.noteSent(ADD, contextOf(undefined));
        taken += 1;
      }
      await time.advance(300);
    }
    // 180 s at one a second, and 60 at once.
    expect(taken).toBeGreaterThan(235);
    expect(taken).toBeLessThanOrEqual(240);
  });

  it('count the age of an order anew from its amendment', async () => {
    const time = createVirtualTime();
    const limiter = createOrderLimiter(time.clock);
    const context = contextOf(time.clock.nowMs());
    await time.advance(300_000);
    limiter.noteReport('BTC/USD', { ratecount: '57' });
    expect(limiter.explainRefusal(AMEND, context)).toBeUndefined();
    const timestamp = new Date(time.clock.nowMs()).toISOString();
    limiter.noteReport('BTC/USD', { exec_type: 'amended', order_id: 'O', timestamp });
    expect(limiter.explainRefusal(AMEND, context)).toMatchObject({ retryInMs: 1_000 });
  });

  it('never hold back what ends orders', () => {
    const limiter = createOrderLimiter(createVirtualTime().clock);
    for (let count = 0; count < 20; count += 1) limiter.noteSent(CANCEL, contextOf(undefined));
    expect(limiter.explainRefusal(ADD, contextOf(undefined))).toBeDefined();
    expect(limiter.explainRefusal(CANCEL, contextOf(undefined))).toBeUndefined();
  });

  it("follow the venue: its threshold, and the engine's own count", () => {
    const limiter = createOrderLimiter(createVirtualTime().clock);
    limiter.noteReport('BTC/USD', { ratecount: '124.5' });
    expect(limiter.explainRefusal(ADD, contextOf(undefined))).toBeDefined();
    limiter.noteLimits({ type: 'order-limits.told', maxCount: 180 });
    expect(limiter.explainRefusal(ADD, contextOf(undefined))).toBeUndefined();
    limiter.noteReport('BTC/USD', { ratecount: '180' });
    expect(limiter.explainRefusal(ADD, contextOf(undefined))).toMatchObject({ retryInMs: 1_000 });
  });

  it('bound how many orders of a pair are open', () => {
    const limiter = createOrderLimiter(createVirtualTime().clock);
    expect(limiter.explainRefusal(ADD, contextOf(undefined, 59))).toBeUndefined();
    const refusal = limiter.explainRefusal(ADD, contextOf(undefined, 60));
    expect(refusal).toMatchObject({ retryInMs: Infinity });
  });
});
