import { describe, expect, it } from 'vitest';
import { follow, keysOf } from './executions-harness.js';
import { idOf, LIMIT_BUY, openTrader } from './trader-harness.js';

describe('the subscription to executions', () => {
  it('is acknowledged with the limit of the counter and what the snapshot holds', () => {
    const { trader } = follow('executions');
    const ack = trader.texts.find((text) => text.startsWith('{"method":"subscribe"'));
    expect(ack).toContain(
      '"result":{"channel":"executions","maxratecount":125,"snap_orders":true,' +
        '"snap_trades":false,"warnings":["cancel_reason is deprecated',
    );
    const pro = openTrader({ tier: 'pro' });
    pro.trader.subscribe('executions', { snap_trades: true, snap_orders: false });
    expect(pro.trader.texts.join()).toContain(
      '"maxratecount":180,"snap_orders":false,"snap_trades":true',
    );
  });

  it('begins with an empty snapshot, number 1', () => {
    const { trader } = follow('executions');
    expect(trader.texts.at(-1)).toBe(
      '{"channel":"executions","type":"snapshot","data":[],"sequence":1}',
    );
  });

  it('begins with the open orders, whole, with what is executed of them', () => {
    const { trader, engine } = openTrader();
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' }));
    trader.call('add_order', LIMIT_BUY);
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.2', '26500.4');
    engine.end('O2', 'user');
    trader.subscribe('executions');
    const [snapshot] = trader.frames('executions');
    expect(snapshot).toMatchObject({ type: 'snapshot', sequence: 1 });
    expect(snapshot?.data).toHaveLength(2);
    expect(snapshot?.data[0]).toEqual({
      order_id: id,
      symbol: 'BTC/USD',
      order_qty: 0.5,
      time_in_force: 'GTC',
      side: 'buy',
      order_type: 'limit',
      cl_ord_id: 'mine',
      order_userref: 0,
      limit_price: 26500.4,
      limit_price_type: 'static',
      stop_price: 0,
      fee_ccy_pref: 'fciq',
      exec_type: 'new',
      cum_qty: 0.2,
      cum_cost: 5300.08,
      avg_price: 26500.4,
      order_status: 'partially_filled',
      fee_usd_equiv: 5.30008,
      timestamp: '2026-08-09T21:00:00.000000Z',
    });
  });

  it('brings the last 50 fills where they are wished, the latest first', () => {
    const { trader, engine } = openTrader();
    trader.call('add_order', { ...LIMIT_BUY, order_qty: 100 });
    for (let count = 1; count <= 60; count += 1) engine.fill('O1', '0.1', '26500.4', 'taker');
    trader.subscribe('executions', { snap_orders: false, snap_trades: true });
    const [snapshot] = trader.frames('executions');
    expect(snapshot?.data.map((entry) => entry['trade_id'])).toEqual(
      Array.from({ length: 50 }, (_, index) => 1060 - index),
    );
    expect(snapshot?.data[0]).toMatchObject({
      exec_type: 'trade',
      order_status: 'filled',
      liquidity_ind: 't',
      exec_id: expect.stringMatching(/^T[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/) as string,
    });
  });

  it.each([
    [{ snap_orders: false }, 0],
    [{ snapshot: false }, 0],
    [{ users: 'all', snap_trades: true }, 0],
    [{ snapshot: false, snapshot_trades: true }, 1],
  ])('with %j brings so many snapshots: %i', (options, count) => {
    const { trader, frames } = follow('executions', options);
    expect(frames().length).toBe(count);
    trader.call('add_order', LIMIT_BUY);
    expect(frames().map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: count + 2 }, (_, index) => index + 1),
    );
  });

  it.each([
    [{ ratecounter: 1 }, 'Ratecounter field must be a boolean'],
    [{ snap_trades: 'yes' }, 'Snap_trades field must be a boolean'],
    [{ users: 'mine' }, 'Users field must be all'],
    [{ maxratecount: 125 }, "Unsupported field: 'maxratecount' for the given msg type: subscribe"],
  ])('is refused with %j', (options, error) => {
    const { trader } = follow('executions', options);
    expect(trader.texts.at(-1)).toContain(`"error":"${error}"`);
  });
});

