/**
 * What the exchange knows of each pair beside its market: names and decimals in each protocol. v1
 * prints prices with decimals of its own, which are neither those of v2 nor REST's `pair_decimals`
 * (recorded 2021-04).
 */
import type { ListedInstrument } from '../../../model/exchange.js';
import { countDecimals } from './number-text.js';

/** A pair in both protocols. */
export interface Pair {
  readonly instrument: ListedInstrument;
  /** v2's name, under which the market knows it: `BTC/USD`. */
  readonly symbol: string;
  /** v1's name, REST's `wsname`: `XBT/USD`. */
  readonly v1Symbol: string;
  readonly v2: PairDecimals;
  readonly v1: PairDecimals;
  /** What v1's channel numbers of this pair begin with. */
  readonly channelBase: number;
}

/** How many decimals numbers of a pair are printed with. */
export interface PairDecimals {
  readonly price: number;
  readonly size: number;
}

/** All pairs of a market, by either name. */
export interface PairTable {
  readonly all: readonly Pair[];
  bySymbol(symbol: string): Pair | undefined;
  byV1Symbol(symbol: string): Pair | undefined;
  replace(instruments: readonly ListedInstrument[]): void;
}

/** v2 and the rest of the world → v1 and REST (support, "asset codes"). */
const V1_ASSET_NAMES: ReadonlyMap<string, string> = new Map([
  ['BTC', 'XBT'],
  ['DOGE', 'XDG'],
]);

/** Price decimals on the v1 wire, by v2 name (recorded 2021-04). */
const V1_PRICE_DECIMALS: ReadonlyMap<string, number> = new Map([
  ['BTC/CHF', 5],
  ['ETH/CHF', 5],
  ['BTC/USD', 5],
  ['XMR/USD', 8],
  ['KSM/BTC', 8],
  ['ADA/BTC', 9],
  ['OMG/USD', 6],
]);
const V1_PRICE_DECIMALS_LEAST = 5;
const V1_SIZE_DECIMALS = 8;
const PRICE_INCREMENT = '0.01';
const SIZE_INCREMENT = '0.00000001';
const CHANNELS_PER_PAIR = 32;

/** An asset's name in v1 and REST. */
export function toV1Asset(asset: string): string {
  return V1_ASSET_NAMES.get(asset) ?? asset;
}

/** An asset's name in v2. */
export function toV2Asset(asset: string): string {
  return [...V1_ASSET_NAMES].find(([, v1]) => v1 === asset)?.[0] ?? asset;
}

/** Makes the table; `v1PriceDecimals`, by v2 name, counts before the recorded ones. */
export function createPairTable(
  instruments: readonly ListedInstrument[],
  v1PriceDecimals: ReadonlyMap<string, number> = new Map(),
): PairTable {
  let pairs = new Map<string, Pair>();
  let v1Pairs = new Map<string, Pair>();
  const replace = (fresh: readonly ListedInstrument[]): void => {
    const all = fresh.map((one, index) => describePair(one, index, v1PriceDecimals));
    pairs = new Map(all.map((pair) => [pair.symbol, pair]));
    v1Pairs = new Map(all.map((pair) => [pair.v1Symbol, pair]));
  };
  replace(instruments);
  return {
    get all() {
      return [...pairs.values()];
    },
    bySymbol: (symbol) => pairs.get(symbol),
    byV1Symbol: (symbol) => v1Pairs.get(symbol),
    replace,
  };
}

function describePair(
  instrument: ListedInstrument,
  index: number,
  v1PriceDecimals: ReadonlyMap<string, number>,
): Pair {
  const { symbol, base, quote } = instrument;
  const price = countDecimals(instrument.priceIncrement ?? PRICE_INCREMENT);
  const size = countDecimals(instrument.sizeIncrement ?? SIZE_INCREMENT);
  const v1Price =
    v1PriceDecimals.get(symbol) ??
    V1_PRICE_DECIMALS.get(symbol) ??
    Math.max(V1_PRICE_DECIMALS_LEAST, price);
  return {
    instrument,
    symbol,
    v1Symbol: `${toV1Asset(base)}/${toV1Asset(quote)}`,
    v2: { price, size },
    v1: { price: v1Price, size: Math.max(V1_SIZE_DECIMALS, size) },
    channelBase: (index + 1) * CHANNELS_PER_PAIR,
  };
}
