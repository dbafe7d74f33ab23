import { describe, expect, it, vi } from 'vitest';
import type { OrderEntry, OrderOutcome, SettledOrder } from '../../src/model/order-calls.js';
import type { NewOrder } from '../../src/model/order-entry.js';
import type { MatchingMarket } from '../../src/model/matching.js';
import { count, follow, type Following, type FollowOptions } from './kraken-follower.js';

const ACCOUNT = 'demo';
const PRIVATE = [{ channel: 'executions' }, { channel: 'balances' }];

interface Trading extends Following {
  readonly entry: OrderEntry;
  readonly market: MatchingMarket;
  /** A buy far below the market. */
  readonly order: NewOrder;
}

async function trade(options: FollowOptions = {}): Promise<Trading> {
  const isV1 = options.isV1 ?? false;
  const channels = isV1 ? [{ channel: 'orders' }, { channel: 'executions' }] : PRIVATE;
  const run = await follow(channels, options);
  const entry = run.feed.openOrderEntry();
  await run.feed.whenLive({ timeoutMs: 40_000 });
  const market = run.exchange.venues.kraken.control.trading!.market;
  const bid = market.book('BTC/USD')!.levels[0]!.price;
  const limitPrice = `${Math.floor(Number(bid) * 0.8)}.0`;
  const symbol = isV1 ? 'XBT/USD' : 'BTC/USD';
  const order: NewOrder = { symbol, side: 'buy', orderType: 'limit', size: '0.010', limitPrice };
  return { ...run, entry, market, order, [Symbol.asyncDispose]: () => run[Symbol.asyncDispose]() };
}

const openIds = ({ market }: Trading) => market.openOrders(ACCOUNT).map(({ orderId }) => orderId);
const sentOf = ({ sent }: Trading, word: string) => sent.filter((text) => text.includes(word));

function acknowledged(outcome: OrderOutcome) {
  if (outcome.kind === 'acknowledged') return outcome;
  throw new Error(`${outcome.kind}: ${outcome.error.message}`);
}

function unknown(outcome: OrderOutcome): Promise<SettledOrder> {
  expect(outcome.kind).toBe('unknown');
  return outcome.kind === 'unknown' ? outcome.settled : Promise.reject(new Error(outcome.kind));
}

