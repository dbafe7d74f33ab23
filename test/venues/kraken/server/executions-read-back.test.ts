import { describe, expect, it } from 'vitest';
import { kraken } from '../../../../src/venues/kraken/index.js';
import { hasSamples, readFrames, SKIP_NOTE } from '../samples.js';
import { follow, keysOf, type Entry } from './executions-harness.js';
import { idOf, LIMIT_BUY, openTrader, type AccountFrame } from './trader-harness.js';

describe('what the client half makes of it', () => {
  it('is the whole life, and nothing is passed over', () => {
    const { trader, engine } = openTrader();
    trader.subscribe('executions', { snap_trades: true, ratecounter: true });
    trader.subscribe('balances');
    const id = idOf(trader.callOnce('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' }));
    engine.fill('O1', '0.2', '26500.4');
    trader.call('amend_order', { order_id: id, order_qty: 0.4 });
    engine.end('O1', 'self-trade');
    trader.call('add_order', {
      ...LIMIT_BUY,
      order_type: 'take-profit-limit',
      triggers: { price: 26000 },
    });
    engine.trigger('O2');
    engine.expire('O2');
    const codec = kraken().createCodec();
    const messages = trader.texts
      .filter((text) => text.startsWith('{"channel"'))
      .flatMap((text) => codec.decode(Buffer.from(text)).messages.map((one) => ({ ...one })));
    expect([...new Set(messages.map(({ type }) => type))].sort()).toEqual([
      'balances.snapshot',
      'balances.update',
      'fills.snapshot',
      'fills.update',
      'orders.snapshot',
      'orders.update',
      'venue.status',
    ]);
    const orders = messages.flatMap((one) =>
      one.type === 'orders.snapshot' || one.type === 'orders.update' ? one.orders : [],
    );
    expect(orders.map(({ status }) => status)).toEqual([
      'pending',
      'open',
      'open',
      'open',
      'canceled',
      'pending',
      'open',
      'open',
      'expired',
    ]);
    expect(orders[0]).toMatchObject({
      orderId: id,
      clientOrderId: 'mine',
      symbol: 'BTC/USD',
      side: 'buy',
      size: '0.50000000',
      limitPrice: '26500.4',
      timeInForce: 'gtc',
      createdAtMs: Date.UTC(2026, 7, 9, 21),
    });
    const fills = messages.flatMap((one) => (one.type === 'fills.update' ? one.fills : []));
    expect(fills).toMatchObject([
      {
        orderId: id,
        size: '0.20000000',
        price: '26500.4',
        tradeId: '1001',
        fee: '5.30008',
        feeAsset: 'USD',
        liquidity: 'maker',
        value: '5300.08000',
      },
    ]);
  });
});

describe.skipIf(!hasSamples)(`recorded lives of orders${SKIP_NOTE}`, () => {
  const recorded = (name: string): readonly Entry[] =>
    hasSamples
      ? readFrames(name)
          .map((line) => JSON.parse(line) as Partial<AccountFrame>)
          .filter(({ channel, type }) => channel === 'executions' && type === 'update')
          .flatMap(({ data = [] }) => data)
      : [];
  const of = (entries: readonly Entry[], execType: string) =>
    entries.filter((entry) => entry['exec_type'] === execType).map(keysOf);

  it('have the fields of what is sent here for the same life', () => {
    const { trader, updates } = follow('executions');
    const order = { ...LIMIT_BUY, post_only: true };
    const id = idOf(trader.callOnce('add_order', order));
    trader.call('cancel_order', { order_id: [id] });
    const entries = recorded('v2-executions-limit-lifecycle-2025-02-10.jsonl');
    expect(entries.length).toBe(3);
    expect(updates().map(keysOf)).toEqual(entries.map(keysOf));
  });

  it('have them also of an amended order, and of one that waits', () => {
    const { trader, updates } = follow('executions');
    const id = idOf(trader.callOnce('add_order', LIMIT_BUY));
    trader.call('amend_order', { order_id: id, limit_price: 0.96 });
    trader.call('cancel_order', { order_id: [id] });
    trader.call('add_order', {
      ...LIMIT_BUY,
      order_type: 'stop-loss-limit',
      triggers: { reference: 'index', price: 0.2 },
    });
    const entries = recorded('v2-kraken-async-rs-captures-2024.jsonl');
    for (const type of ['pending_new', 'new', 'amended', 'canceled']) {
      expect(of(entries, type).length).toBeGreaterThan(0);
      for (const keys of of(entries, type)) expect(of(updates(), type)).toContainEqual(keys);
    }
  });
});
