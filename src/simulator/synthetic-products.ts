import type { ListedInstrument, MarketLevel } from '../model/exchange.js';

/** One product of the synthetic market. */
export interface SyntheticProduct {
  readonly instrument: ListedInstrument;
  /** Where the price begins, in units of its last decimal. */
  readonly priceUnits: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  /** A usual size of one level, in units of its last decimal. */
  readonly sizeUnits: number;
  /** Mean time between two changes. */
  readonly everyMs: number;
  /** How many levels a side there are; some hundreds by default. */
  readonly levels?: LevelCounts;
  /** Levels far from the market that never change, in the market's own texts. */
  readonly fixedLevels?: readonly MarketLevel[];
}

/** How many levels a side a book begins with, and between what it stays. */
export interface LevelCounts {
  readonly atStart: number;
  readonly least: number;
  readonly most: number;
}

type Row = readonly [base: string, price: number, priceDecimals: number, everyMs: number];

/** Prices of no particular day; increments as the venue has them. */
const ROWS: readonly Row[] = [
  ['BTC', 65083.67, 2, 30],
  ['ETH', 1919.44, 2, 40],
  ['SOL', 142.37, 2, 60],
  ['XRP', 2.1453, 4, 120],
  ['DOGE', 0.16234, 5, 150],
  ['ADA', 0.6421, 4, 250],
  ['LTC', 84.12, 2, 300],
  ['LINK', 14.213, 3, 300],
  ['AVAX', 21.37, 2, 400],
  ['DOT', 4.189, 3, 500],
  ['UNI', 6.021, 3, 600],
  ['ATOM', 4.372, 3, 700],
  ['XLM', 0.264113, 6, 700],
  ['BCH', 352.41, 2, 800],
  ['AAVE', 158.32, 2, 800],
  ['ETC', 16.73, 2, 1000],
  ['FIL', 2.731, 3, 1000],
  ['NEAR', 2.517, 3, 1000],
  ['APT', 4.93, 2, 1200],
  ['ARB', 0.3312, 4, 1200],
  ['OP', 0.7125, 4, 1200],
  ['SUI', 2.2341, 4, 1000],
  ['INJ', 8.911, 3, 1500],
  ['SEI', 0.1873, 4, 1500],
  ['TIA', 2.391, 3, 1500],
  ['ALGO', 0.1912, 4, 1800],
  ['HBAR', 0.16782, 5, 1800],
  ['GRT', 0.0917, 4, 2000],
  ['MKR', 1382.11, 2, 2000],
  ['SNX', 0.812, 3, 2000],
  ['CRV', 0.6123, 4, 2000],
  ['COMP', 41.73, 2, 2500],
  ['SHIB', 0.00001273, 8, 2500],
  ['BAT', 0.1421, 4, 2500],
  ['ZRX', 0.271311, 6, 3000],
  ['KNC', 0.4112, 4, 3000],
];

const VALUE_OF_A_LEVEL = 4_000;

/** Cheap coins trade in large numbers; whole units must stay exact integers. */
function sizeDecimalsAt(price: number): number {
  if (price >= 1) return 8;
  return price >= 0.01 ? 4 : 0;
}

/** The products of the synthetic market: enough to pass the limit of a connection. */
export const SYNTHETIC_PRODUCTS: readonly SyntheticProduct[] = ROWS.map(
  ([base, price, priceDecimals, everyMs]) => {
    const sizeDecimals = sizeDecimalsAt(price);
    return {
      instrument: {
        symbol: `${base}-USD`,
        base,
        quote: 'USD',
        status: 'online',
        kind: 'SPOT',
        displayName: `${base}/USD`,
        priceIncrement: (10 ** -priceDecimals).toFixed(priceDecimals),
        sizeIncrement: (10 ** -sizeDecimals).toFixed(sizeDecimals),
        minCost: '1',
        aliases: [`${base}-USDC`],
      },
      priceUnits: Math.round(price * 10 ** priceDecimals),
      priceDecimals,
      sizeDecimals,
      sizeUnits: Math.round((VALUE_OF_A_LEVEL / price) * 10 ** sizeDecimals),
      everyMs,
    };
  },
);
