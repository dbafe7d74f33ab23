import { sortLevels } from '../../book/level-order.js';
import type {
  ListedInstrument,
  MarketBook,
  MarketBookChange,
  MarketCandle,
  MarketChange,
  MarketLevel,
  MarketSource,
  MarketTrade,
} from '../../model/exchange.js';
import type { Side } from '../../model/levels.js';
import type { Ticker } from '../../model/market.js';
import { toShortest } from './amounts.js';
import { DayOfExtras, type Extra } from './extra-trades.js';
import { MergedCandles } from './merged-candles.js';
import { mergeTicker } from './merged-ticker.js';
import { PublishedLine } from './published-line.js';
import { QueueBook } from './queue-book.js';
import { isBefore, TradeTape, type NewTrade } from './trade-tape.js';
import { Triggers } from './triggers.js';

/** What a line is made of. */
export interface LineOptions {
  readonly symbol: string;
  readonly source: MarketSource;
  /** Whether it begins with what the source has; if not, with what the source will tell. */
  readonly isSeeded: boolean;
  readonly candleSeconds: number | undefined;
  readonly nowMs: () => number;
}

/** Who made the market change: the background tells its summary itself. */
export type ChangeCause = 'account' | 'background';

/** An update that is to be told, and the lists that it leads to; no candles where none changed. */
export interface DueUpdate {
  readonly change: MarketChange;
  readonly trades: readonly MarketTrade[];
  readonly candles: readonly MarketCandle[];
}

/** A market of an instrument that the source lists: orders can be placed in it. */
export interface Listing {
  readonly line: MarketLine;
  readonly instrument: ListedInstrument;
}

/** One market: the background and the orders of accounts in one book, and what is told of it. */
export class MarketLine {
  readonly symbol: string;
  readonly book = new QueueBook();
  readonly triggers = new Triggers();
  readonly published: PublishedLine;
  /** Undefined while the source lists no such instrument. */
  instrument: ListedInstrument | undefined;
  /** When the background's book last changed, by its own word. */
  backgroundTime = '';
  /** The background told its summary: it is due, where it says anything new. */
  isTickerDue = false;
  readonly #source: MarketSource;
  readonly #nowMs: () => number;
  readonly #tape: TradeTape;
  readonly #candles: MergedCandles;
  readonly #day = new DayOfExtras();
  readonly #toldSizes = new Map<string, string>();
  /** Newest first. */
  #printed: MarketTrade[] = [];
  #hasExtras = false;
  #time: string | undefined;
  #toldTicker = '';
  #isTickerAwaited = false;

  constructor({ symbol, source, isSeeded, candleSeconds, nowMs }: LineOptions) {
    this.symbol = symbol;
    this.#source = source;
    this.#nowMs = nowMs;
    this.instrument = source.instruments.find((one) => one.symbol === symbol);
    this.#tape = new TradeTape(isSeeded ? source.trades(symbol) : []);
    this.#candles = new MergedCandles(isSeeded ? source.candles(symbol) : [], candleSeconds);
    const book = isSeeded ? source.book(symbol) : undefined;
    this.published = new PublishedLine({
      book: book && this.#seed(book),
      trades: this.#tape.latest,
      ticker: isSeeded ? this.#ticker() : undefined,
      candles: this.#candles.list(),
    });
  }

  /** Undefined while the source lists no such instrument. */
  get listing(): Listing | undefined {
    return this.instrument && { line: this, instrument: this.instrument };
  }

  /** Of the latest trade; undefined before the first one. */
  get lastPrice(): string | undefined {
    return this.#tape.lastPrice;
  }

