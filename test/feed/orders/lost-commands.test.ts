import { describe, expect, it } from 'vitest';
import { Settlements } from '../../../src/feed/orders/settlements.js';
import type { FillReport, OrderReport } from '../../../src/model/account.js';
import type { SettledOrder } from '../../../src/model/order-calls.js';
import type { OrderChange, OrderCommand, OrderTarget } from '../../../src/model/order-entry.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const OLD = {
  orderId: 'O1',
  symbol: 'A',
  side: 'buy',
  orderType: 'limit',
  status: 'open',
  size: '2.00',
  limitPrice: '99.0',
  filledSize: '0.50',
} as OrderReport;
const NEW = { ...OLD, orderId: 'O2', filledSize: '0' };
const GONE: OrderReport = { ...OLD, status: 'canceled' };
const TARGET: OrderTarget = { orderId: 'O1' };

/** An account that is live, in which nothing can be on its way any more after five seconds. */
function open(...orders: OrderReport[]) {
  const time = createVirtualTime();
  const evidence = {
    isLive: true,
    orders,
    fills: [] as FillReport[],
    askAnew: () => void (evidence.isLive = false),
    findOrders: ({ orderId, clientOrderId }: OrderTarget) =>
      evidence.orders.filter((order) =>
        orderId === undefined ? order.clientOrderId === clientOrderId : order.orderId === orderId,
      ),
    findFills: ({ orderId }: OrderTarget) =>
      evidence.fills.filter((fill) => fill.orderId === orderId),
    listOrders: () => evidence.orders,
  };
  const settlements = new Settlements(evidence, time);
  const lose = (command: OrderCommand, target: OrderTarget = TARGET) => {
    const found: { settled?: SettledOrder } = {};
    const sought = settlements.seek(command, target);
    const certainAtMs = time.clock.monotonicMs() + 5_000;
    void settlements.add({ sought, certainAtMs }).settled.then((one) => (found.settled = one));
    return found;
  };
  const change = (wish: Omit<OrderChange, 'target'>, target = TARGET): OrderChange => ({
    target,
    symbol: 'A',
    ...wish,
  });
  return {
    time,
    evidence,
    settlements,
    amend: (wish: Omit<OrderChange, 'target'>, target = TARGET) =>
      lose({ kind: 'amend', change: change(wish, target) }, target),
    edit: (wish: Omit<OrderChange, 'target'>) =>
      lose({ kind: 'edit', change: change(wish), validate: false }),
    check: (wish: Omit<OrderChange, 'target'>) =>
      lose({ kind: 'edit', change: change(wish), validate: true }),
    /** The account tells this, at once. */
    show: async (...told: OrderReport[]) => {
      evidence.orders = told;
      settlements.noteProgress();
      await time.advance(0);
    },
    /** Nothing can be on its way any more, and the account was told whole once more. */
    beCertain: async (...told: OrderReport[]) => {
      await time.advance(5_000);
      evidence.isLive = true;
      evidence.orders = told;
      settlements.noteProgress();
      await time.advance(0);
    },
  };
}

