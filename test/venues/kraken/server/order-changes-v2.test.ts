import { describe, expect, it } from 'vitest';
import { idOf, LIMIT_BUY, openTrader, toBatch } from './trader-harness.js';

const ORDER_ID = /^O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/;

describe('cancel_order', () => {
  it('answers once for each order, by the name that was used, with the same req_id', () => {
    const { trader, engine } = openTrader();
    const place = (more: object) => idOf(trader.callOnce('add_order', { ...LIMIT_BUY, ...more }));
    const first = place({});
    place({ cl_ord_id: 'mine' });
    const numbered = [place({ order_userref: 7 }), place({ order_userref: 7 })];
    place({ order_userref: 8 });
    const replies = trader.call(
      'cancel_order',
      { order_id: [first, 'OAAAAA-AAAAA-AAAAAA'], cl_ord_id: ['mine'], order_userref: [7] },
      9,
    );
    const about = { method: 'cancel_order', req_id: 9 };
    expect(replies).toEqual([
      { ...about, success: true, result: { order_id: first } },
      { ...about, success: false, error: 'EOrder:Unknown order' },
      { ...about, success: true, result: { cl_ord_id: 'mine' } },
      ...numbered.map((id) => ({ ...about, success: true, result: { order_id: id } })),
    ]);
    expect(engine.openOrders('main').map(({ orderId }) => orderId)).toEqual(['O5']);
  });

  it('knows no order that is over', () => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    engine.fill('O1', '0.5', '26500.4');
    const reply = trader.callOnce('cancel_order', { order_id: [id] });
    expect(reply.error).toBe('EOrder:Unknown order');
  });

  it.each<[object, string]>([
    [{}, 'EGeneral:Invalid arguments:order_id'],
    [{ order_id: 'OAAAAA-AAAAA-AAAAAA' }, 'Order_id field must be an array of strings'],
    [{ order_userref: ['7'] }, 'Order_userref field must be an array of number_integers'],
    [{ cl_ord_id: ['nineteen characters'] }, 'EGeneral:Invalid arguments:cl_ord_id'],
    [{ order_id: Array.from({ length: 51 }, () => 'x') }, 'EGeneral:Invalid arguments:order_id'],
  ])('with %j is refused', (params, error) => {
    expect(openTrader().trader.callOnce('cancel_order', params).error).toBe(error);
  });
});

describe('cancel_all, and what cancels later', () => {
  it('says how many it ended', () => {
    const { trader } = openTrader();
    for (let count = 0; count < 3; count += 1) trader.call('add_order', LIMIT_BUY);
    expect(trader.callOnce('cancel_all').result).toEqual({ count: 3 });
    expect(trader.callOnce('cancel_all').result).toEqual({ count: 0 });
    const odd = trader.callOnce('cancel_all', { symbol: 'BTC/USD' });
    expect(odd.error).toBe("Unsupported field: 'symbol' for the given msg type: cancel_all");
  });

  it('tells when the switch falls, in whole seconds, and "0" once it is off', async () => {
    const { trader, engine, time } = openTrader();
    await time.advance(700);
    const after = (timeout: number) => trader.callOnce('cancel_all_orders_after', { timeout });
    expect(after(60).result).toEqual({
      currentTime: '2026-08-09T21:00:01Z',
      triggerTime: '2026-08-09T21:01:01Z',
    });
    expect(engine.switches.get('main')).toBe(60_000);
    expect(after(0).result).toEqual({ currentTime: '2026-08-09T21:00:01Z', triggerTime: '0' });
    expect(engine.switches.get('main')).toBe(0);
  });

  it.each<[unknown, string]>([
    [86_400, 'EGeneral:Invalid arguments:timeout'],
    [-1, 'EGeneral:Invalid arguments:timeout'],
    [undefined, 'EGeneral:Invalid arguments:timeout'],
    [1.5, 'Timeout field must be a number_integer'],
    ['60', 'Timeout field must be a number_integer'],
  ])('refuses a timeout of %j', (timeout, error) => {
    const { trader, engine } = openTrader();
    expect(trader.callOnce('cancel_all_orders_after', { timeout }).error).toBe(error);
    expect(engine.switches.size).toBe(0);
  });
});

