/** The present state of a market, kept from its changes. */
import { sortLevels } from '../book/level-order.js';
import type {
  ListedInstrument,
  MarketBook,
  MarketBookChange,
  MarketCandle,
  MarketChange,
  MarketLevel,
  MarketTrade,
  VenueFields,
} from '../model/exchange.js';
import type { Ticker } from '../model/market.js';

const TRADES_KEPT = 100;
const CANDLES_KEPT = 100;
const OPEN_ORDER_STATES: readonly string[] = ['PENDING', 'OPEN', 'CANCEL_QUEUED'];
const ZERO = /^0(\.0*)?$/;

/** A market's state; every reading is of this moment. */
export interface MarketState {
  readonly instruments: readonly ListedInstrument[];
  apply(change: MarketChange): void;
  book(symbol: string): MarketBook | undefined;
  trades(symbol: string): readonly MarketTrade[];
  ticker(symbol: string): Ticker | undefined;
  candles(symbol: string): readonly MarketCandle[];
  orders(): readonly VenueFields[];
}

interface KeptBook {
  time: string;
  readonly levels: Map<string, MarketLevel>;
}

/** Keeps the state of one market from the start. */
export function createMarketState(initial: readonly ListedInstrument[]): MarketState {
  const instruments = new Map(initial.map((one) => [one.symbol, one]));
  const books = new Map<string, KeptBook>();
  const trades = new Map<string, readonly MarketTrade[]>();
  const tickers = new Map<string, Ticker>();
  const candles = new Map<string, Map<number, MarketCandle>>();
  const orders = new Map<string, VenueFields>();

  const applyBook = (change: MarketBookChange): void => {
    const kept = books.get(change.symbol);
    const book =
      kept && !change.snapshot ? kept : { time: '', levels: new Map<string, MarketLevel>() };
    book.time = change.time;
    for (const level of change.levels) {
      const key = `${level.side}:${trimZeros(level.price)}`;
      if (ZERO.test(level.size)) book.levels.delete(key);
      else book.levels.set(key, level);
    }
    if (change.depth !== undefined) forgetBelow(book.levels, change.depth);
    books.set(change.symbol, book);
  };

  return {
    get instruments() {
      return [...instruments.values()];
    },
    apply(change) {
      switch (change.type) {
        case 'book.changed':
          return applyBook(change);
        case 'trades.printed': {
          const kept = trades.get(change.symbol) ?? [];
          const known = new Set(kept.map((one) => one.tradeId));
          const fresh = change.trades.filter((one) => !known.has(one.tradeId));
          trades.set(change.symbol, [...fresh, ...kept].slice(0, TRADES_KEPT));
          return;
        }
        case 'ticker.changed':
          tickers.set(change.symbol, { ...tickers.get(change.symbol), ...change.ticker });
          return;
        case 'candles.changed': {
          const kept = candles.get(change.symbol) ?? new Map<number, MarketCandle>();
          for (const one of change.candles) kept.set(one.openedAtSeconds, one);
          candles.set(change.symbol, newestCandles(kept));
          return;
        }
        case 'instruments.changed':
          for (const one of change.instruments) {
            instruments.set(one.symbol, { ...instruments.get(one.symbol), ...one });
          }
          return;
        case 'orders.changed':
          for (const order of change.orders) applyOrder(orders, order);
          return;
      }
    },
    book(symbol) {
      const book = books.get(symbol);
      return book && { time: book.time, levels: sortLevels(book.levels.values()) };
    },
    trades: (symbol) => trades.get(symbol) ?? [],
    ticker: (symbol) => tickers.get(symbol),
    candles: (symbol) => [...(candles.get(symbol)?.values() ?? [])],
    orders: () => [...orders.values()],
  };
}

/** A source of some levels a side does not hear what becomes of those that fall out of them. */
function forgetBelow(levels: Map<string, MarketLevel>, depth: number): void {
  for (const side of ['bid', 'ask'] as const) {
    const own = [...levels].filter(([, level]) => level.side === side);
    if (own.length <= depth) continue;
    const keys = new Map(own.map(([key, level]) => [level, key]));
    for (const level of sortLevels(keys.keys()).slice(depth)) levels.delete(keys.get(level) ?? '');
  }
}

function trimZeros(price: string): string {
  return price.includes('.') ? price.replace(/\.?0+$/, '') : price;
}

function newestCandles(kept: ReadonlyMap<number, MarketCandle>): Map<number, MarketCandle> {
  const sorted = [...kept].sort(([left], [right]) => left - right);
  return new Map(sorted.slice(-CANDLES_KEPT));
}

/** Only open orders are listed to a new subscriber. */
function applyOrder(orders: Map<string, VenueFields>, order: VenueFields): void {
  const id = order.order_id ?? '';
  if (OPEN_ORDER_STATES.includes(order.status ?? '')) orders.set(id, order);
  else orders.delete(id);
}
