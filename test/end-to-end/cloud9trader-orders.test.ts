import { describe, expect, it } from 'vitest';
import type { NewOrder, OrderCommand } from '../../src/model/order-entry.js';
import type { OrderSubmission } from '../../src/venues/cloud9trader/client/index.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { openTrader, type Trader } from './cloud9trader-trader.js';

const SUBMISSION: OrderSubmission = {
  broker: 'Binance',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  quantity: 0.5,
  limitPrice: 99.5,
};

function add(clientOrderId: string): OrderCommand {
  const order: NewOrder = {
    symbol: 'BTCUSDT:Binance',
    side: 'buy',
    orderType: 'limit',
    size: '0.5',
    limitPrice: '99.5',
    clientOrderId,
  };
  return { kind: 'add', order, validate: false };
}

function submit(trader: Trader, clientOrderId: string): Promise<unknown> {
  return new Promise((resolve) => {
    trader.client.submit('order', { ...SUBMISSION, clientOrderId }, resolve);
  });
}

async function openLive(rules: Parameters<typeof openTrader>[0] = []): Promise<Trader> {
  const trader = await openTrader(rules);
  await trader.feed.whenLive({ timeoutMs: 5_000 });
  await trader.until('the drop-in', () => trader.client.isConnected());
  trader.session.want([{ channel: 'orders', symbol: undefined }]);
  trader.session.open();
  await trader.until('the session', () => trader.session.status === 'ready');
  return trader;
}

function expectAgreement(trader: Trader): void {
  const { feed, engine } = trader.compare();
  expect(feed).toEqual(engine);
}

describe('an account at Cloud9Trader', () => {
  it('is seen whole: an order of the drop-in, its fills, the balances, the position', async () => {
    await using trader = await openLive();
    const { feed, engine } = trader;
    expect(await submit(trader, 'mine-1')).toBeNull();
    await trader.until('the order', () => feed.orders.findByClientId('mine-1') !== undefined);
    expect(feed.orders.findByClientId('mine-1')).toMatchObject({
      orderId: 'O1',
      status: 'open',
      size: '0.5',
      limitPrice: '99.5',
      remainingSize: '0.5',
    });
    engine.fill('O1', '0.2', '99.5');
    engine.fill('O1', '0.3', '99.4');
    await trader.until('the end', () => feed.orders.get('O1')?.status === 'filled');
    await trader.until('the fills', () => trader.count('fill.printed') === 2);
    await trader.until('the balance', () => feed.balances.get('BTC Binance/1')?.total === '1000.5');
    await trader.until('the position', () => feed.positions.all()[0]?.size === '0.5');
    expectAgreement(trader);
    expect(feed.fills.all()).toMatchObject([
      { fillId: 'F1', size: '0.2', price: '99.5', liquidity: 'maker', derived: false },
      { fillId: 'F2', size: '0.3', price: '99.4', fee: '0.02982', feeAsset: 'USDT' },
    ]);
  });

  it('is made good after a lost connection, each fill once and marked as recovered', async () => {
    await using trader = await openLive();
    const { feed, engine, bench } = trader;
    for (const id of ['mine-1', 'mine-2']) await submit(trader, id);
    engine.fill('O1', '0.1', '99.5');
    await trader.until('the fill', () => trader.count('fill.printed') === 1);
    bench.server.resetConnections();
    engine.fill('O1', '0.4', '99.5');
    engine.cancel('main', { orderId: 'O2' });
    await trader.until('the loss', () => trader.count('account.staled') >= 4);
    await trader.until('the recovery', () => trader.count('account.restored') >= 4);
    const fills = trader.events.filter((event) => event.type === 'fill.printed');
    expect(fills.map(({ fill, recovered }) => [fill.fillId, recovered])).toEqual([
      ['F1', false],
      ['F2', true],
    ]);
    expect(trader.count('fills.gapped')).toBe(0);
    expect(feed.orders.all().map(({ orderId, status }) => `${orderId} ${status}`)).toEqual([
      'O1 filled',
      'O2 canceled',
    ]);
    expectAgreement(trader);
  });

  it('takes commands of a session, and our own cancel', async () => {
    await using trader = await openLive();
    const { feed, engine } = trader;
    expect(await trader.command(add('mine-1'))).toEqual({
      kind: 'answered',
      results: [{ ok: true, clientOrderId: 'mine-1' }],
    });
    await trader.until('the order', () => feed.orders.get('O1') !== undefined);
    const cancel: OrderCommand = { kind: 'cancel', targets: [{ orderId: 'O1' }] };
    expect(await trader.command(cancel)).toMatchObject({ results: [{ ok: true, orderId: 'O1' }] });
    await trader.until('the end', () => feed.orders.get('O1')?.status === 'canceled');
    engine.refuseNext('insufficient-funds');
    expect(await trader.command(add('mine-2'))).toMatchObject({ results: [{ ok: true }] });
    await trader.until('the rejection', () => feed.orders.findByClientId('mine-2') !== undefined);
    expect(feed.orders.findByClientId('mine-2')).toMatchObject({
      status: 'rejected',
      reason: 'Insufficient funds',
    });
    const order = {
      symbol: 'BTCUSDT:Binance',
      side: 'buy',
      orderType: 'limit',
      size: '1',
    } as const;
    expect(await trader.command({ kind: 'add', order, validate: false })).toMatchObject({
      kind: 'not-sent',
      error: { code: 'ORDER_INVALID', facts: { field: 'limitPrice' } },
    });
    expect(engine.placed).toBe(2);
  });

  it('shows under its client id an order whose answer was lost with the socket', async () => {
    await using trader = await openLive([
      { fault: 'reset', at: { kind: 'answer', topic: 'submit' } },
    ]);
    const { feed, engine } = trader;
    const outcome = await trader.command(add('mine-1'));
    expect(['answered', 'unknown']).toContain(outcome.kind);
    await trader.until('the order', () => feed.orders.findByClientId('mine-1') !== undefined);
    expect(engine.placed).toBe(1);
    expectAgreement(trader);
  });
});

