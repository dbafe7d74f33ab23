import { compareDecimals } from '../../src/book/decimal-arithmetic.js';
import type {
  CandleChanged,
  FeedEvent,
  TickerChanged,
  TradesGapped,
} from '../../src/model/event.js';
import { toPlain, type Truth } from './truth.js';

/** What a venue's trades and summaries can be held to. */
export interface ToldRules {
  /** Ids of trades count up by one, so that one that is missing is known to be. */
  readonly countsTrades: boolean;
  /** Nothing overtakes anything, or numbers show that it did. */
  readonly keepsOrder: boolean;
}

interface ToldParts extends ToldRules {
  readonly truth: Truth;
  readonly report: (invariant: string, detail: string) => void;
}

type Printed = Extract<FeedEvent, { type: 'trade.printed' }>;
type Candle = CandleChanged['candle'];

/** What was told of one symbol's trades: printed, listed, or said to be missing. */
interface ToldTrades {
  readonly ids: Set<bigint>;
  readonly printed: Set<string>;
  firstPrinted: bigint | undefined;
  lastPrinted: bigint;
}

const LATEST = 'a summary is never older than the one before';

function isBelow(left: string, right: string): boolean {
  return compareDecimals(left, right) < 0;
}

/** Of the same candle: it began as it did, and what happened since is only added to it. */
function isLaterState(next: Candle, last: Candle): boolean {
  return (
    !isBelow(next.volume, last.volume) &&
    !isBelow(next.high, last.high) &&
    !isBelow(last.low, next.low) &&
    (next.tradeCount ?? 0) >= (last.tradeCount ?? 0)
  );
}

/** Watches trades, tickers and candles as a user is told of them. */
export class Told {
  readonly #parts: ToldParts;
  readonly #trades = new Map<string, ToldTrades>();
  readonly #tickers = new Map<string, number>();
  readonly #candles = new Map<string, Candle>();

  constructor(parts: ToldParts) {
    this.#parts = parts;
  }

  onEvent(event: FeedEvent): void {
    switch (event.type) {
      case 'trade.printed':
        return this.#onTrade(event);
      case 'trades.listed':
        for (const { tradeId } of event.trades) this.#note(event.symbol, tradeId);
        return;
      case 'trades.gapped':
        return this.#onGap(event);
      case 'ticker.changed':
        return this.#onTicker(event);
      case 'candle.changed':
        return this.#onCandle(event);
      default:
    }
  }

  /** Between the first and the last trade that were told, each was told or said to be missing. */
  checkTrades(): void {
    if (!this.#parts.countsTrades) return;
    for (const [symbol, { ids, firstPrinted, lastPrinted }] of this.#trades) {
      if (firstPrinted === undefined) continue;
      for (let id = firstPrinted; id <= lastPrinted; id += 1n) {
        if (ids.has(id)) continue;
        return this.#parts.report('no trade is lost in silence', `${id} of ${symbol} is missing`);
      }
    }
  }

  #onTrade({ symbol, tradeId, price, size }: Printed): void {
    if (tradeId === '') return;
    const told = this.#note(symbol, tradeId);
    const id = BigInt(tradeId);
    if (told.firstPrinted === undefined || id < told.firstPrinted) told.firstPrinted = id;
    if (id > told.lastPrinted) told.lastPrinted = id;
    const key = `${symbol} ${tradeId}`;
    if (told.printed.has(tradeId)) this.#parts.report('nothing is told twice', key);
    told.printed.add(tradeId);
    const text = `${toPlain(price)} ${toPlain(size)}`;
    const happened = this.#parts.truth.trades.get(key);
    if (happened === undefined || happened === text) return;
    this.#parts.report('a trade is told as it happened', `${key} is ${text}, not ${happened}`);
  }

  #note(symbol: string, tradeId: string): ToldTrades {
    const known = this.#trades.get(symbol);
    const told = known ?? {
      ids: new Set<bigint>(),
      printed: new Set<string>(),
      firstPrinted: undefined,
      lastPrinted: 0n,
    };
    if (!known) this.#trades.set(symbol, told);
    if (tradeId !== '') told.ids.add(BigInt(tradeId));
    return told;
  }

  #onGap({ symbol, expected, received }: TradesGapped): void {
    for (let id = BigInt(expected); id < BigInt(received); id += 1n) this.#note(symbol, String(id));
  }

  #onTicker({ symbol, channel, ticker }: TickerChanged): void {
    const key = `${channel} ${symbol}`;
    const version = this.#parts.truth.findTicker(symbol, ticker, this.#readFrom(key));
    if (version !== undefined) this.#tickers.set(key, version);
    else {
      const any = this.#parts.truth.findTicker(symbol, ticker, 0);
      const said = `${ticker.last} with ${ticker.bid} and ${ticker.ask}`;
      const was = any === undefined ? 'which never was' : `version ${any}`;
      const detail = `${key} is ${said}, ${was}, after version ${this.#readFrom(key)}`;
      this.#parts.report(LATEST, detail);
    }
  }

  /** Where frames overtake each other and nothing shows it, any ticker that there was will do. */
  #readFrom(key: string): number {
    return this.#parts.keepsOrder ? (this.#tickers.get(key) ?? 0) : 0;
  }

  #onCandle({ symbol, candle }: CandleChanged): void {
    if (!this.#parts.keepsOrder) return;
    const key = `${symbol} ${candle.intervalMs} ${candle.openedAtMs}`;
    const last = this.#candles.get(key);
    this.#candles.set(key, candle);
    if (last === undefined || isLaterState(candle, last)) return;
    this.#parts.report(LATEST, `${key} has volume ${candle.volume} after ${last.volume}`);
  }
}
