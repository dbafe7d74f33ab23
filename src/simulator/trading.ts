import { createMatchingMarket } from '../exchange/matching/matching-market.js';
import type { MarketSource } from '../model/exchange.js';
import type { MatchingMarket } from '../model/matching.js';
import type { ExchangeParts } from './exchange-parts.js';

/** What may be said about the account of the demo key. */
export interface TradingOptions {
  /** What it has at first, by asset; by default 1,000,000 of each quote, 1,000 of others. */
  readonly deposits?: Readonly<Record<string, string>>;
}

/** The engine behind an exchange, for tests: its truth, and other accounts to trade against. */
export interface SimulatedTrading {
  /** The account of the demo key. */
  readonly account: string;
  readonly market: MatchingMarket;
}

const QUOTE_DEPOSIT = '1000000';
const BASE_DEPOSIT = '1000';

/** Puts an engine over a market, with money in the account of the demo key. */
export function openTrading(
  source: MarketSource,
  { clock, timers }: Pick<ExchangeParts, 'clock' | 'timers'>,
  { account, options }: { readonly account: string; readonly options: TradingOptions },
): SimulatedTrading {
  const market = createMatchingMarket({ source, clock, timers });
  for (const [asset, amount] of Object.entries(options.deposits ?? listDeposits(source))) {
    market.deposit(account, asset, amount);
  }
  return { account, market };
}

function listDeposits({ instruments }: MarketSource): Readonly<Record<string, string>> {
  const bases = instruments.map(({ base }) => [base, BASE_DEPOSIT]);
  const quotes = instruments.map(({ quote }) => [quote, QUOTE_DEPOSIT]);
  return Object.fromEntries([...bases, ...quotes]) as Record<string, string>;
}
