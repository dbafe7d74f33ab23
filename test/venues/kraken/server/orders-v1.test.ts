import { describe, expect, it } from 'vitest';
import { LIMIT_BUY, openV1 } from './v1-harness.js';

const TXID = /^O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/;

describe('addOrder', () => {
  it('is answered with the order in a sentence, and its id', () => {
    const { call, client, engine } = openV1();
    expect(call('addOrder', { ...LIMIT_BUY, reqid: 5 })).toEqual([
      {
        event: 'addOrderStatus',
        status: 'ok',
        reqid: 5,
        descr: 'buy 0.50000000 XBTUSD @ limit 26500.4',
        txid: expect.stringMatching(TXID) as string,
      },
    ]);
    expect(client.texts.at(-1)).toMatch(
      /^\{"descr":"buy 0\.50000000 XBTUSD @ limit 26500\.4","event":"addOrderStatus","status":"ok","txid":"O[^"]+","reqid":5\}$/,
    );
    expect(engine.openOrders('main')).toMatchObject([
      { symbol: 'BTC/USD', side: 'buy', size: '0.5', limitPrice: '26500.4' },
    ]);
  });

  it.each<[object, object, string]>([
    [
      { ordertype: 'market', price: undefined, volume: '100.5', oflags: 'viqc,fcib' },
      { value: '100.5', size: undefined, venueFields: { feePreference: 'fcib' } },
      'buy 100.5 XBTUSD @ market',
    ],
    [
      { ordertype: 'stop-loss-limit', price: '27000', price2: '27100', userref: '-7' },
      { stopPrice: '27000', limitPrice: '27100', venueFields: { userref: '-7' } },
      'buy 0.50000000 XBTUSD @ stop loss 27000 -> limit 27100',
    ],
    [
      { ordertype: 'take-profit', price: '25000', trigger: 'index', userref: 12 },
      { stopPrice: '25000', venueFields: { triggerReference: 'index', userref: '12' } },
      'buy 0.50000000 XBTUSD @ take profit 25000',
    ],
    [
      { ordertype: 'trailing-stop', price: '+50' },
      { trailBy: '50', orderType: 'trailing-stop' },
      'buy 0.50000000 XBTUSD @ trailing stop +50',
    ],
    [
      { ordertype: 'trailing-stop-limit', price: '+50', price2: '+2' },
      { trailBy: '50', limitBy: '2', orderType: 'trailing-stop-limit' },
      'buy 0.50000000 XBTUSD @ trailing stop +50 -> limit +2',
    ],
    [
      { oflags: 'post', timeinforce: 'GTD', expiretm: '+60', cl_ord_id: 'mine' },
      { postOnly: true, timeInForce: 'gtd', expiresAtMs: Date.UTC(2026, 7, 9, 21, 1) },
      'buy 0.50000000 XBTUSD @ limit 26500.4',
    ],
    [
      { expiretm: '1786312800', timeinforce: 'GTD', stp_type: 'cancel-both', starttm: '0' },
      { expiresAtMs: Date.UTC(2026, 7, 9, 22), selfTrade: 'cancel-both' },
      'buy 0.50000000 XBTUSD @ limit 26500.4',
    ],
  ])('takes %j', (changes, expected, descr) => {
    const { callOnce, engine } = openV1();
    expect(callOnce('addOrder', { ...LIMIT_BUY, ...changes })).toMatchObject({ descr });
    expect(engine.openOrders('main')).toMatchObject([expected]);
  });

  it('only checks where that is asked for, in a text', () => {
    const { callOnce, engine } = openV1();
    const reply = callOnce('addOrder', { ...LIMIT_BUY, validate: 'true' });
    expect(reply).toEqual({
      event: 'addOrderStatus',
      status: 'ok',
      descr: 'buy 0.50000000 XBTUSD @ limit 26500.4',
    });
    expect(engine.openOrders('main')).toEqual([]);
  });

  const wrong = (name: string): string => `EGeneral:Invalid arguments:${name}`;
  it.each<[object, string]>([
    [{ token: undefined }, 'Token(s) not found'],
    [{ token: 'bad' }, 'ESession:Invalid session'],
    [{ pair: 'BTC/USD' }, 'Currency pair not supported BTC/USD'],
    [{ pair: undefined }, wrong('pair')],
    [{ ordertype: 'stop' }, wrong('ordertype')],
    [{ type: 'b' }, wrong('type')],
    [{ volume: 0.5 }, wrong('volume')],
    [{ volume: '-1' }, wrong('volume')],
    [{ volume: '0' }, wrong('volume')],
    [{ volume: undefined }, wrong('volume')],
    [{ price: undefined }, wrong('price')],
    [{ price: '+5' }, wrong('price')],
    [{ price: '5%' }, wrong('price')],
    [{ price: '-5' }, 'EOrder:Invalid price'],
    [{ price2: '5' }, wrong('price2')],
    [{ ordertype: 'trailing-stop', price: '50' }, wrong('price')],
    [{ ordertype: 'trailing-stop-limit', price: '+50', price2: '2' }, wrong('price2')],
    [{ ordertype: 'trailing-stop-limit', price: '+50', price2: '-2' }, wrong('price2')],
    [{ oflags: 'post,fast' }, wrong('oflags')],
    [{ oflags: 'nompp' }, wrong('no_mpp order option is only available when ordertype = market')],
    [{ leverage: '2' }, 'EOrder:Margin allowance exceeded'],
    [{ starttm: '+5' }, wrong('starttm')],
    [{ expiretm: 'soon', timeinforce: 'GTD' }, wrong('expiretm')],
    [{ timeinforce: 'DAY' }, wrong('timeinforce')],
    [{ 'close[ordertype]': 'limit' }, wrong('close[ordertype]')],
    [{ userref: 'mine' }, wrong('userref')],
    [{ userref: '5', cl_ord_id: 'mine' }, wrong('userref')],
    [{ cl_ord_id: 'nineteen characters' }, wrong('cl_ord_id')],
    [{ colour: 'red' }, wrong('colour')],
    [{ deadline: '2026-08-09T20:00:00Z' }, 'EService:Deadline elapsed'],
  ])('with %j is refused: %s', (changes, errorMessage) => {
    const { callOnce, engine } = openV1();
    expect(callOnce('addOrder', { ...LIMIT_BUY, reqid: 8, ...changes })).toEqual({
      errorMessage,
      event: 'addOrderStatus',
      status: 'error',
      reqid: 8,
    });
    expect(engine.placed).toBe(0);
  });

  it('is refused by the engine in the names of v1', () => {
    const { callOnce, client, engine } = openV1();
    engine.refuseNext('size-below-minimum');
    callOnce('addOrder', LIMIT_BUY);
    expect(client.texts.at(-1)).toBe(
      '{"errorMessage":"EOrder:Order minimum not met","event":"addOrderStatus","status":"error"}',
    );
    engine.refuseNext('type-unsupported');
    expect(callOnce('addOrder', LIMIT_BUY)).toMatchObject({ errorMessage: wrong('ordertype') });
  });

  it('needs a key that may', () => {
    const { callOnce } = openV1({ permissions: ['websocket-token', 'orders-cancel'] });
    const denied = { errorMessage: 'EGeneral:Permission denied', event: 'addOrderStatus' };
    expect(callOnce('addOrder', LIMIT_BUY)).toMatchObject(denied);
    expect(callOnce('cancelAll')).toEqual({ count: 0, event: 'cancelAllStatus', status: 'ok' });
  });
});

