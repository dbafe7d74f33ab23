import { describe, expect, it } from 'vitest';
import { deriveFill } from '../../../src/feed/account/derive-fill.js';
import type { OrderReport } from '../../../src/model/account.js';
import type { VenueMessage } from '../../../src/model/message.js';
import { createFakeVenue } from '../../doubles/fake-venue.js';
import { FeedBench } from '../feed-bench.js';

function order(filledSize: string, more: Partial<OrderReport> = {}): OrderReport {
  const whole = { orderId: '1', symbol: 'A', side: 'buy', status: 'open', venueStatus: 'OPEN' };
  return { ...whole, filledSize, venueFields: {}, ...more } as OrderReport;
}

describe('a fill that is worked out', () => {
  it('is the exact rise of what is filled, its value and its fees', () => {
    const before = order('0.1', { filledValue: '6508.367', fees: '3.9' });
    const after = order('0.30000001', { filledValue: '19525.1016508367', fees: '11.7' });
    expect(deriveFill({ before, order: after })).toMatchObject({
      ...{ fillId: '1:0.30000001', orderId: '1', symbol: 'A', side: 'buy', derived: true },
      ...{ size: '0.20000001', value: '13016.7346508367', fee: '7.8' },
    });
  });

  it('is none where nothing rose, or nothing is said of it', () => {
    expect(deriveFill({ before: order('1.50'), order: order('1.5') })).toBeUndefined();
    expect(deriveFill({ before: order('2'), order: order('1') })).toBeUndefined();
    const silent = { ...order('1'), filledSize: undefined } as unknown as OrderReport;
    expect(deriveFill({ before: undefined, order: silent })).toBeUndefined();
  });

  it('begins at zero for an order that was not known', () => {
    expect(deriveFill({ before: undefined, order: order('2') })?.size).toBe('2');
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
      ...['order.changed A', 'fill.printed A', 'order.changed A', 'fill.printed A'],
      ...['order.vanished A', 'fills.gapped', 'account.restored'],
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
});
