import { describe, expect, it } from 'vitest';
import { FAULT_RULES, type FaultRule } from '../../../../src/venues/kraken/server/fault-rules.js';
import { connectFake } from './server-harness.js';
import { issueToken } from './token-call.js';
import { followAs, LIMIT_BUY, openTrader } from './trader-harness.js';

/** A trader who follows orders, in a world with faults. */
function open(...rules: readonly FaultRule[]) {
  const opened = openTrader({ rules: FAULT_RULES.readFile({ rules }).rules });
  opened.trader.subscribe('executions');
  const { trader } = opened;
  const numbers = (): readonly number[] =>
    trader.frames('executions').map(({ sequence }) => sequence);
  return { ...opened, numbers };
}

const REPLY = { kind: 'reply', channel: 'add_order' } as const;

describe('faults of the reply to an order', () => {
  it('drop: the engine has the order, and what becomes of it is told', () => {
    const { trader, engine, numbers } = open({ fault: 'drop', at: REPLY });
    expect(trader.call('add_order', LIMIT_BUY)).toEqual([]);
    expect(engine.openOrders('main').length).toBe(1);
    expect(numbers()).toEqual([1, 2, 3]);
    expect(trader.call('add_order', LIMIT_BUY).length).toBe(1);
  });

  it('drop: also a refusal', () => {
    const { trader, engine } = open({ fault: 'drop', at: REPLY });
    engine.refuseNext('insufficient-funds');
    expect(trader.call('add_order', LIMIT_BUY)).toEqual([]);
    expect(engine.openOrders('main')).toEqual([]);
  });

  it('drop: one of several to a single request', () => {
    const at = { kind: 'reply', channel: 'cancel_order', count: 2 } as const;
    const { trader, engine } = open({ fault: 'drop', at });
    for (const id of ['a', 'b', 'c']) trader.call('add_order', { ...LIMIT_BUY, cl_ord_id: id });
    const replies = trader.call('cancel_order', { cl_ord_id: ['a', 'b', 'c'] });
    expect(replies.map(({ result }) => result)).toEqual([{ cl_ord_id: 'a' }, { cl_ord_id: 'c' }]);
    expect(engine.openOrders('main')).toEqual([]);
  });

  it('delay: it comes after what the order has become meanwhile', async () => {
    const { trader, engine, time } = open({ fault: 'delay', at: REPLY, delayMs: 2_000 });
    trader.take();
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.5', '26500.4');
    await time.advance(2_500);
    const texts = trader.take().filter((text) => !text.includes('heartbeat'));
    expect(texts.length).toBe(5);
    expect(texts.at(-1)).toContain('"method":"add_order"');
  });

  it('duplicate: it comes twice', () => {
    const { trader } = open({ fault: 'duplicate', at: REPLY });
    const [first, second] = trader.call('add_order', LIMIT_BUY);
    expect(first).toEqual(second);
  });

  it('close-instead: the order is taken, and the connection ends without a word of it', () => {
    const { trader, engine, server } = open({ fault: 'close-instead', at: REPLY });
    expect(trader.call('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' })).toEqual([]);
    expect(trader.ending()).toBe('closed 1001 CloudFlare WebSocket proxy restarting');
    expect(engine.openOrders('main')).toMatchObject([{ clientOrderId: 'mine' }]);
    const again = followAs(connectFake(server), issueToken(server));
    again.subscribe('executions');
    expect(again.frames('executions')[0]?.data).toMatchObject([{ cl_ord_id: 'mine' }]);
  });

  it('close-instead: with another code, and in v1', () => {
    const at = { kind: 'reply', channel: 'addOrder', symbol: 'XBT/USD' } as const;
    const { server, engine } = open({ fault: 'close-instead', at, code: 1011, reason: 'why' });
    const client = connectFake(server, { path: '/auth' });
    const order = { ordertype: 'limit', type: 'buy', volume: '1', price: '100' };
    client.ask({ event: 'addOrder', token: issueToken(server), pair: 'XBT/USD', ...order });
    expect(client.ending()).toBe('closed 1011 why');
    expect(engine.openOrders('main').length).toBe(1);
  });
});

