/**
 * The candles of one pair in all the venue's lengths, made of its trades. A candle exists only
 * where there was a trade (websocket-v2/ohlc).
 */
import type { MarketCandle, MarketTrade } from '../../../model/exchange.js';
import { readUnits } from './number-text.js';
import type { PairDecimals } from './pairs.js';

/** One candle in units of the pair's decimals. */
export interface CandleState {
  readonly openedAtSeconds: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
  /** The sum of price times size: the mean price is this by the volume. */
  readonly cost: bigint;
  readonly tradeCount: number;
  /** When it last changed, Unix seconds with a fraction. */
  readonly changedAtSeconds: number;
}

/** The candles of one pair. */
export interface CandleKeeper {
  /** Oldest first. */
  list(minutes: number): readonly CandleState[];
  /** Takes trades, oldest first; `list` has them at once. */
  add(trades: readonly MarketTrade[]): void;
}

/** Candles kept of each length. */
const KEPT = 720;
const SECONDS_PER_MINUTE = 60;

/** One stretch of trading: a trade, or a candle of the market's own. */
interface Stretch extends Omit<CandleState, 'openedAtSeconds'> {
  readonly startedAtSeconds: number;
}

/** Begins with the market's candles, where they fit into those of the venue's lengths. */
export function createCandleKeeper(
  decimals: PairDecimals,
  lengths: readonly number[],
  seeds: readonly MarketCandle[],
): CandleKeeper {
  const lists = new Map(lengths.map((minutes): [number, CandleState[]] => [minutes, []]));
  const take = (stretch: Stretch): void => {
    for (const [minutes, list] of lists) {
      const seconds = minutes * SECONDS_PER_MINUTE;
      const openedAtSeconds = Math.floor(stretch.startedAtSeconds / seconds) * seconds;
      const last = list.at(-1);
      if (last && last.openedAtSeconds === openedAtSeconds)
        list[list.length - 1] = join(last, stretch);
      else if (!last || openedAtSeconds > last.openedAtSeconds)
        list.push({ ...stretch, openedAtSeconds });
      if (list.length > KEPT) list.shift();
    }
  };
  for (const seed of seeds) take(readSeed(seed, decimals));
  return {
    list: (minutes) => lists.get(minutes) ?? [],
    add(trades) {
      for (const trade of trades) take(readTrade(trade, decimals));
    },
  };
}

/** The mean price of a candle, weighted by size. */
export function vwapOf({ volume, cost, close }: CandleState): bigint {
  return volume === 0n ? close : cost / volume;
}

function join(last: CandleState, next: Stretch): CandleState {
  return {
    openedAtSeconds: last.openedAtSeconds,
    open: last.open,
    high: last.high > next.high ? last.high : next.high,
    low: last.low < next.low ? last.low : next.low,
    close: next.close,
    volume: last.volume + next.volume,
    cost: last.cost + next.cost,
    tradeCount: last.tradeCount + next.tradeCount,
    changedAtSeconds: next.changedAtSeconds,
  };
}

function readTrade({ price, size, time }: MarketTrade, decimals: PairDecimals): Stretch {
  const units = readUnits(price, decimals.price);
  const volume = readUnits(size, decimals.size);
  const atSeconds = Date.parse(time) / 1000;
  return {
    startedAtSeconds: atSeconds,
    changedAtSeconds: atSeconds,
    open: units,
    high: units,
    low: units,
    close: units,
    volume,
    cost: units * volume,
    tradeCount: 1,
  };
}

function readSeed(seed: MarketCandle, decimals: PairDecimals): Stretch {
  const price = (text: string): bigint => readUnits(text, decimals.price);
  const volume = readUnits(seed.volume, decimals.size);
  return {
    startedAtSeconds: seed.openedAtSeconds,
    changedAtSeconds: seed.openedAtSeconds,
    open: price(seed.open),
    high: price(seed.high),
    low: price(seed.low),
    close: price(seed.close),
    volume,
    cost: price(seed.vwap ?? seed.close) * volume,
    tradeCount: seed.tradeCount ?? 1,
  };
}