  /** Takes what the background says now. What it took back may be told as trades next. */
  applyBook({ levels, snapshot, depth, time }: Omit<MarketBookChange, 'type' | 'symbol'>): void {
    const { book } = this;
    book.forgetGone();
    this.backgroundTime = time;
    const named = new Set(levels.map(({ side, price }) => `${side}:${toShortest(price)}`));
    if (snapshot) {
      const isGone = ({ side, price }: MarketLevel): boolean => !named.has(`${side}:${price}`);
      for (const level of this.#toldByBackground().filter(isGone)) book.say(level, '0');
    }
    for (const { side, price, size } of levels) {
      book.say({ side, price: toShortest(price) }, toShortest(size));
    }
    if (depth === undefined) return;
    for (const side of ['bid', 'ask'] as const) {
      const own = this.#toldByBackground().filter((level) => level.side === side);
      for (const level of own.slice(depth)) book.say(level, '0');
    }
  }

  /** Whether the background tells this trade for the first time. */
  isNew(trade: MarketTrade): boolean {
    return this.#tape.isNew(trade);
  }

  /** Prints a trade; `extra` is what of it the background does not count itself. */
  print(trade: NewTrade, extra: Extra | undefined): MarketTrade {
    const printed = this.#tape.print(trade);
    const atMs = this.#nowMs();
    this.#printed.unshift(printed);
    this.triggers.observe(trade.price);
    this.#candles.note(trade.price, atMs, extra);
    if (!extra) return printed;
    this.#hasExtras = true;
    this.#day.add(extra, atMs);
    return printed;
  }

  applyCandles(candles: readonly MarketCandle[]): void {
    this.#candles.tell(candles);
  }

  /** What changed since the last time, as updates in the order in which they are told. */
  takeUpdates(time: string, cause: ChangeCause): readonly DueUpdate[] {
    const { symbol } = this;
    const changes: MarketChange[] = [...this.#takeBookChange(time)];
    const trades = this.#printed;
    this.#printed = [];
    if (trades.length > 0) changes.push({ type: 'trades.printed', symbol, trades });
    if (trades.length > 0) this.#isTickerAwaited = true;
    // The background's own summary follows its book and its trades: it is not told twice.
    const isOwn = cause === 'account' || this.#hasExtras;
    this.#hasExtras = false;
    const isDue = this.isTickerDue || (isOwn && changes.length > 0);
    const ticker = isDue ? this.#takeTicker() : undefined;
    if (ticker) changes.push({ type: 'ticker.changed', symbol, ticker });
    const candles = this.#candles.takeChanged();
    if (candles.length > 0) changes.push({ type: 'candles.changed', symbol, candles });
    if (changes.length === 0) return [];
    // The whole list is put together only where it is read: most changes are of the book alone.
    const lists = {
      trades: this.#tape.latest,
      candles: candles.length > 0 ? this.#candles.list() : [],
    };
    return changes.map((change) => ({ change, ...lists }));
  }

  #seed(book: MarketBook): MarketBook {
    this.applyBook({ ...book, snapshot: true });
    this.book.uncross();
    this.book.forgetGone();
    const levels = this.#takeLevels();
    this.#time = book.time;
    return { time: book.time, levels };
  }

  #takeBookChange(present: string): readonly MarketBookChange[] {
    const levels = this.#takeLevels();
    const snapshot = this.#time === undefined;
    const isKnown = this.backgroundTime !== '' || levels.length > 0;
    if (levels.length === 0 && !(snapshot && isKnown)) return [];
    const time = this.#time !== undefined && isBefore(present, this.#time) ? this.#time : present;
    this.#time = time;
    return [{ type: 'book.changed', symbol: this.symbol, snapshot, time, levels }];
  }

  #takeLevels(): readonly MarketLevel[] {
    const changed: MarketLevel[] = [];
    for (const { side, price } of this.book.takeTouched()) {
      const key = `${side}:${price}`;
      const size = this.book.find(side, price)?.visible ?? '0';
      if ((this.#toldSizes.get(key) ?? '0') === size) continue;
      if (size === '0') this.#toldSizes.delete(key);
      else this.#toldSizes.set(key, size);
      changed.push({ side, price, size });
    }
    return sortLevels(changed);
  }

  #takeTicker(): Ticker | undefined {
    const ticker = this.#ticker();
    this.isTickerDue = false;
    const text = JSON.stringify(ticker);
    const isNews = this.#isTickerAwaited || text !== this.#toldTicker;
    this.#isTickerAwaited = false;
    this.#toldTicker = text;
    return isNews ? ticker : undefined;
  }

  #ticker(): Ticker | undefined {
    const told = this.#source.ticker(this.symbol);
    if (!told) return undefined;
    const bid = this.#best('bid');
    const ask = this.#best('ask');
    const day = this.#day.sum(this.#nowMs());
    return mergeTicker(told, { bid, ask, lastPrice: this.lastPrice, day });
  }

  #best(side: Side): MarketLevel | undefined {
    const level = this.book.best(side);
    return level && { side, price: level.price, size: level.visible };
  }

  /** Best first. */
  #toldByBackground(): MarketLevel[] {
    return (['bid', 'ask'] as const).flatMap((side) =>
      this.book
        .levels(side)
        .filter(({ told }) => told !== '0')
        .map(({ price, told }) => ({ side, price, size: told })),
    );
  }
}
