import type { MarketListener, MarketSource, MarketUpdate } from '../../model/exchange.js';
import type {
  EngineAnswer,
  EngineChange,
  EngineEvent,
  EngineOrderRequest,
  EngineTarget,
  MatchingMarket,
} from '../../model/matching.js';
import type { CancelTimer, Clock, Timers } from '../../model/runtime.js';
import { formatNanoseconds, millisecondsToNanoseconds } from '../../runtime/time-text.js';
import { MatchingEngine } from './engine.js';
import { MarketLine } from './market-line.js';

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
}

const FEES = { maker: '0.0025', taker: '0.004' } as const;
const OPEN_ORDERS_MAX = 1_000;
const MICROSECOND = 1_000n;

/**
 * A market that takes orders, over one that does not. Orders of accounts stand in the same book as
 * the background's, behind it at the same price. What an account takes of the background is gone
 * until the background says something new of that level. A trade of the background first takes what
 * the background itself gave up there; then it takes orders of accounts that stand at its price or
 * better. A background level that would cross an order takes it. Candles are the background's.
 */
export function createMatchingMarket(options: MatchingOptions): MatchingMarket {
  return new Market(options);
}

class Market implements MatchingMarket {
  readonly batched = false;
  readonly #source: MarketSource;
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #lines: ReadonlyMap<string, MarketLine>;
  readonly #engine: MatchingEngine;
  readonly #listeners = new Set<MarketListener>();
  readonly #engineListeners = new Set<(event: EngineEvent) => void>();
  readonly #switches = new Map<string, CancelTimer>();
  readonly #detach: () => void;

  constructor(options: MatchingOptions) {
    const { source, clock, timers, fees = FEES, maxOpenOrders = OPEN_ORDERS_MAX } = options;
    this.#source = source;
    this.#timers = timers;
    this.#clock = clock;
    this.#lines = new Map(
      source.instruments.map(({ symbol }) => [symbol, new MarketLine(symbol, source)]),
    );
    this.#engine = new MatchingEngine({
      ...{ clock, timers, fees, maxOpenOrders },
      now: () => this.#now(),
      findLine: (symbol) => this.#lines.get(symbol),
      findInstrument: (symbol) => source.instruments.find((one) => one.symbol === symbol),
      tell: (event) => {
        for (const listener of this.#engineListeners) listener(event);
      },
      onTimer: () => this.#publish(),
    });
    this.#detach = source.attach({
      onUpdate: (update) => this.#onUpdate(update),
      pendingBytes: () =>
        [...this.#listeners].reduce((sum, listener) => sum + listener.pendingBytes(), 0),
    });
  }

  get instruments() {
    return this.#source.instruments;
  }

  time(): string | undefined {
    return this.#source.time();
  }

  book(symbol: string) {
    return this.#lines.get(symbol)?.book();
  }

  trades(symbol: string) {
    return this.#lines.get(symbol)?.trades ?? [];
  }

  ticker(symbol: string) {
    return this.#lines.get(symbol)?.ticker();
  }

  candles(symbol: string) {
    return this.#source.candles(symbol);
  }

  orders() {
    return this.#source.orders();
  }

  attach(listener: MarketListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  place(request: EngineOrderRequest, options: { readonly validateOnly?: boolean } = {}) {
    return this.#run(() => this.#engine.place(request, options.validateOnly ?? false));
  }

  amend(account: string, target: EngineTarget, change: EngineChange): EngineAnswer {
    return this.#run(() => this.#engine.amend(account, target, change));
  }

  cancel(account: string, target: EngineTarget): EngineAnswer {
    return this.#run(() => this.#engine.cancel(account, target));
  }

  cancelAll(account: string): number {
    return this.#run(() => this.#engine.cancelAll(account));
  }

  cancelAllAfter(account: string, timeoutMs: number): void {
    this.#switches.get(account)?.();
    this.#switches.delete(account);
    if (timeoutMs <= 0) return;
    const cancel = this.#timers.after(timeoutMs, () => {
      this.#switches.delete(account);
      this.cancelAll(account);
    });
    this.#switches.set(account, cancel);
  }

  findOrder(account: string, target: EngineTarget) {
    return this.#engine.findOrder(account, target);
  }

  openOrders(account: string) {
    return this.#engine.openOrders(account);
  }

  fills(account: string) {
    return this.#engine.fills(account);
  }

  balances(account: string) {
    return this.#engine.balances(account);
  }

  deposit(account: string, asset: string, amount: string): void {
    this.#engine.deposit(account, asset, amount);
  }

  onEngineEvent(listener: (event: EngineEvent) => void): () => void {
    this.#engineListeners.add(listener);
    return () => void this.#engineListeners.delete(listener);
  }

  close(): void {
    this.#detach();
    for (const cancel of this.#switches.values()) cancel();
    this.#switches.clear();
    this.#engine.close();
    this.#source.close();
  }

  #now(): string {
    const nanoseconds = millisecondsToNanoseconds(this.#clock.nowMs());
    return formatNanoseconds(nanoseconds - (nanoseconds % MICROSECOND));
  }

  /** Events of a call are told while it runs, what it did to the market afterwards. */
  #run<Answer>(call: () => Answer): Answer {
    const answer = call();
    this.#publish();
    return answer;
  }

  #publish(): void {
    const time = this.#now();
    for (const line of this.#lines.values()) {
      const changes = line.takeChanges(time);
      const ticker = changes.length > 0 ? line.ticker() : undefined;
      for (const change of changes) this.#tell(change);
      if (ticker) this.#tell({ type: 'ticker.changed', symbol: line.symbol, ticker });
    }
  }

  #tell(update: MarketUpdate): void {
    for (const listener of this.#listeners) listener.onUpdate(update);
  }

  #onUpdate(update: MarketUpdate): void {
    switch (update.type) {
      case 'book.changed':
        this.#engine.applyBook(update);
        return this.#publish();
      case 'trades.printed':
        this.#engine.applyTrades(update);
        return this.#publish();
      case 'ticker.changed': {
        const ticker = this.ticker(update.symbol) ?? update.ticker;
        return this.#tell({ ...update, ticker });
      }
      case 'candles.changed':
      case 'instruments.changed':
      case 'orders.changed':
      case 'heartbeat.due':
      case 'frame.recorded':
        return this.#tell(update);
    }
  }
}
