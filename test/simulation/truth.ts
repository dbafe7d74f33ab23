import type { MarketLevel, MarketSource } from '../../src/model/exchange.js';
import type { Clock } from '../../src/model/runtime.js';
import type { BookTop } from '../../src/model/book.js';
import type { Ticker } from '../../src/model/market.js';
import type { OrderQueues, PriceQueue } from '../../src/model/orders-book.js';
import { addDecimals } from '../../src/book/decimal-arithmetic.js';

/** What a book of one symbol was, version by version, as the exchange itself knows it. */
class SymbolTruth {
  readonly #depth: number;
  readonly #clock: Clock;
  readonly #sides = { bid: new Map<string, string>(), ask: new Map<string, string>() };
  /** When each version came, by its number. */
  readonly #bornAtMs: number[] = [];
  readonly #numbersByText = new Map<string, number[]>();
  #latestText = '';

  constructor(depth: number, clock: Clock) {
    this.#depth = depth;
    this.#clock = clock;
  }

  apply(levels: readonly MarketLevel[]): void {
    for (const { side, price, size } of levels) {
      if (size === '0') this.#sides[side].delete(price);
      else this.#sides[side].set(price, size);
    }
    const text = this.#describe();
    if (text === this.#latestText) return;
    this.#latestText = text;
    const number = this.#bornAtMs.push(this.#clock.monotonicMs()) - 1;
    const numbers = this.#numbersByText.get(text);
    if (numbers) numbers.push(number);
    else this.#numbersByText.set(text, [number]);
  }

  /** The first version from `fromNumber` on that looked like this. */
  find(text: string, fromNumber: number): number | undefined {
    return this.#numbersByText.get(text)?.find((number) => number >= fromNumber);
  }

  /** How this differs from the version that is most like it, for people. */
  explain(text: string): string {
    const own = text.split(/[,|]/);
    let best = `${own.length} levels`;
    let least = Infinity;
    for (const [version, numbers] of this.#numbersByText) {
      const there = new Set(version.split(/[,|]/));
      const more = own.filter((level) => !there.has(level));
      const less = [...there].filter((level) => !own.includes(level));
      if (more.length + less.length >= least) continue;
      least = more.length + less.length;
      const age = `version ${numbers.join(' or ')} of ${this.#bornAtMs.length}`;
      const surplus = more.join(', ') || 'nothing';
      best = `${surplus} too much and ${less.join(', ') || 'nothing'} too little for ${age}`;
    }
    return best;
  }

  /** How long a version has not been the latest any more; 0 where it is. */
  ageMs(number: number): number {
    const replacedAtMs = this.#bornAtMs[number + 1];
    return replacedAtMs === undefined ? 0 : this.#clock.monotonicMs() - replacedAtMs;
  }

  /** How long nothing has happened. */
  get quietMs(): number {
    return this.#clock.monotonicMs() - this.#bornAtMs.at(-1)!;
  }

  #describe(): string {
    const side = (levels: ReadonlyMap<string, string>, sign: number): string =>
      [...levels]
        .sort(([left], [right]) => sign * (Number(left) - Number(right)))
        .slice(0, this.#depth)
        .map(([price, size]) => `${price} ${size}`)
        .join(',');
    return `${side(this.#sides.bid, -1)}|${side(this.#sides.ask, 1)}`;
  }
}

/** The exchange's own books and trades, to compare a client with. */
export class Truth {
  readonly #books = new Map<string, SymbolTruth>();
  /** `symbol id` to price and size. */
  readonly trades = new Map<string, string>();
  /** By symbol, from the first one on. */
  readonly #tickers = new Map<string, Ticker[]>();

  /** Compares so many levels a side. */
  constructor(market: MarketSource, depth: number, clock: Clock) {
    const follow = (symbol: string): void => {
      const book = new SymbolTruth(depth, clock);
      book.apply(market.book(symbol)?.levels ?? []);
      this.#books.set(symbol, book);
      const ticker = market.ticker(symbol);
      this.#tickers.set(symbol, ticker ? [ticker] : []);
    };
    for (const { symbol } of market.instruments) follow(symbol);
    market.attach({
      pendingBytes: () => 0,
      onUpdate: (update) => {
        if (update.type === 'instruments.changed') {
          const listed = update.instruments.filter(({ symbol }) => !this.#books.has(symbol));
          for (const { symbol } of listed) follow(symbol);
        }
        if (update.type === 'book.changed') this.book(update.symbol).apply(update.levels);
        if (update.type === 'ticker.changed') {
          this.#tickers.get(update.symbol)?.push(update.ticker);
        }
        if (update.type !== 'trades.printed') return;
        for (const { tradeId, price, size } of update.trades) {
          this.trades.set(`${update.symbol} ${tradeId}`, `${price} ${size}`);
        }
      },
    });
  }

  /** The first version from `fromNumber` on that says the same of last price and best prices. */
  findTicker(symbol: string, told: Ticker, fromNumber: number): number | undefined {
    const versions = this.#tickers.get(symbol) ?? [];
    for (let number = fromNumber; number < versions.length; number += 1) {
      if (isSameTicker(told, versions[number]!)) return number;
    }
    return undefined;
  }

  book(symbol: string): SymbolTruth {
    const book = this.#books.get(symbol);
    if (!book) throw new Error(`The exchange has no ${symbol}.`);
    return book;
  }
}

function isSameTicker(told: Ticker, version: Ticker): boolean {
  const isSame = (name: 'last' | 'bid' | 'ask'): boolean => {
    const [here, there] = [told[name], version[name]];
    return here === undefined || there === undefined || toPlain(here) === toPlain(there);
  };
  return isSame('last') && isSame('bid') && isSame('ask');
}

/** The plain digits of a decimal, without zeros that say nothing. */
export function toPlain(decimal: string): string {
  if (!decimal.includes('.')) return decimal;
  return decimal.replace(/\.?0+$/, '');
}

/** A book as the truth writes it. */
export function describeTop({ bids, asks }: BookTop): string {
  const side = (levels: BookTop['bids']): string =>
    levels.map(({ price, size }) => `${toPlain(price)} ${toPlain(size)}`).join(',');
  return `${side(bids)}|${side(asks)}`;
}

/** An order-by-order book as the truth writes it: what waits at each price, summed up. */
export function describeQueues({ bids, asks }: OrderQueues): string {
  const sum = ({ orders }: PriceQueue): string =>
    orders.reduce((total, { size }) => addDecimals(total, size), '0');
  const side = (queues: readonly PriceQueue[]): string =>
    queues.map((queue) => `${toPlain(queue.price)} ${sum(queue)}`).join(',');
  return `${side(bids)}|${side(asks)}`;
}

/** What is wrong with the queues themselves: an order twice, or one before an older one. */
export function findQueueFault({ bids, asks }: OrderQueues): string | undefined {
  const seen = new Set<string>();
  for (const { price, orders } of [...bids, ...asks]) {
    let lastMs = -Infinity;
    for (const { orderId, placedAtMs } of orders) {
      if (seen.has(orderId)) return `${orderId} twice`;
      if (placedAtMs < lastMs) return `${orderId} at ${price} behind a later order`;
      seen.add(orderId);
      lastMs = placedAtMs;
    }
  }
  return undefined;
}
