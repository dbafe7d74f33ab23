import { ConfigError } from '../model/error.js';
import { checkNames } from '../model/option-names.js';
import type { Cloud9TraderExchangeOptions } from './cloud9trader.js';
import type { CoinbaseExchangeOptions } from './coinbase.js';
import type { MarketOptions } from './exchange-parts.js';
import type { KrakenExchangeOptions } from './kraken.js';
import type { ControlAddress, SimulateOptions, VenueChoices } from './simulate-options.js';
import type { TradingOptions } from './trading.js';

/** Complete by their types: a new option that is left out here does not compile. */
const OPTION_NAMES: Readonly<Record<keyof SimulateOptions, true>> = {
  venues: true,
  port: true,
  from: true,
  speed: true,
  faults: true,
  faultsName: true,
  tls: true,
  keyType: true,
  seed: true,
  market: true,
  marketName: true,
  control: true,
  clock: true,
  timers: true,
  logger: true,
};

const CONTROL_NAMES: Readonly<Record<keyof ControlAddress, true>> = { port: true, address: true };

const EXCHANGE_NAMES: Readonly<Record<keyof (MarketOptions & TradingOptions), true>> = {
  products: true,
  deposits: true,
};

const COINBASE_NAMES: Readonly<Record<keyof CoinbaseExchangeOptions, true>> = {
  ...EXCHANGE_NAMES,
  limits: true,
  pace: true,
  compression: true,
  orders: true,
  balanceSummary: true,
  positions: true,
};

const KRAKEN_NAMES: Readonly<Record<keyof KrakenExchangeOptions, true>> = {
  ...EXCHANGE_NAMES,
  limits: true,
  compression: true,
  nonceWindow: true,
  v1PriceDecimals: true,
  permissions: true,
  tier: true,
  random: true,
};

const CLOUD9TRADER_NAMES: Readonly<Record<keyof Cloud9TraderExchangeOptions, true>> = {
  ...EXCHANGE_NAMES,
  account: true,
};

/** What may be said of each venue. */
const VENUE_NAMES: Readonly<Record<keyof VenueChoices, object>> = {
  coinbase: COINBASE_NAMES,
  kraken: KRAKEN_NAMES,
  cloud9trader: CLOUD9TRADER_NAMES,
};

/** Venues, and what is said of each. */
function checkVenueNames(venues: object): void {
  checkNames('the venues of simulate', venues, VENUE_NAMES);
  for (const [venue, names] of Object.entries(VENUE_NAMES)) {
    const options = (venues as Readonly<Record<string, unknown>>)[venue];
    if (options) checkNames(`the simulated ${venue}`, options, names);
  }
}

/** Plain JavaScript has no types: throws OPTION_INVALID for a name that nobody reads. */
export function checkOptionNames(options: unknown): void {
  const isObject = typeof options === 'object' && options !== null;
  if (isObject && 'venues' in options) {
    const { venues } = options;
    checkNames('the options of simulate', options, OPTION_NAMES);
    const { control } = options as { readonly control?: unknown };
    if (control) checkNames('the control of simulate', control, CONTROL_NAMES);
    const isForm = typeof venues === 'object' && venues !== null && !Array.isArray(venues);
    if (isForm) return checkVenueNames(venues);
  }
  throw new ConfigError(
    'OPTION_INVALID',
    'simulate takes an object with one field for each venue: { venues: { name: {} } }.',
    { facts: { option: 'venues' } },
  );
}