describe('an amendment whose answer was lost', () => {
  it.each([
    [{ size: '3' }, { size: '3.00' }],
    [{ limitPrice: '98.5' }, { limitPrice: '98.50' }],
    [{ stopPrice: '97' }, { stopPrice: '97.0' }],
    [{ displaySize: '1' }, { displaySize: '1.000' }],
    [{ postOnly: true }, { postOnly: true }],
    [
      { size: '3', limitPrice: '98.5', postOnly: false },
      { size: '3.0', limitPrice: '98.5' },
    ],
  ])('to %j is found as soon as the order is so', async (wish, told) => {
    const { amend, show } = open(OLD);
    const found = amend(wish);
    await show(OLD);
    expect(found.settled).toBeUndefined();
    await show({ ...OLD, ...told });
    expect(found.settled).toMatchObject({ kind: 'found', order: told });
  });

  it('is not done where the order is as it was', async () => {
    const { amend, beCertain } = open(OLD);
    const found = amend({ size: '3' });
    await beCertain({ ...OLD, filledSize: '1.00' });
    expect(found.settled).toMatchObject({ kind: 'not-done', order: { size: '2.00' } });
  });

  it('to what the order was already is found once certain', async () => {
    const { amend, show, beCertain } = open(OLD);
    const found = amend({ size: '2' });
    await show(OLD);
    expect(found.settled).toBeUndefined();
    await beCertain(OLD);
    expect(found.settled?.kind).toBe('found');
  });

  it('of an order that nobody knew is found once certain', async () => {
    const { amend, show, beCertain } = open();
    const found = amend({ size: '3' });
    await show({ ...OLD, size: '3' });
    expect(found.settled).toBeUndefined();
    await beCertain({ ...OLD, size: '3' });
    expect(found.settled?.kind).toBe('found');
  });

  it.each([
    ['as neither before nor as asked for', { size: '5' }],
    ['canceled without a word of it', { status: 'canceled' }],
    ['filled without a word of it', { status: 'filled' }],
  ] as const)('of an order that is %s is unsettled', async (_, told) => {
    const { amend, beCertain } = open(OLD);
    const found = amend({ size: '3' });
    await beCertain({ ...OLD, ...told });
    expect(found.settled?.kind).toBe('unsettled');
  });

  it('says how an order was when it ended, where that was told', async () => {
    const { amend, show } = open(OLD);
    const found = amend({ size: '0.5' });
    await show({ ...OLD, size: '0.50', status: 'canceled' });
    expect(found.settled).toMatchObject({ kind: 'found', order: { status: 'canceled' } });
  });

  it('that another one follows is not called undone where that may have undone it', async () => {
    const { amend, beCertain } = open(OLD);
    const [up, down] = [amend({ size: '3' }), amend({ size: '2' })];
    await beCertain(OLD);
    expect(up.settled?.kind).toBe('unsettled');
    expect(down.settled?.kind).toBe('found');
  });

  it('that another one follows is not called done where that may have done it', async () => {
    const account = open(OLD);
    const first = account.amend({ size: '3' });
    account.amend({ size: '3' });
    await account.beCertain({ ...OLD, size: '3' });
    expect(first.settled).toMatchObject({ kind: 'unsettled' });
  });

  it('of what no account shows is unsettled', async () => {
    const { amend, beCertain } = open(OLD);
    const found = [amend({ postOnly: false }), amend({ venueFields: { some: 'thing' } })];
    await beCertain(OLD);
    expect(found.map(({ settled }) => settled?.kind)).toEqual(['unsettled', 'unsettled']);
  });

  it('of an order that is gone is not found', async () => {
    const { amend, beCertain } = open(OLD);
    const found = amend({ size: '3' });
    await beCertain();
    expect(found.settled).toMatchObject({ kind: 'not-found' });
  });

  it('by a client order id that was used before is of the order that was open then', async () => {
    const named = { ...OLD, clientOrderId: 'mine' };
    const older: OrderReport = { ...named, orderId: 'O0', size: '3', status: 'canceled' };
    const { amend, beCertain } = open(named, older);
    const found = amend({ size: '3' }, { clientOrderId: 'mine' });
    await beCertain(named, older);
    expect(found.settled).toMatchObject({ kind: 'not-done', order: { orderId: 'O1' } });
  });
});