describe('amend_order', () => {
  it('changes an order in place, and answers with the name that was used', () => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' }));
    const params = { order_qty: 5.1, limit_price: 0.96, post_only: false };
    const first = trader.callOnce('amend_order', { ...params, order_id: id }, 1);
    const second = trader.callOnce('amend_order', { cl_ord_id: 'mine', limit_price: 0.97 }, 2);
    expect(first.result).toEqual({
      amend_id: expect.stringMatching(/^T[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/) as string,
      order_id: id,
    });
    expect(Object.keys(second.result as object)).toEqual(['amend_id', 'cl_ord_id']);
    expect(first.result).not.toEqual(second.result);
    expect(engine.openOrders('main')).toMatchObject([
      { orderId: 'O1', size: '5.1', limitPrice: '0.97', clientOrderId: 'mine' },
    ]);
  });

  it.each<[object, string]>([
    [{ order_qty: 1 }, 'EGeneral:Invalid arguments:order_id'],
    [{ order_id: 'x', cl_ord_id: 'y', order_qty: 1 }, 'EGeneral:Invalid arguments:order_id'],
    [{ order_id: 'x', order_qty: 1 }, 'EOrder:Unknown order'],
    [{ cl_ord_id: 'mine' }, 'EGeneral:Invalid arguments:order_qty'],
    [{ cl_ord_id: 'mine', limit_price: '0.96' }, 'Limit_price field must be a number_float'],
    [{ cl_ord_id: 'mine', limit_price: -1 }, 'EOrder:Invalid price'],
    [
      { cl_ord_id: 'mine', limit_price: 1, limit_price_type: 'pct' },
      'EGeneral:Invalid arguments:limit_price_type',
    ],
    [{ cl_ord_id: 'mine', order_qty: 1, symbol: 'DOGE/USD' }, 'EOrder:Unknown order'],
    [{ cl_ord_id: 'mine', order_qty: 1, symbol: 'XDG/USD' }, 'Currency pair not supported XDG/USD'],
    [
      { cl_ord_id: 'mine', order_qty: 1, deadline: '2026-08-09T20:59:59Z' },
      'EService:Deadline elapsed',
    ],
  ])('with %j is refused: %s', (params, error) => {
    const { trader, engine } = openTrader();
    trader.call('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' });
    expect(trader.callOnce('amend_order', params).error).toBe(error);
    expect(engine.openOrders('main')).toMatchObject([{ size: '0.5', amended: false }]);
  });

  it.each<[object, object, string]>([
    [
      { order_type: 'stop-loss', limit_price: undefined, triggers: { price: 30000 } },
      { limit_price: 5 },
      'limit_price',
    ],
    [{}, { trigger_price: 5 }, 'trigger_price'],
    [
      {
        order_type: 'trailing-stop',
        limit_price: undefined,
        triggers: { price: 30, price_type: 'quote' },
      },
      { trigger_price: 5 },
      'trigger_price',
    ],
    [{}, { display_qty: 0.1 }, 'display_qty'],
  ])('of %j with %j is refused: it has none', (order, params, name) => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, ...order }));
    const reply = trader.callOnce('amend_order', { order_id: id, ...params });
    expect(reply.error).toBe(`EGeneral:Invalid arguments:${name}`);
    expect(engine.openOrders('main')).toMatchObject([{ amended: false }]);
  });

  it('changes the trigger of an order that waits', () => {
    const { trader, engine } = openTrader();
    const stop = { order_type: 'stop-loss-limit', triggers: { price: 30000 } };
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, ...stop }));
    trader.call('amend_order', { order_id: id, trigger_price: 29000.5 });
    expect(engine.openOrders('main')).toMatchObject([{ stopPrice: '29000.5' }]);
  });

  it('is refused in the engine’s own words', () => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    engine.refuseNext('price-off-tick');
    const reply = trader.callOnce('amend_order', { order_id: id, limit_price: 1.23 });
    expect(reply.error).toBe('EOrder:Tick size check failed');
  });
});

describe('edit_order', () => {
  it('ends the order and places another for the rest of it', () => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, order_userref: 5 }));
    engine.fill('O1', '0.2', '26500.4');
    const params = { order_id: id, symbol: 'BTC/USD', limit_price: 26000 };
    const { result } = trader.callOnce('edit_order', { ...params, post_only: true });
    expect(result).toEqual({
      order_id: expect.stringMatching(ORDER_ID) as string,
      order_userref: 5,
      original_order_id: id,
    });
    expect((result as Record<string, unknown>)['order_id']).not.toBe(id);
    expect(engine.openOrders('main')).toMatchObject([
      { orderId: expect.not.stringMatching(/^O1$/) as string, size: '0.3', limitPrice: '26000' },
    ]);
  });

  const cases: readonly [string, object, object, string][] = [
    ['of a client’s id', { cl_ord_id: 'mine' }, {}, 'EGeneral:Invalid arguments:cl_ord_id'],
    [
      'that waits for a price',
      { order_type: 'take-profit-limit', triggers: { price: 30000 } },
      {},
      'EGeneral:Invalid arguments:order_type',
    ],
    ['of another pair', {}, { symbol: 'DOGE/USD' }, 'EOrder:Unknown order'],
    ['without a pair', {}, { symbol: undefined }, 'EGeneral:Invalid arguments:symbol'],
    [
      'that would show too little',
      { order_type: 'iceberg', display_qty: 0.1 },
      { order_qty: 2 },
      'EGeneral:Invalid arguments:display_qty',
    ],
    ['with a trigger', {}, { triggers: { price: 5 } }, 'EGeneral:Invalid arguments:triggers'],
  ];
  it.each(cases)('refuses one %s, and leaves it', (...row) => {
    const [, order, params, error] = row;
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, ...order }));
    const asked = { order_id: id, symbol: 'BTC/USD', order_qty: 1, ...params };
    expect(trader.callOnce('edit_order', asked).error).toBe(error);
    expect(engine.openOrders('main').map(({ orderId }) => orderId)).toEqual(['O1']);
  });

  it('leaves the order where less is wished than is executed, or where the engine refuses', () => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    engine.fill('O1', '0.2', '26500.4');
    const edit = (changes: object) =>
      trader.callOnce('edit_order', { order_id: id, symbol: 'BTC/USD', ...changes }).error;
    expect(edit({ order_qty: 0.2 })).toBe('EGeneral:Invalid arguments:order_qty');
    engine.refuseNext('price-off-tick');
    expect(edit({ limit_price: 1.234 })).toBe('EOrder:Tick size check failed');
    engine.refuseNext('insufficient-funds');
    expect(edit({ order_qty: 500 })).toBe('EOrder:Insufficient funds');
    expect(edit({ order_qty: 0.4, validate: true })).toBeUndefined();
    expect(engine.openOrders('main').map(({ orderId }) => orderId)).toEqual(['O1']);
  });

  it('takes the funds of the order that goes into account', () => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, order_qty: 30 }));
    engine.refuseNext('insufficient-funds');
    const asked = { order_id: id, symbol: 'BTC/USD', order_qty: 31 };
    expect(trader.callOnce('edit_order', asked).success).toBe(true);
    expect(engine.openOrders('main')).toMatchObject([{ size: '31' }]);
  });
});

