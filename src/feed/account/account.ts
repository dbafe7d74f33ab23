import type {
  AccountPart,
  BalanceReport,
  FillPatch,
  FillReport,
  OrderPatch,
  PositionReport,
} from '../../model/account.js';
import type { EventBase } from '../../model/event.js';
import type {
  BalancesMessage,
  FillsMessage,
  OrdersMessage,
  PositionsMessage,
} from '../../model/message.js';
import type { ChannelRule } from '../../model/venue.js';
import type { FeedTools } from '../feed-tools.js';
import type { AccountSource } from './account-source.js';
import { createFillDeriver, type FillDeriver, type OrderStep } from './derive-fill.js';
import { createFillStore, type FillStore } from './fill-store.js';
import { createOrderStore, type OrderStore } from './order-store.js';
import {
  BALANCE_MANNER,
  createReportStore,
  POSITION_MANNER,
  type ReportStore,
} from './report-store.js';

/** Messages that tell of the account. */
export type AccountMessage = OrdersMessage | FillsMessage | BalancesMessage | PositionsMessage;

const SNAPSHOT_OF: Readonly<Record<AccountPart, AccountMessage['type']>> = {
  orders: 'orders.snapshot',
  fills: 'fills.snapshot',
  balances: 'balances.snapshot',
  positions: 'positions.snapshot',
};

/** Whether with this message all of the channel's snapshot is there. */
export function isWholeSnapshot(message: AccountMessage, rule: ChannelRule): boolean {
  const [first] = rule.supplies ?? [];
  return first !== undefined && message.complete && message.type === SNAPSHOT_OF[first];
}

/** When and where a message of the account came. */
export interface AccountArrival {
  readonly session: string;
  readonly venueAtMs: number;
  readonly receivedAtMs: number;
}

/** Who tells of a channel: one source, or one for each symbol that it was asked for with. */
export interface AccountSources {
  readonly first: AccountSource;
  /** The one that follows a symbol; the first where none of them does. */
  of(symbol: string): AccountSource;
}

/** How a message came that tells of an order. */
interface OrderArrival {
  readonly snapshot: boolean;
  readonly sources: AccountSources;
  readonly arrival: AccountArrival;
}

/** What an account is kept with. */
export interface AccountTools extends Pick<
  FeedTools,
  'venue' | 'limits' | 'emit' | 'orderLimiter'
> {
  /** Every channel of the feed that tells of the account. */
  listSources(): Iterable<AccountSource>;
}

/**
 * What one feed knows of the account, merged from all that the venue says of it. Everything is
 * told once: an order for each state, a fill for each id, whatever comes twice or again.
 */
export class Account {
  readonly orders: OrderStore;
  readonly fills: FillStore;
  readonly balances: ReportStore<BalanceReport>;
  readonly positions: ReportStore<PositionReport>;
  readonly #tools: AccountTools;
  readonly #maxReports: number;
  readonly #deriver: FillDeriver;
  /** Keys of sources that were whole once. */
  readonly #wholeKeys = new Set<string>();
  /** Lists of fills of which the end has not come yet. */
  readonly #listParts = new WeakMap<AccountSource, readonly FillReport[]>();

  constructor(tools: AccountTools) {
    const { maxRememberedReports: max } = tools.limits;
    this.#tools = tools;
    this.#maxReports = max;
    this.#deriver = createFillDeriver(max);
    this.orders = createOrderStore(max);
    this.fills = createFillStore(max);
    this.balances = createReportStore(BALANCE_MANNER, max);
    this.positions = createReportStore(POSITION_MANNER, max);
  }