describe.concurrent.each([false, true])('orders at Kraken (v1: %s)', (isV1) => {
  it('are placed, amended, edited and canceled, and seen in the account', async () => {
    await using run = await trade({ isV1 });
    const { entry, feed, order } = run;
    const added = acknowledged(await entry.addOrder(order));
    expect(added).toMatchObject({ command: 'add', means: 'accepted' });
    const target = { orderId: added.orderId };
    await run.until('the order', () => feed.orders.get(added.orderId ?? '')?.status === 'open');
    expect(feed.orders.findByClientId(added.clientOrderId ?? '')?.orderId).toBe(added.orderId);
    const { orders } = run.exchange.venues.kraken.control;
    expect(orders.map(({ venueOrderId }) => venueOrderId)).toEqual([added.orderId]);
    acknowledged(await entry.amendOrder({ target, size: '0.02' }));
    await run.until('more', () => /^0\.020*$/.test(feed.orders.open()[0]?.size ?? ''));
    expect(await entry.editOrder({ target, size: '0.03' })).toMatchObject({ wasSent: false });
    acknowledged(await entry.cancelOrder(target));
    const userref = isV1 ? { userref: '7' } : { order_userref: 7 };
    const plain = acknowledged(await entry.addOrder({ ...order, venueFields: userref }));
    const { orderId } = plain;
    const edited = acknowledged(
      await entry.editOrder({
        target: { orderId },
        symbol: order.symbol,
        size: '0.03',
        limitPrice: order.limitPrice,
      }),
    );
    expect(edited.originalOrderId).toBe(plain.orderId);
    await run.until('the other', () => feed.orders.open()[0]?.orderId === edited.orderId);
    expect(await entry.cancelOrder({ orderId: edited.orderId })).toMatchObject({
      kind: 'acknowledged',
      command: 'cancel',
    });
    await run.until('the end', () => feed.orders.get(edited.orderId ?? '')?.status === 'canceled');
    expect(openIds(run)).toEqual([]);
    expect(await entry.cancelOrder({ orderId: edited.orderId })).toMatchObject({
      kind: 'refused',
      wasSent: true,
      error: { facts: { venueText: 'EOrder:Unknown order' } },
    });
  });

  it('take what is there: each fill comes once', async () => {
    await using run = await trade({ isV1 });
    const { entry, feed, order, market } = run;
    const buy = { ...order, orderType: 'market', limitPrice: undefined, size: '0.05' } as const;
    const { orderId = '' } = acknowledged(await entry.addOrder(buy));
    // The venue tells the end of an order of v1 with another channel than its fills.
    await run.until('the end', () => feed.orders.get(orderId)?.status === 'filled');
    const truth = market.fills(ACCOUNT);
    await run.until('the fills', () => feed.fills.count === truth.length);
    expect(truth.length).toBeGreaterThan(0);
    expect(feed.fills.all().map(({ size }) => Number(size))).toEqual(
      truth.map(({ size }) => Number(size)),
    );
    expect(count(run, 'fill.printed')).toBe(truth.length);
  });

  it('end as unknown where the socket ends before the answer, and are found', async () => {
    const channel = isV1 ? 'addOrder' : 'add_order';
    const at = { kind: 'reply', channel } as const;
    await using run = await trade({ isV1, rules: [{ fault: 'close-instead', at }] });
    const { entry, order } = run;
    const outcome = await entry.addOrder(order);
    const settled = await unknown(outcome);
    const clientOrderId = 'clientOrderId' in outcome ? outcome.clientOrderId : '';
    expect(settled).toMatchObject({ kind: 'found', order: { clientOrderId, status: 'open' } });
    expect(sentOf(run, clientOrderId ?? '-')).toHaveLength(1);
    expect(openIds(run)).toHaveLength(1);
  });

  it('that never came are known to be nowhere, once the deadline is over', async () => {
    await using run = await trade({
      isV1,
      rules: [
        { fault: 'lose-request', at: { count: 1, channel: isV1 ? 'addOrder' : 'add_order' } },
      ],
    });
    const { entry, order, exchange } = run;
    const call = entry.addOrder(order, { deadlineMs: 500 });
    await vi.waitFor(() => expect(sentOf(run, isV1 ? 'addOrder' : 'add_order')).toHaveLength(1));
    exchange.venues.kraken.control.resetConnections();
    expect(await unknown(await call)).toMatchObject({ kind: 'not-found' });
    expect(openIds(run)).toEqual([]);
  });

  it.each(['amend', 'edit'] as const)(
    'changed by a lost %s show whether it was done',
    async (kind) => {
      const channel = isV1 ? `${kind}Order` : `${kind}_order`;
      await using run = await trade({ isV1 });
      const { entry, feed, order } = run;
      const { control } = run.exchange.venues.kraken;
      const userref = isV1 ? { userref: '7' } : { order_userref: 7 };
      const { orderId } = acknowledged(await entry.addOrder({ ...order, venueFields: userref }));
      await run.until('the order', () => feed.orders.get(orderId ?? '')?.status === 'open');
      const change = { target: { orderId }, size: '0.03', limitPrice: order.limitPrice };
      const call = () =>
        kind === 'amend'
          ? entry.amendOrder(change, { deadlineMs: 500 })
          : entry.editOrder(change, { deadlineMs: 500 });
      control.addFault({ fault: 'lose-request', at: { channel } });
      const lost = call();
      await vi.waitFor(() => expect(sentOf(run, channel)).toHaveLength(1));
      control.clearFaults();
      control.resetConnections();
      expect(await unknown(await lost)).toMatchObject({ kind: 'not-done', order: { orderId } });
      await feed.whenLive({ timeoutMs: 40_000 });
      control.addFault({ fault: 'close-instead', at: { channel, kind: 'reply' } });
      const settled = await unknown(await call());
      const size = expect.stringMatching(/^0\.030*$/) as string;
      expect(settled).toMatchObject({ kind: 'found', order: { status: 'open', size } });
      await feed.whenLive({ timeoutMs: 40_000 });
      const [open] = feed.orders.open();
      expect(settled).toMatchObject({ order: { orderId: open?.orderId } });
      expect(open?.orderId === orderId).toBe(kind === 'amend');
      expect(openIds(run)).toHaveLength(1);
      expect(sentOf(run, channel)).toHaveLength(2);
    },
  );

  it('are refused with a dead token, once, and the next goes with a fresh one', async () => {
    await using run = await trade({ isV1 });
    const { entry, order, exchange } = run;
    exchange.venues.kraken.control.revokeTokens();
    expect(await entry.addOrder(order)).toMatchObject({
      kind: 'refused',
      error: { code: 'AUTH_SESSION_INVALID' },
    });
    acknowledged(await entry.addOrder(order));
    expect(openIds(run)).toHaveLength(1);
  });
});

