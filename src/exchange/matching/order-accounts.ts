import {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../book/decimal-arithmetic.js';
import type { ListedInstrument } from '../../model/exchange.js';
import type {
  EngineBalance,
  EngineEvent,
  EngineFill,
  EngineOrder,
  EngineOrderRequest,
} from '../../model/matching.js';
import type { CancelTimer, Clock, Timers } from '../../model/runtime.js';
import { createAccountBook, type AccountBook } from './account-book.js';
import { lesserOf } from './background.js';
import { createLedger } from './ledger.js';
import {
  describeOrder,
  hasLimit,
  isLive,
  isTrailing,
  isTriggered,
  leftOf,
  type LiveOrder,
  type Reserve,
} from './live-order.js';
import type { MarketLine } from './market-line.js';
import { listOffers, takeFrom } from './offers.js';
import { bookSideOf, limitOf } from './resting-orders.js';

/** What the engine is given. */
export interface EngineParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly fees: { readonly maker: string; readonly taker: string };
  readonly maxOpenOrders: number;
  now(): string;
  findLine(symbol: string): MarketLine | undefined;
  findInstrument(symbol: string): ListedInstrument | undefined;
  tell(event: EngineEvent): void;
  /** A timer of the engine's own changed something. */
  onTimer(): void;
}

/** Where an order trades. */
export interface Place {
  readonly line: MarketLine;
  readonly instrument: ListedInstrument;
}

/** A trade in which accounts have a part, on one side or both. */
export interface OwnTrade {
  readonly place: Place;
  readonly price: string;
  readonly size: string;
  readonly takerSide: 'buy' | 'sell';
  readonly maker: LiveOrder | undefined;
  readonly taker?: LiveOrder | undefined;
}

/** How an order ends. */
export interface OrderEnd {
  readonly status: 'canceled' | 'expired';
  readonly because: NonNullable<EngineOrder['endedBecause']>;
}

const DAY_MS = 86_400_000;
const NO_TIMER: CancelTimer = () => undefined;

