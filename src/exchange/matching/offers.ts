import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../book/decimal-arithmetic.js';
import type { Side } from '../../model/levels.js';
import { comparePrices, lesserOf } from './background.js';
import { hasLimit, leftOf, type LiveOrder } from './live-order.js';
import type { MarketLine } from './market-line.js';
import { limitOf } from './resting-orders.js';

/** What an order could take: of the background, or of another order. */
export interface Offer {
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly maker: LiveOrder | undefined;
}

/** The side that an order takes from. */
function sideTakenBy(order: LiveOrder): Side {
  return order.request.side === 'buy' ? 'ask' : 'bid';
}

/** Whether an order would trade at this price. */
function accepts(order: LiveOrder, price: string): boolean {
  return !hasLimit(order.request) || comparePrices(sideTakenBy(order), price, limitOf(order)) <= 0;
}

/** What an order takes first; at one price the background stands before orders. */
export function findOffer(line: MarketLine, order: LiveOrder): Offer | undefined {
  const side = sideTakenBy(order);
  const price = line.background.best(side);
  const maker = line.resting.best(side);
  const isMakers =
    maker !== undefined && (price === undefined || comparePrices(side, limitOf(maker), price) < 0);
  const offer: Offer | undefined = isMakers
    ? { side, price: limitOf(maker), size: leftOf(maker), maker }
    : price === undefined
      ? undefined
      : { side, price, size: line.background.sizeAt(side, price), maker: undefined };
  return offer && accepts(order, offer.price) ? offer : undefined;
}

/** Everything that an order could take, best first. */
export function listOffers(line: MarketLine, order: LiveOrder): readonly Offer[] {
  const side = sideTakenBy(order);
  const own = line.resting
    .inBook(side)
    .map((maker) => ({ side, price: limitOf(maker), size: leftOf(maker), maker }));
  const others = [...line.background.prices(side)].map((price) => ({
    ...{ side, price, size: line.background.sizeAt(side, price), maker: undefined },
  }));
  return [...others, ...own]
    .filter(({ price, size }) => compareDecimals(size, '0') > 0 && accepts(order, price))
    .sort((left, right) => comparePrices(side, left.price, right.price));
}

/** What a size would take of offers, and what that is worth. */
export function takeFrom(
  offers: readonly Offer[],
  wanted: string,
): { readonly size: string; readonly value: string } {
  let size = '0';
  let value = '0';
  for (const offer of offers) {
    const taken = lesserOf(offer.size, subtractDecimals(wanted, size));
    size = addDecimals(size, taken);
    value = addDecimals(value, multiplyDecimals(taken, offer.price));
  }
  return { size, value };
}

/** How much so much money buys of offers, in whole steps. */
export function buyFrom(offers: readonly Offer[], money: string, step: string): string {
  let size = '0';
  let left = money;
  for (const offer of offers) {
    const taken = lesserOf(offer.size, wholeSteps(left, offer.price, step));
    size = addDecimals(size, taken);
    left = subtractDecimals(left, multiplyDecimals(taken, offer.price));
    if (compareDecimals(taken, offer.size) < 0) break;
  }
  return size;
}

/** How much so much money buys at a price, in whole steps. */
export function wholeSteps(money: string, price: string, step: string): string {
  return multiplyDecimals(divideDecimals(money, multiplyDecimals(price, step), 0), step);
}