describe('a long day of lost connections', () => {
  it('ends with the feed and the engine of one mind, and no order placed twice', async () => {
    await using trader = await openLive();
    const { client, engine, bench, feed } = trader;
    const random = createSeededRandom(20_261_126);
    const pick = (count: number): number => Math.floor(random.fraction() * count);
    const sent: Promise<unknown>[] = [];
    let accepted = 0;
    for (let step = 0; step < 150; step += 1) {
      const open = engine.openOrders('main');
      const order = open[pick(open.length)];
      const dice = random.fraction();
      if (dice < 0.5 || !order) sent.push(submit(trader, `day-${step}`));
      else if (dice < 0.8)
        engine.fill(order.orderId, pick(2) ? order.remainingSize : '0.05', '99.5');
      else if (dice < 0.97) engine.cancel('main', { orderId: order.orderId });
      else bench.server.resetConnections();
      if (step % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (!client.isConnected()) await trader.until('the drop-in', () => client.isConnected());
    }
    accepted = (await Promise.all(sent)).filter((error) => error === null).length;
    expect(accepted).toBeGreaterThan(20);
    expect(engine.placed).toBeGreaterThanOrEqual(accepted);
    expect(engine.placed).toBeLessThanOrEqual(sent.length);
    const agrees = (): boolean => {
      const { feed: ours, engine: theirs } = trader.compare();
      return JSON.stringify(ours) === JSON.stringify(theirs);
    };
    await feed.whenLive({ timeoutMs: 5_000 });
    await trader.until('agreement', agrees);
    expectAgreement(trader);
    const printed = trader.events.flatMap((event) =>
      event.type === 'fill.printed' ? [event.fill.fillId] : [],
    );
    expect(new Set(printed).size).toBe(printed.length);
    const ids = feed.orders.all().map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
  }, 60_000);
});
