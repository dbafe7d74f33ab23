import { describe, expect, it } from 'vitest';
import { krakenV1 } from '../../../../src/venues/kraken/index.js';
import { hasSamples, readFrames, SKIP_NOTE } from '../samples.js';
import { connectFake, type FakeClient } from './server-harness.js';
import { issueToken } from './token-call.js';
import { openTrader } from './trader-harness.js';

type Entry = Readonly<Record<string, unknown>>;
type Channel = 'openOrders' | 'ownTrades';
type AccountMessage = readonly [readonly Entry[], Channel, { readonly sequence: number }];

const LIMIT_BUY = {
  ...{ ordertype: 'limit', type: 'buy', pair: 'XBT/USD', volume: '0.5', price: '26500.4' },
};
const TXID = /^O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/;

/** A client of v1, and what it hears. */
function open(parts: Parameters<typeof openTrader>[0] = {}) {
  const opened = openTrader(parts);
  const client = connectFake(opened.server, { path: '/auth' });
  const token = issueToken(opened.server);
  return { ...opened, client, token, ...followV1(client, token) };
}

function followV1(client: FakeClient, token: string) {
  const call = (event: string, fields: object = {}): readonly Entry[] => {
    const from = client.texts.length;
    client.ask({ event, token, ...fields });
    return client.texts
      .slice(from)
      .map((text) => JSON.parse(text) as Entry)
      .filter((frame) => !Array.isArray(frame));
  };
  const messages = (channel: Channel): readonly AccountMessage[] =>
    client.texts
      .map((text) => JSON.parse(text) as AccountMessage)
      .filter((frame) => Array.isArray(frame) && frame[1] === channel);
  return {
    call,
    callOnce: (...asked: Parameters<typeof call>): Entry => {
      const [reply, ...more] = call(...asked);
      if (!reply || more.length > 0) throw new Error('Not one reply came.');
      return reply;
    },
    subscribe: (name: Channel, options: object = {}) =>
      client.ask({ event: 'subscribe', subscription: { name, token, ...options } }),
    messages,
    /** What was told under each id, one by one. */
    told: (channel: Channel): readonly Entry[] =>
      messages(channel).flatMap(([entries]) =>
        entries.flatMap((entry) => Object.values(entry) as Entry[]),
      ),
  };
}

