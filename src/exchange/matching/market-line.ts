import { addDecimals, compareDecimals } from '../../book/decimal-arithmetic.js';
import { sortLevels } from '../../book/level-order.js';
import type {
  MarketBook,
  MarketChange,
  MarketLevel,
  MarketSource,
  MarketTrade,
} from '../../model/exchange.js';
import type { Side } from '../../model/levels.js';
import type { Ticker } from '../../model/market.js';
import { createBackground, type Background } from './background.js';
import { createRestingOrders, limitOf, type RestingOrders } from './resting-orders.js';

const TRADES_KEPT = 100;
const SIDES: readonly Side[] = ['bid', 'ask'];

/** A trade before it has its number. */
export type NewTrade = Pick<MarketTrade, 'price' | 'size' | 'side' | 'time'>;

/** One symbol as the world sees it: the background with the orders of accounts in it. */
export class MarketLine {
  readonly symbol: string;
  readonly background: Background = createBackground();
  readonly resting: RestingOrders = createRestingOrders();
  readonly #source: MarketSource;
  /** What listeners were told of each level. */
  readonly #told = new Map<string, MarketLevel>();
  readonly #dirty = new Map<string, Pick<MarketLevel, 'side' | 'price'>>();
  #printed: MarketTrade[] = [];
  #trades: readonly MarketTrade[];
  #nextTradeId: bigint;
  #lastPrice: string | undefined;
  #time = '';

  constructor(symbol: string, source: MarketSource) {
    this.symbol = symbol;
    this.#source = source;
    this.#trades = source.trades(symbol);
    const [latest] = this.#trades;
    this.#nextTradeId = BigInt(latest?.tradeId ?? '0') + 1n;
    this.#lastPrice = latest?.price;
    const book = source.book(symbol);
    if (!book) return;
    this.applyBook({ ...book, type: 'book.changed', symbol, snapshot: true });
    this.takeChanges(book.time);
  }

  get trades(): readonly MarketTrade[] {
    return this.#trades;
  }

  /** Of the latest trade; undefined before the first one. */
  get lastPrice(): string | undefined {
    return this.#lastPrice;
  }

  applyBook(change: Extract<MarketChange, { type: 'book.changed' }>): void {
    for (const { side, price } of this.background.apply(change)) this.touch(side, price);
  }

  /** The level may look different now. */
  touch(side: Side, price: string): void {
    this.#dirty.set(`${side}:${price}`, { side, price });
  }

  print(trade: NewTrade): MarketTrade {
    const printed = { ...trade, tradeId: String(this.#nextTradeId) };
    this.#nextTradeId += 1n;
    this.#lastPrice = trade.price;
    this.#printed.unshift(printed);
    this.#trades = [printed, ...this.#trades].slice(0, TRADES_KEPT);
    return printed;
  }

  /** What changed since the last time, as updates; the state already has it. */
  takeChanges(time: string): readonly MarketChange[] {
    const { symbol } = this;
    const levels: MarketLevel[] = [];
    for (const [key, { side, price }] of this.#dirty) {
      const size = this.#sizeAt(side, price);
      const isGone = compareDecimals(size, '0') === 0;
      if ((this.#told.get(key)?.size ?? '0') === size) continue;
      if (isGone) this.#told.delete(key);
      else this.#told.set(key, { side, price, size });
      levels.push({ side, price, size });
    }
    this.#dirty.clear();
    const trades = this.#printed;
    this.#printed = [];
    if (levels.length > 0) this.#time = time;
    return [
      ...(levels.length > 0
        ? [{ type: 'book.changed', symbol, snapshot: false, time, levels } as const]
        : []),
      ...(trades.length > 0 ? [{ type: 'trades.printed', symbol, trades } as const] : []),
    ];
  }

  book(): MarketBook {
    return { time: this.#time, levels: sortLevels(this.#told.values()) };
  }

  /** The background's, with the best prices and the last trade as they are here. */
  ticker(): Ticker | undefined {
    const ticker = this.#source.ticker(this.symbol);
    if (!ticker) return undefined;
    const [bid, ask] = SIDES.map((side) => this.#best(side));
    return {
      ...ticker,
      ...(this.#lastPrice !== undefined && { last: this.#lastPrice }),
      ...(bid && { bid: bid.price, bidSize: bid.size }),
      ...(ask && { ask: ask.price, askSize: ask.size }),
    };
  }

  #sizeAt(side: Side, price: string): string {
    return addDecimals(this.background.sizeAt(side, price), this.resting.visibleAt(side, price));
  }

  #best(side: Side): MarketLevel | undefined {
    const order = this.resting.best(side);
    const prices = [this.background.best(side), order && limitOf(order)];
    const known = prices.flatMap((price) => (price === undefined ? [] : [price]));
    const [level] = sortLevels(
      known.map((price) => ({ side, price, size: this.#sizeAt(side, price) })),
    );
    return level;
  }
}