describe.concurrent('orders of v2', () => {
  it('go in batches, one outcome each, and all of them are canceled', async () => {
    await using run = await trade();
    const { entry, order } = run;
    const outcomes = await entry.addOrders([order, { ...order, size: '0.02' }]);
    const ids = outcomes.map((outcome) => acknowledged(outcome).orderId);
    expect(new Set(ids).size).toBe(2);
    expect(await entry.cancelOrders(ids.map((orderId) => ({ orderId })))).toMatchObject({
      kind: 'acknowledged',
      count: 2,
    });
    acknowledged(await entry.addOrder(order));
    expect(await entry.cancelAllOrders()).toMatchObject({ kind: 'acknowledged', count: 1 });
    expect(openIds(run)).toEqual([]);
  });

  it('in a batch of which the engine refuses one end each as they did', async () => {
    await using run = await trade();
    const { entry, feed, order } = run;
    const dear = { ...order, size: '900000' };
    const outcomes = await entry.addOrders([order, dear, { ...order, size: '0.02' }]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['acknowledged', 'refused', 'acknowledged']);
    expect(outcomes[1]).toMatchObject({
      wasSent: true,
      error: { facts: { venueText: 'EOrder:Insufficient funds' } },
    });
    const checked = await entry.addOrders([order, order], { validate: true });
    expect(checked).toMatchObject([{ means: 'checked' }, { means: 'checked' }]);
    await run.until('both', () => feed.orders.open().length === 2);
    expect(openIds(run)).toHaveLength(2);
  });

  it('sent while the sign-in is renewed, and a switch is armed, each end once', async () => {
    await using run = await trade();
    const { entry, feed, order, exchange } = run;
    exchange.venues.kraken.control.revokeTokens();
    const refused = await entry.addOrder(order);
    expect(refused).toMatchObject({ kind: 'refused', error: { code: 'AUTH_SESSION_INVALID' } });
    // The renewal is under way now.
    const held = entry.holdDeadMansSwitch({ timeoutSeconds: 60 });
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => entry.addOrder(order)));
    const ids = outcomes.map((outcome) => acknowledged(outcome).orderId);
    expect(new Set(ids).size).toBe(5);
    await run.until('the orders', () => feed.orders.open().length === 5);
    expect(openIds(run)).toHaveLength(5);
    await run.until('the switch', () => held.state.status === 'armed');
    expect(await entry.cancelAllOrdersAfter(0)).toMatchObject({ kind: 'acknowledged' });
    expect(await held.close()).toMatchObject({ kind: 'acknowledged' });
    expect(openIds(run)).toHaveLength(5);
  });

  it('are checked here against what the venue lists, and tried out at the venue', async () => {
    await using run = await trade();
    const { entry, order } = run;
    for (const wrong of [{ limitPrice: '1.123456789' }, { symbol: 'NO/PAIR' }, { size: '0' }]) {
      expect(await entry.addOrder({ ...order, ...wrong })).toMatchObject({
        kind: 'refused',
        wasSent: false,
        error: { code: 'ORDER_INVALID' },
      });
    }
    expect(sentOf(run, 'add_order')).toEqual([]);
    acknowledged(await entry.addOrder(order, { validate: true }));
    expect(openIds(run)).toEqual([]);
    expect(await entry.addOrder({ ...order, size: '900000' })).toMatchObject({
      error: { facts: { venueText: 'EOrder:Insufficient funds' } },
    });
  });

  it("that the engine's counter would refuse are not sent", async () => {
    await using run = await trade({ exchangeOptions: { tier: 'starter' } });
    const { entry, order } = run;
    let limited: OrderOutcome | undefined;
    for (let index = 0; index < 70 && limited?.kind !== 'refused'; index += 1) {
      limited = await entry.addOrder({ ...order, size: '0.001' });
    }
    expect(limited).toMatchObject({ wasSent: false, error: { code: 'RATE_LIMITED' } });
    expect(openIds(run).length).toBeGreaterThanOrEqual(60);
  });

  it('need a permission of the key', async () => {
    await using run = await trade({ exchangeOptions: { permissions: ['websocket-token'] } });
    expect(await run.entry.addOrder(run.order)).toMatchObject({
      kind: 'refused',
      wasSent: true,
      error: { code: 'AUTH_PERMISSION_DENIED' },
    });
  });

  it('are not sent, and do not wait, while there is no socket', async () => {
    await using run = await trade();
    run.exchange.venues.kraken.control.closeConnections(1001);
    await run.until('the loss', () => count(run, 'session.closed') > 0);
    expect(await run.entry.addOrder(run.order)).toMatchObject({
      kind: 'refused',
      wasSent: false,
      error: { code: 'ORDER_NOT_SENT' },
    });
    await run.until('the way back', () => count(run, 'account.restored') > 0);
    expect(openIds(run)).toEqual([]);
    acknowledged(await run.entry.addOrder(run.order));
  });
});

