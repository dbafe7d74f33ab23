/** The background's summary, with the book, the last trade and the day as they are here. Pure. */
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../book/decimal-arithmetic.js';
import type { MarketLevel } from '../../model/exchange.js';
import type { Ticker } from '../../model/market.js';
import { countDecimals, greaterOf, isPositive, lesserOf } from './amounts.js';
import type { ExtraSum } from './extra-trades.js';

const BOOK_FIELDS: readonly string[] = ['bid', 'bidSize', 'ask', 'askSize'];

/** What is known here. */
export interface TickerParts {
  readonly bid: MarketLevel | undefined;
  readonly ask: MarketLevel | undefined;
  readonly lastPrice: string | undefined;
  /** What the day has beyond what the background counts. */
  readonly day: ExtraSum | undefined;
}

/** Only what the background tells is told: a field that it leaves out stays out. */
export function mergeTicker(told: Ticker, { bid, ask, lastPrice, day }: TickerParts): Ticker {
  const last = lastPrice ?? told.last;
  return {
    ...withoutBook(told),
    ...(last !== undefined && { last }),
    ...(bid && { bid: bid.price, bidSize: bid.size }),
    ...(ask && { ask: ask.price, askSize: ask.size }),
    ...mergeDay(told, day),
    ...(last !== undefined && last !== told.last && mergeChange(told, last)),
  };
}

/** What our orders took of the best level may be all of it. */
function withoutBook(told: Ticker): Ticker {
  return Object.fromEntries(Object.entries(told).filter(([name]) => !BOOK_FIELDS.includes(name)));
}

function mergeDay(told: Ticker, day: ExtraSum | undefined): Partial<Ticker> {
  if (!day) return {};
  const { high24h, low24h, volume24h, vwap24h, high52w, low52w } = told;
  const volume = addDecimals(volume24h ?? '0', day.volume);
  const value = addDecimals(multiplyDecimals(vwap24h ?? '0', volume24h ?? '0'), day.value);
  const hasMean = vwap24h !== undefined && volume24h !== undefined && isPositive(volume);
  return {
    ...(high24h !== undefined && { high24h: greaterOf(high24h, day.high) }),
    ...(low24h !== undefined && { low24h: lesserOf(low24h, day.low) }),
    ...(high52w !== undefined && { high52w: greaterOf(high52w, day.high) }),
    ...(low52w !== undefined && { low52w: lesserOf(low52w, day.low) }),
    ...(volume24h !== undefined && { volume24h: volume }),
    ...(hasMean && { vwap24h: divideDecimals(value, volume, meanDecimals(vwap24h, day)) }),
  };
}

function meanDecimals(vwap: string, { high, low }: ExtraSum): number {
  return Math.max(...[vwap, high, low].map(countDecimals));
}

function mergeChange({ open24h, change24h, changePercent24h }: Ticker, last: string) {
  if (!isPositive(open24h)) return {};
  const change = subtractDecimals(last, open24h);
  const percent = multiplyDecimals(change, '100');
  return {
    ...(change24h !== undefined && { change24h: change }),
    ...(changePercent24h !== undefined && {
      changePercent24h: divideDecimals(percent, open24h, countDecimals(changePercent24h)),
    }),
  };
}
