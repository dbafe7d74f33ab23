import { addDecimals, divideDecimals, multiplyDecimals } from '../../book/decimal-arithmetic.js';
import type { MarketCandle } from '../../model/exchange.js';
import { countDecimals, greaterOf, isPositive, lesserOf } from './amounts.js';
import { addExtra, type Extra, type ExtraSum } from './extra-trades.js';

const CANDLES_KEPT = 100;
/** Where neither an option nor two candles say how long one is: five minutes. */
const SECONDS_DEFAULT = 300;

interface OwnPart {
  /** The first trade of the candle was ours. */
  readonly isFirst: boolean;
  sum: ExtraSum;
  /** Of the last trade of the candle, whosever it was. */
  close: string;
}

/** The background's candles with the trading of our accounts in them; none where it has none. */
export class MergedCandles {
  readonly #seconds: number | undefined;
  #background = new Map<number, MarketCandle>();
  #own = new Map<number, OwnPart>();
  readonly #changed = new Set<number>();

  constructor(candles: readonly MarketCandle[], seconds: number | undefined) {
    this.#seconds = seconds;
    this.#keep(candles);
  }

  /** The background says these. */
  tell(candles: readonly MarketCandle[]): void {
    this.#keep(candles);
    for (const { openedAtSeconds } of candles) this.#changed.add(openedAtSeconds);
  }

  /** A trade was printed; `extra` is what of it the background does not count. */
  note(price: string, atMs: number, extra: Extra | undefined): void {
    if (this.#background.size === 0) return;
    const length = this.#length();
    const key = Math.floor(atMs / 1000 / length) * length;
    const own = this.#own.get(key);
    if (own) {
      own.close = price;
      if (extra) own.sum = addExtra(own.sum, extra);
    } else if (extra) {
      const isFirst = !this.#background.has(key) && isPositive(extra.volume);
      this.#own.set(key, { isFirst, sum: addExtra(undefined, extra), close: price });
    } else return;
    this.#changed.add(key);
    this.#own = newest(this.#own);
  }

  /** Oldest first. */
  list(): readonly MarketCandle[] {
    const keys = new Set([...this.#background.keys(), ...this.#own.keys()]);
    return this.#describe(keys).slice(-CANDLES_KEPT);
  }

  /** Those that changed since the last time, oldest first. */
  takeChanged(): readonly MarketCandle[] {
    const changed = this.#describe(this.#changed);
    this.#changed.clear();
    return changed;
  }

  #keep(candles: readonly MarketCandle[]): void {
    for (const one of candles) this.#background.set(one.openedAtSeconds, one);
    this.#background = newest(this.#background);
  }

  #describe(keys: Iterable<number>): MarketCandle[] {
    return [...keys]
      .sort((left, right) => left - right)
      .flatMap((key) => this.#candleAt(key) ?? []);
  }

  #candleAt(openedAtSeconds: number): MarketCandle | undefined {
    const told = this.#background.get(openedAtSeconds);
    const own = this.#own.get(openedAtSeconds);
    if (!own) return told;
    if (told) return merge(told, own);
    const { open, high, low, volume, value, count } = own.sum;
    const { close } = own;
    // A trade of the background that went to accounts is still to come as its candle.
    if (!isPositive(volume)) return undefined;
    const vwap = meanOf(value, volume, [open, high, low, close]);
    return { openedAtSeconds, open, high, low, close, volume, vwap, tradeCount: count };
  }

  #length(): number {
    if (this.#seconds !== undefined) return this.#seconds;
    const starts = [...this.#background.keys()];
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] as number));
    return gaps.length > 0 ? Math.min(...gaps) : SECONDS_DEFAULT;
  }
}

function merge(told: MarketCandle, { isFirst, sum, close }: OwnPart): MarketCandle {
  const { openedAtSeconds, tradeCount, vwap } = told;
  const volume = addDecimals(told.volume, sum.volume);
  const high = greaterOf(told.high, sum.high);
  const low = lesserOf(told.low, sum.low);
  const isMeant = vwap !== undefined && isPositive(volume);
  const value = addDecimals(multiplyDecimals(vwap ?? '0', told.volume), sum.value);
  return {
    openedAtSeconds,
    high,
    low,
    volume,
    open: isFirst ? sum.open : told.open,
    close,
    ...(isMeant && { vwap: meanOf(value, volume, [vwap, told.open, told.high, told.low]) }),
    ...(tradeCount !== undefined && { tradeCount: tradeCount + sum.count }),
  };
}

/** A mean with no more decimals than the prices that it is of. */
function meanOf(value: string, volume: string, prices: readonly string[]): string {
  return divideDecimals(value, volume, Math.max(...prices.map(countDecimals)));
}

function newest<Value>(kept: Map<number, Value>): Map<number, Value> {
  const keys = [...kept.keys()];
  const isSorted = keys.every((key, index) => index === 0 || (keys[index - 1] as number) < key);
  if (isSorted && keys.length <= CANDLES_KEPT) return kept;
  return new Map([...kept].sort(([left], [right]) => left - right).slice(-CANDLES_KEPT));
}