  /** The channels that tell a part. */
  sourcesOf(part: AccountPart): readonly AccountSource[] {
    return [...this.#tools.listSources()].filter((source) => source.parts.includes(part));
  }

  /** Something was lost that this source would have told: it may have been the end of anything. */
  doubt(source: AccountSource): void {
    const { parts } = source;
    this.#listParts.delete(source);
    if (parts.includes('orders')) this.orders.doubt();
    if (parts.includes('balances')) this.balances.doubt();
    if (parts.includes('positions')) this.positions.doubt();
  }

  wasWhole({ key }: AccountSource): boolean {
    return this.#wholeKeys.has(key);
  }

  noteWhole({ key }: AccountSource): void {
    this.#wholeKeys.add(key);
  }

  /**
   * Nobody follows the source any more. What it told may end unheard until somebody does again; of
   * one symbol among others nothing is kept, because the others go on and are current.
   */
  leave(source: AccountSource): void {
    const { symbol, rule } = source;
    if (symbol === undefined) return this.doubt(source);
    const { symbols } = this.#tools.venue;
    const isLeft = (one: { readonly symbol: string }): boolean =>
      symbols.canonical(one.symbol, rule.name) === symbol;
    this.#wholeKeys.delete(source.key);
    if (source.parts.includes('orders')) this.orders.forget(isLeft);
    if (source.parts.includes('positions')) this.positions.forget(isLeft);
  }

  /**
   * Takes a message in and tells what is news. False where it tells a part of something of which
   * nothing is known: something was missed.
   */
  take(message: AccountMessage, sources: AccountSources, arrival: AccountArrival): boolean {
    switch (message.type) {
      case 'orders.snapshot':
      case 'orders.update':
        return this.#takeOrders(message, sources, arrival);
      case 'fills.snapshot':
      case 'fills.update':
        return this.#takeFills(message, sources.first, arrival);
      case 'balances.snapshot':
      case 'balances.update':
        this.#takeBalances(message, arrival);
        return true;
      case 'positions.snapshot':
      case 'positions.update':
        this.#takePositions(message, arrival);
        return true;
    }
  }

  /** A whole, trustworthy snapshot was taken in: what was there and it passed over has ended. */
  settle({ parts, rule, isLive, wasLive }: AccountSource, arrival: AccountArrival): void {
    const { session } = arrival;
    const isTold = (part: AccountPart): boolean => parts.includes(part);
    const vanished = isTold('orders') ? this.orders.settle() : [];
    for (const order of vanished) {
      const base = this.#base(order.symbol, arrival);
      this.#tools.emit({ ...base, type: 'order.vanished', session, order });
    }
    if (rule.derivesFills === true && wasLive && !isLive) {
      const detail =
        `The venue tells no fills of its own: those of ${vanished.length} orders that ended ` +
        'unheard, and of orders that came and ended meanwhile, are not known here. Ask its REST ' +
        'interface.';
      this.#tools.emit({ ...this.#base('', arrival), type: 'fills.gapped', session, detail });
    }
    for (const gone of isTold('balances') ? this.balances.settle() : []) {
      this.#tellBalance({ ...gone, total: '0' }, true, arrival);
    }
    for (const gone of isTold('positions') ? this.positions.settle() : []) {
      this.#tellPosition({ ...gone, size: '0' }, true, arrival);
    }
  }

  #takeOrders(message: OrdersMessage, sources: AccountSources, arrival: AccountArrival): boolean {
    const snapshot = message.type === 'orders.snapshot';
    let isWhole = true;
    for (const patch of message.orders) {
      if (!this.#takeOrder(patch, { snapshot, sources, arrival })) isWhole = false;
    }
    return isWhole;
  }

  #takeOrder(patch: OrderPatch, context: OrderArrival): boolean {
    const { snapshot, sources, arrival } = context;
    const noted = this.orders.note(patch, snapshot);
    if (noted.kind === 'unknown') return false;
    const { order, before } = noted;
    const source = sources.of(order.symbol);
    this.#tools.orderLimiter?.noteReport(order.symbol, patch.venueFields);
    if (noted.kind === 'changed') {
      const recovered = source.wasLive && !source.isLive;
      const base = this.#base(order.symbol, arrival);
      this.#tools.emit({ ...base, type: 'order.changed', order, snapshot, recovered });
    }
    if (source.rule.derivesFills === true) this.#deriveFill({ before, order }, context);
    return true;
  }

