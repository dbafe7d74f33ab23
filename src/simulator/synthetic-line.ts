/** Everything that one synthetic product tells: book, trades, ticker, candles. */
import { formatUnits } from '../book/decimal.js';
import type { MarketCandle, MarketChange, MarketLevel, MarketTrade } from '../model/exchange.js';
import type { Ticker } from '../model/market.js';
import type { RandomSource } from '../model/runtime.js';
import { SyntheticBook, type UnitLevel, type UnitTrade } from './synthetic-book.js';
import type { SyntheticProduct } from './synthetic-products.js';

const HISTORY = 100;
const PERCENT_DECIMALS = 14;

/** What a line uses of the world. */
export interface LineTools {
  readonly random: RandomSource;
  /** An instant as the matching engine writes it. */
  eventTime(atMs: number): string;
  nowMs(): number;
  readonly candleSeconds: number;
}

interface UnitCandle {
  readonly openedAtSeconds: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** The sum of price times size. */
  cost: number;
  tradeCount: number;
}

/** One product from its history on. */
export class ProductLine {
  readonly #product: SyntheticProduct;
  readonly #tools: LineTools;
  readonly #book: SyntheticBook;
  readonly #openUnits: number;
  #lastTradeId: number;
  #lastUnits: number;
  #lowUnits: number;
  #highUnits: number;
  #volumeUnits: number;
  /** The sum of price times size, both in units: for a mean, not for the last digit. */
  #costUnits: number;
  #candle: UnitCandle | undefined;

  constructor(product: SyntheticProduct, tools: LineTools) {
    const { random } = tools;
    this.#product = product;
    this.#tools = tools;
    this.#book = new SyntheticBook(product, random);
    this.#lastTradeId = 1_000_000 + Math.floor(random.fraction() * 1e9);
    this.#lastUnits = product.priceUnits;
    this.#openUnits = this.#priceNear(0.06);
    this.#lowUnits = Math.min(this.#lastUnits, this.#openUnits);
    this.#highUnits = Math.max(this.#lastUnits, this.#openUnits);
    this.#volumeUnits = product.sizeUnits * 5_000;
    this.#costUnits = this.#volumeUnits * ((this.#lastUnits + this.#openUnits) / 2);
  }

