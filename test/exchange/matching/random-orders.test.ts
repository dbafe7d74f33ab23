import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  subtractDecimals,
} from '../../../src/book/decimal-arithmetic.js';
import { createMatchingMarket } from '../../../src/exchange/matching/matching-market.js';
import type { EngineOrderRequest, MatchingMarket } from '../../../src/model/matching.js';
import type { OrderType } from '../../../src/model/order-entry.js';
import type { RandomSource } from '../../../src/model/runtime.js';
import { KRAKEN_PAIRS } from '../../../src/simulator/kraken-pairs.js';
import { createSyntheticMarket } from '../../../src/simulator/synthetic-market.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const ACCOUNTS = ['alice', 'bob', 'carol'];
const STEPS = 500;

const pick = <One>(random: RandomSource, list: readonly One[]): One =>
  list[Math.floor(random.fraction() * list.length)]!;

/** Near the best prices, in whole steps of the pair. */
function priceNear(market: MatchingMarket, symbol: string, random: RandomSource): string {
  const bid = market.book(symbol)?.levels.find(({ side }) => side === 'bid')?.price ?? '1';
  const decimals = (bid.split('.')[1] ?? '').length;
  return (Number(bid) * (1 + (random.fraction() - 0.5) * 0.002)).toFixed(decimals);
}

function randomOrder(market: MatchingMarket, random: RandomSource): EngineOrderRequest {
  const { symbol } = pick(random, market.instruments);
  const orderType = pick<OrderType>(random, [
    'limit',
    'limit',
    'limit',
    'market',
    'stop-loss',
    'take-profit-limit',
    'trailing-stop',
    'iceberg',
  ]);
  const size = (random.fraction() * 3 + 0.1).toFixed(4);
  const price = () => priceNear(market, symbol, random);
  return {
    account: pick(random, ACCOUNTS),
    symbol,
    orderType,
    size,
    venueFields: {},
    side: pick(random, ['buy', 'sell']),
    limitPrice: /limit|iceberg/.test(orderType) ? price() : undefined,
    stopPrice: /^stop|^take/.test(orderType) ? price() : undefined,
    trailBy: orderType === 'trailing-stop' ? price() : undefined,
    displaySize: orderType === 'iceberg' ? '0.1' : undefined,
    timeInForce: orderType === 'limit' ? pick(random, ['gtc', 'ioc', 'fok', 'day']) : 'gtc',
    postOnly: orderType === 'limit' && random.fraction() < 0.1,
    reduceOnly: false,
    selfTrade: pick(random, ['cancel-newest', 'cancel-oldest', 'cancel-both']),
  };
}

describe.each([1, 2, 3])('random orders of seed %i', (seed) => {
  it('leave every book uncrossed and told in full, and every sum exact', async () => {
    const random = createSeededRandom(seed);
    const time = createVirtualTime();
    const { clock, timers } = time;
    const products = KRAKEN_PAIRS.slice(0, 3);
    const source = createSyntheticMarket({ products, clock, timers, random });
    const market = createMatchingMarket({ source, clock, timers });
    const told = new Map<string, string>();
    const lastIds = new Map<string, bigint>();
    const ledger = new Map<string, string>();
    const ended = new Set<string>();
    let fillCount = 0;
    for (const { symbol } of market.instruments) {
      const keep = (side: string, price: string, size: string): void => {
        if (size === '0') told.delete(`${symbol} ${side} ${price}`);
        else told.set(`${symbol} ${side} ${price}`, size);
      };
      for (const { side, price, size } of market.book(symbol)?.levels ?? [])
        keep(side, price, size);
      lastIds.set(symbol, BigInt(market.trades(symbol)[0]?.tradeId ?? '0'));
      market.attach({
        pendingBytes: () => 0,
        onUpdate(update) {
          if (!('symbol' in update) || update.symbol !== symbol) return;
          if (update.type === 'book.changed') {
            for (const { side, price, size } of update.levels) keep(side, price, size);
          }
          if (update.type !== 'trades.printed') return;
          for (const { tradeId } of [...update.trades].reverse()) {
            expect(BigInt(tradeId)).toBe((lastIds.get(symbol) ?? 0n) + 1n);
            lastIds.set(symbol, BigInt(tradeId));
          }
        },
      });
    }
    market.onEngineEvent((event) => {
      if (event.type === 'ledger.posted') {
        const { account, asset, amount, fee, balance } = event.entry;
        const key = `${account} ${asset}`;
        const sum = subtractDecimals(addDecimals(ledger.get(key) ?? '0', amount), fee);
        ledger.set(key, sum);
        expect(balance).toBe(sum);
        return;
      }
      const { order } = event;
      expect(ended.has(order.orderId), `${order.orderId} had ended before`).toBe(false);
      expect(addDecimals(order.filledSize, order.remainingSize)).toBe(
        addDecimals(order.size ?? '0', '0'),
      );
      if (event.type === 'order.filled') fillCount += 1;
      if (['order.canceled', 'order.expired', 'order.completed'].includes(event.type)) {
        ended.add(order.orderId);
      }
    });
    const assets = new Set(market.instruments.flatMap(({ base, quote }) => [base, quote]));
    for (const account of ACCOUNTS) {
      for (const asset of assets) market.deposit(account, asset, '100000');
    }

    const check = (): void => {
      let levelCount = 0;
      for (const { symbol } of market.instruments) {
        const levels = market.book(symbol)?.levels ?? [];
        const wrong = levels.filter(
          ({ side, price, size }) => told.get(`${symbol} ${side} ${price}`) !== size,
        );
        expect(wrong).toEqual([]);
        levelCount += levels.length;
        const bid = levels.find(({ side }) => side === 'bid')?.price ?? '0';
        const ask = levels.find(({ side }) => side === 'ask')?.price ?? '1000000000';
        expect(compareDecimals(bid, ask)).toBe(-1);
      }
      expect(told.size).toBe(levelCount);
      for (const account of ACCOUNTS) {
        for (const { asset, total, available } of market.balances(account)) {
          expect(total).toBe(ledger.get(`${account} ${asset}`));
          expect(compareDecimals(available, '0')).toBeGreaterThanOrEqual(0);
          expect(compareDecimals(total, available)).toBeGreaterThanOrEqual(0);
        }
        for (const { orderId } of market.openOrders(account))
          expect(ended.has(orderId)).toBe(false);
      }
    };
    for (let step = 0; step < STEPS; step += 1) {
      const account = pick(random, ACCOUNTS);
      const open = market.openOrders(account);
      const action = random.fraction();
      if (action < 0.55) market.place(randomOrder(market, random));
      else if (action < 0.7 && open.length > 0) {
        market.cancel(account, { orderId: pick(random, open).orderId });
      } else if (action < 0.8 && open.length > 0) {
        const { orderId, symbol } = pick(random, open);
        const limitPrice = priceNear(market, symbol, random);
        market.amend(
          account,
          { orderId },
          random.fraction() < 0.5 ? { limitPrice } : { size: '0.5' },
        );
      } else await time.advance(random.fraction() * 400);
      if (step % 10 === 0) check();
    }
    for (const account of ACCOUNTS) market.cancelAll(account);
    check();
    expect(fillCount).toBeGreaterThan(80);
    for (const account of ACCOUNTS) {
      expect(market.openOrders(account)).toEqual([]);
      for (const { total, available } of market.balances(account)) expect(available).toBe(total);
    }
    market.close();
  });
});