describe('changes and cancels', () => {
  it('amend an order in place', () => {
    const { callOnce, engine } = openV1();
    const { txid } = callOnce('addOrder', LIMIT_BUY);
    expect(callOnce('amendOrder', { txid, volume: '0.4', limit_price: '26000' })).toEqual({
      event: 'amendOrderStatus',
      status: 'ok',
      txid,
      amend_id: expect.stringMatching(/^T/) as string,
    });
    expect(engine.openOrders('main')).toMatchObject([{ size: '0.4', limitPrice: '26000' }]);
    expect(callOnce('amendOrder', { volume: '1' })).toMatchObject({
      errorMessage: 'EGeneral:Invalid arguments:txid',
    });
    expect(callOnce('amendOrder', { txid: 'x', volume: '1' })).toMatchObject({
      errorMessage: 'EOrder:Unknown order',
    });
  });

  it('edit an order into another', () => {
    const { callOnce, engine } = openV1();
    const { txid } = callOnce('addOrder', LIMIT_BUY);
    const edit = { orderid: txid, pair: 'XBT/USD', price: '26000', newuserref: '9' };
    const reply = callOnce('editOrder', edit);
    expect(reply).toEqual({
      event: 'editOrderStatus',
      status: 'ok',
      originaltxid: txid,
      descr: 'buy 0.50000000 XBTUSD @ limit 26000',
      txid: expect.stringMatching(TXID) as string,
    });
    expect(reply['txid']).not.toBe(txid);
    expect(engine.openOrders('main')).toMatchObject([
      { limitPrice: '26000', venueFields: { userref: '9' } },
    ]);
  });

  it('cancel by ids, the client’s ids and its numbers, one answer for each', () => {
    const { callOnce, call, engine } = openV1();
    const { txid } = callOnce('addOrder', LIMIT_BUY);
    call('addOrder', { ...LIMIT_BUY, cl_ord_id: 'mine' });
    call('addOrder', { ...LIMIT_BUY, userref: '7' });
    const ok = { event: 'cancelOrderStatus', status: 'ok', reqid: 3 };
    const params = { txid: [txid, '7', 'OAAAAA-AAAAA-AAAAAA'], cl_ord_id: ['mine'], reqid: 3 };
    expect(call('cancelOrder', params)).toEqual([
      ok,
      ok,
      { ...ok, status: 'error', errorMessage: 'EOrder:Unknown order' },
      ok,
    ]);
    expect(engine.openOrders('main')).toEqual([]);
    expect(callOnce('cancelOrder')).toMatchObject({
      errorMessage: 'EGeneral:Invalid arguments:txid',
    });
  });

  it('cancel everything, now or later', () => {
    const { callOnce, call, engine } = openV1();
    call('addOrder', LIMIT_BUY);
    call('addOrder', LIMIT_BUY);
    expect(callOnce('cancelAll')).toEqual({ count: 2, event: 'cancelAllStatus', status: 'ok' });
    expect(callOnce('cancelAllOrdersAfter', { timeout: 60 })).toEqual({
      event: 'cancelAllOrdersAfterStatus',
      status: 'ok',
      currentTime: '2026-08-09T21:00:00Z',
      triggerTime: '2026-08-09T21:01:00Z',
    });
    expect(engine.switches.get('main')).toBe(60_000);
    expect(callOnce('cancelAllOrdersAfter', { timeout: '0' })).toMatchObject({ triggerTime: '0' });
    expect(callOnce('cancelAllOrdersAfter', { timeout: 'soon' })).toMatchObject({
      errorMessage: 'EGeneral:Invalid arguments:timeout',
    });
  });
});
