import { compareDecimals } from '../../book/decimal-arithmetic.js';
import type {
  EngineChange,
  EngineEvent,
  EngineOrderRequest,
  EngineRefusal,
} from '../../model/matching.js';
import type { Account } from './account.js';
import { lesserOf } from './amounts.js';
import { checkReserve } from './admission.js';
import { describeOrder, freshPartOf, type LiveOrder } from './live-order.js';
import type { Listing } from './market-line.js';
import type { Matcher } from './matcher.js';
import { checkForm, normalize } from './order-check.js';
import { hasLimit, isTrailing, isTriggered } from './order-terms.js';
import type { Settlement } from './settlement.js';
import { findOffer } from './take-plan.js';

/** What an amendment is given. */
export interface AmendmentParts {
  readonly account: Account;
  readonly listing: Listing;
  readonly settlement: Settlement;
  readonly matcher: Matcher;
  /** RFC 3339. */
  readonly timeText: () => string;
  readonly tell: (event: EngineEvent) => void;
}

/**
 * Changes a living order; the answer is what is wrong with the change, and then nothing happened.
 * A size at or below what is filled ends the order. The place in the queue stays where nothing but
 * less of it is asked for; everything else goes to the end, and may take on its way.
 */
export function amendOrder(
  order: LiveOrder,
  change: EngineChange,
  parts: AmendmentParts,
): EngineRefusal | undefined {
  const { listing, settlement } = parts;
  if (!fits(order, change)) return 'type-unsupported';
  const request = mergeChange(order, change);
  const size = request.size ?? order.size;
  if (compareDecimals(size, order.filledSize) <= 0) {
    settlement.end(order, listing, { status: 'canceled', because: 'user' });
    return undefined;
  }
  const amended = { ...order, request, size };
  const refusal =
    checkForm(request, listing.instrument) ??
    checkReserve(amended, parts) ??
    (order.status === 'open' && request.postOnly && findOffer(listing.line.book, request)
      ? 'would-take-liquidity'
      : undefined);
  if (refusal) return refusal;
  applyAmendment(order, amended, parts);
  return undefined;
}

/** What an order does not have cannot be changed, nor a trigger that it has seen or that trails. */
function fits({ request, status }: LiveOrder, change: EngineChange): boolean {
  const { limitPrice, stopPrice, displaySize, postOnly } = change;
  const waits = status === 'untriggered' && isTriggered(request) && !isTrailing(request);
  const hasPrice = hasLimit(request) && request.limitBy === undefined;
  if (limitPrice !== undefined && !hasPrice) return false;
  if (stopPrice !== undefined && !waits) return false;
  if (displaySize !== undefined && request.orderType !== 'iceberg') return false;
  return postOnly !== true || hasLimit(request);
}

/** An iceberg that becomes smaller than its visible part is all visible. */
function mergeChange({ request }: LiveOrder, change: EngineChange): EngineOrderRequest {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const merged = normalize({ ...request, ...Object.fromEntries(given) });
  const { displaySize, size } = merged;
  if (displaySize === undefined || size === undefined) return merged;
  return change.displaySize === undefined
    ? { ...merged, displaySize: lesserOf(displaySize, size) }
    : merged;
}

function applyAmendment(
  order: LiveOrder,
  { request, size }: Pick<LiveOrder, 'request' | 'size'>,
  { listing, settlement, matcher, timeText, tell }: AmendmentParts,
): void {
  const { book, triggers } = listing.line;
  const isWaiting = order.status === 'untriggered';
  const isNewTrigger = request.stopPrice !== order.request.stopPrice;
  const keepsPlace = isLess({ request, size }, order);
  if (!isWaiting && !keepsPlace) book.remove(order);
  Object.assign(order, { request, size, amended: true, changedAt: timeText() });
  settlement.holdBack(order, listing);
  if (!isWaiting && keepsPlace) {
    order.shown = lesserOf(order.shown, freshPartOf(order));
    book.change(order);
  }
  tell({ type: 'order.amended', order: describeOrder(order) });
  if (isWaiting && isNewTrigger) {
    triggers.remove(order);
    triggers.add(order, listing.line.lastPrice);
  }
  if (isWaiting || keepsPlace) return;
  order.shown = '0';
  matcher.match(order, listing);
}

type Amendable = Pick<LiveOrder, 'request' | 'size'>;

function isLess(after: Amendable, before: Amendable): boolean {
  const isSamePrice = after.request.limitPrice === before.request.limitPrice;
  const shows = ({ request, size }: Amendable): string => request.displaySize ?? size;
  return (
    isSamePrice &&
    compareDecimals(after.size, before.size) <= 0 &&
    compareDecimals(shows(after), shows(before)) <= 0
  );
}
