import { addDecimals, multiplyDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { EngineEvent, EngineFill } from '../../model/matching.js';
import type { Accounts } from './account.js';
import { greaterOf, isPositive } from './amounts.js';
import type { Extra } from './extra-trades.js';
import type { Ledger } from './ledger.js';
import {
  describeOrder,
  freshPartOf,
  isLive,
  leftOf,
  type EndReason,
  type LiveOrder,
  type Reserve,
} from './live-order.js';
import type { Listing } from './market-line.js';
import { followsWithLimit, hasLimit, isTrailing, limitOf } from './order-terms.js';

/** Shares of the value of a fill, as decimals from 0 to below 1. */
export interface FeeRates {
  readonly maker: string;
  readonly taker: string;
}

/** A trade in which accounts have a part, on one side or both. */
export interface OwnTrade {
  readonly listing: Listing;
  readonly price: string;
  readonly size: string;
  readonly takerSide: 'buy' | 'sell';
  readonly maker?: LiveOrder | undefined;
  readonly taker?: LiveOrder | undefined;
  /** RFC 3339; the present where it is not given. */
  readonly time?: string | undefined;
  /** What of it the background does not count; all of it where it is not given. */
  readonly extra?: Extra | undefined;
}

/** How an order ends. */
export interface OrderEnd {
  readonly status: 'canceled' | 'expired';
  readonly because: EndReason;
}

/** What a settlement is given. */
export interface SettlementParts {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly fees: FeeRates;
  /** RFC 3339. */
  readonly timeText: () => string;
  readonly tell: (event: EngineEvent) => void;
}

/**
 * What trades and ends do to orders and to what they hold back. A living order holds back what it
 * may cost at its limit with the higher fee, so that no fill can bring a balance below what is held
 * back.
 */
export class Settlement {
  readonly #parts: SettlementParts;
  readonly #reservedRate: string;
  #fillCount = 0;

  constructor(parts: SettlementParts) {
    this.#parts = parts;
    this.#reservedRate = greaterOf(parts.fees.maker, parts.fees.taker);
  }

  /** What a value costs with the fee of a taker. */
  withTakerFee(value: string): string {
    return addDecimals(value, multiplyDecimals(value, this.#parts.fees.taker));
  }

  /**
   * What an order holds back until it ends. A waiting buy without a limit holds back its trigger
   * price, one that trails what it would be now; once awake it pays as it executes.
   */
  needs(order: LiveOrder, { line, instrument }: Listing): Reserve | undefined {
    const { request } = order;
    if (request.side === 'sell') return { asset: instrument.base, amount: leftOf(order) };
    const trailing = addDecimals(line.lastPrice ?? '0', request.trailBy ?? '0');
    const trigger = isTrailing(request) ? trailing : request.stopPrice;
    const price = followsWithLimit(request)
      ? addDecimals(trailing, request.limitBy ?? '0')
      : hasLimit(request)
        ? limitOf(request)
        : trigger;
    if (price === undefined) return undefined;
    const value = multiplyDecimals(leftOf(order), price);
    const fee = multiplyDecimals(value, this.#reservedRate);
    return { asset: instrument.quote, amount: addDecimals(value, fee) };
  }

  available(order: LiveOrder, asset: string): string {
    return this.#parts.accounts.find(order.request.account).holdings.available(asset);
  }

  /** Holds back what a living order needs now, and of one that ended nothing. */
  holdBack(order: LiveOrder, listing: Listing): void {
    const { holdings } = this.#parts.accounts.find(order.request.account);
    this.#release(order);
    const isAwakeMarket = order.status === 'open' && !hasLimit(order.request);
    if (!isLive(order) || isAwakeMarket) return;
    order.reserve = this.needs(order, listing);
    if (order.reserve) holdings.reserve(order.reserve);
  }

  /** Takes an order out of everything; what it held back is free. */
  end(order: LiveOrder, listing: Listing, { status, because }: OrderEnd): void {
    order.status = status;
    order.endedBecause = because;
    order.changedAt = this.#parts.timeText();
    this.#leave(order, listing);
    const type = status === 'expired' ? 'order.expired' : 'order.canceled';
    this.#parts.tell({ type, order: describeOrder(order) });
  }

  /** Prints the trade and fills those who took part in it: the maker first. */
  trade(trade: OwnTrade): void {
    const { listing, price, size, takerSide, maker, taker } = trade;
    const time = trade.time ?? this.#parts.timeText();
    const value = multiplyDecimals(price, size);
    const extra = trade.extra ?? { price, volume: size, value, count: 1 };
    const { tradeId } = listing.line.print({ price, size, side: takerSide, time }, extra);
    if (maker) this.#fill(maker, trade, { tradeId, liquidity: 'maker' });
    if (taker) this.#fill(taker, trade, { tradeId, liquidity: 'taker' });
  }

  #fill(
    order: LiveOrder,
    { listing, price, size }: OwnTrade,
    { tradeId, liquidity }: Pick<EngineFill, 'tradeId' | 'liquidity'>,
  ): void {
    const { account: name, symbol, side } = order.request;
    const value = multiplyDecimals(price, size);
    const fee = multiplyDecimals(value, this.#parts.fees[liquidity]);
    const time = this.#parts.timeText();
    this.#fillCount += 1;
    const fill: EngineFill = {
      fillId: `F${this.#fillCount}`,
      orderId: order.orderId,
      account: name,
      symbol,
      side,
      price,
      size,
      value,
      fee,
      feeAsset: listing.instrument.quote,
      liquidity,
      tradeId,
      time,
    };
    order.filledSize = addDecimals(order.filledSize, size);
    order.filledValue = addDecimals(order.filledValue, value);
    order.fees = addDecimals(order.fees, fee);
    order.changedAt = time;
    const isWhole = !order.isShort && !isPositive(leftOf(order));
    if (isWhole) order.status = 'filled';
    this.#parts.accounts.find(name).addFill(fill);
    this.#parts.tell({ type: 'order.filled', order: describeOrder(order), fill });
    this.#release(order);
    this.#parts.ledger.pay(fill, listing.instrument);
    if (liquidity === 'maker') this.#showNext(order, size, listing);
    this.holdBack(order, listing);
    if (!isWhole) return;
    this.#leave(order, listing);
    this.#parts.tell({ type: 'order.completed', order: describeOrder(order) });
  }

  /** The shown part shrinks; once it is used up, the next one goes to the end of the queue. */
  #showNext(order: LiveOrder, size: string, { line }: Listing): void {
    const { book } = line;
    order.shown = subtractDecimals(order.shown, size);
    if (isPositive(order.shown)) return book.change(order);
    book.remove(order);
    if (!isLive(order)) return;
    order.shown = freshPartOf(order);
    book.add(order);
  }

  #leave(order: LiveOrder, listing: Listing): void {
    const { line } = listing;
    order.cancelTimer();
    if (isPositive(order.shown)) line.book.remove(order);
    order.shown = '0';
    line.triggers.remove(order);
    this.#release(order);
    this.#parts.accounts.find(order.request.account).end(order);
  }

  #release(order: LiveOrder): void {
    const { holdings } = this.#parts.accounts.find(order.request.account);
    if (order.reserve) holdings.release(order.reserve);
    order.reserve = undefined;
  }
}