describe('an edit whose answer was lost', () => {
  const WISH = { size: '3', limitPrice: '98' };
  const HEIR: OrderReport = { ...NEW, size: '2.50', limitPrice: '98.0' };

  it.each([
    ['for the rest', [GONE, HEIR]],
    ['for the whole', [GONE, { ...HEIR, size: '3.00' }]],
    ['that ended meanwhile', [GONE, { ...HEIR, status: 'filled' as const }]],
    ['of one that no list shows', [HEIR]],
  ])('is found with the order in its place: %s', async (_, told) => {
    const { edit, show } = open(OLD);
    const found = edit(WISH);
    await show(...told);
    expect(found.settled).toMatchObject({ kind: 'found', order: { orderId: 'O2' } });
  });

  it('reads from fills what was filled of an order that ended unheard', async () => {
    const { edit, show, evidence } = open(OLD);
    const found = edit(WISH);
    evidence.fills = ['0.5', '0.7'].map((size, n) => {
      return { fillId: `F${n}`, orderId: 'O1', size } as FillReport;
    });
    await show({ ...HEIR, size: '1.8' });
    expect(found.settled).toMatchObject({ kind: 'found', order: { orderId: 'O2' } });
  });

  it.each([
    ['open', OLD],
    ['filled', { ...OLD, status: 'filled' }],
    ['expired', { ...OLD, status: 'expired' }],
  ] as [string, OrderReport][])('is not done where the order is %s', async (_, order) => {
    const { edit, beCertain } = open(OLD);
    const found = edit(WISH);
    await beCertain(order, HEIR);
    expect(found.settled).toMatchObject({ kind: 'not-done', order: { orderId: 'O1' } });
  });

  it.each([
    ['of another symbol', { symbol: 'B' }],
    ['of the other side', { side: 'sell' }],
    ['of another type', { orderType: 'iceberg' }],
    ['of another size', { size: '2.4' }],
    ['at another price', { limitPrice: '98.1' }],
    ["with a client's id", { clientOrderId: 'mine' }],
  ] as [string, Partial<OrderReport>][])('is not proven by an order %s', async (_, other) => {
    const { edit, beCertain } = open(OLD);
    const found = edit(WISH);
    await beCertain(GONE, { ...HEIR, ...other });
    expect(found.settled?.kind).toBe('unsettled');
  });

  it.each([
    [{ stopPrice: '97' }, {}],
    [{}, { stopPrice: '97' }],
    [{ stopPrice: '97' }, { stopPrice: '97.1' }],
    [{ displaySize: '1' }, { displaySize: '1.1' }],
  ])('with %j is not proven by an order with %j', async (more, told) => {
    const { edit, beCertain } = open(OLD);
    const found = edit({ ...WISH, ...more });
    await beCertain(GONE, { ...HEIR, ...told });
    expect(found.settled?.kind).toBe('unsettled');
  });

  it('is found where stop and shown size are as asked for', async () => {
    const { edit, show } = open(OLD);
    const found = edit({ ...WISH, stopPrice: '97', displaySize: '1' });
    await show(GONE, { ...HEIR, stopPrice: '97.0', displaySize: '1.0' });
    expect(found.settled).toMatchObject({ kind: 'found', order: { orderId: 'O2' } });
  });

  it('is not proven by an order that was there before, or is of another call', async () => {
    const { edit, beCertain, settlements } = open(OLD, HEIR);
    const found = edit(WISH);
    settlements.claim('O3');
    await beCertain(GONE, HEIR, { ...HEIR, orderId: 'O3' });
    expect(found.settled?.kind).toBe('unsettled');
  });

  it('is unsettled where two orders may be the one, and each proves one edit', async () => {
    const { edit, beCertain } = open(OLD);
    const found = edit(WISH);
    await beCertain(GONE, HEIR, { ...HEIR, orderId: 'O3' });
    expect(found.settled).toMatchObject({
      kind: 'unsettled',
      detail: expect.stringContaining('2 orders') as string,
    });
    const twice = open(OLD);
    const both = [twice.edit(WISH), twice.edit(WISH)];
    await twice.beCertain(GONE, HEIR);
    expect(both.map(({ settled }) => settled?.kind)).toEqual(['found', 'unsettled']);
  });

  it('that was to be checked only is not looked for', async () => {
    const { check, beCertain } = open(OLD);
    const found = check(WISH);
    await beCertain(OLD);
    expect(found.settled).toMatchObject({
      kind: 'unsettled',
      detail: expect.stringContaining('checked') as string,
    });
  });

  it('of an order that nobody knew is unsettled', async () => {
    const { edit, beCertain } = open();
    const found = edit(WISH);
    await beCertain(HEIR);
    expect(found.settled?.kind).toBe('unsettled');
  });
});
