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
import type { MarketLine } from './market-line.js';
import { Matcher } from './matcher.js';
import { checkForm, normalize, stepOf } from './order-check.js';
import { isTriggered } from './order-terms.js';
import { Settlement, type FeeRates, type Place } from './settlement.js';
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
  readonly #settlement: Settlement;
  readonly #matcher: Matcher;
  #orderCount = 0;

  constructor(parts: EngineParts) {
    const { fees, timeText, tell } = parts;
    this.#parts = parts;
    this.#settlement = new Settlement({ accounts: this.accounts, fees, timeText, tell });
    this.#matcher = new Matcher({ settlement: this.#settlement, timeText, tell });
  }

  /** Throws RangeError for a number that is none. */
  place(given: EngineOrderRequest, validateOnly: boolean): EngineAnswer {
    const place = this.#findPlace(given.symbol);
    if (!place) return refuse('symbol-unknown');
    const request = normalize(given);
    const malformed = checkForm(request, place.instrument);
    if (malformed) return refuse(malformed);
    const { size, isShort } = this.#sizeOf(request, place);
    const parts = { size, time: this.#parts.timeText() };
    const draft = createLiveOrder(request, { ...parts, orderId: '', isShort });
    const refusal = this.#checkAdmission(draft, place);
    if (refusal) return refuse(refusal);
    if (validateOnly) return { ok: true, order: describeOrder(draft) };
    this.#orderCount += 1;
    const order = { ...draft, orderId: `O${this.#orderCount}` };
    this.accounts.find(request.account).add(order);
    this.#parts.tell({ type: 'order.accepted', order: describeOrder(order) });
    if (isTriggered(request)) this.#await(order, place);
    else this.#matcher.execute(order, place, 'order.opened');
    this.#armExpiry(order, place);
    this.#wake(place);
    return { ok: true, order: describeOrder(order) };
  }

  amend(name: string, target: EngineTarget, change: EngineChange): EngineAnswer {
    const found = this.#findLive(name, target);
    if (!found) return refuse('order-unknown');
    const { order, place } = found;
    const { timeText, tell } = this.#parts;
    const refusal = amendOrder(order, change, {
      ...{ place, timeText, tell, settlement: this.#settlement, matcher: this.#matcher },
      account: this.accounts.find(name),
    });
    if (refusal) return refuse(refusal);
    this.#wake(place);
    return { ok: true, order: describeOrder(order) };
  }

  cancel(name: string, target: EngineTarget): EngineAnswer {
    const found = this.#findLive(name, target);
    if (!found) return refuse('order-unknown');
    this.#cancel(found.order, found.place, 'user');
    return { ok: true, order: describeOrder(found.order) };
  }

  cancelAll(name: string, because: EndReason): number {
    const { live } = this.accounts.find(name);
    for (const order of live) {
      const place = this.#findPlace(order.request.symbol);
      if (place) this.#cancel(order, place, because);
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
    this.#settlement.transfer(name, asset, toShortest(amount));
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

  #findPlace(symbol: string): Place | undefined {
    const line = this.#parts.findLine(symbol);
    return line?.instrument && { line, instrument: line.instrument };
  }

  #findLive(name: string, target: EngineTarget) {
    const order = this.accounts.find(name).findLive(target);
    const place = order && this.#findPlace(order.request.symbol);
    return order && place && { order, place };
  }

  #checkAdmission(order: LiveOrder, place: Place): EngineRefusal | undefined {
    const { maxOpenOrders, clock } = this.#parts;
    const account = this.accounts.find(order.request.account);
    const shared = { account, place, settlement: this.#settlement };
    return checkAdmission(order, { ...shared, maxOpenOrders, nowMs: clock.nowMs() });
  }

  /** A market buy for so much money is one of the size that this buys now. */
  #sizeOf(request: EngineOrderRequest, { line, instrument }: Place): Sized {
    const { size, value = '0' } = request;
    if (size !== undefined) return { size, isShort: false };
    const plan = planValue(listShares(line.book, request), value, stepOf(instrument));
    return { size: plan.size, isShort: !plan.isSpent };
  }

  #await(order: LiveOrder, place: Place): void {
    order.status = 'untriggered';
    this.#settlement.holdBack(order, place);
    place.line.triggers.add(order, place.line.lastPrice);
    this.#parts.tell({ type: 'order.opened', order: describeOrder(order) });
  }

  #armExpiry(order: LiveOrder, place: Place): void {
    if (!isLive(order)) return;
    const { clock, timers, run } = this.#parts;
    order.cancelTimer = armExpiry(order.request, { clock, timers }, () => {
      const end = { status: 'expired', because: 'timer' } as const;
      if (isLive(order)) run(() => this.#settlement.end(order, place, end));
    });
  }

  #cancel(order: LiveOrder, place: Place, because: EndReason): void {
    this.#settlement.end(order, place, { status: 'canceled', because });
  }

  #wakeLine(line: MarketLine): void {
    const { instrument } = line;
    if (instrument) this.#wake({ line, instrument });
  }

  /** Orders whose trigger was seen, and those whose triggers these make seen in turn. */
  #wake(place: Place): void {
    const { triggers } = place.line;
    for (let order = triggers.takeDue(); order; order = triggers.takeDue()) {
      this.#matcher.execute(order, place, 'order.triggered');
    }
  }
}

function refuse(refusal: EngineRefusal): EngineAnswer {
  return { ok: false, refusal };
}
