/** What an order would take if it were let loose now. Pure: nothing is taken. */
import {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../book/decimal-arithmetic.js';
import type { EngineOrderRequest } from '../../model/matching.js';
import { isPositive, lesserOf, oppositeOf, wholeSteps } from './amounts.js';
import { leftOf } from './live-order.js';
import { accepts, sideOf } from './order-terms.js';
import type { Offer } from './price-level.js';
import type { QueueBook } from './queue-book.js';

/** So much at one price. */
export interface Share {
  readonly price: string;
  readonly size: string;
}

/**
 * Everything that an order could take, best first. Orders of its own account are passed over where
 * they would give way, and are the end where the order itself would.
 */
export function* listShares(book: QueueBook, request: EngineOrderRequest): Iterable<Share> {
  for (const level of book.levels(oppositeOf(sideOf(request)))) {
    const { price } = level;
    if (!accepts(request, price)) return;
    /** What icebergs show only when their first part is gone, at the end of the queue. */
    let hidden = '0';
    for (const { order, size } of level.offers()) {
      const isOwn = order?.request.account === request.account;
      if (isOwn && request.selfTrade !== 'cancel-oldest') return;
      if (isOwn) continue;
      yield { price, size };
      if (order) hidden = addDecimals(hidden, subtractDecimals(leftOf(order), size));
    }
    if (isPositive(hidden)) yield { price, size: hidden };
  }
}

/** The first that an order would meet, its own account's too. */
export function findOffer(book: QueueBook, request: EngineOrderRequest): Offer | undefined {
  const level = book.best(oppositeOf(sideOf(request)));
  return level && accepts(request, level.price) ? level.first : undefined;
}

/** What is there of a wanted size, and what that is worth. */
export function planSize(
  shares: Iterable<Share>,
  wanted: string,
): { readonly size: string; readonly value: string } {
  let size = '0';
  let value = '0';
  for (const share of shares) {
    const taken = lesserOf(share.size, subtractDecimals(wanted, size));
    size = addDecimals(size, taken);
    value = addDecimals(value, multiplyDecimals(taken, share.price));
    if (compareDecimals(size, wanted) >= 0) break;
  }
  return { size, value };
}

/** What so much money buys, in whole steps; whether it was the money that was not enough. */
export function planValue(
  shares: Iterable<Share>,
  money: string,
  step: string,
): { readonly size: string; readonly isSpent: boolean } {
  let size = '0';
  let left = money;
  for (const share of shares) {
    const taken = lesserOf(share.size, wholeSteps(left, share.price, step));
    size = addDecimals(size, taken);
    left = subtractDecimals(left, multiplyDecimals(taken, share.price));
    if (compareDecimals(taken, share.size) < 0) return { size, isSpent: true };
  }
  return { size, isSpent: !isPositive(left) };
}
