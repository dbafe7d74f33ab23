import { describe, expect, it } from 'vitest';
import { makeEngineOrder } from '../../../doubles/engine-order.js';
import { createScriptedEngine } from '../../../doubles/scripted-engine.js';
import type { KeyRights } from '../../../../src/venues/cloud9trader/server/index.js';
import type { FaultRule } from '../../../../src/venues/cloud9trader/server/fault-rules.js';
import { createScriptedMarket, openServer, type FakeClient } from './server-harness.js';

const ORDER = {
  broker: 'Binance',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  quantity: 0.5,
  limitPrice: 99.5,
  clientOrderId: 'mine-1',
};

interface Parts {
  readonly rules?: readonly FaultRule[];
  readonly describeKey?: (key: string) => KeyRights;
}

/** A signed-in client of a server that takes orders. */
function open(parts: Parts = {}) {
  const engine = createScriptedEngine(createScriptedMarket().source);
  engine.deposit('main', 'USDT', '1000');
  const bench = openServer({ ...parts, source: engine, engine });
  const client = bench.connect({ signed: true });
  client.news();
  return { ...bench, engine, client };
}

function follow(client: FakeClient, ...topics: readonly string[]): void {
  for (const topic of topics) client.ask('subscribe', topic);
  client.news();
}

describe('submit', () => {
  it('is answered with what was submitted, and the order comes after that, as a row', () => {
    const { client } = open();
    follow(client, 'orders');
    client.ask('submit', 'order', ORDER, 'r1');
    const [answer, row, ...rest] = client.news();
    expect(answer).toEqual(['r1', null, ORDER]);
    expect(row).toEqual([
      'orders',
      [
        {
          broker: 'Binance',
          id: 'O1',
          brokerOrderId: 'O1',
          clientOrderId: 'mine-1',
          accountNo: '1',
          currency: 'USDT',
          instrumentId: 'BTCUSDT:Binance',
          symbol: 'BTCUSDT',
          side: 'BUY',
          quantity: 0.5,
          quantityFilled: 0,
          quantityRemaining: 0.5,
          type: 'LIMIT',
          time: '2026-08-09T21:00:00.123Z',
          timeInForce: 'GTC',
          price: 99.5,
          status: 'NEW',
          settlementCurrency: 'USDT',
          averagePrice: '0',
        },
      ],
    ]);
    expect(rest).toEqual([]);
  });

  it('takes orders to the digit, and without an id', () => {
    const { client, engine } = open();
    client.say(
      '["submit","order",{"broker":"Binance","symbol":"BTCUSDT","side":"SELL","type":"STOP_LIMIT",' +
        '"quantity":0.123456789012345678901,"limitPrice":1e-7,"stopPrice":90071992547409.93}]',
    );
    expect(client.news()).toEqual([]);
    expect(engine.openOrders('main')).toMatchObject([
      {
        side: 'sell',
        orderType: 'stop-limit',
        size: '0.123456789012345678901',
        limitPrice: '0.0000001',
        stopPrice: '90071992547409.93',
        timeInForce: 'gtc',
      },
    ]);
  });

  it("takes the names that the library's types have for two of the fields", () => {
    const { client, engine } = open();
    const { symbol: instrument, limitPrice: price, ...rest } = ORDER;
    client.ask('submit', 'order', { ...rest, instrument, price }, 'r1');
    expect(engine.openOrders('main')).toMatchObject([{ limitPrice: '99.5' }]);
  });

  it.each([
    [{ broker: undefined }, 'Missing field: broker'],
    [{ broker: 'Kraken' }, 'Unknown broker'],
    [{ symbol: undefined }, 'Missing field: symbol'],
    [{ side: 'buy' }, 'Invalid field: side should be one of BUY, SELL'],
    [{ type: 'TRAILING' }, /^Invalid field: type should be one of MARKET, LIMIT, /],
    [{ quantity: undefined }, 'Missing field: quantity'],
    [{ quantity: '0.5' }, 'Invalid field: quantity should be a number above zero'],
    [{ quantity: -1 }, 'Invalid field: quantity should be a number above zero'],
    [{ quantity: 0 }, 'Invalid field: quantity should be a number above zero'],
    [{ limitPrice: undefined }, 'Missing field: limitPrice is required for LIMIT'],
    [{ type: 'STOP' }, 'Missing field: stopPrice is required for STOP'],
    [{ timeInForce: 'GTD' }, /^Invalid field: timeInForce should be one of GTC, DAY, /],
    [{ clientOrderId: 7 }, 'Invalid field: clientOrderId should be a text of up to 100'],
  ])('with %j is refused, and never reaches the exchange', (changes, text) => {
    const { client, engine } = open();
    client.ask('submit', 'order', { ...ORDER, ...changes }, 'r1');
    client.ask('submit', 'order', { ...ORDER, ...changes });
    const matching = typeof text === 'string' ? text : (expect.stringMatching(text) as string);
    expect(client.news()).toEqual([
      ['r1', matching],
      ['error', matching],
    ]);
    expect(engine.placed).toBe(0);
  });

  it.each([
    ['order', undefined],
    ['order', null],
    ['order', []],
    ['order', 'text'],
    ['amend', {}],
  ])('of %s with the body %j is refused', (name, body) => {
    const { client } = open();
    client.ask('submit', name, body, 'r1');
    expect(client.news()).toEqual([['r1', expect.any(String)]]);
  });

  it('needs a socket that was signed in', () => {
    const { connect, engine } = open();
    const client = connect();
    client.ask('submit', 'order', ORDER, 'r1');
    expect(client.news()).toEqual([['r1', 'This topic needs an authenticated socket: submit']]);
    expect(engine.placed).toBe(0);
  });

  it('needs a key that may trade', () => {
    const { client, engine } = open({
      describeKey: () => ({ account: 'main', mayTrade: false }),
    });
    client.ask('submit', 'order', ORDER, 'r1');
    expect(client.news()).toEqual([['r1', 'This key has no permission to trade']]);
    expect(engine.placed).toBe(0);
  });

  it('with a clientOrderId that was used before is refused, and hides no order', () => {
    const { client, engine } = open();
    for (const id of ['r1', 'r2']) client.ask('submit', 'order', ORDER, id);
    expect(client.news()).toEqual([
      ['r1', null, ORDER],
      ['r2', 'The clientOrderId is in use'],
    ]);
    expect(engine.placed).toBe(1);
  });

  it('that comes too fast is refused to its id', () => {
    const { client, engine } = open();
    for (let count = 0; count < 250; count += 1) {
      client.ask('submit', 'order', { ...ORDER, clientOrderId: `c${count}` }, `r${count}`);
    }
    const answers = client.news() as [string, string | null][];
    expect(answers.filter(([, error]) => error === 'Too many messages').length).toBe(50);
    expect(answers.at(-1)).toEqual(['r249', 'Too many messages']);
    expect(engine.placed).toBe(200);
  });
});

