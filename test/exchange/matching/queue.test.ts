import { describe, expect, it } from 'vitest';
import { openEngine, orderOf, placed } from './engine-bench.js';

const MARKET = { orderType: 'market', limitPrice: undefined } as const;

describe('at one price, who came first trades first', () => {
  it('an order before the liquidity of others that came later', () => {
    const bench = openEngine();
    const { orderId } = placed(bench.place({ side: 'sell', limitPrice: '100.5' }));
    bench.move('ask', ['100.5', '5']);
    placed(bench.place({ account: 'bob', limitPrice: '100.5' }));
    expect(orderOf(bench, orderId)?.status).toBe('filled');
    expect(bench.told.get('100.5')).toBe('5');
  });

  it('an iceberg only with the part that it shows; the next part stands last', () => {
    const bench = openEngine();
    const iceberg = { orderType: 'iceberg', displaySize: '0.1', limitPrice: '100.5' } as const;
    const { orderId } = placed(bench.place({ ...iceberg, side: 'sell', size: '1' }));
    const behind = { account: 'bob', side: 'sell', limitPrice: '100.5', size: '0.1' } as const;
    const second = placed(bench.place(behind));
    expect(bench.told.get('100.5')).toBe('0.2');
    bench.market.deposit('carol', 'USD', '1000');
    placed(bench.place({ account: 'carol', limitPrice: '100.5', size: '0.2' }));
    expect(orderOf(bench, second.orderId, 'bob')?.status).toBe('filled');
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'open', filledSize: '0.1' });
    expect(bench.told.get('100.5')).toBe('0.1');
  });
});

describe('an order for all or nothing', () => {
  it('gets nothing where an order of its own account would be part of all', () => {
    const bench = openEngine();
    const own = placed(bench.place({ side: 'sell', limitPrice: '100.5' }));
    const order = placed(
      bench.place({
        timeInForce: 'fok',
        limitPrice: '101',
        size: '2',
        selfTrade: 'cancel-oldest',
      }),
    );
    expect(order).toMatchObject({ status: 'canceled', endedBecause: 'fok', filledSize: '0' });
    expect(orderOf(bench, own.orderId)?.status).toBe('open');
  });
});

describe('a market buy', () => {
  it('that costs more than there is stops where the money does', () => {
    const bench = openEngine();
    bench.market.deposit('carol', 'USD', '50');
    const order = placed(bench.place({ ...MARKET, account: 'carol' }));
    expect(order).toMatchObject({ status: 'canceled', endedBecause: 'market' });
    // 50 / (101 * 1.01), in whole steps of a hundred-millionth.
    expect(order.filledSize).toBe('0.49014802');
    expect(Number(bench.market.balances('carol')[0]?.total)).toBeLessThan(0.000002);
  });

  it('for which there is no money at all is refused', () => {
    expect(openEngine().place({ ...MARKET, account: 'carol' })).toEqual({
      ok: false,
      refusal: 'insufficient-funds',
    });
  });
});
