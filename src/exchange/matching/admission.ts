/** What the engine refuses of a well-formed order because of its account, the book or the time. */
import { addDecimals, compareDecimals } from '../../book/decimal-arithmetic.js';
import type { EngineRefusal } from '../../model/matching.js';
import type { Account } from './account.js';
import { isPositive, wholeSteps } from './amounts.js';
import type { LiveOrder } from './live-order.js';
import type { Listing } from './market-line.js';
import { isWorthless, stepOf } from './order-check.js';
import { hasLimit, isTriggered } from './order-terms.js';
import type { Settlement } from './settlement.js';
import { findOffer, listShares } from './take-plan.js';

/** What an order is checked against. */
export interface AdmissionParts {
  readonly account: Account;
  readonly listing: Listing;
  readonly settlement: Settlement;
  readonly maxOpenOrders: number;
  readonly nowMs: number;
}

/** Of an order that is not in the engine yet; undefined: it is let in. */
export function checkAdmission(order: LiveOrder, parts: AdmissionParts): EngineRefusal | undefined {
  const { account, maxOpenOrders, nowMs } = parts;
  const { clientOrderId, timeInForce, expiresAtMs = 0 } = order.request;
  if (timeInForce === 'gtd' && expiresAtMs <= nowMs) return 'deadline-passed';
  if (clientOrderId !== undefined && account.findLive({ clientOrderId })) {
    return 'client-order-id-taken';
  }
  if (account.liveCount >= maxOpenOrders) return 'too-many-orders';
  return checkReduction(order, parts) ?? checkMarket(order, parts) ?? checkFunds(order, parts);
}

/**
 * There are no margin positions here: what an account has of the base and has not offered already
 * is all that can be reduced, and only by a sale.
 */
function checkReduction(order: LiveOrder, parts: AdmissionParts): EngineRefusal | undefined {
  const { request, size } = order;
  if (!request.reduceOnly) return undefined;
  const held = parts.account.holdings.available(parts.listing.instrument.base);
  const reduces = request.side === 'sell' && compareDecimals(size, held) <= 0;
  return reduces ? undefined : 'reduce-only';
}

function takesOnly({ request }: LiveOrder): boolean {
  return !hasLimit(request) && !isTriggered(request);
}

/** An order without limit or trigger is nothing where there is nothing to take. */
function checkMarket(order: LiveOrder, { listing }: AdmissionParts): EngineRefusal | undefined {
  if (!takesOnly(order)) return undefined;
  const { minSize, minCost } = listing.instrument;
  const offer = findOffer(listing.line.book, order.request);
  if (!offer) return 'no-liquidity';
  const isSmall = minSize !== undefined && compareDecimals(order.size, minSize) < 0;
  if (isSmall || !isPositive(order.size)) return 'size-below-minimum';
  const isForValue = order.request.value !== undefined;
  const isCheap = !isForValue && isWorthless(order.size, offer.level.price, minCost);
  return isCheap ? 'value-below-minimum' : undefined;
}

/** A market buy need not be affordable as a whole: it stops where the money does. */
function checkFunds(order: LiveOrder, parts: AdmissionParts): EngineRefusal | undefined {
  const { account, listing, settlement } = parts;
  if (takesOnly(order) && order.request.side === 'buy') {
    const money = account.holdings.available(listing.instrument.quote);
    for (const { price } of listShares(listing.line.book, order.request)) {
      const step = stepOf(listing.instrument);
      const affordable = wholeSteps(money, settlement.withTakerFee(price), step);
      return isPositive(affordable) ? undefined : 'insufficient-funds';
    }
    return undefined;
  }
  return checkReserve(order, parts);
}

/** Whether an account has what an order holds back, beside what it holds back already. */
export function checkReserve(
  order: LiveOrder,
  { account, listing, settlement }: Pick<AdmissionParts, 'account' | 'listing' | 'settlement'>,
): EngineRefusal | undefined {
  const needed = settlement.needs(order, listing);
  if (!needed) return undefined;
  const { asset, amount } = needed;
  const own = order.reserve?.asset === asset ? order.reserve.amount : '0';
  const available = addDecimals(account.holdings.available(asset), own);
  return compareDecimals(amount, available) > 0 ? 'insufficient-funds' : undefined;
}
