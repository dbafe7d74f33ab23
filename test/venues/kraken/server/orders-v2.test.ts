import { describe, expect, it } from 'vitest';
import type { EngineRefusal } from '../../../../src/model/matching.js';
import { makeEngineOrder } from '../../../doubles/engine-order.js';
import { idOf, LIMIT_BUY, openTrader, toBatch } from './trader-harness.js';

const ORDER_ID = /^O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/;
const UUID = '6d1b345e-2821-40e2-ad83-4ecb18a06876';

describe('add_order', () => {
  it('is answered with the id, once the engine has the order', () => {
    const { trader, engine } = openTrader();
    trader.take();
    const reply = trader.callOnce('add_order', { ...LIMIT_BUY, cl_ord_id: 'client-zero' }, 7);
    expect(reply).toEqual({
      method: 'add_order',
      req_id: 7,
      success: true,
      result: { order_id: expect.stringMatching(ORDER_ID) as string, cl_ord_id: 'client-zero' },
    });
    expect(trader.texts.at(-1)).toMatch(
      /^\{"method":"add_order","req_id":7,"result":\{"order_id":"O[^"]+","cl_ord_id":"client-zero"\},"success":true,"time_in":"2026-08-09T21:00:00\.000000Z","time_out":"2026-08-09T21:00:00\.000000Z"\}$/,
    );
    expect(engine.openOrders('main')).toMatchObject([
      {
        symbol: 'BTC/USD',
        side: 'buy',
        orderType: 'limit',
        size: '0.5',
        limitPrice: '26500.4',
        timeInForce: 'gtc',
        postOnly: false,
        reduceOnly: false,
        selfTrade: 'cancel-newest',
        clientOrderId: 'client-zero',
      },
    ]);
  });

  it('takes numbers to the digit, also with an exponent, and a req_id past 2^53', () => {
    const { trader, engine } = openTrader();
    const { token } = trader;
    trader.ask(
      `{"method":"add_order","req_id":12393906104898154338,"params":{"token":"${token}",` +
        '"order_type":"limit","side":"sell","symbol":"BTC/USD","order_qty":0.1234567890123456789,' +
        '"limit_price":9007199254740993.1}}',
    );
    trader.ask(
      `{"method":"add_order","params":{"token":"${token}","order_type":"limit","side":"sell",` +
        '"symbol":"BTC/USD","order_qty":1e-7,"limit_price":28440}}',
    );
    expect(engine.openOrders('main')).toMatchObject([
      { size: '0.1234567890123456789', limitPrice: '9007199254740993.1' },
      { size: '0.0000001', limitPrice: '28440' },
    ]);
    const replies = trader.texts.filter((text) => text.startsWith('{"method":"add_order"'));
    expect(replies[0]).toContain('"req_id":12393906104898154338,');
  });

  it('says of an order what the engine needs, whatever its kind', () => {
    const { trader, engine } = openTrader();
    const plain = { side: 'sell', symbol: 'BTC/USD', order_qty: 1 };
    const orders: readonly object[] = [
      { ...plain, order_type: 'market', stp_type: 'cancel_both', fee_preference: 'quote' },
      { side: 'buy', symbol: 'BTC/USD', order_type: 'market', cash_order_qty: 100.5 },
      { ...plain, order_type: 'iceberg', limit_price: 30000, display_qty: 0.1 },
      {
        ...plain,
        order_type: 'stop-loss-limit',
        limit_price: 20000,
        order_userref: 17,
        triggers: { reference: 'index', price: 20500.5, price_type: 'static' },
      },
      { ...plain, order_type: 'take-profit', stop_price: 40000, trigger: 'last' },
      { ...plain, order_type: 'trailing-stop', triggers: { price: 50, price_type: 'quote' } },
      {
        ...plain,
        order_type: 'trailing-stop-limit',
        limit_price: 2.5,
        triggers: { price: 50, price_type: 'quote' },
      },
      {
        ...plain,
        order_type: 'trailing-stop-limit',
        limit_price: 25000,
        limit_price_type: 'static',
        triggers: { price: 50, price_type: 'quote' },
      },
      {
        ...plain,
        order_type: 'limit',
        limit_price: 31000,
        time_in_force: 'gtd',
        expire_time: '2026-08-09T22:00:00Z',
        post_only: true,
      },
      { ...plain, order_type: 'limit', limit_price: 31000, time_in_force: 'fok' },
    ];
    for (const order of orders) {
      expect(trader.callOnce('add_order', order)).toMatchObject({ success: true });
    }
    expect(engine.openOrders('main')).toMatchObject([
      { orderType: 'market', selfTrade: 'cancel-both', venueFields: { feePreference: 'fciq' } },
      { orderType: 'market', value: '100.5', size: undefined },
      { orderType: 'iceberg', displaySize: '0.1', venueFields: { feePreference: 'fcib' } },
      { orderType: 'stop-loss-limit', stopPrice: '20500.5', limitPrice: '20000' },
      { orderType: 'take-profit', stopPrice: '40000' },
      { orderType: 'trailing-stop', trailBy: '50', stopPrice: undefined },
      { orderType: 'trailing-stop-limit', trailBy: '50', limitBy: '2.5' },
      { orderType: 'trailing-stop-limit', trailBy: '50', limitPrice: '25000' },
      { timeInForce: 'gtd', expiresAtMs: Date.UTC(2026, 7, 9, 22), postOnly: true },
      { timeInForce: 'fok' },
    ]);
  });

  it('only checks where that is asked for', () => {
    const { trader, engine } = openTrader();
    const order = { ...LIMIT_BUY, cl_ord_id: 'mine', validate: true };
    expect(trader.callOnce('add_order', order).result).toEqual({ cl_ord_id: 'mine' });
    engine.refuseNext('insufficient-funds');
    expect(trader.callOnce('add_order', order).error).toBe('EOrder:Insufficient funds');
    expect(engine.openOrders('main')).toEqual([]);
  });

  it.each([UUID, UUID.replaceAll('-', ''), 'x', 'eighteen characters'.slice(0, 18)])(
    'takes %s as the client’s id, once among open orders',
    (clientId) => {
      const { trader, engine } = openTrader();
      const order = { ...LIMIT_BUY, cl_ord_id: clientId };
      const first = trader.callOnce('add_order', order);
      expect(first.success).toBe(true);
      const taken = 'EGeneral:Invalid arguments:cl_ord_id';
      expect(trader.callOnce('add_order', order).error).toBe(taken);
      trader.call('cancel_order', { cl_ord_id: [clientId] });
      expect(trader.callOnce('add_order', order).success).toBe(true);
      expect(engine.placed).toBe(2);
    },
  );

  const wrong = (name: string): string => `EGeneral:Invalid arguments:${name}`;
  const unknown = (name: string): string =>
    `Unsupported field: '${name}' for the given msg type: add_order`;
  it.each<[object, string]>([
    [{ order_qty: '5.1' }, 'Order_qty field must be a number_float'],
    [{ limit_price: '0.96' }, 'Limit_price field must be a number_float'],
    [{ cash_order_qty: '7' }, 'Cash_order_qty field must be a number_float'],
    [{ order_userref: 1.5 }, 'Order_userref field must be a number_integer'],
    [{ side: true }, 'Side field must be a string'],
    [{ post_only: 'true' }, 'Post_only field must be a boolean'],
    [{ triggers: 5 }, 'Triggers field must be an object'],
    [{ triggers: { price: '5' } }, 'Price field must be a number_float'],
    [{ triggers: { limit: 5 } }, unknown('limit')],
    [{ trigger: { price: 5 } }, 'Trigger field must be a string'],
    [{ quantity: 5 }, unknown('quantity')],
    [{ symbol: 'XBT/USD' }, 'Currency pair not supported XBT/USD'],
    [{ symbol: undefined }, wrong('symbol')],
    [{ order_type: 'stop' }, wrong('order_type')],
    [{ order_type: undefined }, wrong('order_type')],
    [{ side: 'BUY' }, wrong('side')],
    [{ order_qty: undefined }, wrong('order_qty')],
    [{ order_qty: 0 }, wrong('order_qty')],
    [{ order_qty: -1 }, wrong('order_qty')],
    [{ cash_order_qty: 5 }, wrong('cash_order_qty')],
    [{ limit_price: undefined }, wrong('limit_price')],
    [{ limit_price: 0 }, 'EOrder:Invalid price'],
    [{ limit_price: -5 }, 'EOrder:Invalid price'],
    [{ order_type: 'market' }, wrong('limit_price')],
    [{ triggers: { price: 5 } }, wrong('triggers')],
    [{ order_type: 'stop-loss-limit' }, wrong('triggers')],
    [{ order_type: 'stop-loss-limit', triggers: { reference: 'last' } }, wrong('triggers')],
    [
      { order_type: 'stop-loss-limit', triggers: { price: 5, price_type: 'pct' } },
      wrong('price_type'),
    ],
    [
      {
        order_type: 'trailing-stop-limit',
        limit_price: 5,
        limit_price_type: 'pct',
        triggers: { price: 5, price_type: 'quote' },
      },
      wrong('limit_price_type'),
    ],
    [
      {
        order_type: 'trailing-stop-limit',
        limit_price: undefined,
        triggers: { price: 5, price_type: 'quote' },
      },
      wrong('limit_price'),
    ],
    [{ order_type: 'iceberg' }, wrong('order_type')],
    [{ order_type: 'iceberg', display_qty: 0.01 }, wrong('display_qty')],
    [{ order_type: 'iceberg', display_qty: 0.6 }, wrong('display_qty')],
    [{ display_qty: 0.1 }, wrong('display_qty')],
    [{ time_in_force: 'GTC' }, wrong('time_in_force')],
    [{ time_in_force: 'gtd' }, wrong('expire_time')],
    [{ expire_time: '2026-08-09T22:00:00Z' }, wrong('expire_time')],
    [{ time_in_force: 'gtd', expire_time: '2026-08-09T20:00:00Z' }, wrong('expire_time')],
    [{ time_in_force: 'gtd', expire_time: '2026-10-09T20:00:00Z' }, wrong('expire_time')],
    [{ time_in_force: 'gtd', expire_time: 'tomorrow' }, wrong('expire_time')],
    [{ post_only: true, time_in_force: 'ioc' }, wrong('post_only')],
    [{ no_mpp: true }, wrong('no_mpp order option is only available when ordertype = market')],
    [{ margin: true }, 'EOrder:Margin allowance exceeded'],
    [{ conditional: { order_type: 'limit' } }, wrong('conditional')],
    [{ effective_time: '2026-08-09T22:00:00Z' }, wrong('effective_time')],
    [{ fee_preference: 'usd' }, wrong('fee_preference')],
    [{ stp_type: 'cancel-both' }, wrong('stp_type')],
    [{ cl_ord_id: 'nineteen characters' }, wrong('cl_ord_id')],
    [{ cl_ord_id: 'schön' }, wrong('cl_ord_id')],
    [{ cl_ord_id: 'mine', order_userref: 5 }, wrong('order_userref')],
    [{ order_userref: 2 ** 31 }, wrong('order_userref')],
    [{ deadline: 'soon' }, wrong('deadline')],
    [{ deadline: '2026-08-09T21:01:00.001Z' }, wrong('deadline')],
    [{ deadline: '2026-08-09T21:00:00.000Z' }, 'EService:Deadline elapsed'],
  ])('with %j is refused: %s', (changes, error) => {
    const { trader, engine } = openTrader();
    expect(trader.callOnce('add_order', { ...LIMIT_BUY, ...changes }, 3)).toEqual({
      method: 'add_order',
      req_id: 3,
      success: false,
      error,
    });
    expect(engine.placed).toBe(0);
    expect(trader.ending()).toBe('open');
  });

  it('keeps a deadline that is ahead, by the server’s own clock', () => {
    const { trader } = openTrader({ rules: [{ fault: 'clock-skew', skewMs: 3_600_000 }] });
    const place = (deadline: string) => trader.callOnce('add_order', { ...LIMIT_BUY, deadline });
    expect(place('2026-08-09T22:00:05.000Z').success).toBe(true);
    expect(place('2026-08-09T21:00:05.000Z').error).toBe('EService:Deadline elapsed');
  });

  it.each<[EngineRefusal, string]>([
    ['insufficient-funds', 'EOrder:Insufficient funds'],
    ['size-below-minimum', 'EOrder:Order minimum not met'],
    ['value-below-minimum', 'EOrder:Cost minimum not met'],
    ['price-off-tick', 'EOrder:Tick size check failed'],
    ['size-off-step', wrong('order_qty')],
    ['price-invalid', 'EOrder:Invalid price'],
    ['would-take-liquidity', 'EOrder:Post only order'],
    ['no-liquidity', 'EOrder:Insufficient liquidity'],
    ['reduce-only', 'EOrder:Reduce only:No position exists'],
    ['type-unsupported', wrong('order_type')],
    ['too-many-orders', 'EOrder:Orders limit exceeded'],
    ['market-closed', 'EService:Unavailable'],
    ['deadline-passed', 'EService:Deadline elapsed'],
  ])('is refused by the engine for %s: %s', (refusal, error) => {
    const { trader, engine } = openTrader();
    engine.refuseNext(refusal);
    expect(trader.callOnce('add_order', LIMIT_BUY)).toMatchObject({ success: false, error });
  });
});

describe('who may', () => {
  const methods: readonly (readonly [string, object, boolean])[] = [
    ['add_order', LIMIT_BUY, false],
    ['amend_order', { order_id: 'x', order_qty: 1 }, false],
    ['edit_order', { order_id: 'x', symbol: 'BTC/USD' }, false],
    ['batch_add', { symbol: 'BTC/USD', orders: [] }, false],
    ['cancel_order', { cl_ord_id: ['x'] }, true],
    ['cancel_all', {}, true],
    ['cancel_all_orders_after', { timeout: 0 }, true],
    ['batch_cancel', { cl_ord_id: ['x', 'y'] }, true],
  ];
  const DENIED = 'EGeneral:Permission denied';

  it('needs a key that may: to place and change, or only to end', () => {
    const errorsOf = (permissions: readonly string[]) => {
      const { trader } = openTrader({ permissions: ['websocket-token', ...permissions] });
      return methods.map(([method, params]) => trader.call(method, params)[0]?.error);
    };
    expect(errorsOf([])).toEqual(methods.map(() => DENIED));
    const ending = errorsOf(['orders-cancel']);
    expect(ending.map((error) => error === DENIED)).toEqual(methods.map(([, , ends]) => !ends));
    expect(errorsOf(['orders-modify'])).not.toContain(DENIED);
  });

  it.each(methods)('%s needs a token that is good', (method, params) => {
    const { trader, server } = openTrader();
    trader.ask({ method, params });
    expect(trader.texts.at(-1)).toContain('"error":"Token(s) not found"');
    server.revokeTokens();
    expect(trader.callOnce(method, params).error).toBe('ESession:Invalid session');
  });

  it('keeps accounts apart', () => {
    const { trader, engine } = openTrader();
    engine.place(
      makeEngineOrder({
        account: 'other',
        symbol: 'BTC/USD',
        side: 'sell',
        clientOrderId: 'theirs',
      }),
    );
    const reply = trader.callOnce('cancel_order', { cl_ord_id: ['theirs'] });
    expect(reply.error).toBe('EOrder:Unknown order');
    expect(trader.callOnce('cancel_all').result).toEqual({ count: 0 });
    expect(engine.openOrders('other').length).toBe(1);
  });
});

describe('a market that is not quite open', () => {
  const POST_ONLY = { ...LIMIT_BUY, post_only: true };

  it('takes cancels alone, then orders that rest, and in maintenance nothing', () => {
    const { trader, server } = openTrader();
    const id = idOf(trader.callOnce('add_order', POST_ONLY));
    const ask = () => [
      trader.callOnce('add_order', LIMIT_BUY).error,
      trader.callOnce('add_order', POST_ONLY).error,
      trader.callOnce('batch_add', { symbol: 'BTC/USD', orders: toBatch(POST_ONLY, LIMIT_BUY) })
        .error,
      trader.callOnce('amend_order', { order_id: id, order_qty: 0.4 }).error,
      trader.callOnce('cancel_all_orders_after', { timeout: 60 }).error,
    ];
    const mode = (state: string): string => `EService:Market in ${state} mode`;
    server.changeStatus('maintenance');
    expect(ask()).toEqual(Array.from({ length: 5 }, () => mode('maintenance')));
    server.changeStatus('cancel_only');
    expect(ask()).toEqual([...Array.from({ length: 4 }, () => mode('cancel_only')), undefined]);
    server.changeStatus('post_only');
    expect(ask()).toEqual([mode('post_only'), undefined, mode('post_only'), undefined, undefined]);
    server.changeStatus('online');
    expect(ask()).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('may be one pair alone', () => {
    const { trader, tell } = openTrader();
    const pair = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', aliases: [] };
    const change = (status: string) =>
      tell({ type: 'instruments.changed', instruments: [{ ...pair, status }] });
    const market = { ...LIMIT_BUY, order_type: 'market', limit_price: undefined };
    const ask = () => [LIMIT_BUY, market].map((order) => trader.callOnce('add_order', order).error);
    change('limit_only');
    expect(ask()).toEqual([undefined, 'EService:Market in limit_only mode']);
    change('reduce_only');
    expect(ask()).toEqual(Array.from({ length: 2 }, () => 'EService:Market in reduce_only mode'));
  });
});
