import { compareDecimals } from '../../book/decimal-arithmetic.js';
import type {
  MarketDemand,
  MarketListener,
  MarketSource,
  MarketUpdate,
} from '../../model/exchange.js';
import type {
  EngineAnswer,
  EngineChange,
  EngineEvent,
  EngineOrderRequest,
  EngineTarget,
  MatchingMarket,
} from '../../model/matching.js';
import type { Clock, Timers } from '../../model/runtime.js';
import { formatMicroseconds } from '../../runtime/time-text.js';
import { MatchingEngine } from './engine.js';
import { describeOrder } from './live-order.js';
import { MarketLine, type ChangeCause, type DueUpdate } from './market-line.js';
import { Outlet } from './outlet.js';

/** What a market with an engine is made of. */
export interface MatchingOptions {
  /** The liquidity of others; not a recording, whose frames cannot be changed. */
  readonly source: MarketSource;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Shares of the value of a fill, as decimals; 0.25 % and 0.4 % by default. */
  readonly fees?: { readonly maker: string; readonly taker: string };
  /** Open orders of one account; 1,000 by default. */
  readonly maxOpenOrders?: number;
  /** How long a candle of the source is; by default what its first candles say. */
  readonly candleSeconds?: number;
}

const FEES = { maker: '0.0025', taker: '0.004' } as const;
const OPEN_ORDERS_MAX = 1_000;

/**
 * A market that takes orders, over one that does not. Orders of accounts and the background's sizes
 * stand in one book, at each price in the order in which they came. What accounts take of the
 * background is gone until the background says anything new of that level; then the level is what
 * it says. Throws TypeError for a recording, RangeError for fees that are no shares.
 */
export function createMatchingMarket(options: MatchingOptions): MatchingMarket {
  const { source, fees = FEES, maxOpenOrders = OPEN_ORDERS_MAX } = options;
  if (source.batched) throw new TypeError('A recording cannot be traded on.');
  for (const [name, rate] of Object.entries(fees)) {
    const isShare = compareDecimals(rate, '0') >= 0 && compareDecimals(rate, '1') < 0;
    if (!isShare) throw new RangeError(`The ${name} fee should be from 0 to below 1.`);
  }
  return new Market({ ...options, fees, maxOpenOrders });
}

type MarketOptions = MatchingOptions & Required<Pick<MatchingOptions, 'fees' | 'maxOpenOrders'>>;

/** An update on its way out; `line` and its lists where it changes what can be read. */
interface Outgoing {
  readonly update: MarketUpdate;
  readonly due?: { readonly line: MarketLine; readonly lists: DueUpdate };
}

class Market implements MatchingMarket {
  readonly batched = false;
  readonly #options: MarketOptions;
  readonly #lines = new Map<string, MarketLine>();
  readonly #engine: MatchingEngine;
  readonly #events = new Outlet<EngineEvent>();
  readonly #updates = new Outlet<MarketUpdate>();
  readonly #listeners = new Set<MarketListener>();
  readonly #outgoing: Outgoing[] = [];
  readonly #detach: () => void;
  #isClosed = false;

