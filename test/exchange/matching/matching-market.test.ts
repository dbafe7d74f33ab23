import { describe, expect, it } from 'vitest';
import type { EngineOrder, EngineOrderRequest } from '../../../src/model/matching.js';
import { openEngine, orderOf, placed } from './engine-bench.js';

const MARKET = { orderType: 'market', limitPrice: undefined } as const;
const STOP = { ...MARKET, orderType: 'stop-loss' } as const;

describe('an order in the book', () => {
  it('rests, is seen by everyone, and gives back what it held when it is canceled', () => {
    const bench = openEngine();
    const { orderId } = placed(bench.place({ limitPrice: '99', size: '2' }));
    expect(bench.takeEvents()).toEqual([`order.accepted ${orderId}`, `order.opened ${orderId}`]);
    expect(bench.told.get('99')).toBe('3');
    expect(bench.market.balances('alice')).toContainEqual({
      asset: 'USD',
      total: '1000',
      available: '800.02',
    });
    expect(bench.market.cancel('alice', { orderId })).toMatchObject({ ok: true });
    expect(bench.market.cancel('alice', { orderId })).toEqual({
      ok: false,
      refusal: 'order-unknown',
    });
    expect(bench.told.get('99')).toBe('1');
    expect(bench.market.balances('alice')).toContainEqual({
      asset: 'USD',
      total: '1000',
      available: '1000',
    });
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'canceled', endedBecause: 'user' });
  });

  it('takes the best first, at the price of what was there, and tells all of it in order', () => {
    const bench = openEngine();
    const { orderId } = placed(bench.place({ limitPrice: '102', size: '1.5' }));
    expect(orderOf(bench, orderId)).toMatchObject({
      status: 'filled',
      filledSize: '1.5',
      filledValue: '152',
      fees: '1.52',
      averagePrice: '101.3333333333',
    });
    expect(bench.takeEvents()).toEqual([
      `order.accepted ${orderId}`,
      `order.opened ${orderId}`,
      `order.filled ${orderId}`,
      'ledger.posted alice 1 BTC',
      'ledger.posted alice -101 USD',
      `order.filled ${orderId}`,
      'ledger.posted alice 0.5 BTC',
      'ledger.posted alice -51 USD',
      `order.completed ${orderId}`,
    ]);
    expect(bench.updates.map(({ type }) => type)).toEqual([
      'book.changed',
      'trades.printed',
      'ticker.changed',
    ]);
    expect(bench.market.trades('BTC/USD').slice(0, 3)).toMatchObject([
      { tradeId: '502', price: '102', size: '0.5', side: 'buy' },
      { tradeId: '501', price: '101', size: '1', side: 'buy' },
      { tradeId: '500' },
    ]);
    expect(bench.market.balances('alice')).toEqual([
      { asset: 'USD', total: '846.48', available: '846.48' },
      { asset: 'BTC', total: '11.5', available: '11.5' },
    ]);
  });

  it('trades with another account: the first at a price comes first', () => {
    const bench = openEngine();
    const sell = { side: 'sell', limitPrice: '100.5' } as const;
    const first = placed(bench.place({ ...sell, account: 'bob' }));
    const second = placed(bench.place({ ...sell, account: 'bob' }));
    placed(bench.place({ limitPrice: '100.5', size: '1.25' }));
    expect(orderOf(bench, first.orderId, 'bob')).toMatchObject({ status: 'filled', fees: '0' });
    expect(orderOf(bench, second.orderId, 'bob')).toMatchObject({ remainingSize: '0.75' });
    expect(bench.market.fills('bob')).toMatchObject([
      { liquidity: 'maker', size: '1', tradeId: '501' },
      { liquidity: 'maker', size: '0.25', tradeId: '502' },
    ]);
    expect(bench.told.get('100.5')).toBe('0.75');
  });

  it.each<[Partial<EngineOrderRequest>, Partial<EngineOrder>]>([
    [
      { timeInForce: 'ioc', limitPrice: '101', size: '2' },
      { status: 'canceled', endedBecause: 'ioc', filledSize: '1' },
    ],
    [
      { timeInForce: 'fok', limitPrice: '101', size: '2' },
      { status: 'canceled', endedBecause: 'fok', filledSize: '0' },
    ],
    [{ timeInForce: 'fok', limitPrice: '102', size: '2' }, { status: 'filled' }],
    [
      { postOnly: true, limitPrice: '101' },
      { status: 'canceled', endedBecause: 'post-only' },
    ],
    [{ postOnly: true, limitPrice: '100.9' }, { status: 'open' }],
    [
      { ...MARKET, size: '4', side: 'sell' },
      { status: 'canceled', endedBecause: 'market', filledSize: '3' },
    ],
    [
      { ...MARKET, size: undefined, value: '152' },
      { status: 'filled', filledSize: '1.5' },
    ],
    [{ orderType: 'iceberg', displaySize: '0.1', limitPrice: '99' }, { status: 'open' }],
  ])('of %j ends as %j', (changes, expected) => {
    const bench = openEngine();
    const { orderId } = placed(bench.place(changes));
    expect(orderOf(bench, orderId)).toMatchObject(expected);
    if (changes.displaySize) expect(bench.told.get('99')).toBe('1.1');
  });

  it.each([
    ['cancel-newest', 'open', 'canceled'],
    ['cancel-oldest', 'canceled', 'open'],
    ['cancel-both', 'canceled', 'canceled'],
  ] as const)('never trades with itself: %s', (selfTrade, oldest, newest) => {
    const bench = openEngine();
    const sell = placed(bench.place({ side: 'sell', limitPrice: '100.5' }));
    const buy = placed(bench.place({ limitPrice: '100.5', selfTrade }));
    expect(orderOf(bench, sell.orderId)?.status).toBe(oldest);
    expect(orderOf(bench, buy.orderId)?.status).toBe(newest);
    expect(bench.market.fills('alice')).toEqual([]);
  });
});

