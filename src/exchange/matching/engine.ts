import { addDecimals, compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { MarketBookChange, MarketTradesChange } from '../../model/exchange.js';
import type {
  EngineAnswer,
  EngineBalance,
  EngineChange,
  EngineFill,
  EngineOrder,
  EngineOrderRequest,
  EngineRefusal,
  EngineTarget,
} from '../../model/matching.js';
import { comparePrices, lesserOf, toShortest } from './background.js';
import {
  describeOrder,
  hasLimit,
  isLive,
  isTriggered,
  leftOf,
  type LiveOrder,
} from './live-order.js';
import { buyFrom, findOffer, listOffers, takeFrom, wholeSteps, type Offer } from './offers.js';
import { OrderAccounts, type EngineParts, type OrderEnd, type Place } from './order-accounts.js';
import { checkForm } from './order-check.js';
import { bookSideOf, limitOf } from './resting-orders.js';

const STEP_DEFAULT = '0.00000001';

/** Matches orders by price, then time. Every call tells its events before it returns. */
export class MatchingEngine {
  readonly #parts: EngineParts;
  readonly #accounts: OrderAccounts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#accounts = new OrderAccounts(parts);
  }

  place(request: EngineOrderRequest, validateOnly: boolean): EngineAnswer {
    const place = this.#findPlace(request.symbol);
    if (!place) return { ok: false, refusal: 'symbol-unknown' };
    const refusedForm = checkForm(request, place.instrument);
    if (refusedForm) return { ok: false, refusal: refusedForm };
    const draft = this.#accounts.draft(request, this.#sizeOf(request, place));
    const refusal = this.#checkAccount(draft, place);
    if (refusal) return { ok: false, refusal };
    if (validateOnly) return { ok: true, order: describeOrder(draft) };
    const order = this.#accounts.accept(draft);
    if (isTriggered(request)) this.#await(order, place);
    else this.#execute(order, place, 'order.opened');
    this.#accounts.armExpiry(order, place);
    this.#wake(place);
    return { ok: true, order: describeOrder(order) };
  }

  amend(account: string, target: EngineTarget, change: EngineChange): EngineAnswer {
    const found = this.#findLive(account, target);
    if (!found) return { ok: false, refusal: 'order-unknown' };
    const { order, place } = found;
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const request: EngineOrderRequest = { ...order.request, ...Object.fromEntries(given) };
    const size = change.size ?? order.size;
    if (compareDecimals(size, order.filledSize) <= 0) {
      this.#accounts.end(order, place, { status: 'canceled', because: 'user' });
      return { ok: true, order: describeOrder(order) };
    }
    const refusal =
      checkForm(request, place.instrument) ??
      this.#checkAmended({ ...order, request, size }, place);
    if (refusal) return { ok: false, refusal };
    this.#applyAmendment(order, { request, size }, place);
    this.#wake(place);
    return { ok: true, order: describeOrder(order) };
  }

  cancel(account: string, target: EngineTarget): EngineAnswer {
    const found = this.#findLive(account, target);
    if (!found) return { ok: false, refusal: 'order-unknown' };
    this.#accounts.end(found.order, found.place, { status: 'canceled', because: 'user' });
    return { ok: true, order: describeOrder(found.order) };
  }

  cancelAll(account: string): number {
    const live = this.#accounts.bookOf(account).live();
    for (const { orderId } of live) this.cancel(account, { orderId });
    return live.length;
  }

  findOrder(account: string, target: EngineTarget): EngineOrder | undefined {
    const order = this.#accounts.bookOf(account).find(target);
    return order && describeOrder(order);
  }

  openOrders(account: string): readonly EngineOrder[] {
    return this.#accounts.bookOf(account).live().map(describeOrder);
  }

  fills(account: string): readonly EngineFill[] {
    return [...this.#accounts.bookOf(account).fills];
  }

  balances(account: string): readonly EngineBalance[] {
    return this.#accounts.balances(account);
  }

  deposit(account: string, asset: string, amount: string): void {
    this.#accounts.deposit(account, asset, amount);
  }

  /** The background moved: what it would cross it takes. */
  applyBook(change: MarketBookChange): void {
    const place = this.#findPlace(change.symbol);
    if (!place) return;
    const { line } = place;
    line.applyBook(change);
    for (const side of ['bid', 'ask'] as const) {
      const takerSide = side === 'bid' ? 'buy' : 'sell';
      for (;;) {
        const price = line.background.best(side);
        const maker = line.resting.best(side === 'bid' ? 'ask' : 'bid');
        if (price === undefined || !maker) break;
        if (comparePrices(side, price, limitOf(maker)) > 0) break;
        const size = lesserOf(line.background.sizeAt(side, price), leftOf(maker));
        line.background.take(side, price, size);
        line.touch(side, price);
        this.#accounts.trade({ place, price: limitOf(maker), size, takerSide, maker });
      }
    }
    this.#wake(place);
  }

  /** Others traded: orders of accounts at their price or better were hit with them. */
  applyTrades({ symbol, trades }: MarketTradesChange): void {
    const place = this.#findPlace(symbol);
    if (!place) return;
    const { line } = place;
    for (const trade of [...trades].reverse()) {
      const { side: takerSide } = trade;
      const side = takerSide === 'buy' ? 'ask' : 'bid';
      const price = toShortest(trade.price);
      const size = toShortest(trade.size);
      let own = line.background.takeGivenUp(side, price, size);
      let left = subtractDecimals(size, own);
      for (const maker of line.resting.inBook(side)) {
        const position = comparePrices(side, limitOf(maker), price);
        if (position > 0) break;
        // Orders at a better price come before the background, those at the same after it.
        const reach = position < 0 ? addDecimals(left, own) : left;
        const hit = lesserOf(reach, leftOf(maker));
        if (compareDecimals(hit, '0') <= 0) continue;
        const fromLeft = lesserOf(hit, left);
        left = subtractDecimals(left, fromLeft);
        own = subtractDecimals(own, subtractDecimals(hit, fromLeft));
        this.#accounts.trade({ place, price: limitOf(maker), size: hit, takerSide, maker });
      }
      const rest = addDecimals(left, own);
      const isOver = compareDecimals(rest, '0') <= 0;
      if (!isOver) line.print({ price, size: rest, side: takerSide, time: trade.time });
    }
    this.#wake(place);
  }

  close(): void {
    this.#accounts.close();
  }

  #findPlace(symbol: string): Place | undefined {
    const line = this.#parts.findLine(symbol);
    const instrument = this.#parts.findInstrument(symbol);
    return line && instrument && { line, instrument };
  }

  #findLive(account: string, target: EngineTarget) {
    const order = this.#accounts.bookOf(account).find(target);
    const place = order && isLive(order) ? this.#findPlace(order.request.symbol) : undefined;
    return order && place && { order, place };
  }

  /** A market buy for so much money is one of the size that this buys now. */
  #sizeOf(request: EngineOrderRequest, { line, instrument }: Place): string {
    if (request.size !== undefined) return toShortest(request.size);
    const { sizeIncrement = STEP_DEFAULT } = instrument;
    const offers = listOffers(line, this.#accounts.draft(request, '0'));
    return buyFrom(offers, request.value ?? '0', sizeIncrement);
  }

  #checkAccount(draft: LiveOrder, place: Place): EngineRefusal | undefined {
    const { request, size } = draft;
    const { account, clientOrderId, side, reduceOnly } = request;
    const book = this.#accounts.bookOf(account);
    const named = clientOrderId === undefined ? undefined : book.find({ clientOrderId });
    if (named && isLive(named)) return 'client-order-id-taken';
    if (book.live().length >= this.#parts.maxOpenOrders) return 'too-many-orders';
    const held = this.#accounts.available(account, place.instrument.base);
    // Spot only: what an account holds is all that can be reduced.
    if (reduceOnly && (side === 'buy' || compareDecimals(held, size) < 0)) return 'reduce-only';
    const takesOnly = !hasLimit(request) && !isTriggered(request);
    if (takesOnly && !findOffer(place.line, draft)) return 'no-liquidity';
    if (compareDecimals(size, '0') <= 0) return 'size-below-minimum';
    const needed = this.#accounts.needs(draft, place);
    const available = this.#accounts.available(account, needed.asset);
    return compareDecimals(needed.amount, available) > 0 ? 'insufficient-funds' : undefined;
  }

  #checkAmended(amended: LiveOrder, place: Place): EngineRefusal | undefined {
    const { request, reserve, status } = amended;
    const needed = this.#accounts.needs(amended, place);
    const own = reserve?.asset === needed.asset ? reserve.amount : '0';
    const available = addDecimals(this.#accounts.available(request.account, needed.asset), own);
    if (compareDecimals(needed.amount, available) > 0) return 'insufficient-funds';
    const takes = status === 'open' && findOffer(place.line, amended) !== undefined;
    return request.postOnly && takes ? 'would-take-liquidity' : undefined;
  }

  /** Less of it keeps its place in the queue; everything else goes to the end of it. */
  #applyAmendment(
    order: LiveOrder,
    { request, size }: Pick<LiveOrder, 'request' | 'size'>,
    place: Place,
  ): void {
    const { line } = place;
    const before = limitOf(order);
    const keepsPlace =
      compareDecimals(size, order.size) <= 0 && toShortest(request.limitPrice ?? '0') === before;
    const isWaiting = order.status === 'untriggered';
    if (!isWaiting) {
      line.touch(bookSideOf(order), before);
      line.resting.remove(order);
    }
    const changedAt = this.#parts.now();
    Object.assign(order, { request, size: toShortest(size), amended: true, changedAt });
    if (!keepsPlace) this.#accounts.toEnd(order);
    this.#accounts.holdBack(order, place);
    this.#parts.tell({ type: 'order.amended', order: describeOrder(order) });
    if (!isWaiting) this.#match(order, place);
  }

  #await(order: LiveOrder, place: Place): void {
    order.status = 'untriggered';
    order.bestSeen = place.line.lastPrice;
    this.#accounts.holdBack(order, place);
    place.line.resting.await(order);
    this.#parts.tell({ type: 'order.opened', order: describeOrder(order) });
  }

  /** Triggers that the last price reaches, and those that they reach in turn. */
  #wake(place: Place): void {
    for (;;) {
      const { lastPrice } = place.line;
      const awake = lastPrice === undefined ? [] : place.line.resting.wake(lastPrice);
      if (awake.length === 0) return;
      for (const order of awake) {
        if (isLive(order)) this.#execute(order, place, 'order.triggered');
      }
    }
  }

  #execute(order: LiveOrder, place: Place, type: 'order.opened' | 'order.triggered'): void {
    const { request } = order;
    const end = (because: OrderEnd['because']): void =>
      this.#accounts.end(order, place, { status: 'canceled', because });
    if (request.postOnly && findOffer(place.line, order)) return end('post-only');
    if (request.timeInForce === 'fok') {
      const { size } = takeFrom(listOffers(place.line, order), leftOf(order));
      if (compareDecimals(size, leftOf(order)) < 0) return end('fok');
    }
    order.status = 'open';
    order.changedAt = this.#parts.now();
    this.#accounts.toEnd(order);
    this.#accounts.holdBack(order, place);
    this.#parts.tell({ type, order: describeOrder(order) });
    this.#match(order, place);
  }

  /** Takes what is there; what is left rests, or ends. */
  #match(order: LiveOrder, place: Place): void {
    const { request } = order;
    while (isLive(order)) {
      const offer = findOffer(place.line, order);
      if (!offer) break;
      const { price, maker, side } = offer;
      if (maker?.request.account === request.account) {
        this.#preventSelfTrade(order, maker, place);
        continue;
      }
      const size = this.#affordable(order, offer, place);
      if (compareDecimals(size, '0') <= 0) break;
      if (!maker) place.line.background.take(side, price, size);
      place.line.touch(side, price);
      const takerSide = request.side;
      this.#accounts.trade({ place, price, size, takerSide, maker, taker: order });
    }
    if (!isLive(order)) return;
    const rests = hasLimit(request) && !['ioc', 'fok'].includes(request.timeInForce);
    if (!rests) {
      const because = hasLimit(request) ? 'ioc' : 'market';
      return this.#accounts.end(order, place, { status: 'canceled', because });
    }
    place.line.resting.add(order);
    place.line.touch(bookSideOf(order), limitOf(order));
  }

  #preventSelfTrade(taker: LiveOrder, maker: LiveOrder, place: Place): void {
    const { selfTrade } = taker.request;
    const end = (order: LiveOrder): void =>
      this.#accounts.end(order, place, { status: 'canceled', because: 'self-trade' });
    if (selfTrade !== 'cancel-newest') end(maker);
    if (selfTrade !== 'cancel-oldest') end(taker);
  }

  /** How much of an offer an order takes: a market buy stops where the money does. */
  #affordable(order: LiveOrder, { size, price }: Offer, { instrument }: Place): string {
    const { request, reserve } = order;
    const wanted = lesserOf(size, leftOf(order));
    if (request.side === 'sell' || hasLimit(request)) return wanted;
    const free = this.#accounts.available(request.account, instrument.quote);
    const money = addDecimals(free, reserve?.amount ?? '0');
    const { sizeIncrement = STEP_DEFAULT } = instrument;
    return lesserOf(wanted, wholeSteps(money, this.#accounts.withTakerFee(price), sizeIncrement));
  }
}
