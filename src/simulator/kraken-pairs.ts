import type { MarketLevel } from '../model/exchange.js';
import type { LevelCounts, SyntheticProduct } from './synthetic-products.js';

interface Row {
  readonly base: string;
  readonly quote: string;
  readonly price: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  readonly everyMs: number;
  readonly levels?: LevelCounts;
  readonly fixedLevels?: readonly MarketLevel[];
}

/** Deep enough for the deepest subscription. */
const DEEP: LevelCounts = { atStart: 1_150, least: 1_050, most: 1_300 };
/** A real book was this thin. */
const THIN: LevelCounts = { atStart: 5, least: 3, most: 7 };

/**
 * Quantities that the venue was seen to send: the one has more digits than a double, the other more
 * than 64 bits at eight decimals.
 */
const HUGE_ASKS: readonly MarketLevel[] = [
  { side: 'ask', price: '9999.0001', size: '301727260.79999999' },
  { side: 'ask', price: '9999.5', size: '886110000000' },
];

/**
 * Prices of no particular day; precisions as the venue has them (recorded 2024-04): one pair
 * without decimals, one with five decimals in its quantities, one with a book of a few levels.
 */
const ROWS: readonly Row[] = [
  { ...pair('BTC/USD', 65_083.6), priceDecimals: 1, sizeDecimals: 8, everyMs: 40, levels: DEEP },
  { ...pair('ETH/USD', 1_919.44), priceDecimals: 2, sizeDecimals: 8, everyMs: 50 },
  { ...pair('SOL/USD', 142.37), priceDecimals: 2, sizeDecimals: 8, everyMs: 80 },
  { ...pair('XRP/USD', 2.14531), priceDecimals: 5, sizeDecimals: 8, everyMs: 150 },
  { ...pair('DOGE/USD', 0.1623412), priceDecimals: 7, sizeDecimals: 8, everyMs: 200 },
  { ...pair('ETH/BTC', 0.02949), priceDecimals: 5, sizeDecimals: 8, everyMs: 200 },
  { ...pair('BTC/JPY', 9_763_412), priceDecimals: 0, sizeDecimals: 8, everyMs: 200 },
  { ...pair('USDG/USD', 0.9998), priceDecimals: 4, sizeDecimals: 5, everyMs: 300 },
  {
    ...pair('GST/EUR', 0.0412),
    priceDecimals: 4,
    sizeDecimals: 8,
    everyMs: 400,
    levels: THIN,
    fixedLevels: HUGE_ASKS,
  },
];

const VALUE_OF_A_LEVEL = 4_000;
const UNITS_MAX = 1e14;

function pair(name: string, price: number): Pick<Row, 'base' | 'quote' | 'price'> {
  const [base = '', quote = ''] = name.split('/');
  return { base, quote, price };
}

function increment(decimals: number): string {
  return (10 ** -decimals).toFixed(decimals);
}

/** The pairs of the synthetic market, under v2's names. */
export const KRAKEN_PAIRS: readonly SyntheticProduct[] = ROWS.map((row) => {
  const { base, quote, price, priceDecimals, sizeDecimals, everyMs } = row;
  const units = Math.round((VALUE_OF_A_LEVEL / price) * 10 ** sizeDecimals);
  return {
    instrument: {
      symbol: `${base}/${quote}`,
      base,
      quote,
      status: 'online',
      aliases: [],
      priceIncrement: increment(priceDecimals),
      sizeIncrement: increment(sizeDecimals),
      minCost: '0.5',
    },
    priceUnits: Math.round(price * 10 ** priceDecimals),
    priceDecimals,
    sizeDecimals,
    // Whole units stay exact integers, also summed up over a day.
    sizeUnits: Math.min(units, UNITS_MAX / 10_000),
    everyMs,
    ...(row.levels && { levels: row.levels }),
    ...(row.fixedLevels && { fixedLevels: row.fixedLevels }),
  };
});