/** The orders and the money of every account, and what trades do to them. */
export class OrderAccounts {
  readonly #parts: EngineParts;
  readonly #ledger = createLedger();
  readonly #books = new Map<string, AccountBook>();
  #orderCount = 0;
  #fillCount = 0;
  #rank = 0;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  bookOf(account: string): AccountBook {
    const book = this.#books.get(account) ?? createAccountBook();
    this.#books.set(account, book);
    return book;
  }

  balances(account: string): readonly EngineBalance[] {
    return this.#ledger.balances(account);
  }

  available(account: string, asset: string): string {
    return this.#ledger.available(account, asset);
  }

  deposit(account: string, asset: string, amount: string): void {
    const kind = amount.startsWith('-') ? 'withdrawal' : 'deposit';
    const time = this.#parts.now();
    // What open orders hold back is promised to them.
    const left = addDecimals(this.#ledger.available(account, asset), amount);
    if (kind === 'withdrawal' && compareDecimals(left, '0') < 0) {
      throw new RangeError(`There is not so much ${asset} to withdraw: open orders need it.`);
    }
    const posting = { account, asset, amount, fee: '0', kind, refId: kind, time } as const;
    this.#parts.tell({ type: 'ledger.posted', entry: this.#ledger.post(posting) });
  }

  /** An order that no account has yet. */
  draft(request: EngineOrderRequest, size: string): LiveOrder {
    const now = this.#parts.now();
    return {
      ...{ orderId: '', request, size, status: 'pending' },
      ...{ filledSize: '0', filledValue: '0', fees: '0', placedAt: now, changedAt: now },
      ...{ amended: false, endedBecause: undefined, rank: 0 },
      ...{ bestSeen: undefined, reserve: undefined, cancelTimer: NO_TIMER },
    };
  }

  accept(draft: LiveOrder): LiveOrder {
    this.#orderCount += 1;
    const order = { ...draft, orderId: `O${this.#orderCount}` };
    this.toEnd(order);
    this.bookOf(order.request.account).add(order);
    this.#parts.tell({ type: 'order.accepted', order: describeOrder(order) });
    return order;
  }

  /** Behind everything at its price. */
  toEnd(order: LiveOrder): void {
    this.#rank += 1;
    order.rank = this.#rank;
  }

  /** What an order needs until it ends, at the worst price that it may trade at. */
  needs(order: LiveOrder, { line, instrument }: Place): Reserve {
    const { request } = order;
    const left = leftOf(order);
    if (request.side === 'sell') return { asset: instrument.base, amount: left };
    const asset = instrument.quote;
    const withFee = (value: string): Reserve => ({ asset, amount: this.withTakerFee(value) });
    if (hasLimit(request)) return withFee(multiplyDecimals(left, limitOf(order)));
    if (isTriggered(request)) {
      const trailing = addDecimals(line.lastPrice ?? '0', request.trailBy ?? '0');
      const price = isTrailing(request) ? trailing : (request.stopPrice ?? '0');
      return withFee(multiplyDecimals(left, price));
    }
    return withFee(takeFrom(listOffers(line, order), left).value);
  }

  withTakerFee(value: string): string {
    return addDecimals(value, multiplyDecimals(value, this.#parts.fees.taker));
  }

  /** Holds back what a live order needs, in the place of what it needed before. */
  holdBack(order: LiveOrder, place: Place): void {
    const { account } = order.request;
    this.#release(order);
    const needed = this.needs(order, place);
    // A market order that wakes far from its stop may need more than there is: it stops there.
    const available = this.#ledger.available(account, needed.asset);
    order.reserve = { ...needed, amount: lesserOf(needed.amount, available) };
    this.#ledger.reserve(account, order.reserve);
  }

  end(order: LiveOrder, place: Place, { status, because }: OrderEnd): void {
    order.status = status;
    order.endedBecause = because;
    this.#leave(order, place);
    const type = status === 'expired' ? 'order.expired' : 'order.canceled';
    this.#parts.tell({ type, order: describeOrder(order) });
  }

  /** Prints the trade, and fills what took part in it: the maker first. */
  trade(trade: OwnTrade): void {
    const { place, price, size, takerSide, maker, taker } = trade;
    const time = this.#parts.now();
    const { tradeId } = place.line.print({ price, size, side: takerSide, time });
    if (maker) this.#fill(maker, trade, { tradeId, liquidity: 'maker' });
    if (taker) this.#fill(taker, trade, { tradeId, liquidity: 'taker' });
  }

  /** Orders that are good till a time, or for the day, end by a timer. */
  armExpiry(order: LiveOrder, place: Place): void {
    const { timeInForce, expiresAtMs } = order.request;
    const nowMs = this.#parts.clock.nowMs();
    const endOfDayMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
    const atMs =
      timeInForce === 'day' ? endOfDayMs : timeInForce === 'gtd' ? expiresAtMs : undefined;
    if (atMs === undefined || !isLive(order)) return;
    order.cancelTimer = this.#parts.timers.after(Math.max(0, atMs - nowMs), () => {
      if (!isLive(order)) return;
      this.end(order, place, { status: 'expired', because: 'timer' });
      this.#parts.onTimer();
    });
  }

  close(): void {
    for (const book of this.#books.values()) {
      for (const order of book.live()) order.cancelTimer();
    }
  }

  #release(order: LiveOrder): void {
    if (order.reserve) this.#ledger.release(order.request.account, order.reserve);
    order.reserve = undefined;
  }

  #leave(order: LiveOrder, place: Place): void {
    order.changedAt = this.#parts.now();
    order.cancelTimer();
    this.bookOf(order.request.account).end(order);
    place.line.resting.remove(order);
    if (hasLimit(order.request)) place.line.touch(bookSideOf(order), limitOf(order));
    this.#release(order);
  }

  #fill(
    order: LiveOrder,
    { place, price, size }: OwnTrade,
    { tradeId, liquidity }: Pick<EngineFill, 'tradeId' | 'liquidity'>,
  ): void {
    const { account, symbol, side } = order.request;
    const { instrument, line } = place;
    const value = multiplyDecimals(price, size);
    const fee = multiplyDecimals(value, this.#parts.fees[liquidity]);
    const time = this.#parts.now();
    this.#fillCount += 1;
    const fill: EngineFill = {
      ...{ fillId: `F${this.#fillCount}`, orderId: order.orderId, account, symbol, side, price },
      ...{ size, value, fee, feeAsset: instrument.quote, liquidity, tradeId, time },
    };
    order.filledSize = addDecimals(order.filledSize, size);
    order.filledValue = addDecimals(order.filledValue, value);
    order.fees = addDecimals(order.fees, fee);
    order.changedAt = time;
    const isWhole = compareDecimals(leftOf(order), '0') <= 0;
    if (isWhole) order.status = 'filled';
    // What the fill costs is no longer held back when it is paid.
    this.#release(order);
    if (hasLimit(order.request)) line.touch(bookSideOf(order), limitOf(order));
    this.bookOf(account).addFill(fill);
    this.#parts.tell({ type: 'order.filled', order: describeOrder(order), fill });
    this.#post(fill, instrument);
    if (!isWhole) return this.holdBack(order, place);
    this.#leave(order, place);
    this.#parts.tell({ type: 'order.completed', order: describeOrder(order) });
  }

  #post(fill: EngineFill, { base, quote }: ListedInstrument): void {
    const { account, side, size, value, fee, fillId: refId, time } = fill;
    const isBuy = side === 'buy';
    const shared = { account, kind: 'trade', refId, time } as const;
    const moves = [
      { ...shared, asset: base, amount: isBuy ? size : subtractDecimals('0', size), fee: '0' },
      { ...shared, asset: quote, amount: isBuy ? subtractDecimals('0', value) : value, fee },
    ];
    for (const move of moves) {
      this.#parts.tell({ type: 'ledger.posted', entry: this.#ledger.post(move) });
    }
  }
}
