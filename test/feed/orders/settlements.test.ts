import { describe, expect, it } from 'vitest';
import { Settlements } from '../../../src/feed/orders/settlements.js';
import type { FillReport, OrderReport } from '../../../src/model/account.js';
import type { SettledOrder } from '../../../src/model/order-calls.js';
import type { NewOrder, OrderCommand } from '../../../src/model/order-entry.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const ORDER = { orderId: 'O1', clientOrderId: 'mine', status: 'open' } as OrderReport;

const TARGET = { clientOrderId: 'mine' };
const ADD: OrderCommand = { kind: 'add', order: {} as NewOrder, validate: false };
const CANCEL: OrderCommand = { kind: 'cancel', targets: [TARGET] };

function open() {
  const time = createVirtualTime();
  const evidence = {
    isLive: true,
    orders: [] as OrderReport[],
    fills: [] as FillReport[],
    timesAsked: 0,
    askAnew: () => void (evidence.timesAsked += 1),
    findOrders: () => evidence.orders,
    findFills: () => evidence.fills,
    listOrders: () => evidence.orders,
  };
  const settlements = new Settlements(evidence, time);
  const lose = (command: OrderCommand = ADD) => {
    const found: { settled?: SettledOrder } = {};
    const sought = settlements.seek(command, TARGET);
    const certainAtMs = time.clock.monotonicMs() + 5_000;
    const settlement = settlements.add({ sought, certainAtMs });
    void settlement.settled.then((settled) => (found.settled = settled));
    return { found, settlement };
  };
  return { time, evidence, settlements, lose };
}

describe('a command whose answer was lost', () => {
  it('is found as soon as the venue tells of the order that it placed', async () => {
    const { time, evidence, settlements, lose } = open();
    evidence.isLive = false;
    const { found } = lose();
    await time.advance(1_000);
    expect(found.settled).toBeUndefined();
    evidence.orders = [ORDER];
    settlements.noteProgress();
    await time.advance(0);
    expect(found.settled).toEqual({ kind: 'found', order: ORDER, fills: [] });
  });

  it('is found by its fills where the order itself is over', async () => {
    const { time, evidence, lose } = open();
    const fill = { fillId: 'F1', orderId: 'O1' } as FillReport;
    const { found } = lose();
    evidence.fills = [fill];
    await time.advance(0);
    expect(found.settled).toEqual({ kind: 'found', order: undefined, fills: [fill] });
  });

  it.each([
    ['while the account is not whole', false, 60_000],
    ['while it may still be on its way', true, 4_999],
  ])('is not called missing %s', async (_, isLive, afterMs) => {
    const { time, evidence, lose } = open();
    evidence.isLive = isLive;
    const { found } = lose();
    await time.advance(afterMs);
    expect(found.settled).toBeUndefined();
  });

  it('is called missing once the account was asked for anew after that, and is whole', async () => {
    const { time, evidence, settlements, lose } = open();
    const [first, second] = [lose(), lose()];
    evidence.askAnew = () => {
      evidence.timesAsked += 1;
      evidence.isLive = false;
    };
    await time.advance(5_000);
    expect(evidence.timesAsked).toBe(1);
    settlements.noteProgress();
    await time.advance(60_000);
    expect(first.found.settled).toBeUndefined();
    evidence.isLive = true;
    settlements.noteProgress();
    await time.advance(0);
    expect(first.found.settled?.kind).toBe('not-found');
    expect(second.found.settled?.kind).toBe('not-found');
    expect(evidence.timesAsked).toBe(1);
  });

  it('is not found by an older order that had the same client order id', async () => {
    const { time, evidence, settlements, lose } = open();
    evidence.orders = [ORDER];
    evidence.fills = [{ fillId: 'F1', orderId: 'O1' } as FillReport];
    const [comes, stays] = [lose(), lose()];
    await time.advance(4_999);
    expect(stays.found.settled).toBeUndefined();
    const mine = { ...ORDER, orderId: 'O2' };
    evidence.orders = [ORDER, mine];
    settlements.noteProgress();
    await time.advance(0);
    expect(comes.found.settled).toEqual({ kind: 'found', order: mine, fills: [] });
    // One order is there, and two were asked for.
    expect(stays.found.settled).toBeUndefined();
    settlements.noteProgress();
    await time.advance(5_000);
    settlements.noteProgress();
    await time.advance(0);
    expect(stays.found.settled?.kind).toBe('not-found');
  });

  it('is not found by an order that is known to be of another command', async () => {
    const { time, evidence, settlements, lose } = open();
    settlements.claim('O1');
    const { found } = lose();
    evidence.orders = [ORDER];
    settlements.noteProgress();
    await time.advance(4_000);
    expect(found.settled).toBeUndefined();
    const mine = { ...ORDER, orderId: 'O2' };
    evidence.orders = [mine, ORDER];
    evidence.fills = ['O1', 'O2'].map((orderId) => ({ fillId: orderId, orderId }) as FillReport);
    settlements.noteProgress();
    await time.advance(0);
    expect(found.settled).toMatchObject({ order: mine, fills: [{ fillId: 'O2' }] });
  });

  it('is called missing where only an older order has its client order id', async () => {
    const { time, evidence, settlements, lose } = open();
    evidence.orders = [ORDER];
    evidence.fills = [{ fillId: 'F1', orderId: 'O1' } as FillReport];
    const { found } = lose();
    await time.advance(5_000);
    expect(evidence.timesAsked).toBe(1);
    settlements.noteProgress();
    await time.advance(0);
    expect(found.settled?.kind).toBe('not-found');
  });

  it('to cancel is found as soon as the order is canceled', async () => {
    const { time, evidence, settlements, lose } = open();
    evidence.orders = [ORDER];
    const { found } = lose(CANCEL);
    await time.advance(1_000);
    expect(found.settled).toBeUndefined();
    evidence.orders = [{ ...ORDER, status: 'canceled' }];
    settlements.noteProgress();
    await time.advance(0);
    expect(found.settled).toMatchObject({ kind: 'found', order: { status: 'canceled' } });
  });

  it('to cancel is not done where the order is open once all was asked anew', async () => {
    const { time, evidence, settlements, lose } = open();
    evidence.orders = [ORDER];
    const { found } = lose(CANCEL);
    await time.advance(5_000);
    expect([evidence.timesAsked, found.settled]).toEqual([1, undefined]);
    settlements.noteProgress();
    await time.advance(0);
    expect(found.settled).toEqual({ kind: 'not-done', order: ORDER, fills: [] });
  });

  it('about all orders cannot be told from the account, which is said', async () => {
    const { time, lose } = open();
    const { found } = lose({ kind: 'cancel-all' });
    await time.advance(5_000);
    expect(found.settled?.kind).toBe('unsettled');
  });

  it('is settled by a late answer, and once only', async () => {
    const { time, evidence, lose } = open();
    const { found, settlement } = lose();
    const late = { kind: 'acknowledged', command: 'add', means: 'accepted' } as const;
    settlement.settle(late);
    evidence.orders = [ORDER];
    await time.advance(10_000);
    expect(found.settled).toEqual(late);
    expect(time.armedCount).toBe(0);
  });

  it('is unsettled where the feed ends, and leaves no timer that says otherwise', async () => {
    const { time, settlements, lose } = open();
    const { found } = lose();
    settlements.end();
    expect(time.armedCount).toBe(0);
    await time.advance(10_000);
    expect(found.settled?.kind).toBe('unsettled');
  });
});