  /** What the first list says of an order is history, unless sums of it were told before. */
  #deriveFill(step: OrderStep, { snapshot, sources, arrival }: OrderArrival): void {
    const { order } = step;
    const source = sources.of(order.symbol);
    const isFirstList = snapshot && !source.wasLive;
    if (isFirstList && !this.#deriver.knows(order.orderId)) {
      return this.#deriver.noteHistory(order);
    }
    const fill = this.#deriver.derive(step);
    const recovered = isFirstList || (source.wasLive && !source.isLive);
    if (fill) this.#printFill(fill, recovered, arrival);
  }

  #takeFills(message: FillsMessage, source: AccountSource, arrival: AccountArrival): boolean {
    const fills = message.fills.flatMap((patch) => this.#completeFill(patch) ?? []);
    if (message.type === 'fills.snapshot') {
      // A part of a list says nothing of whether it reaches back to what is known.
      const list = [...fills, ...(this.#listParts.get(source) ?? [])].slice(0, this.#maxReports);
      this.#listParts.set(source, message.complete ? [] : list);
      if (message.complete) this.#takeFillList(list, source, arrival);
    } else {
      const recovered = source.wasLive && !source.isLive;
      for (const fill of fills) this.#printFill(fill, recovered, arrival);
    }
    return fills.length === message.fills.length;
  }

  /** The latest fills: history the first time, and afterwards what was missed. */
  #takeFillList(
    fills: readonly FillReport[],
    source: AccountSource,
    arrival: AccountArrival,
  ): void {
    if (!source.wasLive) {
      const fresh = fills.filter((fill) => this.fills.note(fill));
      const base = this.#base('', arrival);
      this.#tools.emit({ ...base, type: 'fills.listed', fills: fresh });
      return;
    }
    const { latestFills } = source.rule;
    const isBridged = fills.some(({ fillId }) => this.fills.has(fillId));
    const isFull = fills.length >= (latestFills ?? 1);
    // Without a limit a list is whole where nothing was ever filled before.
    const canMiss = latestFills !== undefined || this.fills.size > 0;
    if (isFull && canMiss && !isBridged) {
      const { session } = arrival;
      const detail =
        `None of the ${fills.length} latest fills was known before: there may have been more. ` +
        "Ask the venue's REST interface for the whole list.";
      this.#tools.emit({ ...this.#base('', arrival), type: 'fills.gapped', session, detail });
    }
    for (const fill of fills) this.#printFill(fill, true, arrival);
  }

  #printFill(fill: FillReport, recovered: boolean, arrival: AccountArrival): void {
    if (this.fills.note(fill)) {
      const base = this.#base(fill.symbol, arrival);
      this.#tools.emit({ ...base, type: 'fill.printed', fill, recovered });
    }
  }

  /** What the wire leaves out of a fill is known from its order. */
  #completeFill(patch: FillPatch): FillReport | undefined {
    const order = this.orders.get(patch.orderId);
    const symbol = patch.symbol ?? order?.symbol;
    const side = patch.side ?? order?.side;
    if (symbol === undefined || side === undefined) return undefined;
    const clientOrderId = patch.clientOrderId ?? order?.clientOrderId;
    const named = clientOrderId === undefined ? {} : { clientOrderId };
    return { ...patch, ...named, symbol, side, derived: false };
  }

  #takeBalances(message: BalancesMessage, arrival: AccountArrival): void {
    const snapshot = message.type === 'balances.snapshot';
    for (const balance of message.balances) {
      if (this.balances.note(balance)) this.#tellBalance(balance, snapshot, arrival);
    }
  }

  #tellBalance(balance: BalanceReport, snapshot: boolean, arrival: AccountArrival): void {
    const base = this.#base('', arrival);
    this.#tools.emit({ ...base, type: 'balance.changed', balance, snapshot });
  }

  #takePositions(message: PositionsMessage, arrival: AccountArrival): void {
    const snapshot = message.type === 'positions.snapshot';
    for (const position of message.positions) {
      if (this.positions.note(position)) this.#tellPosition(position, snapshot, arrival);
    }
  }

  #tellPosition(position: PositionReport, snapshot: boolean, arrival: AccountArrival): void {
    const base = this.#base(position.symbol, arrival);
    this.#tools.emit({ ...base, type: 'position.changed', position, snapshot });
  }

  #base(symbol: string, { venueAtMs, receivedAtMs }: AccountArrival): EventBase {
    return { venue: this.#tools.venue.id, symbol, venueAtMs, receivedAtMs };
  }
}
