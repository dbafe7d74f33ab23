import { describe, expect, it } from 'vitest';
import { createFillStore } from '../../../src/feed/account/fill-store.js';
import { createOrderStore } from '../../../src/feed/account/order-store.js';
import { BALANCE_MANNER, createReportStore } from '../../../src/feed/account/report-store.js';
import type { FillReport, OrderPatch } from '../../../src/model/account.js';

const WHOLE: OrderPatch = {
  orderId: '1',
  symbol: 'A',
  side: 'buy',
  status: 'open',
  venueStatus: 'OPEN',
  venueFields: { id: '1' },
};
const PART = { orderId: '1', venueFields: {} };

/** What is left of an order after these messages. */
function leftAfter(...patches: readonly Partial<OrderPatch>[]): string | undefined {
  const orders = createOrderStore(10);
  for (const patch of patches) orders.note({ ...WHOLE, ...patch });
  return orders.get('1')?.remainingSize;
}

describe('what is left of an order', () => {
  it('is what the venue says of it', () => {
    expect(leftAfter({ size: '2', filledSize: '1', remainingSize: '0' })).toBe('0');
  });

  it('follows from its size and what is filled, where the venue does not say it', () => {
    expect(leftAfter({ size: '2', filledSize: '0' }, { filledSize: '0.5' })).toBe('1.5');
    expect(leftAfter({ size: '2', filledSize: '0.5' }, { size: '3' })).toBe('2.5');
  });

  it('is not known where what is filled changed, and the size was never told', () => {
    const before = { filledSize: '0', remainingSize: '1' };
    expect(leftAfter(before, { filledSize: '0.5' })).toBeUndefined();
    expect(leftAfter(before, { reason: 'of another kind' })).toBe('1');
  });
});

/** How an order stands after these messages. */
function standsAfter(...patches: readonly Partial<OrderPatch>[]): string | undefined {
  const orders = createOrderStore(10);
  for (const patch of patches) orders.note({ ...WHOLE, size: '2.0', ...patch });
  return orders.get('1')?.status;
}

describe('an order of which a fill leaves nothing', () => {
  it('is filled, also before the venue has a word for it', () => {
    expect(standsAfter({}, { filledSize: '1.9' })).toBe('open');
    expect(standsAfter({}, { filledSize: '2.00' })).toBe('filled');
    expect(standsAfter({ filledSize: '1' }, { filledSize: '2' }, { reason: 'x' })).toBe('filled');
    expect(standsAfter({}, { filledSize: '2' }, { status: 'filled' })).toBe('filled');
  });

  it('ends as the venue says where it says that', () => {
    expect(standsAfter({}, { filledSize: '2', status: 'canceled' })).toBe('canceled');
    expect(standsAfter({}, { filledSize: '2' }, { status: 'canceled' })).toBe('canceled');
  });

  it('is not one whose size was cut, or is not known, or that was first heard of so', () => {
    expect(standsAfter({ filledSize: '1' }, { size: '1' })).toBe('open');
    expect(standsAfter({ size: '0' }, { size: '0', filledSize: '1' })).toBe('open');
    expect(standsAfter({ filledSize: '2' })).toBe('open');
  });
});

/** As a program without types may: it makes numbers of all texts. */
function spoil(report: object): void {
  for (const name of Object.keys(report)) {
    try {
      (report as Record<string, unknown>)[name] = 7;
    } catch {
      // Told so, where the program is strict.
    }
  }
}

describe('what a program is told of its account', () => {
  it('cannot be changed by it', () => {
    const orders = createOrderStore(10);
    const noted = orders.note(WHOLE);
    if (noted.kind === 'unknown') throw new Error('It is whole.');
    spoil(noted.order);
    spoil(noted.order.venueFields);
    expect(orders.get('1')).toEqual(WHOLE);
    expect(orders.note(PART).kind).toBe('same');

    const fills = createFillStore(10);
    const fill = { fillId: 'F', orderId: '1', size: '1', venueFields: {} } as FillReport;
    fills.note(fill);
    for (const told of fills.all()) spoil(told);
    expect(fills.of({ orderId: '1' })).toEqual([{ ...fill, fillId: 'F', size: '1' }]);

    const balances = createReportStore(BALANCE_MANNER, 10);
    balances.note({ asset: 'USD', kind: 'account', total: '5', venueFields: {} });
    for (const told of balances.all()) spoil(told);
    expect(balances.get('USD')).toMatchObject({ asset: 'USD', total: '5' });
  });
});