describe('faults of a request about orders', () => {
  it('lose-request: nothing is done, and nothing is answered', () => {
    const { trader, engine } = open({ fault: 'lose-request', at: { channel: 'add_order' } });
    expect(trader.call('cancel_all').length).toBe(1);
    expect(trader.call('add_order', LIMIT_BUY)).toEqual([]);
    expect(engine.placed).toBe(0);
    expect(trader.callOnce('add_order', LIMIT_BUY).success).toBe(true);
  });

  it.each([
    [undefined, '{"error":"EOrder:Rate limit exceeded","method":"add_order","success":false'],
    ['event', '{"errorMessage":"EOrder:Rate limit exceeded","event":"error"}'],
    ['bare', '{"Error":"EOrder:Rate limit exceeded"}'],
  ] as const)('refuse-request, as %s: in whatever words', (as, expected) => {
    const text = 'EOrder:Rate limit exceeded';
    const at = { channel: 'add_order' };
    const { trader, engine } = open({ fault: 'refuse-request', at, text, ...(as && { as }) });
    trader.call('add_order', LIMIT_BUY);
    expect(trader.texts.at(-1)).toContain(expected);
    expect(engine.placed).toBe(0);
  });

  it('refuse-tokens: no order is taken on the connection', () => {
    const { trader } = open({ fault: 'refuse-tokens', connection: 1 });
    expect(trader.callOnce('add_order', LIMIT_BUY).error).toBe('ESession:Invalid session');
  });
});

describe('faults of what an account hears', () => {
  it('skip-sequence: a number is passed over, and nothing is missing', () => {
    const at = { channel: 'executions', kind: 'update', count: 2 } as const;
    const { trader, engine, numbers } = open({ fault: 'skip-sequence', at });
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.5', '26500.4');
    expect(numbers()).toEqual([1, 2, 4, 5, 6]);
    const types = trader.frames('executions').flatMap(({ data }) => data);
    expect(types.map((entry) => entry['exec_type'])).toEqual([
      'pending_new',
      'new',
      'trade',
      'filled',
    ]);
  });

  it('skip-sequence: by more, of balances, and of no other channel', () => {
    const at = { channel: 'balances', kind: 'update' } as const;
    const { trader, engine, numbers } = open({ fault: 'skip-sequence', at, numbers: 5 });
    trader.subscribe('balances');
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.5', '26500.4');
    expect(numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(trader.frames('balances').map(({ sequence }) => sequence)).toEqual([1, 7, 8]);
  });

  it('drop, duplicate: a message is lost with its number, or comes twice with the same', () => {
    const pick = { channel: 'executions', kind: 'update' } as const;
    const { trader, engine, numbers } = open(
      { fault: 'drop', at: { ...pick, count: 1 } },
      { fault: 'duplicate', at: { ...pick, symbol: 'BTC/USD', count: 3 } },
    );
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.5', '26500.4');
    expect(numbers()).toEqual([1, 3, 4, 4, 5]);
  });

  it('snapshot-late, silent-subscription: as of any other channel', async () => {
    const late = openTrader({
      rules: [{ fault: 'snapshot-late', at: { channel: 'executions' }, delayMs: 500 }],
    });
    late.trader.subscribe('executions');
    late.trader.call('add_order', LIMIT_BUY);
    expect(late.trader.frames('executions')).toEqual([]);
    await late.time.advance(500);
    expect(late.trader.frames('executions')).toMatchObject([
      { type: 'snapshot', sequence: 1, data: [{ exec_type: 'new' }] },
    ]);
    const silent = openTrader({
      rules: [{ fault: 'silent-subscription', at: { channel: 'executions' } }],
    });
    silent.trader.subscribe('executions');
    silent.trader.call('add_order', LIMIT_BUY);
    expect(silent.trader.frames('executions')).toEqual([]);
  });
});
