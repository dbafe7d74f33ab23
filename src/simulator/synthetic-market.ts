/** A small random market for those who have no recording: same seed, same market. */
import type { MarketChange, MarketListener, MarketSource } from '../model/exchange.js';
import type { CancelTimer, Clock, RandomSource, Timers } from '../model/runtime.js';
import { formatMicroseconds } from '../runtime/time-text.js';
import { createMarketState } from './market-state.js';
import { ProductLine } from './synthetic-line.js';
import type { SyntheticProduct } from './synthetic-products.js';

const CANDLE_SECONDS = 300;

/** What a synthetic market is made of. */
export interface SyntheticOptions {
  readonly products: readonly SyntheticProduct[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  /** How long a candle is; five minutes by default. */
  readonly candleSeconds?: number;
}

/** A synthetic market, which also takes orders for the account. */
export interface SyntheticMarket extends MarketSource {
  /** Applies a change and tells everyone. */
  tell(change: MarketChange): void;
}

/** Makes the market and lets it run. */
export function createSyntheticMarket(options: SyntheticOptions): SyntheticMarket {
  const { clock, timers, random, products, candleSeconds = CANDLE_SECONDS } = options;
  const state = createMarketState(products.map((one) => one.instrument));
  const listeners = new Set<MarketListener>();
  const cancels = new Map<string, CancelTimer>();

  const tell = (change: MarketChange): void => {
    state.apply(change);
    for (const listener of listeners) listener.onUpdate(change);
  };

  for (const product of products) {
    const nowMs = (): number => clock.nowMs();
    const line = new ProductLine(product, {
      random,
      eventTime: formatMicroseconds,
      nowMs,
      candleSeconds,
    });
    line.history().forEach((change) => state.apply(change));
    const arm = (): void => {
      const delayMs = Math.max(1, -Math.log(1 - random.fraction()) * product.everyMs);
      const run = (): void => {
        arm();
        line.step().forEach(tell);
      };
      cancels.set(product.instrument.symbol, timers.after(delayMs, run));
    };
    arm();
  }

  return {
    get instruments() {
      return state.instruments;
    },
    batched: false,
    time: () => undefined,
    book: (symbol) => state.book(symbol),
    trades: (symbol) => state.trades(symbol),
    ticker: (symbol) => state.ticker(symbol),
    candles: (symbol) => state.candles(symbol),
    orders: () => state.orders(),
    tell,
    attach(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
  };
}
