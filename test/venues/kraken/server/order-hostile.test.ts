import { describe, expect, it } from 'vitest';
import { connectFake } from './server-harness.js';
import { issueToken } from './token-call.js';
import { openTrader } from './trader-harness.js';

const ID = 'OAAAAA-AAAAA-AAAAAA';
const ORDER = {
  order_type: 'limit',
  side: 'buy',
  order_qty: 1,
  limit_price: 5,
  time_in_force: 'gtc',
  cl_ord_id: 'mine',
  stp_type: 'cancel_newest',
  fee_preference: 'base',
  post_only: true,
};
const TRIGGERED = {
  order_type: 'stop-loss',
  side: 'sell',
  order_qty: 1,
  symbol: 'BTC/USD',
  triggers: { price: 5, reference: 'last', price_type: 'static' },
  order_userref: 5,
};
const V2: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['add_order', { ...ORDER, symbol: 'BTC/USD', deadline: '2026-08-09T21:00:05Z' }],
  ['add_order', TRIGGERED],
  ['amend_order', { order_id: ID, order_qty: 1, limit_price: 5, display_qty: 1 }],
  ['edit_order', { order_id: ID, symbol: 'BTC/USD', order_qty: 1, order_userref: 5 }],
  ['cancel_order', { order_id: [ID] }],
  ['cancel_all', {}],
  ['cancel_all_orders_after', { timeout: 5 }],
  ['batch_add', { symbol: 'BTC/USD', orders: [ORDER, ORDER] }],
  ['batch_cancel', { orders: [ID, ID] }],
];
const V1: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'addOrder',
    {
      ordertype: 'limit',
      type: 'buy',
      pair: 'XBT/USD',
      volume: '1',
      price: '5',
      oflags: 'post',
      expiretm: '0',
      starttm: '0',
      userref: '5',
      timeinforce: 'GTC',
      validate: 'false',
      leverage: 'none',
      reduce_only: false,
      stp_type: 'cancel-newest',
    },
  ],
  ['amendOrder', { txid: ID, volume: '1', post_only: true }],
  ['editOrder', { orderid: ID, pair: 'XBT/USD', volume: '1', newuserref: '5' }],
  ['cancelOrder', { txid: [ID] }],
  ['cancelAll', {}],
  ['cancelAllOrdersAfter', { timeout: 5 }],
];

/** What may stand in the place of a value, as it is written. */
const ODD_VALUES = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e400',
  '1e-400',
  '123456789012345678901234567890',
  '""',
  '"x"',
  '"-1"',
  '"1e5"',
  '"constructor"',
  '"\\u0000"',
  '"2026-13-45T99:99:99Z"',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '[{}]',
  '["x"]',
  '{"price":null}',
  '{"__proto__":1}',
  `"${'9'.repeat(100)}"`,
  '"5%"',
  '"+"',
  '"#5"',
];
const ODD_NAMES = ['__proto__', 'constructor', 'hasOwnProperty', ''];

/** The fields with one of them in another form, and then with one more. */
function* spoil(fields: Readonly<Record<string, unknown>>): Generator<string> {
  const write = (entries: readonly (readonly [string, string])[]): string =>
    entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',');
  const whole = Object.entries(fields).map(
    ([name, value]) => [name, JSON.stringify(value)] as const,
  );
  for (const value of ODD_VALUES) {
    for (const [name] of whole) {
      yield write(whole.map((one) => (one[0] === name ? [name, value] : one)));
    }
    for (const name of ODD_NAMES) yield write([...whole, [name, value]]);
  }
}

/** So many that the rate of messages and the counter of the engine must not be in the way. */
function open() {
  const opened = openTrader({
    tier: 'pro',
    limits: { messages: { perSecond: 1e9, burst: 1e9 } },
  });
  return { ...opened, token: issueToken(opened.server) };
}

describe('whatever a request holds', () => {
  it.each(V2)('%s of v2 answers it, once or for each order, and lives on', (method, params) => {
    const { server, token } = open();
    const client = connectFake(server, { path: '/auth/v2' });
    for (const fields of spoil(params)) {
      const from = client.texts.length;
      const comma = fields === '' ? '' : ',';
      client.ask(`{"method":"${method}","params":{"token":"${token}"${comma}${fields}}}`);
      const replies = client.texts.slice(from);
      expect(replies.length).toBe(1);
      const reply = JSON.parse(replies[0] ?? '') as { error?: string; success: boolean };
      expect(reply.success).toBe(reply.error === undefined);
      expect(reply.error ?? '').toMatch(
        /^($|E\w+:[\w :=]+|[\w]+ field must be an? [\w ]+$|Unsupported field: '|Currency pair )/,
      );
    }
    expect(client.ending()).toBe('open');
  });

  it.each(V1)('%s of v1 does', (event, parts) => {
    const { server, token } = open();
    const client = connectFake(server, { path: '/auth' });
    for (const fields of spoil(parts)) {
      const from = client.texts.length;
      const comma = fields === '' ? '' : ',';
      client.ask(`{"event":"${event}","token":"${token}"${comma}${fields}}`);
      const replies = client.texts.slice(from);
      expect(replies.length).toBe(1);
      const reply = JSON.parse(replies[0] ?? '') as Readonly<Record<string, unknown>>;
      expect(reply['event']).toBe(`${event}Status`);
      expect(reply['status']).toBe(reply['errorMessage'] === undefined ? 'ok' : 'error');
    }
    expect(client.ending()).toBe('open');
  });

  it('a subscription answers it, too', () => {
    const { server, token } = open();
    const client = connectFake(server, { path: '/auth/v2' });
    const wanted = { channel: 'executions', snap_orders: true, users: 'all', ratecounter: true };
    for (const fields of spoil(wanted)) {
      const from = client.texts.length;
      client.ask(`{"method":"subscribe","params":{"token":"${token}",${fields}}}`);
      expect(client.texts.length).toBeGreaterThan(from);
    }
    expect(client.ending()).toBe('open');
  });
});
