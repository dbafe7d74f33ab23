import { describe, expect, it } from 'vitest';
import { makeEngineOrder } from '../../../doubles/engine-order.js';
import { follow, keysOf } from './executions-harness.js';
import { idOf, LIMIT_BUY, openTrader } from './trader-harness.js';

describe('who hears of an order', () => {
  it('is every connection of the account, each with numbers of its own', () => {
    const { trader, connect, server, engine } = openTrader();
    const late = connect();
    trader.subscribe('executions');
    trader.call('add_order', LIMIT_BUY);
    late.subscribe('executions');
    engine.fill('O1', '0.2', '26500.4');
    const numbers = (who: typeof trader) =>
      who.frames('executions').map(({ type, sequence }) => `${type} ${sequence}`);
    expect(numbers(trader)).toEqual(['snapshot 1', 'update 2', 'update 3', 'update 4']);
    expect(numbers(late)).toEqual(['snapshot 1', 'update 2']);
    expect(late.frames('executions')[1]?.data).toEqual(trader.frames('executions')[3]?.data);
    late.leave();
    engine.fill('O1', '0.1', '26500.4');
    expect(numbers(late).length).toBe(2);
    expect(server.connectionCount).toBe(1);
  });

  it('is nobody else', () => {
    const { trader, engine } = follow('executions');
    const place = (account: string) =>
      engine.place(makeEngineOrder({ account, symbol: 'BTC/USD', side: 'sell' }));
    place('other');
    expect(trader.frames('executions').length).toBe(1);
    place('main');
    expect(trader.frames('executions')[1]?.data[0]).toMatchObject({ order_userref: 0 });
  });

  it('hears nothing once the subscription is over, and begins anew with another', () => {
    const { trader, frames } = follow('executions');
    trader.call('add_order', LIMIT_BUY);
    const { token } = trader;
    trader.ask({ method: 'unsubscribe', params: { channel: 'executions', token } });
    trader.call('add_order', LIMIT_BUY);
    expect(frames().length).toBe(3);
    trader.subscribe('executions');
    expect(frames().at(-1)).toMatchObject({ type: 'snapshot', sequence: 1 });
    expect(frames().at(-1)?.data.length).toBe(2);
  });

  it('hears beginnings and ends alone where no more is wished, numbered without a hole', () => {
    const { trader, engine, types, frames } = follow('executions', { order_status: false });
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    trader.call('amend_order', { order_id: id, order_qty: 0.4 });
    engine.fill('O1', '0.2', '26500.4');
    engine.end('O1', 'user');
    expect(types()).toEqual(['new', 'canceled']);
    expect(frames().map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('hears the engine’s count where it asks for it', () => {
    const { trader, updates } = follow('executions', { ratecounter: true });
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    trader.call('cancel_order', { order_id: [id] });
    expect(updates().map((entry) => entry['ratecount'])).toEqual([1, 1, 9]);
    const plain = follow('executions');
    plain.trader.call('add_order', LIMIT_BUY);
    expect(keysOf(plain.updates()[0])).not.toContain('ratecount');
  });
});
