import type { MarketTrade } from '../../model/exchange.js';
import { parseNanoseconds } from '../../runtime/time-text.js';

/** A trade before it has its number. */
export type NewTrade = Pick<MarketTrade, 'price' | 'size' | 'side' | 'time'>;

/** Trades that are listed, as many as other markets list. */
const TRADES_KEPT = 100;
/** Ids of the background that are remembered, so that a trade told twice is printed once. */
const IDS_KEPT = 1_000;
const WHOLE_NUMBER = /^(0|[1-9]\d*)$/;

/** The trades of one market, the background's among them, with numbers that have no hole. */
export class TradeTape {
  /** Newest first. */
  #latest: readonly MarketTrade[];
  #nextId: bigint;
  readonly #knownIds: Set<string>;

  /** Goes on after a history, newest first, whose ids are renumbered where they have holes. */
  constructor(history: readonly MarketTrade[]) {
    this.#knownIds = new Set(history.map(({ tradeId }) => tradeId).reverse());
    const newest = history[0]?.tradeId ?? '';
    const lastId = WHOLE_NUMBER.test(newest) ? BigInt(newest) : 0n;
    // Numbers below zero are none: a history with too small ones is counted from 1.
    const shift = lastId < BigInt(history.length) ? BigInt(history.length) : lastId;
    this.#nextId = shift + 1n;
    this.#latest = history.slice(0, TRADES_KEPT).map((trade, index) => {
      return { ...trade, tradeId: String(shift - BigInt(index)) };
    });
  }

  get latest(): readonly MarketTrade[] {
    return this.#latest;
  }

  get lastPrice(): string | undefined {
    return this.#latest[0]?.price;
  }

  /** Whether the background tells this trade for the first time; one without id always is new. */
  isNew({ tradeId }: MarketTrade): boolean {
    if (tradeId === '') return true;
    if (this.#knownIds.has(tradeId)) return false;
    this.#knownIds.add(tradeId);
    const [oldest] = this.#knownIds;
    if (this.#knownIds.size > IDS_KEPT && oldest !== undefined) this.#knownIds.delete(oldest);
    return true;
  }

  /** Gives it the next number, and a time not before the last one's. */
  print(trade: NewTrade): MarketTrade {
    const [before] = this.#latest;
    const time = before && isBefore(trade.time, before.time) ? before.time : trade.time;
    const printed = { ...trade, time, tradeId: String(this.#nextId) };
    this.#nextId += 1n;
    this.#latest = [printed, ...this.#latest].slice(0, TRADES_KEPT);
    return printed;
  }
}

/** Whether a time is before another; false where one of them is none. */
export function isBefore(time: string, other: string): boolean {
  const left = parseNanoseconds(time);
  const right = parseNanoseconds(other);
  return left !== undefined && right !== undefined && left < right;
}