describe('the life of an order', () => {
  it('is pending_new whole, then new and nothing but that', () => {
    const { trader, frames } = follow('executions');
    const order = { ...LIMIT_BUY, post_only: true, cl_ord_id: 'mine' };
    const id = idOf(trader.callOnce('add_order', order));
    const [pending, opened] = trader.texts.slice(-3);
    expect(pending).toBe(
      `{"channel":"executions","type":"update","data":[{"order_id":"${id}","symbol":"BTC/USD",` +
        '"order_qty":0.50000000,"time_in_force":"GTC","side":"buy","order_type":"limit",' +
        '"cl_ord_id":"mine","order_userref":0,"limit_price_type":"static","limit_price":26500.4,' +
        '"stop_price":0.0,"post_only":true,"fee_ccy_pref":"fciq","cum_cost":0.00000,' +
        '"exec_type":"pending_new","order_status":"pending_new","fee_usd_equiv":0.00000,' +
        '"timestamp":"2026-08-09T21:00:00.000000Z"}],"sequence":2}',
    );
    expect(opened).toBe(
      '{"channel":"executions","type":"update","data":[{"timestamp":' +
        '"2026-08-09T21:00:00.000000Z","order_status":"new","exec_type":"new","order_userref":0,' +
        `"post_only":true,"order_id":"${id}"}],"sequence":3}`,
    );
    expect(frames().length).toBe(3);
  });

  it('has a trade for each fill, and is filled after the last', () => {
    const { trader, engine, updates, types } = follow('executions');
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    engine.fill('O1', '0.2', '26500.4');
    engine.fill('O1', '0.3', '26500.4', 'taker');
    expect(types()).toEqual(['pending_new', 'new', 'trade', 'trade', 'filled']);
    const [, , first, last, filled] = updates();
    expect(first).toMatchObject({ last_qty: 0.2, cum_qty: 0.2, liquidity_ind: 'm' });
    expect(last).toEqual({
      order_id: id,
      order_userref: 0,
      exec_type: 'trade',
      trade_id: 1002,
      exec_id: expect.stringMatching(/^T/) as string,
      symbol: 'BTC/USD',
      side: 'buy',
      last_qty: 0.3,
      last_price: 26500.4,
      cost: 7950.12,
      liquidity_ind: 't',
      fee_usd_equiv: 7.95012,
      fees: [{ asset: 'USD', qty: 7.95012 }],
      order_qty: 0.5,
      cum_qty: 0.5,
      cum_cost: 13250.2,
      avg_price: 26500.4,
      limit_price: 26500.4,
      time_in_force: 'GTC',
      order_status: 'partially_filled',
      order_type: 'limit',
      timestamp: '2026-08-09T21:00:00.000000Z',
    });
    expect(last?.['exec_id']).not.toBe(first?.['exec_id']);
    expect(filled).toEqual({
      timestamp: '2026-08-09T21:00:00.000000Z',
      order_status: 'filled',
      exec_type: 'filled',
      cum_qty: 0.5,
      cum_cost: 13250.2,
      fee_usd_equiv: 13.2502,
      avg_price: 26500.4,
      order_userref: 0,
      order_id: id,
    });
  });

  it('may be amended', () => {
    const { trader, engine, updates } = follow('executions');
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    trader.call('amend_order', { order_id: id, order_qty: 5.1, limit_price: 0.96 });
    expect(trader.texts.at(-2)).toContain('"order_qty":5.10000000,"limit_price":0.96,');
    expect(updates().at(-1)).toMatchObject({ order_status: 'new', cum_qty: 0 });
    engine.fill('O1', '1', '0.96');
    trader.call('amend_order', { order_id: id, order_qty: 2 });
    expect(updates().at(-1)).toMatchObject({ order_status: 'partially_filled', cum_qty: 1 });
  });

  it.each([
    ['user', 'User requested'],
    ['post-only', 'Post only order'],
    ['ioc', 'Immediate or cancel'],
    ['fok', 'Fill or kill'],
    ['self-trade', 'Self trade prevention'],
    ['timer', 'Cancel all orders after'],
    ['market', 'Market closed'],
  ] as const)('may be canceled by %s, and tells why', (because, reason) => {
    const { trader, engine, updates } = follow('executions');
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.2', '26500.4');
    engine.end('O1', because);
    expect(updates().at(-1)).toMatchObject({
      exec_type: 'canceled',
      order_status: 'canceled',
      reason,
      cancel_reason: reason,
      cum_qty: 0.2,
      cum_cost: 5300.08,
    });
  });

  it('may expire, without a reason', () => {
    const { trader, engine, updates } = follow('executions');
    const life = { time_in_force: 'gtd', expire_time: '2026-08-09T22:00:00Z' };
    trader.call('add_order', { ...LIMIT_BUY, ...life });
    engine.expire('O1');
    const [whole] = updates();
    expect(whole).toMatchObject({ time_in_force: 'GTD', expire_time: '2026-08-09T22:00:00Z' });
    const last = updates().at(-1);
    expect(last).toMatchObject({ exec_type: 'expired', order_status: 'expired' });
    expect(keysOf(last)).not.toContain('reason');
  });

  it('may wait for a price', () => {
    const { trader, engine, updates, types } = follow('executions');
    trader.call('add_order', {
      ...LIMIT_BUY,
      order_type: 'stop-loss-limit',
      order_userref: -3,
      triggers: { reference: 'index', price: 26400 },
    });
    engine.trigger('O1');
    expect(types()).toEqual(['pending_new', 'new', 'status']);
    const trigger = { reference: 'index', price: 26400, price_type: 'static' };
    expect(updates()[0]).toMatchObject({
      stop_price: 26400,
      trigger: 'index',
      order_userref: -3,
      triggers: { ...trigger, status: 'untriggered' },
    });
    expect(updates()[2]).toMatchObject({
      order_status: 'new',
      triggers: { ...trigger, status: 'triggered' },
    });
  });

  it('tells of other kinds what they have', () => {
    const { trader, updates } = follow('executions');
    const sell = { side: 'sell', symbol: 'BTC/USD', order_qty: 1 };
    trader.call('add_order', { ...LIMIT_BUY, order_type: 'iceberg', display_qty: 0.1 });
    trader.call('add_order', {
      side: 'buy',
      symbol: 'BTC/USD',
      order_type: 'market',
      cash_order_qty: 100,
    });
    trader.call('add_order', {
      ...sell,
      order_type: 'trailing-stop',
      reduce_only: true,
      triggers: { price: 50, price_type: 'quote' },
    });
    const pending = updates().filter((entry) => entry['exec_type'] === 'pending_new');
    expect(pending).toMatchObject([
      { order_type: 'iceberg', display_qty: 0.1 },
      { order_type: 'market', cash_order_qty: 100 },
      { order_type: 'trailing-stop', reduce_only: true, triggers: { price_type: 'quote' } },
    ]);
    expect(keysOf(pending[1])).not.toContain('order_qty');
    expect(keysOf(pending[1])).not.toContain('limit_price');
    expect(pending[2]).toMatchObject({ fee_ccy_pref: 'fcib', stop_price: 0 });
  });

  it('says nothing of dollars where the pair is not traded in them', () => {
    const { trader, engine, updates } = follow('executions');
    trader.call('add_order', { ...LIMIT_BUY, symbol: 'BTC/JPY', limit_price: 9000000 });
    engine.fill('O1', '0.5', '9000000');
    for (const entry of updates()) expect(keysOf(entry)).not.toContain('fee_usd_equiv');
    expect(updates()[2]).toMatchObject({ fees: [{ asset: 'JPY', qty: 4500 }] });
  });
});
