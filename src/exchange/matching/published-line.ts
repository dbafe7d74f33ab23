import { sortLevels } from '../../book/level-order.js';
import type {
  MarketBook,
  MarketCandle,
  MarketChange,
  MarketLevel,
  MarketTrade,
} from '../../model/exchange.js';
import type { Ticker } from '../../model/market.js';

/** What of a market can change by an update. */
export interface PublishedState {
  readonly book: MarketBook | undefined;
  readonly trades: readonly MarketTrade[];
  readonly ticker: Ticker | undefined;
  readonly candles: readonly MarketCandle[];
}

/**
 * One market as listeners were told of it. Readings come from here and not from the engine, which
 * may be ahead: so whoever reads and then listens sees nothing twice and misses nothing.
 */
export class PublishedLine {
  readonly #levels = new Map<string, MarketLevel>();
  #time: string | undefined;
  #trades: readonly MarketTrade[];
  #ticker: Ticker | undefined;
  #candles: readonly MarketCandle[];

  constructor({ book, trades, ticker, candles }: PublishedState) {
    this.#trades = trades;
    this.#ticker = ticker;
    this.#candles = candles;
    if (!book) return;
    this.#time = book.time;
    this.#setLevels(book.levels);
  }

  get trades(): readonly MarketTrade[] {
    return this.#trades;
  }

  get ticker(): Ticker | undefined {
    return this.#ticker;
  }

  get candles(): readonly MarketCandle[] {
    return this.#candles;
  }

  /** Undefined until the market said anything of it. */
  get book(): MarketBook | undefined {
    if (this.#time === undefined) return undefined;
    return { time: this.#time, levels: sortLevels(this.#levels.values()) };
  }

  /** Takes an update in, with the whole lists that it leads to. */
  apply(
    change: MarketChange,
    lists: { readonly trades: readonly MarketTrade[]; readonly candles: readonly MarketCandle[] },
  ): void {
    switch (change.type) {
      case 'book.changed':
        this.#time = change.time;
        return this.#setLevels(change.levels);
      case 'trades.printed':
        this.#trades = lists.trades;
        return;
      case 'ticker.changed':
        this.#ticker = change.ticker;
        return;
      case 'candles.changed':
        this.#candles = lists.candles;
        return;
      case 'instruments.changed':
      case 'orders.changed':
        return;
    }
  }

  #setLevels(levels: readonly MarketLevel[]): void {
    for (const level of levels) {
      const key = `${level.side}:${level.price}`;
      if (level.size === '0') this.#levels.delete(key);
      else this.#levels.set(key, level);
    }
  }
}