describe('a withdrawal', () => {
  it('leaves what open orders hold back', () => {
    const bench = openEngine();
    placed(bench.place({ limitPrice: '90', size: '10' }));
    bench.takeEvents();
    expect(() => bench.market.deposit('alice', 'USD', '-500')).toThrow(RangeError);
    expect(bench.takeEvents()).toEqual([]);
    bench.market.deposit('alice', 'USD', '-91');
    expect(bench.market.balances('alice')).toContainEqual({
      asset: 'USD',
      total: '909',
      available: '0',
    });
  });
});

describe('the engine refuses', () => {
  it.each<[string, Partial<EngineOrderRequest>]>([
    ['symbol-unknown', { symbol: 'ETH/USD' }],
    ['insufficient-funds', { size: '10' }],
    ['insufficient-funds', { side: 'sell', size: '10.1' }],
    ['insufficient-funds', { ...STOP, stopPrice: '500', size: '2' }],
    ['size-below-minimum', { size: '0.00009' }],
    ['value-below-minimum', { size: '0.001', limitPrice: '1' }],
    ['price-off-tick', { limitPrice: '99.95' }],
    ['size-off-step', { size: '0.123456789' }],
    ['price-invalid', { limitPrice: undefined }],
    ['price-invalid', { ...STOP }],
    ['type-unsupported', { orderType: 'pegged' }],
    ['type-unsupported', { timeInForce: 'opg' }],
    ['deadline-passed', { timeInForce: 'gtd', expiresAtMs: 1 }],
    ['size-below-minimum', { orderType: 'iceberg', displaySize: '3' }],
    ['reduce-only', { reduceOnly: true }],
    ['client-order-id-taken', { clientOrderId: 'taken' }],
  ])('%s: %j', (refusal, changes) => {
    const bench = openEngine();
    placed(bench.place({ clientOrderId: 'taken', limitPrice: '1' }));
    bench.takeEvents();
    expect(bench.place(changes)).toEqual({ ok: false, refusal });
    expect(bench.takeEvents()).toEqual([]);
  });

  it('a market order where there is nothing, and anything of a closed market', () => {
    const bench = openEngine();
    bench.move('ask', ['101', '0'], ['102', '0'], ['103', '0']);
    expect(bench.place(MARKET)).toEqual({ ok: false, refusal: 'no-liquidity' });
    const [instrument] = bench.market.instruments;
    const closed = { ...instrument!, status: 'cancel_only' };
    bench.background.tell({ type: 'instruments.changed', instruments: [closed] });
    expect(bench.place()).toEqual({ ok: false, refusal: 'market-closed' });
  });

  it('nothing where it is only asked, and does nothing then', () => {
    const bench = openEngine();
    const request = { ...placed(bench.place({ limitPrice: '1' })), clientOrderId: 'x' };
    bench.takeEvents();
    expect(bench.market.place(request, { validateOnly: true }).ok).toBe(true);
    expect(bench.takeEvents()).toEqual([]);
    expect(bench.market.openOrders('alice')).toHaveLength(1);
  });
});

