import { addDecimals, compareDecimals } from '../../book/decimal-arithmetic.js';
import type { Side } from '../../model/levels.js';
import { comparePrices, toShortest } from './background.js';
import { isTrailing, isStop, visibleOf, type LiveOrder } from './live-order.js';

/** The orders of accounts in one market: those in the book, and those that wait for a price. */
export interface RestingOrders {
  add(order: LiveOrder): void;
  remove(order: LiveOrder): void;
  /** In the order in which they trade. */
  inBook(side: Side): readonly LiveOrder[];
  best(side: Side): LiveOrder | undefined;
  /** What others see at a price. */
  visibleAt(side: Side, price: string): string;
  await(order: LiveOrder): void;
  /** Moves trailing stops with the price, and takes out what it wakes, longest waiting first. */
  wake(lastPrice: string): readonly LiveOrder[];
}

/** Which side of the book an order stands on. */
export function bookSideOf({ request }: LiveOrder): Side {
  return request.side === 'buy' ? 'bid' : 'ask';
}

/** The limit of an order that has one, in the shortest form. */
export function limitOf({ request }: LiveOrder): string {
  return toShortest(request.limitPrice ?? '0');
}

/** Starts empty. */
export function createRestingOrders(): RestingOrders {
  const sides: Readonly<Record<Side, LiveOrder[]>> = { bid: [], ask: [] };
  const waiting = new Set<LiveOrder>();

  return {
    add(order) {
      const side = bookSideOf(order);
      const isBehind = (other: LiveOrder): boolean =>
        (comparePrices(side, limitOf(order), limitOf(other)) || order.rank - other.rank) < 0;
      const index = sides[side].findIndex(isBehind);
      sides[side].splice(index < 0 ? sides[side].length : index, 0, order);
    },
    remove(order) {
      const list = sides[bookSideOf(order)];
      const index = list.indexOf(order);
      if (index >= 0) list.splice(index, 1);
      waiting.delete(order);
    },
    inBook: (side) => [...sides[side]],
    best: (side) => sides[side][0],
    visibleAt: (side, price) =>
      sides[side]
        .filter((order) => limitOf(order) === price)
        .map(visibleOf)
        .reduce(addDecimals, '0'),
    await: (order) => void waiting.add(order),
    wake(lastPrice) {
      const awake = [...waiting].filter((order) => isAwake(order, lastPrice));
      for (const order of awake) waiting.delete(order);
      return awake;
    },
  };
}

function isAwake(order: LiveOrder, lastPrice: string): boolean {
  const { request } = order;
  const isBuy = request.side === 'buy';
  // A stop follows the price into the order's own direction; a target waits for it to come back.
  const wakesAbove = isStop(request) === isBuy;
  const stopPrice = isTrailing(request) ? trail(order, lastPrice) : (request.stopPrice ?? '0');
  const position = compareDecimals(lastPrice, stopPrice);
  return wakesAbove ? position >= 0 : position <= 0;
}

/** The stop of a trailing order: so far from the best price that was seen. */
function trail(order: LiveOrder, lastPrice: string): string {
  const { side, trailBy = '0' } = order.request;
  const best = order.bestSeen ?? lastPrice;
  const moves = compareDecimals(lastPrice, best) * (side === 'buy' ? -1 : 1) > 0;
  order.bestSeen = moves ? lastPrice : best;
  return side === 'buy'
    ? addDecimals(order.bestSeen, trailBy)
    : subtractAtLeastZero(order.bestSeen, trailBy);
}

function subtractAtLeastZero(left: string, right: string): string {
  if (compareDecimals(left, right) <= 0) return '0';
  return addDecimals(left, `-${right}`);
}
