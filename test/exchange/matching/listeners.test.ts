import { describe, expect, it } from 'vitest';
import { openEngine, orderOf, placed } from './engine-bench.js';

describe('a listener that trades while it is told', () => {
  it('cancels what was just accepted, and nothing of it stays in the book', () => {
    const bench = openEngine();
    bench.market.onEngineEvent((event) => {
      if (event.type !== 'order.accepted') return;
      bench.market.cancel('alice', { orderId: event.order.orderId });
    });
    const { orderId } = placed(bench.place({ limitPrice: '99' }));
    expect(bench.told.get('99')).toBe('1');
    expect(orderOf(bench, orderId)?.status).toBe('canceled');
    expect(bench.takeEvents().map((event) => event.split(' ')[0])).toEqual([
      'order.accepted',
      'order.opened',
      'order.canceled',
    ]);
  });

  it('makes more trades, and everyone hears all of them in the order of their numbers', () => {
    const bench = openEngine();
    let isFirst = true;
    bench.market.attach({
      pendingBytes: () => 0,
      onUpdate({ type }) {
        if (type !== 'book.changed' || !isFirst) return;
        isFirst = false;
        placed(bench.place({ account: 'bob', limitPrice: '103', size: '1' }));
      },
    });
    const heard: number[] = [];
    bench.market.attach({
      pendingBytes: () => 0,
      onUpdate(update) {
        if (update.type !== 'trades.printed') return;
        heard.push(...update.trades.map(({ tradeId }) => Number(tradeId)).reverse());
      },
    });
    placed(bench.place({ limitPrice: '101', size: '0.5' }));
    expect(heard).toEqual([501, 502, 503]);
    expect(bench.market.trades('BTC/USD')[0]?.tradeId).toBe('503');
  });

  it('throws, and the others hear all the same', () => {
    const bench = openEngine();
    const heard: string[] = [];
    bench.market.onEngineEvent(({ type }) => {
      if (type === 'order.accepted') throw new Error('The listener broke.');
    });
    bench.market.onEngineEvent(({ type }) => heard.push(type));
    expect(() => bench.place({ limitPrice: '99' })).toThrow('The listener broke.');
    bench.market.cancelAll('alice');
    expect(heard).toEqual(['order.accepted', 'order.opened', 'order.canceled']);
  });
});