describe('an amendment', () => {
  it('to less keeps the place, to another price takes the last one', () => {
    const bench = openEngine();
    const [first, second] = ['alice', 'bob'].map((account) =>
      placed(bench.place({ account, side: 'sell', limitPrice: '100.5', size: '2' })),
    );
    const amend = (account: string, orderId: string, change: object) =>
      placed(bench.market.amend(account, { orderId }, change));
    expect(amend('alice', first!.orderId, { size: '1' })).toMatchObject({
      size: '1',
      amended: true,
    });
    bench.move('bid', ['100.5', '1']);
    expect(orderOf(bench, first!.orderId)?.status).toBe('filled');
    expect(amend('bob', second!.orderId, { limitPrice: '101' })).toMatchObject({
      limitPrice: '101',
    });
    expect(bench.told.get('101')).toBe('3');
    expect(amend('bob', second!.orderId, { size: '0.5' }).status).toBe('open');
    expect(amend('bob', second!.orderId, { limitPrice: '99' })).toMatchObject({
      status: 'filled',
      averagePrice: '99',
    });
  });

  it('below what is filled ends it; what it cannot pay is refused', () => {
    const bench = openEngine();
    const { orderId } = placed(bench.place({ limitPrice: '101', size: '2' }));
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'open', filledSize: '1' });
    const amend = (change: object) => bench.market.amend('alice', { orderId }, change);
    expect(amend({ size: '50' })).toEqual({ ok: false, refusal: 'insufficient-funds' });
    expect(amend({ postOnly: true, limitPrice: '102' })).toEqual({
      ok: false,
      refusal: 'would-take-liquidity',
    });
    expect(amend({ size: '0.5' })).toMatchObject({ ok: true, order: { status: 'canceled' } });
  });
});

describe('an amendment of what an order does not have is refused', () => {
  it.each([{ stopPrice: '5' }, { displaySize: '0.5' }])('%j of a limit order', (change) => {
    const bench = openEngine();
    const { orderId } = placed(bench.place({ limitPrice: '90' }));
    expect(bench.market.amend('alice', { orderId }, change)).toEqual({
      ok: false,
      refusal: 'type-unsupported',
    });
    expect(orderOf(bench, orderId)).toMatchObject({ amended: false, limitPrice: '90' });
  });
});

describe('an order that waits for a price', () => {
  it.each<[Partial<EngineOrderRequest>, string]>([
    [{ ...STOP, side: 'sell', stopPrice: '95' }, '95'],
    [{ ...STOP, side: 'buy', stopPrice: '105' }, '105'],
    [{ ...STOP, orderType: 'take-profit', side: 'sell', stopPrice: '105' }, '106'],
    [{ ...STOP, orderType: 'market-if-touched', side: 'buy', stopPrice: '95' }, '94'],
    [{ ...STOP, orderType: 'trailing-stop', side: 'sell', trailBy: '2' }, '98'],
    [{ ...STOP, orderType: 'trailing-stop', side: 'buy', trailBy: '2' }, '102'],
  ])('of %j wakes at %s', (changes, price) => {
    const bench = openEngine();
    const { orderId } = placed(bench.place(changes));
    expect(orderOf(bench, orderId)?.status).toBe('untriggered');
    bench.print('buy', '100.1', '0.1');
    expect(orderOf(bench, orderId)?.status).toBe('untriggered');
    bench.takeEvents();
    bench.print('buy', price, '0.1');
    expect(bench.takeEvents()[0]).toBe(`order.triggered ${orderId}`);
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'filled', filledSize: '1' });
  });

  it.each(['buy', 'sell'] as const)('has its limit so far beyond the trigger (%s)', (side) => {
    const bench = openEngine();
    const [top, trigger, limit] = side === 'buy' ? ['98', '100', '100.5'] : ['102', '100', '99.5'];
    const type = { orderType: 'trailing-stop-limit', trailBy: '2', limitBy: '0.5' } as const;
    const { orderId } = placed(bench.place({ ...STOP, ...type, side, limitPrice: undefined }));
    bench.print('buy', top, '0.1');
    const waiting = orderOf(bench, orderId);
    expect(waiting).toMatchObject({ status: 'untriggered', limitBy: '0.5' });
    expect(waiting?.limitPrice).toBeUndefined();
    const target = { orderId };
    expect(bench.market.amend('alice', target, { limitPrice: '100' })).toMatchObject({ ok: false });
    bench.print('buy', trigger, '0.1');
    expect(orderOf(bench, orderId)).toMatchObject({ limitPrice: limit });
    expect(orderOf(bench, orderId)?.limitBy).toBeUndefined();
  });

  it.each([
    { orderType: 'limit', limitPrice: undefined },
    { orderType: 'trailing-stop', trailBy: '2', limitPrice: undefined },
    { orderType: 'trailing-stop-limit', trailBy: '2', limitPrice: '5' },
  ] as const)('takes no distance in the place of a limit for %j', (terms) => {
    const answer = openEngine().place({ ...terms, limitBy: '1' });
    expect(answer).toEqual({ ok: false, refusal: 'type-unsupported' });
  });

  it('becomes a limit order where it has one', () => {
    const bench = openEngine();
    const stop = { orderType: 'stop-loss-limit', stopPrice: '98', limitPrice: '99.5' } as const;
    const { orderId } = placed(bench.place({ ...stop, side: 'sell' }));
    bench.print('sell', '98', '0.1');
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'open', limitPrice: '99.5' });
    expect(bench.told.get('99.5')).toBe('1');
  });
});

