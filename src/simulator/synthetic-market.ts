/** A small random market for those who have no recording: same seed, same market. */
import { formatUnits } from '../book/decimal.js';
import type {
  MarketCandle,
  MarketChange,
  MarketLevel,
  MarketListener,
  MarketSource,
  MarketTrade,
} from '../model/exchange.js';
import type { Ticker } from '../model/market.js';
import type { CancelTimer, Clock, RandomSource, Timers } from '../model/runtime.js';
import { formatNanoseconds, millisecondsToNanoseconds } from '../runtime/time-text.js';
import { createMarketState } from './market-state.js';
import { createSyntheticBook, type Step, type UnitLevel } from './synthetic-book.js';
import type { SyntheticProduct } from './synthetic-products.js';

const CANDLE_SECONDS = 300;
const HISTORY = 100;
const MICROSECOND = 1_000n;

/** What a synthetic market is made of. */
export interface SyntheticOptions {
  readonly products: readonly SyntheticProduct[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
}

/** A synthetic market, which also takes orders for the account. */
export interface SyntheticMarket extends MarketSource {
  /** Applies a change and tells everyone. */
  tell(change: MarketChange): void;
}

/** Makes the market and lets it run. */
export function createSyntheticMarket(options: SyntheticOptions): SyntheticMarket {
  const { clock, timers, random, products } = options;
  const state = createMarketState(products.map((one) => one.instrument));
  const listeners = new Set<MarketListener>();
  const cancels = new Map<string, CancelTimer>();

  const tell = (change: MarketChange): void => {
    state.apply(change);
    for (const listener of listeners) listener.onUpdate(change);
  };
  const eventTime = (atMs = clock.nowMs()): string => {
    const nanoseconds = millisecondsToNanoseconds(atMs);
    return formatNanoseconds(nanoseconds - (nanoseconds % MICROSECOND));
  };

  for (const product of products) {
    const line = createProductLine(product, { random, eventTime, nowMs: () => clock.nowMs() });
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

interface LineTools {
  readonly random: RandomSource;
  readonly eventTime: (atMs?: number) => string;
  readonly nowMs: () => number;
}

/** Everything that one product tells: book, trades, ticker, candles. */
function createProductLine(product: SyntheticProduct, tools: LineTools) {
  const { random, eventTime, nowMs } = tools;
  const { symbol } = product.instrument;
  const book = createSyntheticBook(product, random);
  const price = (units: number): string => formatUnits(BigInt(units), product.priceDecimals, 0);
  const size = (units: number): string => formatUnits(BigInt(units), product.sizeDecimals, 0);
  const level = (one: UnitLevel): MarketLevel => ({
    side: one.side,
    price: price(one.priceUnits),
    size: size(one.sizeUnits),
  });
  let nextTradeId = 1_000_000 + Math.floor(random.fraction() * 1e9);
  let lastUnits = product.priceUnits;
  let volumeUnits = product.sizeUnits * 5_000;
  let lowUnits = lastUnits;
  let highUnits = lastUnits;
  const openUnits = Math.max(1, Math.round(lastUnits * (0.97 + random.fraction() * 0.06)));
  let candle = { openedAtSeconds: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };

  const makeTrade = (trade: NonNullable<Step['trade']>, atMs: number): MarketTrade => {
    nextTradeId += 1;
    lastUnits = trade.priceUnits;
    volumeUnits += trade.sizeUnits;
    lowUnits = Math.min(lowUnits, lastUnits);
    highUnits = Math.max(highUnits, lastUnits);
    const { side } = trade;
    const sizeText = size(trade.sizeUnits);
    return {
      tradeId: String(nextTradeId),
      price: price(lastUnits),
      size: sizeText,
      side,
      time: eventTime(atMs),
    };
  };
  const addToCandle = (units: number, sizeUnits: number, atMs: number): MarketCandle => {
    const openedAtSeconds = Math.floor(atMs / 1000 / CANDLE_SECONDS) * CANDLE_SECONDS;
    if (openedAtSeconds !== candle.openedAtSeconds) {
      candle = { openedAtSeconds, open: units, high: units, low: units, close: units, volume: 0 };
    }
    candle.high = Math.max(candle.high, units);
    candle.low = Math.min(candle.low, units);
    candle.close = units;
    candle.volume += sizeUnits;
    return {
      openedAtSeconds,
      open: price(candle.open),
      high: price(candle.high),
      low: price(candle.low),
      close: price(candle.close),
      volume: size(candle.volume),
    };
  };
  const ticker = (): Ticker => ({
    last: price(lastUnits),
    bid: price(book.bestBid.priceUnits),
    ask: price(book.bestAsk.priceUnits),
    bidSize: size(book.bestBid.sizeUnits),
    askSize: size(book.bestAsk.sizeUnits),
    volume24h: size(volumeUnits),
    low24h: price(Math.min(lowUnits, openUnits)),
    high24h: price(Math.max(highUnits, openUnits)),
    low52w: price(Math.ceil(product.priceUnits * 0.4)),
    high52w: price(Math.ceil(product.priceUnits * 2)),
    changePercent24h: ((lastUnits / openUnits - 1) * 100).toFixed(14),
  });

  return {
    /** What happened before anyone could listen. */
    history(): MarketChange[] {
      const startMs = nowMs();
      const candles: MarketCandle[] = [];
      for (let back = HISTORY - 1; back >= 0; back -= 1) {
        const wobble = 1 + (random.fraction() - 0.5) * 0.004;
        const units = Math.max(1, Math.round(product.priceUnits * wobble));
        const atMs = startMs - back * CANDLE_SECONDS * 1000;
        candles.push(addToCandle(units, product.sizeUnits, atMs));
      }
      const trades = Array.from({ length: HISTORY }, (_, index) => {
        const side: 'buy' | 'sell' = random.fraction() < 0.5 ? 'buy' : 'sell';
        const sizeUnits = 1 + Math.floor(product.sizeUnits * random.fraction());
        const atMs = startMs - (HISTORY - index) * product.everyMs * 5;
        return makeTrade({ side, priceUnits: product.priceUnits, sizeUnits }, atMs);
      }).reverse();
      const levels = book.levels().map(level);
      return [
        { type: 'book.changed', symbol, snapshot: true, time: eventTime(), levels },
        { type: 'trades.printed', symbol, trades },
        { type: 'candles.changed', symbol, candles },
        { type: 'ticker.changed', symbol, ticker: ticker() },
      ];
    },
    /** One step of the market. */
    step(): MarketChange[] {
      const { levels, trade } = book.step();
      const time = eventTime();
      const changes: MarketChange[] = [
        { type: 'book.changed', symbol, snapshot: false, time, levels: levels.map(level) },
      ];
      if (trade) {
        const atMs = nowMs();
        changes.push({ type: 'trades.printed', symbol, trades: [makeTrade(trade, atMs)] });
        const changed = addToCandle(trade.priceUnits, trade.sizeUnits, atMs);
        changes.push({ type: 'candles.changed', symbol, candles: [changed] });
      }
      changes.push({ type: 'ticker.changed', symbol, ticker: ticker() });
      return changes;
    },
  };
}