describe('addOrder', () => {
  it('is answered with the order in a sentence, and its id', () => {
    const { call, client, engine } = open();
    expect(call('addOrder', { ...LIMIT_BUY, reqid: 5 })).toEqual([
      {
        ...{ event: 'addOrderStatus', status: 'ok', reqid: 5 },
        ...{ descr: 'buy 0.50000000 XBTUSD @ limit 26500.4' },
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
    const { callOnce, engine } = open();
    expect(callOnce('addOrder', { ...LIMIT_BUY, ...changes })).toMatchObject({ descr });
    expect(engine.openOrders('main')).toMatchObject([expected]);
  });

  it('only checks where that is asked for, in a text', () => {
    const { callOnce, engine } = open();
    const reply = callOnce('addOrder', { ...LIMIT_BUY, validate: 'true' });
    expect(reply).toEqual({
      ...{ event: 'addOrderStatus', status: 'ok', descr: 'buy 0.50000000 XBTUSD @ limit 26500.4' },
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
    const { callOnce, engine } = open();
    expect(callOnce('addOrder', { ...LIMIT_BUY, reqid: 8, ...changes })).toEqual({
      ...{ errorMessage, event: 'addOrderStatus', status: 'error', reqid: 8 },
    });
    expect(engine.placed).toBe(0);
  });

  it('is refused by the engine in the names of v1', () => {
    const { callOnce, client, engine } = open();
    engine.refuseNext('size-below-minimum');
    callOnce('addOrder', LIMIT_BUY);
    expect(client.texts.at(-1)).toBe(
      '{"errorMessage":"EOrder:Order minimum not met","event":"addOrderStatus","status":"error"}',
    );
    engine.refuseNext('type-unsupported');
    expect(callOnce('addOrder', LIMIT_BUY)).toMatchObject({ errorMessage: wrong('ordertype') });
  });

  it('needs a key that may', () => {
    const { callOnce } = open({ permissions: ['websocket-token', 'orders-cancel'] });
    const denied = { errorMessage: 'EGeneral:Permission denied', event: 'addOrderStatus' };
    expect(callOnce('addOrder', LIMIT_BUY)).toMatchObject(denied);
    expect(callOnce('cancelAll')).toEqual({ count: 0, event: 'cancelAllStatus', status: 'ok' });
  });
});

describe('changes and cancels', () => {
  it('amend an order in place', () => {
    const { callOnce, engine } = open();
    const { txid } = callOnce('addOrder', LIMIT_BUY);
    expect(callOnce('amendOrder', { txid, volume: '0.4', limit_price: '26000' })).toEqual({
      ...{ event: 'amendOrderStatus', status: 'ok', txid },
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
    const { callOnce, engine } = open();
    const { txid } = callOnce('addOrder', LIMIT_BUY);
    const edit = { orderid: txid, pair: 'XBT/USD', price: '26000', newuserref: '9' };
    const reply = callOnce('editOrder', edit);
    expect(reply).toEqual({
      ...{ event: 'editOrderStatus', status: 'ok', originaltxid: txid },
      ...{ descr: 'buy 0.50000000 XBTUSD @ limit 26000' },
      txid: expect.stringMatching(TXID) as string,
    });
    expect(reply['txid']).not.toBe(txid);
    expect(engine.openOrders('main')).toMatchObject([
      { limitPrice: '26000', venueFields: { userref: '9' } },
    ]);
  });

  it('cancel by ids, the client’s ids and its numbers, one answer for each', () => {
    const { callOnce, call, engine } = open();
    const { txid } = callOnce('addOrder', LIMIT_BUY);
    call('addOrder', { ...LIMIT_BUY, cl_ord_id: 'mine' });
    call('addOrder', { ...LIMIT_BUY, userref: '7' });
    const ok = { event: 'cancelOrderStatus', status: 'ok', reqid: 3 };
    const params = { txid: [txid, '7', 'OAAAAA-AAAAA-AAAAAA'], cl_ord_id: ['mine'], reqid: 3 };
    expect(call('cancelOrder', params)).toEqual([
      ...[ok, ok],
      { ...ok, status: 'error', errorMessage: 'EOrder:Unknown order' },
      ok,
    ]);
    expect(engine.openOrders('main')).toEqual([]);
    expect(callOnce('cancelOrder')).toMatchObject({
      errorMessage: 'EGeneral:Invalid arguments:txid',
    });
  });

  it('cancel everything, now or later', () => {
    const { callOnce, call, engine } = open();
    call('addOrder', LIMIT_BUY);
    call('addOrder', LIMIT_BUY);
    expect(callOnce('cancelAll')).toEqual({ count: 2, event: 'cancelAllStatus', status: 'ok' });
    expect(callOnce('cancelAllOrdersAfter', { timeout: 60 })).toEqual({
      ...{ event: 'cancelAllOrdersAfterStatus', status: 'ok' },
      ...{ currentTime: '2026-08-09T21:00:00Z', triggerTime: '2026-08-09T21:01:00Z' },
    });
    expect(engine.switches.get('main')).toBe(60_000);
    expect(callOnce('cancelAllOrdersAfter', { timeout: '0' })).toMatchObject({ triggerTime: '0' });
    expect(callOnce('cancelAllOrdersAfter', { timeout: 'soon' })).toMatchObject({
      errorMessage: 'EGeneral:Invalid arguments:timeout',
    });
  });
});

describe('openOrders', () => {
  it('are acknowledged with the limit of the counter, and begin with what is open', () => {
    const { call, subscribe, client, messages } = open();
    call('addOrder', { ...LIMIT_BUY, userref: '7', oflags: 'post' });
    subscribe('openOrders');
    expect(client.texts.at(-2)).toContain(
      '"subscription":{"maxratecount":125,"name":"openOrders"}',
    );
    const [first] = messages('openOrders');
    expect(first?.[2]).toEqual({ sequence: 1 });
    expect(Object.values(first?.[0][0] ?? {})).toEqual([
      {
        ...{ avg_price: '0.00000', cost: '0.00000', fee: '0.00000', vol_exec: '0.00000000' },
        ...{ expiretm: null, limitprice: '26500.40000', misc: '', oflags: 'fciq,post' },
        ...{ opentm: '1786309200.000000', refid: null, starttm: null, status: 'open' },
        ...{ stopprice: '0.00000', timeinforce: 'GTC', userref: 7, vol: '0.50000000' },
        descr: {
          ...{ close: null, leverage: null, ordertype: 'limit', pair: 'XBT/USD', type: 'buy' },
          order: 'buy 0.50000000 XBT/USD @ limit 26500.40000',
          ...{ price: '26500.40000', price2: '0.00000' },
        },
      },
    ]);
  });

  it('are whole at first, and then only what changed', () => {
    const { callOnce, call, subscribe, engine, messages, told } = open();
    subscribe('openOrders');
    const { txid } = callOnce('addOrder', LIMIT_BUY);
    engine.fill('O1', '0.2', '26500.4');
    call('amendOrder', { txid, volume: '0.4' });
    engine.end('O1', 'user');
    const filled = { vol_exec: '0.20000000', cost: '5300.08000', fee: '5.30008' };
    const executed = { ...filled, avg_price: '26500.40000', userref: 0 };
    const time = { lastupdated: '1786309200.000000' };
    expect(told('openOrders').slice(1)).toEqual([
      { status: 'open', userref: 0 },
      executed,
      {
        ...{ ...time, amended: true, amend_reason: 'User requested', userref: 0 },
        ...{ vol: '0.40000000', limitprice: '26500.40000' },
      },
      { ...time, ...executed, status: 'canceled', cancel_reason: 'User requested' },
    ]);
    expect(told('openOrders')[0]).toMatchObject({ status: 'pending', vol: '0.50000000' });
    expect(messages('openOrders').map(([, , number]) => number.sequence)).toEqual([
      ...[1, 2, 3, 4, 5, 6],
    ]);
    const ids = messages('openOrders').flatMap(([entries]) => entries.flatMap(Object.keys));
    expect(new Set(ids)).toEqual(new Set([txid]));
  });

  it('tell of a trigger, of an end by time, and the engine’s count where it is asked for', () => {
    const { call, subscribe, engine, told } = open();
    subscribe('openOrders', { ratecounter: true });
    call('addOrder', { ...LIMIT_BUY, ordertype: 'stop-loss', cl_ord_id: 'mine' });
    engine.trigger('O1');
    engine.expire('O1');
    expect(told('openOrders')).toMatchObject([
      { status: 'pending', cl_ord_id: 'mine', stopprice: '26500.40000', ratecount: '1' },
      { status: 'open', ratecount: '1' },
      { misc: 'stopped', ratecount: '1' },
      { status: 'expired', ratecount: '1' },
    ]);
  });
});

describe('ownTrades', () => {
  it('begin with the last 50, and go on with each fill', () => {
    const { callOnce, subscribe, engine, messages } = open();
    const { txid } = callOnce('addOrder', { ...LIMIT_BUY, volume: '100', cl_ord_id: 'mine' });
    for (let count = 0; count < 60; count += 1) engine.fill('O1', '0.1', '26500.4');
    subscribe('ownTrades');
    engine.fill('O1', '0.3', '26500.4');
    const [snapshot, update] = messages('ownTrades');
    expect(snapshot?.[0].length).toBe(50);
    expect(update?.[2]).toEqual({ sequence: 2 });
    expect(Object.entries(update?.[0][0] ?? {})).toEqual([
      [
        expect.stringMatching(/^T/),
        {
          ...{ cl_ord_id: 'mine', cost: '7950.12000', fee: '7.95012', margin: '0.00000' },
          ...{ ordertxid: txid, ordertype: 'limit', pair: 'XBT/USD', price: '26500.40000' },
          ...{ postxid: expect.stringMatching(/^T/) as string, time: '1786309200.000000' },
          ...{ type: 'buy', userref: 0, vol: '0.30000000' },
        },
      ],
    ]);
  });

  it('come without a snapshot where none is wished', () => {
    const { call, subscribe, engine, messages } = open();
    call('addOrder', LIMIT_BUY);
    engine.fill('O1', '0.1', '26500.4');
    subscribe('ownTrades', { snapshot: false });
    expect(messages('ownTrades')).toEqual([]);
  });
});

describe('what the client half makes of it', () => {
  it('is the same account as in v2, and nothing is passed over', () => {
    const { callOnce, subscribe, client, engine, trader } = open();
    trader.subscribe('executions');
    subscribe('openOrders', { ratecounter: true });
    subscribe('ownTrades');
    const { txid } = callOnce('addOrder', { ...LIMIT_BUY, cl_ord_id: 'mine' });
    engine.fill('O1', '0.2', '26500.4');
    callOnce('amendOrder', { txid, volume: '0.4' });
    engine.fill('O1', '0.2', '26500.4');
    const codec = krakenV1().createCodec();
    const messages = client.texts
      .filter((text) => text.startsWith('['))
      .flatMap((text) => codec.decode(Buffer.from(text)).messages.map((one) => ({ ...one })));
    expect(new Set(messages.map(({ type }) => type))).toEqual(
      new Set(['orders.snapshot', 'orders.update', 'fills.snapshot', 'fills.update']),
    );
    const orders = messages.flatMap((one) => (one.type === 'orders.update' ? one.orders : []));
    expect(orders.map(({ orderId, status }) => [orderId, status])).toEqual(
      ['pending', 'open', undefined, undefined, undefined, 'filled'].map((one) => [txid, one]),
    );
    expect(orders[0]).toMatchObject({
      ...{ clientOrderId: 'mine', symbol: 'XBT/USD', side: 'buy', limitPrice: '26500.40000' },
    });
    const fills = messages.flatMap((one) => (one.type === 'fills.update' ? one.fills : []));
    const theirs = trader
      .frames('executions')
      .flatMap(({ data }) => data)
      .filter((entry) => entry['exec_type'] === 'trade');
    expect(fills.map(({ fillId, orderId }) => [fillId, orderId])).toEqual(
      theirs.map((entry) => [entry['exec_id'], entry['order_id']]),
    );
  });
});

describe.skipIf(!hasSamples)(`the recorded life of a market order${SKIP_NOTE}`, () => {
  it('has the fields of what is sent here for the same life', () => {
    const { call, subscribe, engine, told } = open();
    subscribe('openOrders');
    call('addOrder', { ...LIMIT_BUY, ordertype: 'market', price: undefined });
    engine.fill('O1', '0.5', '26425.2', 'taker');
    const recorded = readFrames('v1-gct-wsOpenTrades.jsonl')
      .flatMap((line) => (JSON.parse(line) as AccountMessage)[0])
      .map((entry) => entry['OKB55A-UEMMN-YUXM2A'] as Entry | undefined)
      .filter((entry) => entry !== undefined);
    const keysOf = (entries: readonly Entry[]) => entries.map((one) => Object.keys(one).sort());
    expect(recorded.length).toBe(4);
    expect(keysOf(told('openOrders'))).toEqual(keysOf(recorded));
    const descr = (entry: Entry | undefined) => entry?.['descr'] as Entry;
    expect(Object.keys(descr(told('openOrders')[0])).sort()).toEqual(
      Object.keys(descr(recorded[0])).sort(),
    );
    expect(descr(told('openOrders')[0])['order']).toBe('buy 0.50000000 XBT/USD @ market 0.00000');
  });
});
