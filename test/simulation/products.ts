import type { SyntheticProduct } from '../../src/simulator/index.js';
import { createSeededRandom } from '../doubles/seeded-random.js';

/** Prices and their decimals: whole yen, dust, the largest price that a venue was seen to send. */
const PRICES = [
  [65_083.6, 1] as const,
  [0.1623412, 7] as const,
  [9_763_412, 0] as const,
  [138_991_023.41, 2] as const,
  [1.5, 5] as const,
  [0.00001273, 8] as const,
];
const VALUE_OF_A_LEVEL = 4_000;
const SIZE_DECIMALS = 8;
const UNITS_MAX = 1e13;

/** How much there is of a market. */
export interface MarketSize {
  /** Between two changes of the product that moves, on average. */
  readonly everyMs: number;
  /** Levels a side of its book, about. */
  readonly levels: number;
}

/** As a market was before scripts said how large it is. */
const USUAL: MarketSize = { everyMs: 150, levels: 14 };
/** So much less often the other product changes. */
const THIN_FACTOR = 4.5;

interface Traits extends MarketSize {
  readonly price: number;
  readonly priceDecimals: number;
  readonly isThin: boolean;
}

function createProduct(
  symbol: string,
  base: string,
  { price, priceDecimals, isThin, everyMs, levels }: Traits,
): SyntheticProduct {
  const units = Math.round((VALUE_OF_A_LEVEL / price) * 10 ** SIZE_DECIMALS);
  return {
    instrument: {
      symbol,
      base,
      quote: 'USD',
      status: 'online',
      aliases: [],
      ...(symbol.includes('-') && { kind: 'SPOT', displayName: symbol.replace('-', '/') }),
      priceIncrement: (10 ** -priceDecimals).toFixed(priceDecimals),
      sizeIncrement: (10 ** -SIZE_DECIMALS).toFixed(SIZE_DECIMALS),
      minCost: '0.5',
    },
    priceUnits: Math.round(price * 10 ** priceDecimals),
    priceDecimals,
    sizeDecimals: SIZE_DECIMALS,
    sizeUnits: Math.min(units, UNITS_MAX),
    everyMs: isThin ? everyMs * THIN_FACTOR : everyMs,
    // The deeper one has more levels than a book of ten shows; the other one often has too few.
    levels: isThin
      ? { atStart: 4, least: 2, most: 7 }
      : { atStart: levels, least: Math.round(levels * 0.8), most: Math.round(levels * 1.3) },
  };
}

/** Two products of a seed, one that moves and one that hardly does. */
export function createProducts(
  seed: number,
  name: (base: string) => string,
  size: MarketSize = USUAL,
): readonly SyntheticProduct[] {
  const random = createSeededRandom(seed ^ 0x9e3779b9);
  return ['SOL', 'ADA'].map((base, index) => {
    const [price, priceDecimals] = PRICES[Math.floor(random.fraction() * PRICES.length)]!;
    return createProduct(name(base), base, { ...size, price, priceDecimals, isThin: index === 1 });
  });
}