  /** What happened before anyone could listen. */
  history(): MarketChange[] {
    const { symbol } = this.#product.instrument;
    const time = this.#tools.eventTime(this.#tools.nowMs());
    const { fixedLevels = [] } = this.#product;
    const levels = [...this.#book.levels().map((one) => this.#level(one)), ...fixedLevels];
    return [
      { type: 'book.changed', symbol, snapshot: true, time, levels },
      { type: 'candles.changed', symbol, candles: this.#pastCandles() },
      { type: 'trades.printed', symbol, trades: this.#pastTrades() },
      { type: 'ticker.changed', symbol, ticker: this.#ticker() },
    ];
  }

  /** Where the market is, in the units of the price. */
  get bidUnits(): number {
    return this.#book.best('bid').priceUnits;
  }

  /** The market jumps: every level is shifted, until the best bid is at this price. */
  moveTo(bidUnits: number): MarketChange[] {
    const { symbol } = this.#product.instrument;
    const time = this.#tools.eventTime(this.#tools.nowMs());
    const levels = this.#book.moveTo(bidUnits).map((one) => this.#level(one));
    return [
      { type: 'book.changed', symbol, snapshot: false, time, levels },
      { type: 'ticker.changed', symbol, ticker: this.#ticker() },
    ];
  }

  /** One step of the market. */
  step(violence = 1): MarketChange[] {
    const { symbol } = this.#product.instrument;
    const atMs = this.#tools.nowMs();
    const { levels, trade } = this.#book.step(violence);
    const changed = levels.map((one) => this.#level(one));
    const time = this.#tools.eventTime(atMs);
    const changes: MarketChange[] = [
      { type: 'book.changed', symbol, snapshot: false, time, levels: changed },
    ];
    if (trade) {
      changes.push(
        { type: 'trades.printed', symbol, trades: [this.#print(trade, atMs)] },
        { type: 'candles.changed', symbol, candles: [this.#addToCandle(trade, atMs)] },
      );
    }
    changes.push({ type: 'ticker.changed', symbol, ticker: this.#ticker() });
    return changes;
  }

  #pastCandles(): MarketCandle[] {
    const startedAtMs = this.#tools.nowMs();
    return Array.from({ length: HISTORY }, (_, index) => {
      const priceUnits = this.#priceNear(0.004);
      const atMs = startedAtMs - (HISTORY - 1 - index) * this.#tools.candleSeconds * 1000;
      return this.#addToCandle({ priceUnits, sizeUnits: this.#product.sizeUnits }, atMs);
    });
  }

  /** Newest first. */
  #pastTrades(): MarketTrade[] {
    const { priceUnits, sizeUnits: usualUnits, everyMs } = this.#product;
    const { random } = this.#tools;
    const startedAtMs = this.#tools.nowMs();
    const trades = Array.from({ length: HISTORY }, (_, index) => {
      const side: UnitTrade['side'] = random.fraction() < 0.5 ? 'buy' : 'sell';
      const sizeUnits = 1 + Math.floor(usualUnits * random.fraction());
      const atMs = startedAtMs - (HISTORY - index) * everyMs * 5;
      return this.#print({ side, priceUnits, sizeUnits }, atMs);
    });
    return trades.reverse();
  }

  #print({ side, priceUnits, sizeUnits }: UnitTrade, atMs: number): MarketTrade {
    this.#lastTradeId += 1;
    this.#lastUnits = priceUnits;
    this.#lowUnits = Math.min(this.#lowUnits, priceUnits);
    this.#highUnits = Math.max(this.#highUnits, priceUnits);
    this.#volumeUnits += sizeUnits;
    this.#costUnits += priceUnits * sizeUnits;
    return {
      tradeId: String(this.#lastTradeId),
      price: this.#price(priceUnits),
      size: this.#size(sizeUnits),
      side,
      time: this.#tools.eventTime(atMs),
    };
  }

  #addToCandle(trade: Pick<UnitTrade, 'priceUnits' | 'sizeUnits'>, atMs: number): MarketCandle {
    const { priceUnits: units, sizeUnits } = trade;
    const { candleSeconds } = this.#tools;
    const openedAtSeconds = Math.floor(atMs / 1000 / candleSeconds) * candleSeconds;
    const isSame = this.#candle?.openedAtSeconds === openedAtSeconds;
    const fresh = {
      openedAtSeconds,
      open: units,
      high: units,
      low: units,
      close: units,
      volume: 0,
      cost: 0,
      tradeCount: 0,
    };
    const candle: UnitCandle = isSame && this.#candle ? this.#candle : fresh;
    candle.high = Math.max(candle.high, units);
    candle.low = Math.min(candle.low, units);
    candle.close = units;
    candle.volume += sizeUnits;
    candle.cost += units * sizeUnits;
    candle.tradeCount += 1;
    this.#candle = candle;
    return {
      openedAtSeconds,
      open: this.#price(candle.open),
      high: this.#price(candle.high),
      low: this.#price(candle.low),
      close: this.#price(candle.close),
      volume: this.#size(candle.volume),
      vwap: this.#price(Math.round(candle.cost / candle.volume)),
      tradeCount: candle.tradeCount,
    };
  }

  #ticker(): Ticker {
    const bestBid = this.#book.best('bid');
    const bestAsk = this.#book.best('ask');
    const { priceUnits } = this.#product;
    const change = this.#lastUnits - this.#openUnits;
    return {
      last: this.#price(this.#lastUnits),
      bid: this.#price(bestBid.priceUnits),
      ask: this.#price(bestAsk.priceUnits),
      bidSize: this.#size(bestBid.sizeUnits),
      askSize: this.#size(bestAsk.sizeUnits),
      volume24h: this.#size(this.#volumeUnits),
      vwap24h: this.#price(Math.round(this.#costUnits / this.#volumeUnits)),
      open24h: this.#price(this.#openUnits),
      change24h: `${change < 0 ? '-' : ''}${this.#price(Math.abs(change))}`,
      low24h: this.#price(this.#lowUnits),
      high24h: this.#price(this.#highUnits),
      low52w: this.#price(Math.ceil(priceUnits * 0.4)),
      high52w: this.#price(Math.ceil(priceUnits * 2)),
      changePercent24h: ((this.#lastUnits / this.#openUnits - 1) * 100).toFixed(PERCENT_DECIMALS),
    };
  }

  /** A price within half of `spread` on either side of the first one. */
  #priceNear(spread: number): number {
    const factor = 1 + (this.#tools.random.fraction() - 0.5) * spread;
    return Math.max(1, Math.round(this.#product.priceUnits * factor));
  }

  #level(one: UnitLevel): MarketLevel {
    const { side, priceUnits, sizeUnits } = one;
    return { side, price: this.#price(priceUnits), size: this.#size(sizeUnits) };
  }

  #price(units: number): string {
    return formatUnits(units, this.#product.priceDecimals, 0);
  }

  #size(units: number): string {
    return formatUnits(units, this.#product.sizeDecimals, 0);
  }
}
