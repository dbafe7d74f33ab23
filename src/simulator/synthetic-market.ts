/** A small random market for those who have no recording: same seed, same market. */
import type { MarketChange, MarketListener, MarketSource } from '../model/exchange.js';
import type { CancelTimer, Clock, RandomSource, Timers } from '../model/runtime.js';
import { formatMicroseconds } from '../runtime/time-text.js';
import { createMarketState, type MarketState } from './market-state.js';
import { ProductLine } from './synthetic-line.js';
import type { SyntheticProduct } from './synthetic-products.js';

const CANDLE_SECONDS = 300;

/** What a synthetic market is made of. */
export interface SyntheticOptions {
  readonly products: readonly SyntheticProduct[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  /** One for each product, so that none has a part in what another does; `random` by default. */
  readonly randomFor?: ((symbol: string) => RandomSource) | undefined;
  /** How long a candle is; five minutes by default. */
  readonly candleSeconds?: number;
}

/** How much happens. */
export interface MarketPace {
  /** How often, as a factor; 0.01 to 100. */
  readonly rate: number;
  /** How wildly: 1 in quiet times, 20 at most. */
  readonly violence: number;
}

/** A synthetic market, which also takes orders for the account. */
export interface SyntheticMarket extends MarketSource {
  /** Applies a change and tells everyone. */
  tell(change: MarketChange): void;
  /** Changes how much happens, everywhere. */
  setPace(pace: MarketPace): void;
  /** The market jumps to this price, in units of its last decimal. */
  moveTo(symbol: string, bidUnits: number): void;
  /** Nothing happens any more, and the status is another one, until it is resumed. */
  halt(symbol: string, status: string): void;
  resume(symbol: string): void;
  /** A new product, with a book from the start; nothing where there is one of that name. */
  list(product: SyntheticProduct): void;
  product(symbol: string): SyntheticProduct | undefined;
  /** To be called when it closes. */
  onClose(end: () => void): void;
}

/** Makes the market and lets it run. */
export function createSyntheticMarket(options: SyntheticOptions): SyntheticMarket {
  return new Market(options);
}

interface Running {
  readonly product: SyntheticProduct;
  readonly line: ProductLine;
  readonly random: RandomSource;
  isHalted: boolean;
  cancel: CancelTimer;
}

class Market implements SyntheticMarket {
  readonly batched = false;
  readonly #options: SyntheticOptions;
  readonly #state: MarketState;
  readonly #listeners = new Set<MarketListener>();
  readonly #running = new Map<string, Running>();
  readonly #ends: (() => void)[] = [];
  #pace: MarketPace = { rate: 1, violence: 1 };

  constructor(options: SyntheticOptions) {
    this.#options = options;
    this.#state = createMarketState(options.products.map((one) => one.instrument));
    for (const product of options.products) {
      const running = this.#open(product);
      for (const change of running.line.history()) this.#state.apply(change);
      this.#arm(running);
    }
  }

  get instruments() {
    return this.#state.instruments;
  }

  time(): undefined {
    return undefined;
  }

  book(symbol: string) {
    return this.#state.book(symbol);
  }

  trades(symbol: string) {
    return this.#state.trades(symbol);
  }

  ticker(symbol: string) {
    return this.#state.ticker(symbol);
  }

  candles(symbol: string) {
    return this.#state.candles(symbol);
  }

  orders() {
    return this.#state.orders();
  }

  product(symbol: string): SyntheticProduct | undefined {
    return this.#running.get(symbol)?.product;
  }

  tell(change: MarketChange): void {
    this.#state.apply(change);
    for (const listener of this.#listeners) listener.onUpdate(change);
  }

  setPace(pace: MarketPace): void {
    this.#pace = pace;
    // What was due in an hour of the old pace would come long after the new one began.
    for (const running of this.#running.values()) {
      running.cancel();
      this.#arm(running);
    }
  }

  moveTo(symbol: string, bidUnits: number): void {
    const running = this.#running.get(symbol);
    for (const change of running?.line.moveTo(Math.max(1, bidUnits)) ?? []) this.tell(change);
  }

  halt(symbol: string, status: string): void {
    this.#setHalted(symbol, true, status);
  }

  resume(symbol: string): void {
    const status = this.#running.get(symbol)?.product.instrument.status;
    if (status !== undefined) this.#setHalted(symbol, false, status);
  }

  list(product: SyntheticProduct): void {
    if (this.#running.has(product.instrument.symbol)) return;
    const running = this.#open(product);
    this.tell({ type: 'instruments.changed', instruments: [product.instrument] });
    for (const change of running.line.history()) this.tell(change);
    this.#arm(running);
  }

  attach(listener: MarketListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onClose(end: () => void): void {
    this.#ends.push(end);
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
    for (const { cancel } of this.#running.values()) cancel();
    this.#running.clear();
  }

  #open(product: SyntheticProduct): Running {
    const { clock, randomFor, candleSeconds = CANDLE_SECONDS } = this.#options;
    const { symbol } = product.instrument;
    const random = randomFor?.(symbol) ?? this.#options.random;
    const nowMs = (): number => clock.nowMs();
    const tools = { random, eventTime: formatMicroseconds, nowMs, candleSeconds };
    const line = new ProductLine(product, tools);
    const running = { product, line, random, isHalted: false, cancel: () => undefined };
    this.#running.set(symbol, running);
    return running;
  }

  #arm(running: Running): void {
    const { product, line, random } = running;
    const { rate } = this.#pace;
    const delayMs = Math.max(1, (-Math.log(1 - random.fraction()) * product.everyMs) / rate);
    running.cancel = this.#options.timers.after(delayMs, () => {
      this.#arm(running);
      if (running.isHalted) return;
      for (const change of line.step(this.#pace.violence)) this.tell(change);
    });
  }

  #setHalted(symbol: string, isHalted: boolean, status: string): void {
    const running = this.#running.get(symbol);
    const instrument = this.instruments.find((one) => one.symbol === symbol);
    if (!running || !instrument || running.isHalted === isHalted) return;
    running.isHalted = isHalted;
    this.tell({ type: 'instruments.changed', instruments: [{ ...instrument, status }] });
  }
}
