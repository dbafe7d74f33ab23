import type {
  SimulatedCloud9Trader,
  SimulatedCoinbase,
  SimulatedKraken,
  SimulatedName,
  Simulator,
} from '../simulator/index.js';
import { quoteForShell } from './token-format.js';

/** What programs are told of each venue, in this order; the rest is for tests in the process. */
const FACTS = {
  coinbase: ['wsUrl', 'userWsUrl', 'keyName', 'privateKey'],
  kraken: ['wsUrl', 'wsAuthUrl', 'wsL3Url', 'wsV1Url', 'wsV1AuthUrl', 'restUrl', 'key', 'secret'],
  cloud9trader: ['wsUrl', 'key', 'secret'],
} as const satisfies Record<SimulatedName, readonly string[]>;

/** The facts of every venue that runs, as plain data. */
export function selectFacts(simulator: Simulator): Record<string, Record<string, unknown>> {
  const entries = Object.entries(simulator.venues).map(([name, facts]) => {
    const all = facts as unknown as Record<string, unknown>;
    const names: readonly string[] = FACTS[name as SimulatedName];
    return [name, Object.fromEntries(names.map((one) => [one, all[one]]))] as const;
  });
  return Object.fromEntries(entries);
}

function guideToCoinbase(venue: SimulatedCoinbase, trust: string): string[] {
  const secret = quoteForShell(venue.privateKey.trim().replaceAll('\n', '\\n'));
  return [
    'A simulated Coinbase is ready.',
    `  market data   ${venue.wsUrl}`,
    `  user data     ${venue.userWsUrl}`,
    'In another terminal, with the demo key of this run:',
    `  export COINBASE_KEY_NAME=${quoteForShell(venue.keyName)}`,
    `  export COINBASE_KEY_SECRET=${secret}`,
    `  truefeed watch coinbase BTC-USD --channels book,trades,user --url ${venue.wsUrl} ` +
      `--user-url ${venue.userWsUrl}${trust}`,
    '',
  ];
}

function guideToKraken(venue: SimulatedKraken, trust: string): string[] {
  return [
    'A simulated Kraken is ready.',
    `  protocol v2   ${venue.wsUrl}`,
    `  protocol v1   ${venue.wsV1Url}`,
    `  REST          ${venue.restUrl}`,
    'In another terminal, with the demo key of this run:',
    `  export KRAKEN_API_KEY=${quoteForShell(venue.key)}`,
    `  export KRAKEN_API_SECRET=${quoteForShell(venue.secret)}`,
    `  truefeed watch kraken BTC/USD --url ${venue.wsUrl}${trust}`,
    `  truefeed watch kraken-v1 XBT/USD --url ${venue.wsV1Url}${trust}`,
    '  truefeed order add kraken BTC/USD buy 0.01 --price 50000 --live ' +
      `--url ${venue.wsUrl}${trust}`,
    '',
  ];
}

function guideToCloud9Trader(venue: SimulatedCloud9Trader, trust: string): string[] {
  return [
    'A simulated Cloud9Trader is ready.',
    `  sockets       ${venue.wsUrl}`,
    'In another terminal, with the demo key of this run:',
    `  export CLOUD9TRADER_KEY=${quoteForShell(venue.key)}`,
    `  export CLOUD9TRADER_SECRET=${quoteForShell(venue.secret)}`,
    `  truefeed watch cloud9trader BTCUSD:Binance --url ${venue.wsUrl}${trust}`,
    '',
  ];
}

type Guide = (simulator: Simulator, trust: string) => string[];

/** Lines for a person, venue by venue; a venue that does not run has none. */
export const GUIDES: readonly Guide[] = [
  ({ venues }, trust) => (venues.coinbase ? guideToCoinbase(venues.coinbase, trust) : []),
  ({ venues }, trust) => (venues.kraken ? guideToKraken(venues.kraken, trust) : []),
  ({ venues }, trust) =>
    venues.cloud9trader ? guideToCloud9Trader(venues.cloud9trader, trust) : [],
];
