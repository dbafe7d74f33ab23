import { describe, expect, it } from 'vitest';
import { krakenV1 } from '../../../../src/venues/kraken/index.js';
import { hasSamples, readFrames, SKIP_NOTE } from '../samples.js';
import { LIMIT_BUY, openV1, type Entry, type AccountMessage } from './v1-harness.js';

describe('openOrders', () => {
  it('are acknowledged with the limit of the counter, and begin with what is open', () => {
    const { call, subscribe, client, messages } = openV1();
    call('addOrder', { ...LIMIT_BUY, userref: '7', oflags: 'post' });
    subscribe('openOrders');
    expect(client.texts.at(-2)).toContain(
      '"subscription":{"maxratecount":125,"name":"openOrders"}',
    );
    const [first] = messages('openOrders');
    expect(first?.[2]).toEqual({ sequence: 1 });
    expect(Object.values(first?.[0][0] ?? {})).toEqual([
      {
        avg_price: '0.00000',
        cost: '0.00000',
        fee: '0.00000',
        vol_exec: '0.00000000',
        expiretm: null,
        limitprice: '26500.40000',
        misc: '',
        oflags: 'fciq,post',
        opentm: '1786309200.000000',
        refid: null,
        starttm: null,
        status: 'open',
        stopprice: '0.00000',
        timeinforce: 'GTC',
        userref: 7,
        vol: '0.50000000',
        descr: {
          close: null,
          leverage: null,
          ordertype: 'limit',
          pair: 'XBT/USD',
          type: 'buy',
          order: 'buy 0.50000000 XBT/USD @ limit 26500.40000',
          price: '26500.40000',
          price2: '0.00000',
        },
      },
    ]);
  });

  it('are whole at first, and then only what changed', () => {
    const { callOnce, call, subscribe, engine, messages, told } = openV1();
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
        ...time,
        amended: true,
        amend_reason: 'User requested',
        userref: 0,
        vol: '0.40000000',
        limitprice: '26500.40000',
      },
      { ...time, ...executed, status: 'canceled', cancel_reason: 'User requested' },
    ]);
    expect(told('openOrders')[0]).toMatchObject({ status: 'pending', vol: '0.50000000' });
    expect(messages('openOrders').map(([, , number]) => number.sequence)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    const ids = messages('openOrders').flatMap(([entries]) => entries.flatMap(Object.keys));
    expect(new Set(ids)).toEqual(new Set([txid]));
  });

  it('tell of a trigger, of an end by time, and the engine’s count where it is asked for', () => {
    const { call, subscribe, engine, told } = openV1();
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
    const { callOnce, subscribe, engine, messages } = openV1();
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
          cl_ord_id: 'mine',
          cost: '7950.12000',
          fee: '7.95012',
          margin: '0.00000',
          ordertxid: txid,
          ordertype: 'limit',
          pair: 'XBT/USD',
          price: '26500.40000',
          postxid: expect.stringMatching(/^T/) as string,
          time: '1786309200.000000',
          type: 'buy',
          userref: 0,
          vol: '0.30000000',
        },
      ],
    ]);
  });

  it('come without a snapshot where none is wished', () => {
    const { call, subscribe, engine, messages } = openV1();
    call('addOrder', LIMIT_BUY);
    engine.fill('O1', '0.1', '26500.4');
    subscribe('ownTrades', { snapshot: false });
    expect(messages('ownTrades')).toEqual([]);
  });
});

describe('what the client half makes of it', () => {
  it('is the same account as in v2, and nothing is passed over', () => {
    const { callOnce, subscribe, client, engine, trader } = openV1();
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
      clientOrderId: 'mine',
      symbol: 'XBT/USD',
      side: 'buy',
      limitPrice: '26500.40000',
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
    const { call, subscribe, engine, told } = openV1();
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
