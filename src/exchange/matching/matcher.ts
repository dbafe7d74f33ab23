import { addDecimals, compareDecimals } from '../../book/decimal-arithmetic.js';
import type { EngineEvent } from '../../model/matching.js';
import { isPositive, lesserOf, wholeSteps } from './amounts.js';
import { describeOrder, freshPartOf, isLive, leftOf, type LiveOrder } from './live-order.js';
import type { Listing } from './market-line.js';
import { canRest, hasLimit } from './order-terms.js';
import { stepOf } from './order-check.js';
import type { Offer } from './price-level.js';
import type { Settlement } from './settlement.js';
import { findOffer, listShares, planSize } from './take-plan.js';

/** What a matcher is given. */
export interface MatcherParts {
  readonly settlement: Settlement;
  /** RFC 3339. */
  readonly timeText: () => string;
  readonly tell: (event: EngineEvent) => void;
}

/** Lets orders loose on the book: by price, then by time, at the price of what was there. */
export class Matcher {
  readonly #parts: MatcherParts;

  constructor(parts: MatcherParts) {
    this.#parts = parts;
  }

  /** Puts an order that nothing waits for any more into the market. */
  execute(order: LiveOrder, listing: Listing, type: 'order.opened' | 'order.triggered'): void {
    const { settlement, timeText, tell } = this.#parts;
    const { request } = order;
    // Accepted and then ended by its own condition, as a venue does that tells lives of orders.
    if (request.postOnly && findOffer(listing.line.book, request)) {
      return settlement.end(order, listing, { status: 'canceled', because: 'post-only' });
    }
    if (request.timeInForce === 'fok' && !this.#canFillWhole(order, listing)) {
      return settlement.end(order, listing, { status: 'canceled', because: 'fok' });
    }
    order.status = 'open';
    order.changedAt = timeText();
    settlement.holdBack(order, listing);
    tell({ type, order: describeOrder(order) });
    this.match(order, listing);
  }

  /** Takes what is there; what is left rests, or ends. */
  match(order: LiveOrder, listing: Listing): void {
    const { settlement } = this.#parts;
    const { request } = order;
    while (isLive(order) && (order.isShort || isPositive(leftOf(order)))) {
      const offer = findOffer(listing.line.book, request);
      if (!offer) break;
      if (offer.order?.request.account === request.account) {
        this.#preventSelfTrade(order, offer.order, listing);
        continue;
      }
      const size = this.#affordable(order, offer, listing);
      if (!isPositive(size)) break;
      this.#take(order, { ...offer, size }, listing);
    }
    if (!isLive(order)) return;
    if (canRest(request)) return this.rest(order, listing);
    const because = hasLimit(request) ? 'ioc' : 'market';
    settlement.end(order, listing, { status: 'canceled', because });
  }

  /** Stands behind everything at its price. */
  rest(order: LiveOrder, { line }: Listing): void {
    order.shown = freshPartOf(order);
    line.book.add(order);
  }

  #take(taker: LiveOrder, { level, order: maker, size }: Offer, listing: Listing): void {
    if (!maker) {
      level.take(size);
      listing.line.book.touch(level);
    }
    const takerSide = taker.request.side;
    this.#parts.settlement.trade({ listing, price: level.price, size, takerSide, maker, taker });
  }

  #preventSelfTrade(taker: LiveOrder, maker: LiveOrder, listing: Listing): void {
    const { selfTrade } = taker.request;
    const end = { status: 'canceled', because: 'self-trade' } as const;
    if (selfTrade !== 'cancel-newest') this.#parts.settlement.end(maker, listing, end);
    if (selfTrade !== 'cancel-oldest') this.#parts.settlement.end(taker, listing, end);
  }

  #canFillWhole(order: LiveOrder, listing: Listing): boolean {
    const { request } = order;
    const { size, value } = planSize(listShares(listing.line.book, request), leftOf(order));
    if (compareDecimals(size, leftOf(order)) < 0) return false;
    if (request.side === 'sell' || hasLimit(request)) return true;
    const cost = this.#parts.settlement.withTakerFee(value);
    return compareDecimals(cost, this.#moneyOf(order, listing)) <= 0;
  }

  /** How much of an offer an order takes: a buy without limit stops where the money does. */
  #affordable(order: LiveOrder, { level, size }: Offer, listing: Listing): string {
    const wanted = lesserOf(size, leftOf(order));
    if (order.request.side === 'sell' || hasLimit(order.request)) return wanted;
    const price = this.#parts.settlement.withTakerFee(level.price);
    const money = this.#moneyOf(order, listing);
    return lesserOf(wanted, wholeSteps(money, price, stepOf(listing.instrument)));
  }

  /** What is free, and what the order itself holds back. */
  #moneyOf(order: LiveOrder, { instrument }: Listing): string {
    const free = this.#parts.settlement.available(order, instrument.quote);
    return addDecimals(free, order.reserve?.amount ?? '0');
  }
}
