import { describe, expect, it } from 'vitest';
import { createFillDeriver } from '../../../src/feed/account/derive-fill.js';
import type { OrderReport } from '../../../src/model/account.js';
import type { VenueMessage } from '../../../src/model/message.js';
import { createFakeVenue } from '../../doubles/fake-venue.js';
import { FeedBench } from '../feed-bench.js';

function order(filledSize: string, more: Partial<OrderReport> = {}): OrderReport {
  const whole = { orderId: '1', symbol: 'A', side: 'buy', status: 'open', venueStatus: 'OPEN' };
  return { ...whole, filledSize, venueFields: {}, ...more } as OrderReport;
}

/** Sizes of the fills that show in these sums of one order, told one after the other. */
function deriveAll(...sums: readonly string[]): string[] {
  const deriver = createFillDeriver(10);
  let before: OrderReport | undefined;
  return sums.flatMap((sum) => {
    const step = { before, order: order(sum) };
    before = step.order;
    return deriver.derive(step)?.size ?? [];
  });
}

describe('a fill that is worked out', () => {
  it('is the exact rise of what is filled, its value and its fees', () => {
    const deriver = createFillDeriver(10);
    deriver.noteHistory(order('0.1', { filledValue: '6508.367', fees: '3.9' }));
    const after = order('0.30000001', { filledValue: '19525.1016508367', fees: '11.7' });
    expect(deriver.derive({ before: undefined, order: after })).toMatchObject({
      fillId: '1:0.30000001',
      orderId: '1',
      symbol: 'A',
      side: 'buy',
      derived: true,
      size: '0.20000001',
      value: '13016.7346508367',
      fee: '7.8',
    });
  });

  it('is none where nothing rose, or nothing is said of it', () => {
    expect(deriveAll('1.5', '1.50', '1')).toEqual(['1.5']);
    const silent = { ...order('1'), filledSize: undefined } as unknown as OrderReport;
    const deriver = createFillDeriver(10);
    expect(deriver.derive({ before: undefined, order: silent })).toBeUndefined();
    expect(deriver.knows('1')).toBe(false);
  });

  it('begins at zero for an order that was not known', () => {
    expect(deriveAll('2')).toEqual(['2']);
  });

  it('is the rise above all that was ever told, where the sum falls and rises again', () => {
    expect(deriveAll('1', '2', '1', '2', '1.5', '2.5')).toEqual(['1', '1', '0.5']);
  });

  it('is exact beyond what a double holds', () => {
    const units = '9007199254740993';
    expect(deriveAll(units, `${units}.000000000000000001`)).toEqual([
      units,
      '0.000000000000000001',
    ]);
  });

  it('tells no value and no fee that rise from what was not told', () => {
    const deriver = createFillDeriver(10);
    deriver.noteHistory(order('1'));
    const after = order('2', { filledValue: '200', fees: '2' });
    const fill = deriver.derive({ before: undefined, order: after });
    expect(fill).toMatchObject({ size: '1' });
    expect(Object.keys(fill ?? {})).not.toContain('value');
    expect(Object.keys(fill ?? {})).not.toContain('fee');
    const next = deriver.derive({
      before: after,
      order: order('3', { filledValue: '290', fees: '2.5' }),
    });
    expect(next).toMatchObject({ size: '1', value: '90', fee: '0.5' });
  });

  it('has the fees that were added since the last one was told', () => {
    const deriver = createFillDeriver(10);
    deriver.derive({ before: undefined, order: order('1', { fees: '1' }) });
    deriver.derive({ before: undefined, order: order('1', { fees: '1.2' }) });
    const last = deriver.derive({ before: undefined, order: order('2', { fees: '2' }) });
    expect(last?.fee).toBe('1');
  });

  it('counts from the order where its sums were forgotten', () => {
    const deriver = createFillDeriver(1);
    deriver.derive({ before: undefined, order: order('1') });
    deriver.derive({ before: undefined, order: order('5', { orderId: '2' }) });
    expect(deriver.knows('1')).toBe(false);
    expect(deriver.derive({ before: order('1'), order: order('3') })?.size).toBe('2');
  });
});

/** A venue that tells sums and no fills. */
function createSummingVenue() {
  const venue = createFakeVenue();
  const channels = venue.channels.map((rule) =>
    rule.name === 'user' ? { ...rule, derivesFills: true } : rule,
  );
  return createFakeVenue({ channels });
}