describe('batches', () => {
  it('add 2 to 15 orders of one pair, each with its own end', () => {
    const { trader, engine } = openTrader();
    const orders = toBatch(
      { ...LIMIT_BUY, cl_ord_id: 'one' },
      { ...LIMIT_BUY, cl_ord_id: 'one' },
      { ...LIMIT_BUY, order_userref: 5 },
    );
    const reply = trader.callOnce('batch_add', { symbol: 'BTC/USD', orders }, 4);
    expect(reply).toEqual({
      method: 'batch_add',
      req_id: 4,
      success: true,
      result: [
        { order_id: expect.stringMatching(ORDER_ID) as string, cl_ord_id: 'one' },
        { error: 'EGeneral:Invalid arguments:cl_ord_id', cl_ord_id: 'one' },
        { order_id: expect.stringMatching(ORDER_ID) as string, order_userref: 5 },
      ],
    });
    expect(engine.openOrders('main').length).toBe(2);
    const checked = { symbol: 'BTC/USD', orders: toBatch(LIMIT_BUY, LIMIT_BUY), validate: true };
    expect(trader.callOnce('batch_add', checked).result).toEqual([{}, {}]);
    expect(engine.openOrders('main').length).toBe(2);
  });

  it.each<[string, object, string]>([
    ['one order', { orders: toBatch(LIMIT_BUY) }, 'EGeneral:Invalid arguments:orders'],
    [
      'sixteen orders',
      { orders: toBatch(...Array.from({ length: 16 }, () => LIMIT_BUY)) },
      'EGeneral:Invalid arguments:orders',
    ],
    ['no list', { orders: 'two' }, 'Orders field must be an array of objects'],
    ['texts', { orders: ['one', 'two'] }, 'Orders field must be an array of objects'],
    [
      'a pair in an order',
      { orders: [LIMIT_BUY, LIMIT_BUY] },
      "Unsupported field: 'symbol' for the given msg type: batch_add",
    ],
    [
      'one order that is wrong',
      { orders: toBatch(LIMIT_BUY, { ...LIMIT_BUY, limit_price: '5' }) },
      'Limit_price field must be a number_float',
    ],
    [
      'one order that means nothing',
      { orders: toBatch(LIMIT_BUY, { ...LIMIT_BUY, time_in_force: 'gtd' }) },
      'EGeneral:Invalid arguments:expire_time',
    ],
  ])('are refused whole with %s', (_, params, error) => {
    const { trader, engine } = openTrader();
    expect(trader.callOnce('batch_add', { symbol: 'BTC/USD', ...params }).error).toBe(error);
    expect(engine.placed).toBe(0);
  });

  it('cancel by ids, the client’s ids and its numbers, and tell how many', () => {
    const { trader, engine } = openTrader();
    const first = idOf(trader.callOnce('add_order', LIMIT_BUY));
    trader.call('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' });
    trader.call('add_order', { ...LIMIT_BUY, order_userref: 7 });
    trader.call('add_order', LIMIT_BUY);
    const params = { orders: [first, '7', 'OAAAAA-AAAAA-AAAAAA'], cl_ord_id: ['mine'] };
    expect(trader.callOnce('batch_cancel', params, 0)).toEqual({
      method: 'batch_cancel',
      orders_cancelled: 3,
      req_id: 0,
      success: true,
      result: { count: 3 },
    });
    expect(engine.openOrders('main').map(({ orderId }) => orderId)).toEqual(['O4']);
    const one = trader.callOnce('batch_cancel', { orders: [first] });
    expect(one.error).toBe('EGeneral:Invalid arguments:orders');
  });
});