describe('the background', () => {
  it('takes an order that it would cross, and never shows a crossed book', () => {
    const bench = openEngine();
    const { orderId } = placed(bench.place({ side: 'sell', limitPrice: '100', size: '2' }));
    bench.move('bid', ['100.4', '0.5']);
    expect(orderOf(bench, orderId)).toMatchObject({ filledSize: '0.5', averagePrice: '100' });
    expect(bench.told.has('100.4')).toBe(false);
    bench.move('bid', ['100.4', '5']);
    expect(orderOf(bench, orderId)?.status).toBe('filled');
    expect(bench.told.get('100.4')).toBe('3.5');
  });

  it('trades what it gave up, then orders at its price; better ones come before', () => {
    const bench = openEngine();
    const same = placed(bench.place({ side: 'sell', limitPrice: '101' }));
    bench.move('ask', ['101', '0.4']);
    bench.print('buy', '101', '0.6');
    expect(orderOf(bench, same.orderId)?.filledSize).toBe('0');
    // 0.4 of others still stand before it.
    bench.print('buy', '101', '0.7');
    expect(orderOf(bench, same.orderId)?.filledSize).toBe('0.3');
    const better = placed(bench.place({ side: 'sell', limitPrice: '100.5' }));
    bench.move('ask', ['101', '0']);
    bench.print('buy', '101', '0.4');
    expect(orderOf(bench, better.orderId)?.filledSize).toBe('0.4');
    expect(bench.market.trades('BTC/USD').map(({ tradeId }) => tradeId)).toEqual([
      '504',
      '503',
      '502',
      '501',
      '500',
    ]);
  });
});

describe('time', () => {
  it.each([
    [{ timeInForce: 'gtd', expiresAtMs: 5_000 }, 5_000],
    [{ timeInForce: 'day' }, 86_400_000],
  ] as const)('ends an order of %j', async (changes, afterMs) => {
    const bench = openEngine();
    const startMs = bench.time.clock.nowMs();
    const { orderId } = placed(
      bench.place({
        ...changes,
        limitPrice: '90',
        ...('expiresAtMs' in changes && { expiresAtMs: startMs + changes.expiresAtMs }),
      }),
    );
    await bench.time.advance(4_999);
    expect(orderOf(bench, orderId)?.status).toBe('open');
    await bench.time.advance(afterMs);
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'expired', endedBecause: 'timer' });
    expect(bench.told.has('90')).toBe(false);
  });

  it('cancels everything of an account that is not heard of, unless it is', async () => {
    const bench = openEngine();
    const { orderId } = placed(bench.place({ limitPrice: '90' }));
    placed(bench.place({ account: 'bob', limitPrice: '90' }));
    bench.market.cancelAllAfter('alice', 1_000);
    await bench.time.advance(900);
    bench.market.cancelAllAfter('alice', 1_000);
    await bench.time.advance(900);
    expect(bench.market.openOrders('alice')).toHaveLength(1);
    await bench.time.advance(100);
    expect(bench.market.openOrders('alice')).toHaveLength(0);
    expect(orderOf(bench, orderId)).toMatchObject({ status: 'canceled', endedBecause: 'timer' });
    expect(bench.market.openOrders('bob')).toHaveLength(1);
    placed(bench.place({ limitPrice: '90' }));
    bench.market.cancelAllAfter('alice', 1_000);
    bench.market.cancelAllAfter('alice', 0);
    await bench.time.advance(2_000);
    expect(bench.market.openOrders('alice')).toHaveLength(1);
  });
});