async function follow() {
  const bench = new FeedBench(
    {
      venue: createSummingVenue(),
      credentials: { key: 'k' },
      subscriptions: [{ channel: 'user' }],
    },
    { sendsSnapshot: () => false },
  );
  await bench.run(500);
  const say = (type: 'orders.snapshot' | 'orders.update', ...orders: OrderReport[]): void => {
    const message: VenueMessage = { type, orders, complete: true };
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message });
  };
  const fills = (): string[] =>
    bench.ofType('fill.printed').map(({ fill, recovered }) => {
      return `${fill.size} of ${fill.orderId}${recovered ? ' recovered' : ''}`;
    });
  return { bench, say, fills };
}

describe('fills of a venue that tells none', () => {
  it('follow the sums; those of the first list are history', async () => {
    const { bench, say, fills } = await follow();
    say('orders.snapshot', order('0.5'));
    expect(fills()).toEqual([]);
    say('orders.update', order('0.7'));
    say('orders.update', order('0.7', { reason: 'told twice, for another cause' }));
    say('orders.update', order('1', { status: 'filled' }));
    expect(fills()).toEqual(['0.2 of 1', '0.3 of 1']);
    expect(bench.feed.fills.all().map(({ size }) => size)).toEqual(['0.2', '0.3']);
    await bench.feed.close();
  });

  it('that were missed are what rose between the two lists, once, and come first', async () => {
    const { bench, say, fills } = await follow();
    say('orders.snapshot', order('0.5'), order('0', { orderId: '2' }));
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    expect(bench.feed.fills.state.status).toBe('stale');
    bench.tell();
    say('orders.snapshot', order('0.9'), order('0.1', { orderId: '3' }));
    expect(fills()).toEqual(['0.4 of 1 recovered', '0.1 of 3 recovered']);
    expect(bench.tell()).toEqual([
      'order.changed A',
      'fill.printed A',
      'order.changed A',
      'fill.printed A',
      'order.vanished A',
      'fills.gapped',
      'account.restored',
    ]);
    say('orders.update', order('0.9'));
    expect(fills()).toEqual([]);
    await bench.feed.close();
  });

  it('of orders that came and ended unheard are on no list: each loss says so', async () => {
    const { bench, say } = await follow();
    say('orders.snapshot', order('0.5'));
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    bench.tell();
    say('orders.snapshot', order('0.5'));
    expect(bench.tell()).toEqual(['fills.gapped', 'account.restored']);
    await bench.feed.close();
  });

  it('are told once where a list lags behind what was told', async () => {
    const { bench, say, fills } = await follow();
    say('orders.snapshot', order('0'));
    say('orders.update', order('0.9'));
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    say('orders.snapshot', order('0.5'));
    say('orders.update', order('1'));
    expect(fills()).toEqual(['0.9 of 1', '0.1 of 1']);
    expect(bench.feed.fills.all().map(({ size }) => size)).toEqual(['0.9', '0.1']);
    await bench.feed.close();
  });

  it('are told once where a list passed their order over', async () => {
    const { bench, say, fills } = await follow();
    say('orders.snapshot', order('0'));
    say('orders.update', order('0.9'));
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    say('orders.snapshot');
    expect(bench.ofType('order.vanished')).toHaveLength(1);
    say('orders.update', order('1', { status: 'filled' }));
    expect(fills()).toEqual(['0.9 of 1', '0.1 of 1']);
    await bench.feed.close();
  });

  it('are no news where the first list lags behind another part of it', async () => {
    const { bench, say, fills } = await follow();
    say('orders.snapshot', order('0.5'));
    say('orders.snapshot', order('0.2'));
    say('orders.update', order('0.5'));
    expect(fills()).toEqual([]);
    await bench.feed.close();
  });

  it('that came before the account was ever whole are told, where a part of it was', async () => {
    const { bench, say, fills } = await follow();
    const message = { type: 'orders.snapshot', orders: [order('0.5')], complete: false } as const;
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message });
    bench.market.served[0]?.socket.closed();
    await bench.run(5_000);
    say('orders.snapshot', order('0.7'), order('3', { orderId: '2' }));
    expect(fills()).toEqual(['0.2 of 1 recovered']);
    await bench.feed.close();
  });
});
