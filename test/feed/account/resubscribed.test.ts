import { describe, expect, it } from 'vitest';
import type { OrderReport } from '../../../src/model/account.js';
import type { VenueMessage } from '../../../src/model/message.js';
import { createFakeVenue } from '../../doubles/fake-venue.js';
import { FeedBench } from '../feed-bench.js';

function order(orderId: string, more: Partial<OrderReport> = {}): OrderReport {
  const whole = { symbol: 'A', side: 'buy', status: 'open', venueStatus: 'OPEN' } as const;
  return { orderId, ...whole, venueFields: {}, ...more };
}

const list = (...orders: readonly OrderReport[]): VenueMessage => ({
  type: 'orders.snapshot',
  orders,
  complete: true,
});

/** Fills are worked out from sums; the test sends the lists. */
async function follow(symbols?: readonly string[], ignored: readonly string[] = []) {
  const venue = createFakeVenue();
  const channels = venue.channels.map((rule) =>
    rule.name === 'user' ? { ...rule, derivesFills: true } : rule,
  );
  const bench = new FeedBench(
    {
      venue: createFakeVenue({ channels }),
      credentials: { key: 'k' },
      subscriptions: [{ channel: 'balances' }, { channel: 'user', symbols }],
    },
    { sendsSnapshot: () => false, exchange: { ignored } },
  );
  await bench.run(500);
  const say = (message: VenueMessage): void =>
    bench.market.served.at(-1)?.exchange.send({ say: 'message', channel: 'user', message });
  const openIds = (): string[] => bench.feed.orders.open().map(({ orderId }) => orderId);
  const fills = (): string[] =>
    bench.ofType('fill.printed').map(({ fill, recovered }) => {
      return `${fill.size} of ${fill.orderId}${recovered ? ' recovered' : ''}`;
    });
  return { bench, say, openIds, fills };
}

const USER = { channel: 'user' } as const;

describe('an account that is left and followed again', () => {
  it('holds no order that ended meanwhile, and tells of it', async () => {
    const { bench, say, openIds } = await follow();
    say(list(order('1'), order('2')));
    bench.feed.unsubscribe([USER]);
    await bench.run(1_000);
    bench.feed.subscribe([USER]);
    await bench.run(1_000);
    say(list(order('2')));
    expect(bench.feed.orders.state.status).toBe('live');
    expect(openIds()).toEqual(['2']);
    expect(bench.ofType('order.vanished').map((one) => one.order.orderId)).toEqual(['1']);
    await bench.feed.close();
  });

  it('tells what was filled meanwhile, and that there may be more', async () => {
    const { bench, say, fills } = await follow();
    say(list(order('1', { filledSize: '0.5' })));
    bench.feed.unsubscribe([USER]);
    await bench.run(1_000);
    bench.feed.subscribe([USER]);
    await bench.run(1_000);
    say(list(order('1', { filledSize: '0.75' }), order('2', { filledSize: '3' })));
    expect(fills()).toEqual(['0.25 of 1 recovered', '3 of 2 recovered']);
    expect(bench.ofType('fills.gapped')).toHaveLength(1);
    await bench.feed.close();
  });
});

describe('a symbol of the account', () => {
  it('that is followed later has a past, which is no news', async () => {
    const { bench, say, openIds, fills } = await follow(['A']);
    say(list(order('1', { filledSize: '1' })));
    bench.feed.subscribe([{ ...USER, symbols: ['B'] }]);
    await bench.run(1_000);
    say(list(order('2', { symbol: 'B', filledSize: '5' })));
    const update = order('2', { symbol: 'B', filledSize: '6' });
    say({ type: 'orders.update', orders: [update], complete: true });
    expect(fills()).toEqual(['1 of 2']);
    expect(bench.ofType('fills.gapped')).toEqual([]);
    expect(openIds()).toEqual(['1', '2']);
    await bench.feed.close();
  });

  it('that the venue refuses keeps the others from being whole while it is wanted', async () => {
    const { bench, say, openIds } = await follow(['A', 'B'], ['B']);
    const { exchange } = bench.market.served.at(-1) ?? {};
    const isOver = (): boolean => bench.ofType('subscription.refused').some(({ final }) => final);
    for (let tries = 0; tries < 5 && !isOver(); tries += 1) {
      const last = exchange?.requests.findLast(({ channel }) => channel === 'user');
      const about = { channel: 'user', symbol: 'B', id: last?.id ?? 0 };
      exchange?.send({ say: 'refused', code: 'SYMBOL_UNKNOWN', ...about });
      await bench.run(5_000);
    }
    expect(isOver()).toBe(true);
    say(list(order('1')));
    expect(bench.feed.orders.state.status).toBe('stale');
    bench.feed.unsubscribe([{ ...USER, symbols: ['B'] }]);
    expect(bench.feed.orders.state.status).toBe('live');
    expect(openIds()).toEqual(['1']);
    await bench.feed.close();
  });

  it('that is left is not shown as current beside the others', async () => {
    const { bench, say, openIds } = await follow(['A', 'B']);
    say(list(order('1'), order('2', { symbol: 'B-ALIAS' })));
    say({
      type: 'positions.snapshot',
      complete: true,
      positions: ['A', 'B'].map((symbol) => ({ symbol, kind: 'spot', size: '1', venueFields: {} })),
    });
    expect(openIds()).toEqual(['1', '2']);
    bench.feed.unsubscribe([{ ...USER, symbols: ['B'] }]);
    expect(openIds()).toEqual(['1']);
    expect(bench.feed.positions.all().map(({ symbol }) => symbol)).toEqual(['A']);
    expect(bench.feed.orders.state.status).toBe('live');
    await bench.feed.close();
  });
});