describe('an order that the exchange does not take', () => {
  it('was forwarded all the same, and comes as a row that is REJECTED', () => {
    const { client, engine } = open();
    follow(client, 'orders');
    engine.refuseNext('insufficient-funds');
    client.ask('submit', 'order', ORDER, 'r1');
    client.ask('submit', 'order', { ...ORDER, symbol: 'BTCUSDT:Binance' }, 'r2');
    const rejected = { id: 'rejected-1', status: 'REJECTED', detail: 'Insufficient funds' };
    expect(client.news()).toMatchObject([
      ['r1', null, ORDER],
      ['orders', [{ ...rejected, clientOrderId: 'mine-1', quantityRemaining: 0.5 }]],
      ['r2', null, {}],
      ['orders', [{ id: 'rejected-2', detail: 'Unknown symbol' }]],
    ]);
    client.ask('request', 'orders', 'r3');
    expect(client.news()).toMatchObject([['r3', null, [{ snapshot: true, ...rejected }, {}]]]);
  });
});

describe('what becomes of an order', () => {
  it('is told on the private topics: its state, its fills, the balances, the position', () => {
    const { client, engine } = open();
    follow(client, 'orders', 'executions', 'balances', 'positions');
    client.ask('submit', 'order', ORDER, 'r1');
    expect(client.news().at(-1)).toEqual([
      'balances',
      [
        {
          broker: 'Binance',
          accountNo: '1',
          currency: 'USDT',
          balance: 1000,
          equity: 1000,
          availableMargin: 950.25,
          orderMargin: 49.75,
        },
      ],
    ]);
    engine.fill('O1', '0.2', '99.5');
    const frames = client.news() as [string, object[]][];
    expect(frames.map(([topic]) => topic)).toEqual([
      'orders',
      'executions',
      'positions',
      'balances',
      'balances',
      'balances',
    ]);
    expect(frames).toMatchObject([
      ['orders', [{ status: 'PARTIALLY_FILLED', quantityFilled: 0.2, quantityRemaining: 0.3 }]],
      [
        'executions',
        [
          {
            id: 'F1',
            orderId: 'O1',
            quantity: 0.2,
            price: 99.5,
            maker: true,
            fee: 0.0199,
            feeCurrency: 'USDT',
            orderStatus: 'PARTIALLY_FILLED',
          },
        ],
      ],
      ['positions', [{ direction: 'LONG', quantity: 0.2, value: 19.9, profit: 0 }]],
      ['balances', [{ currency: 'USDT' }]],
      ['balances', [{ currency: 'BTC', balance: 0.2 }]],
      ['balances', [{ currency: 'USDT', balance: 980.0801 }]],
    ]);
    engine.fill('O1', '0.3', '99.5');
    expect(client.news()[0]).toMatchObject(['orders', [{ status: 'FILLED', quantityFilled: 0.5 }]]);
  });

  it('is a position that turns: the old side is closed, the new one opened', () => {
    const { client, engine } = open();
    follow(client, 'positions');
    client.ask('submit', 'order', ORDER, 'r1');
    engine.fill('O1', '0.5', '99.5');
    const sale = { ...ORDER, side: 'SELL', quantity: 2, clientOrderId: 'mine-2' };
    client.ask('submit', 'order', sale, 'r2');
    client.news();
    engine.fill('O2', '0.8', '100');
    expect(client.news()).toMatchObject([
      [
        'positions',
        [
          { direction: 'LONG', quantity: 0 },
          { direction: 'SHORT', quantity: 0.3, value: 30, profit: 0 },
        ],
      ],
    ]);
    engine.fill('O2', '0.2', '101');
    expect(client.news()).toMatchObject([['positions', [{ quantity: 0.5, profit: -0.3 }]]]);
    client.ask('request', 'positions', 'r3');
    expect(client.news()).toMatchObject([['r3', null, [{ direction: 'SHORT', quantity: 0.5 }]]]);
  });

  it('ends as EXPIRED, or as CANCELED by our own cancel', () => {
    const { client, engine } = open();
    follow(client, 'orders');
    for (const id of ['mine-1', 'mine-2', 'mine-3']) {
      client.ask('submit', 'order', { ...ORDER, clientOrderId: id });
    }
    client.news();
    engine.expire('O1');
    client.ask('submit', 'cancel', { broker: 'Binance', id: 'O2' }, 'r1');
    client.ask('submit', 'cancel', { clientOrderId: 'mine-3' }, 'r2');
    expect(client.news()).toMatchObject([
      ['orders', [{ id: 'O1', status: 'EXPIRED', detail: 'timer' }]],
      ['r1', null, { id: 'O2' }],
      ['orders', [{ id: 'O2', status: 'CANCELED', detail: 'user' }]],
      ['r2', null, {}],
      ['orders', [{ id: 'O3', status: 'CANCELED' }]],
    ]);
  });

  it.each([
    [{ id: 'O9' }, 'Unknown order'],
    [{ id: 'O1', broker: 'FXCM' }, 'Unknown order'],
    [{}, 'One of two fields is due: id or clientOrderId'],
    [{ id: 'O1', clientOrderId: 'mine-1' }, 'One of two fields is due: id or clientOrderId'],
  ])('is not changed by a cancel of %j', (body, text) => {
    const { client, engine } = open();
    client.ask('submit', 'order', ORDER);
    client.ask('submit', 'cancel', body, 'r1');
    expect(client.news()).toEqual([['r1', text]]);
    expect(engine.openOrders('main').length).toBe(1);
  });
});

