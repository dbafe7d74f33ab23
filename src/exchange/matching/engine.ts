import type { MarketBookChange, MarketTrade } from '../../model/exchange.js';
import type {
  EngineAnswer,
  EngineChange,
  EngineEvent,
  EngineOrderRequest,
  EngineRefusal,
  EngineTarget,
} from '../../model/matching.js';
import type { Clock, Timers } from '../../model/runtime.js';
import { Accounts } from './account.js';
import { checkAdmission } from './admission.js';
import { amendOrder } from './amendment.js';
import { toShortest } from './amounts.js';
import { applyBackgroundBook, applyBackgroundTrades } from './background-desk.js';
import { armExpiry } from './expiry.js';
import {
  createLiveOrder,
  describeOrder,
  isLive,
  type EndReason,
  type LiveOrder,
} from './live-order.js';
import { Ledger } from './ledger.js';
import type { Listing, MarketLine } from './market-line.js';
import { Matcher } from './matcher.js';
import { checkForm, normalize, stepOf } from './order-check.js';
import { isTriggered } from './order-terms.js';
import { Settlement, type FeeRates } from './settlement.js';
import { listShares, planValue } from './take-plan.js';

/** What the engine is given. */
export interface EngineParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly fees: FeeRates;
  readonly maxOpenOrders: number;
  /** RFC 3339. */
  readonly timeText: () => string;
  readonly findLine: (symbol: string) => MarketLine | undefined;
  readonly tell: (event: EngineEvent) => void;
  /** Carries out what a timer does, and tells what came of it. */
  readonly run: (action: () => void) => void;
}

interface Sized {
  readonly size: string;
  /** The market has less than the money would buy. */
  readonly isShort: boolean;
}

/** Matches orders by price, then by time. Nothing is asynchronous but its timers. */
export class MatchingEngine {
  readonly accounts = new Accounts();
  readonly #parts: EngineParts;
  readonly #ledger: Ledger;
  readonly #settlement: Settlement;
  readonly #matcher: Matcher;
  #orderCount = 0;

  constructor(parts: EngineParts) {
    const { fees, timeText, tell } = parts;
    this.#parts = parts;
    const { accounts } = this;
    this.#ledger = new Ledger({ accounts, timeText, tell });
    this.#settlement = new Settlement({ accounts, ledger: this.#ledger, fees, timeText, tell });
    this.#matcher = new Matcher({ settlement: this.#settlement, timeText, tell });
  }

