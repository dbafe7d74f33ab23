import { expect } from 'vitest';
import { addDecimals, compareDecimals } from '../../src/book/decimal-arithmetic.js';
import type { OrderOutcome, SettledOrder } from '../../src/model/order-calls.js';
import type { NewOrder } from '../../src/model/order-entry.js';
import type { EngineOrder, MatchingMarket } from '../../src/model/matching.js';
import type { RandomSource } from '../../src/model/runtime.js';
import type { FaultRule } from '../../src/venues/kraken/server/fault-rules.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { count, follow } from './kraken-follower.js';

const ACCOUNT = 'demo';
const AT_ONCE = 4;

/** Everything that a bad day has, again and again. */
export const BAD_DAY: readonly FaultRule[] = [
  { fault: 'close-instead', every: { kind: 'reply', frames: 11 } },
  { fault: 'duplicate', every: { channel: 'executions', kind: 'update', frames: 11 } },
  { fault: 'drop', every: { channel: 'executions', kind: 'update', frames: 83 } },
  { fault: 'skip-sequence', every: { channel: 'balances', kind: 'update', frames: 71 } },
  { fault: 'drop', every: { channel: 'balances', kind: 'update', frames: 97 } },
];

/** Requests that nobody ever answers: each takes ten seconds to be given up. */
export const WORSE_DAY: readonly FaultRule[] = [
  ...BAD_DAY,
  { fault: 'lose-request', every: { channel: 'add_order', frames: 61 } },
];

interface Placed {
  readonly outcome: OrderOutcome;
  readonly settled: SettledOrder | undefined;
}

const pick = <One>(random: RandomSource, list: readonly One[]): One =>
  list[Math.floor(random.fraction() * list.length)]!;

/** Most take what is there, some rest below it. */
function randomOrder(market: MatchingMarket, random: RandomSource, id: number): NewOrder {
  const { symbol, priceIncrement = '1' } = pick(random, market.instruments.slice(0, 5));
  const side = pick(random, ['buy', 'sell'] as const);
  const book = market.book(symbol)?.levels ?? [];
  const best = (of: string) => Number(book.find((level) => level.side === of)?.price ?? '1');
  const rests = random.fraction() < 0.25;
  const near = side === 'buy' ? best(rests ? 'bid' : 'ask') : best(rests ? 'ask' : 'bid');
  const away = rests ? (side === 'buy' ? 0.9 : 1.1) : side === 'buy' ? 1.002 : 0.998;
  const decimals = (priceIncrement.split('.')[1] ?? '').length;
  return {
    // Less than what stands at one price: the venue lists the latest 50 fills after a loss.
    size: (pick(random, [50, 100, 200]) / near).toFixed(4),
    ...{ symbol, side, orderType: 'limit' },
    limitPrice: (near * away).toFixed(decimals),
    timeInForce: rests ? 'gtc' : 'ioc',
    clientOrderId: `run-${id}`,
  };
}

/** The latest state of every order that the engine ever had, by the client's id. */
function watchEngine(market: MatchingMarket) {
  const orders = new Map<string, EngineOrder>();
  const accepted: string[] = [];
  market.onEngineEvent((event) => {
    if (event.type === 'ledger.posted' || event.order.account !== ACCOUNT) return;
    const id = event.order.clientOrderId ?? '';
    if (event.type === 'order.accepted') accepted.push(id);
    orders.set(id, event.order);
  });
  return { orders, accepted };
}

/** Places orders through a feed on a bad day; afterwards both sides must say the same. */
export async function runRandomOrders(
  seed: number,
  orderCount: number,
  rules: readonly FaultRule[],
): Promise<string> {
  const random = createSeededRandom(seed);
  await using run = await follow([{ channel: 'executions' }, { channel: 'balances' }], {
    ...{ rules, exchangeOptions: { tier: 'pro' } },
    // So many losses in so short a time use up every budget.
    recovery: { slowestPaceMs: 500 },
    // Connections that do not last are dialled again with growing pauses, up to a minute.
    patienceMs: 150_000,
  });
  const { feed, exchange } = run;
  const entry = feed.openOrderEntry();
  await feed.whenLive({ timeoutMs: 40_000 });
  const { control } = exchange.venues.kraken;
  const { market } = control.trading!;
  const truth = watchEngine(market);
  const placed = new Map<string, Placed>();
  let nextId = 0;

  const placeOne = async (): Promise<void> => {
    const order = randomOrder(market, random, (nextId += 1));
    const outcome = await entry.addOrder(order, { deadlineMs: 1_000 });
    const settled = outcome.kind === 'unknown' ? await outcome.settled : undefined;
    placed.set(order.clientOrderId ?? '', { outcome, settled });
    if (random.fraction() < 0.1) {
      const [open] = feed.orders.open();
      if (open) await entry.cancelOrder({ orderId: open.orderId });
    }
  };
  const work = async (): Promise<void> => {
    while (nextId < orderCount) {
      await placeOne();
      if (random.fraction() < 0.02) control.revokeTokens();
      if (random.fraction() < 0.01) control.resetConnections();
      // Without a socket nothing is sent; wait for the next one instead of asking in vain.
      if (feed.orders.state.status !== 'live') {
        await run.until('the account', () => feed.orders.state.status === 'live');
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  control.clearFaults();
  control.resetConnections();
  await run.until('the end of the connection', () => feed.orders.state.status !== 'live');
  await run.until('whole orders', () => feed.orders.state.status === 'live');
  await run.until('whole balances', () => feed.balances.state.status === 'live');

  // No order came twice, and each outcome is true.
  expect(new Set(truth.accepted).size).toBe(truth.accepted.length);
  for (const [id, { outcome, settled }] of placed) {
    const known = truth.orders.get(id);
    const verdict = settled ?? outcome;
    if (verdict.kind === 'acknowledged' || verdict.kind === 'found')
      expect(known, id).toBeDefined();
    if (verdict.kind === 'refused') expect(known, `${id} ${verdict.error.message}`).toBeUndefined();
    if (verdict.kind === 'not-found') {
      // What ended unfilled while nobody heard is on no list of the venue.
      expect(known === undefined || known.filledSize === '0', id).toBe(true);
      expect(known?.status).not.toBe('open');
    }
  }
  const openHere = feed.orders.open().map(({ clientOrderId }) => clientOrderId);
  const openThere = market.openOrders(ACCOUNT).map(({ clientOrderId }) => clientOrderId);
  expect([...openHere].sort()).toEqual([...openThere].sort());

  const toFill = (size: string, price: string | undefined, tradeId: string | undefined) =>
    `${addDecimals(size, '0')} at ${addDecimals(price ?? '0', '0')} by ${tradeId}`;
  const here = feed.fills.all().map(({ size, price, tradeId }) => toFill(size, price, tradeId));
  const there = market
    .fills(ACCOUNT)
    .map(({ size, price, tradeId }) => toFill(size, price, tradeId));
  expect(count(run, 'fills.gapped')).toBe(0);
  expect([...here].sort()).toEqual([...there].sort());
  expect(count(run, 'fill.printed')).toBe(there.length);
  for (const { asset, total } of market.balances(ACCOUNT)) {
    expect(compareDecimals(feed.balances.get(asset)?.total ?? '0', total), asset).toBe(0);
  }
  const kinds = [...placed.values()].map(({ outcome }) => outcome.kind);
  const unknown = kinds.filter((kind) => kind === 'unknown').length;
  expect(unknown).toBeGreaterThan(0);
  return `${placed.size} orders, ${unknown} unknown, ${there.length} fills`;
}