describe('accounts', () => {
  it('are told apart by the key, and show what is there from the start', () => {
    const engine = createScriptedEngine(createScriptedMarket().source);
    engine.deposit('other', 'BTC', '3');
    const bench = openServer({
      source: engine,
      engine,
      describeKey: () => ({ account: 'other', mayTrade: true }),
    });
    const place = (account: string) =>
      engine.place(makeEngineOrder({ account, symbol: 'BTCUSDT:Binance', side: 'sell' }));
    for (const account of ['other', 'main']) place(account);
    engine.fill('O1', '0.5', '100');
    const client = bench.connect({ signed: true });
    follow(client, 'orders');
    for (const topic of ['orders', 'executions', 'balances'])
      client.ask('request', topic, topic[0]);
    expect(client.news()).toMatchObject([
      ['o', null, [{ id: 'O1', type: 'LIMIT', timeInForce: 'GTC', snapshot: true }]],
      ['e', null, [{ id: 'F1', orderId: 'O1', snapshot: true }]],
      ['b', null, [{ currency: 'BTC', balance: 2.5, availableMargin: 2 }, { currency: 'USDT' }]],
    ]);
    engine.fill('O2', '1', '100');
    expect(client.news()).toEqual([]);
  });
});

describe('faults on submissions', () => {
  it('lose an answer on its way, while the order is there', () => {
    const { client, engine } = open({
      rules: [{ fault: 'drop', at: { kind: 'answer', topic: 'submit' } }],
    });
    client.ask('submit', 'order', ORDER, 'r1');
    expect(client.news()).toEqual([]);
    expect(engine.openOrders('main').length).toBe(1);
  });

  it('lose submissions after the answer, which says "forwarded" and no more', () => {
    const { client, engine } = open({ rules: [{ fault: 'lose-submissions', connection: 1 }] });
    client.ask('submit', 'order', ORDER, 'r1');
    expect(client.news()).toEqual([['r1', null, ORDER]]);
    expect(engine.placed).toBe(0);
  });
});