  constructor(options: MarketOptions) {
    const { source, clock, timers, fees, maxOpenOrders } = options;
    this.#options = options;
    for (const { symbol } of source.instruments) this.#openLine(symbol, true);
    this.#engine = new MatchingEngine({
      clock,
      timers,
      fees,
      maxOpenOrders,
      timeText: () => this.#timeText(),
      findLine: (symbol) => this.#lines.get(symbol),
      tell: (event) => this.#events.push(event),
      run: (action) => this.#run('account', action),
    });
    this.#detach = source.attach({
      onUpdate: (update) => this.#onUpdate(update),
      pendingBytes: () =>
        [...this.#listeners].reduce((sum, listener) => sum + listener.pendingBytes(), 0),
    });
  }

  get instruments() {
    return this.#options.source.instruments;
  }

  time(): string | undefined {
    return this.#options.source.time();
  }

  book(symbol: string) {
    return this.#lines.get(symbol)?.published.book;
  }

  trades(symbol: string) {
    return this.#lines.get(symbol)?.published.trades ?? [];
  }

  ticker(symbol: string) {
    return this.#lines.get(symbol)?.published.ticker;
  }

  candles(symbol: string) {
    return this.#lines.get(symbol)?.published.candles ?? [];
  }

  orders() {
    return this.#options.source.orders();
  }

  attach(listener: MarketListener): () => void {
    this.#listeners.add(listener);
    const end = this.#updates.add((update) => listener.onUpdate(update));
    return () => {
      end();
      this.#listeners.delete(listener);
    };
  }

  onDemand(demand: MarketDemand): void {
    this.#options.source.onDemand?.(demand);
  }

  place(
    request: EngineOrderRequest,
    { validateOnly = false }: { readonly validateOnly?: boolean } = {},
  ): EngineAnswer {
    if (this.#isClosed) return { ok: false, refusal: 'market-closed' };
    return this.#run('account', () => this.#engine.place(request, validateOnly));
  }

  amend(account: string, target: EngineTarget, change: EngineChange): EngineAnswer {
    if (this.#isClosed) return { ok: false, refusal: 'market-closed' };
    return this.#run('account', () => this.#engine.amend(account, target, change));
  }

  cancel(account: string, target: EngineTarget): EngineAnswer {
    return this.#run('account', () => this.#engine.cancel(account, target));
  }

  cancelAll(account: string): number {
    return this.#run('account', () => this.#engine.cancelAll(account, 'user'));
  }

  cancelAllAfter(account: string, timeoutMs: number): void {
    if (!this.#isClosed) this.#engine.cancelAllAfter(account, timeoutMs);
  }

  findOrder(account: string, target: EngineTarget) {
    return this.#engine.accounts.find(account).find(target);
  }

  openOrders(account: string) {
    return this.#engine.accounts.find(account).live.map(describeOrder);
  }

  fills(account: string) {
    return this.#engine.accounts.find(account).fills;
  }

  balances(account: string) {
    return this.#engine.accounts.find(account).holdings.list();
  }

  /** Throws RangeError for a withdrawal of more than is available. */
  deposit(account: string, asset: string, amount: string): void {
    this.#run('account', () => this.#engine.transfer(account, asset, amount));
  }

  onEngineEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#events.add(listener);
  }

  /** The source ends with it, which nobody else listens to. */
  close(): void {
    this.#isClosed = true;
    this.#detach();
    this.#engine.close();
    this.#options.source.close();
  }

  #openLine(symbol: string, isSeeded: boolean): MarketLine {
    const known = this.#lines.get(symbol);
    if (known) return known;
    const { source, clock, candleSeconds } = this.#options;
    const nowMs = (): number => clock.nowMs();
    const line = new MarketLine({ symbol, source, isSeeded, candleSeconds, nowMs });
    this.#lines.set(symbol, line);
    return line;
  }

  #timeText(): string {
    const { source, clock } = this.#options;
    const present = source.time();
    if (present !== undefined) return present;
    return formatMicroseconds(clock.nowMs());
  }

  /** First everything happens, then its events are told, then what it did to the market. */
  #run<Answer>(cause: ChangeCause, action: () => Answer): Answer {
    const answer = action();
    const time = this.#timeText();
    for (const line of this.#lines.values()) {
      for (const lists of line.takeUpdates(time, cause)) {
        this.#outgoing.push({ update: lists.change, due: { line, lists } });
      }
    }
    this.#deliver();
    return answer;
  }

  #deliver(): void {
    this.#events.flush();
    for (let next = this.#outgoing.shift(); next; next = this.#outgoing.shift()) {
      const { update, due } = next;
      if (due) due.line.published.apply(due.lists.change, due.lists);
      this.#updates.push(update);
      this.#updates.flush();
    }
  }

  #onUpdate(update: MarketUpdate): void {
    switch (update.type) {
      case 'book.changed': {
        const line = this.#openLine(update.symbol, false);
        return this.#run('background', () => this.#engine.applyBook(line, update));
      }
      case 'trades.printed': {
        const line = this.#openLine(update.symbol, false);
        return this.#run('background', () => this.#engine.applyTrades(line, update.trades));
      }
      case 'ticker.changed':
        this.#openLine(update.symbol, false).isTickerDue = true;
        return this.#run('background', () => undefined);
      case 'candles.changed':
        this.#openLine(update.symbol, false).applyCandles(update.candles);
        return this.#run('background', () => undefined);
      case 'instruments.changed':
        for (const instrument of this.instruments) {
          this.#openLine(instrument.symbol, false).instrument = instrument;
        }
        return this.#pass(update);
      case 'orders.changed':
      case 'heartbeat.due':
      case 'frame.recorded':
        return this.#pass(update);
    }
  }

  #pass(update: MarketUpdate): void {
    this.#outgoing.push({ update });
    this.#deliver();
  }
}