  /** Throws RangeError for a number that is none. */
  place(given: EngineOrderRequest, validateOnly: boolean): EngineAnswer {
    const listing = this.#findListing(given.symbol);
    if (!listing) return refuse('symbol-unknown');
    const request = normalize(given);
    const malformed = checkForm(request, listing.instrument);
    if (malformed) return refuse(malformed);
    const { size, isShort } = this.#sizeOf(request, listing);
    const parts = { size, time: this.#parts.timeText() };
    const draft = createLiveOrder(request, { ...parts, orderId: '', isShort });
    const refusal = this.#checkAdmission(draft, listing);
    if (refusal) return refuse(refusal);
    if (validateOnly) return { ok: true, order: describeOrder(draft) };
    this.#orderCount += 1;
    const order = { ...draft, orderId: `O${this.#orderCount}` };
    this.accounts.find(request.account).add(order);
    this.#parts.tell({ type: 'order.accepted', order: describeOrder(order) });
    if (isTriggered(request)) this.#await(order, listing);
    else this.#matcher.execute(order, listing, 'order.opened');
    this.#armExpiry(order, listing);
    this.#wake(listing);
    return { ok: true, order: describeOrder(order) };
  }

  amend(name: string, target: EngineTarget, change: EngineChange): EngineAnswer {
    const found = this.#findLive(name, target);
    if (!found) return refuse('order-unknown');
    const { order, listing } = found;
    const { timeText, tell } = this.#parts;
    const refusal = amendOrder(order, change, {
      listing,
      timeText,
      tell,
      settlement: this.#settlement,
      matcher: this.#matcher,
      account: this.accounts.find(name),
    });
    if (refusal) return refuse(refusal);
    this.#wake(listing);
    return { ok: true, order: describeOrder(order) };
  }

  cancel(name: string, target: EngineTarget): EngineAnswer {
    const found = this.#findLive(name, target);
    if (!found) return refuse('order-unknown');
    this.#cancel(found.order, found.listing, 'user');
    return { ok: true, order: describeOrder(found.order) };
  }

  cancelAll(name: string, because: EndReason): number {
    const { live } = this.accounts.find(name);
    for (const order of live) {
      const listing = this.#findListing(order.request.symbol);
      if (listing) this.#cancel(order, listing, because);
    }
    return live.length;
  }

  /** One switch for each account; 0 calls it off. */
  cancelAllAfter(name: string, timeoutMs: number): void {
    const account = this.accounts.open(name);
    account.cancelSwitch?.();
    account.cancelSwitch = undefined;
    if (timeoutMs <= 0) return;
    account.cancelSwitch = this.#parts.timers.after(timeoutMs, () => {
      account.cancelSwitch = undefined;
      this.#parts.run(() => void this.cancelAll(name, 'timer'));
    });
  }

  transfer(name: string, asset: string, amount: string): void {
    this.#ledger.transfer(name, asset, toShortest(amount));
  }

  applyBook(line: MarketLine, change: Omit<MarketBookChange, 'type' | 'symbol'>): void {
    applyBackgroundBook(line, change, this.#settlement);
    this.#wakeLine(line);
  }

  applyTrades(line: MarketLine, trades: readonly MarketTrade[]): void {
    applyBackgroundTrades(line, trades, this.#settlement);
    this.#wakeLine(line);
  }

  /** Ends every timer. */
  close(): void {
    for (const account of this.accounts.all()) {
      account.cancelSwitch?.();
      account.cancelSwitch = undefined;
      for (const order of account.live) order.cancelTimer();
    }
  }

  #findListing(symbol: string): Listing | undefined {
    return this.#parts.findLine(symbol)?.listing;
  }

  #findLive(name: string, target: EngineTarget) {
    const order = this.accounts.find(name).findLive(target);
    const listing = order && this.#findListing(order.request.symbol);
    return order && listing && { order, listing };
  }

  #checkAdmission(order: LiveOrder, listing: Listing): EngineRefusal | undefined {
    const { maxOpenOrders, clock } = this.#parts;
    const account = this.accounts.find(order.request.account);
    const shared = { account, listing, settlement: this.#settlement };
    return checkAdmission(order, { ...shared, maxOpenOrders, nowMs: clock.nowMs() });
  }

  /** A market buy for so much money is one of the size that this buys now. */
  #sizeOf(request: EngineOrderRequest, { line, instrument }: Listing): Sized {
    const { size, value = '0' } = request;
    if (size !== undefined) return { size, isShort: false };
    const plan = planValue(listShares(line.book, request), value, stepOf(instrument));
    return { size: plan.size, isShort: !plan.isSpent };
  }

  #await(order: LiveOrder, listing: Listing): void {
    order.status = 'untriggered';
    this.#settlement.holdBack(order, listing);
    listing.line.triggers.add(order, listing.line.lastPrice);
    this.#parts.tell({ type: 'order.opened', order: describeOrder(order) });
  }

  #armExpiry(order: LiveOrder, listing: Listing): void {
    if (!isLive(order)) return;
    const { clock, timers, run } = this.#parts;
    order.cancelTimer = armExpiry(order.request, { clock, timers }, () => {
      const end = { status: 'expired', because: 'timer' } as const;
      if (isLive(order)) run(() => this.#settlement.end(order, listing, end));
    });
  }

  #cancel(order: LiveOrder, listing: Listing, because: EndReason): void {
    this.#settlement.end(order, listing, { status: 'canceled', because });
  }

  #wakeLine(line: MarketLine): void {
    const { listing } = line;
    if (listing) this.#wake(listing);
  }

  /** Orders whose trigger was seen, and those whose triggers these make seen in turn. */
  #wake(listing: Listing): void {
    const { triggers } = listing.line;
    for (let order = triggers.takeDue(); order; order = triggers.takeDue()) {
      this.#matcher.execute(order, listing, 'order.triggered');
    }
  }
}

function refuse(refusal: EngineRefusal): EngineAnswer {
  return { ok: false, refusal };
}