describe.concurrent("a dead-man's switch", () => {
  it('is armed and armed again, and called off when the feed is closed', async () => {
    await using run = await trade();
    const { entry, order } = run;
    acknowledged(await entry.addOrder(order));
    const held = entry.holdDeadMansSwitch({ timeoutSeconds: 2, rearmEveryMs: 700 });
    expect(() => entry.holdDeadMansSwitch()).toThrow('held already');
    await run.until('the third time', () => sentOf(run, '"timeout":2').length === 3);
    expect(held.state.status).toBe('armed');
    await run.feed.close();
    expect(sentOf(run, '"timeout":0')).toHaveLength(1);
    expect(held.state).toMatchObject({ status: 'unarmed', reason: 'It was called off.' });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(openIds(run)).toHaveLength(1);
  });

  it('cancels everything of a program that is not well, and says so', async () => {
    await using run = await trade();
    const { entry, order } = run;
    acknowledged(await entry.addOrder(order));
    let isHealthy = true;
    entry.holdDeadMansSwitch({ timeoutSeconds: 2, rearmEveryMs: 700, isHealthy: () => isHealthy });
    await run.until('the switch', () => count(run, 'switch.changed') > 0);
    isHealthy = false;
    await run.until('the end', () => run.feed.orders.open().length === 0);
    expect(openIds(run)).toEqual([]);
    await run.until('word of it', () =>
      run.events.some(
        (event) => event.type === 'switch.changed' && event.state.status === 'unarmed',
      ),
    );
  });
});
