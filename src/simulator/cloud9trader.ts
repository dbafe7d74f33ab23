/** The Cloud9Trader exchange of the simulator: its market, its demo key, its faults. */
import { randomBytes } from 'node:crypto';
import { ConfigError } from '../model/error.js';
import type { AccountRow, AccountRows } from '../venues/cloud9trader/server/account.js';
import { FAULT_RULES, type FaultRule } from '../venues/cloud9trader/server/fault-rules.js';
import { createFaults } from '../venues/cloud9trader/server/faults.js';
import {
  createCloud9TraderServer,
  type Cloud9TraderServer,
  DEFAULT_ACCOUNT,
} from '../venues/cloud9trader/server/index.js';
import { createCloud9TraderVerifier } from '../venues/cloud9trader/server/sign-in.js';
import { assembleExchange } from './assemble-exchange.js';
import type { ExchangeControl } from './exchange-control.js';
import { type ExchangeParts, type MarketOptions, type OpenExchange } from './exchange-parts.js';
import { readGivenRules } from './rule-reader.js';
import { serveSynthetic } from './served-market.js';
import type { VenueMarket } from './venue-market.js';
import type { SimulatedTrading, TradingOptions } from './trading.js';
import { SYNTHETIC_PRODUCTS, type SyntheticProduct } from './synthetic-products.js';

/** Whose instruments the synthetic market trades. */
const BROKER = 'Binance';
const PRODUCTS_MAX = 8;

/** What may be said about the venue itself. */
export interface Cloud9TraderExchangeOptions extends TradingOptions, MarketOptions {
  /** The data of the demo key's account. */
  readonly account?: AccountRows;
}

/** What a test does to a running exchange. */
export interface Cloud9TraderControl extends ExchangeControl<FaultRule> {
  readonly trading: SimulatedTrading;
  changeAccount(
    topic: Parameters<Cloud9TraderServer['changeAccount']>[0],
    rows: readonly AccountRow[],
  ): void;
  /** Sends a text on all sockets that were signed in, unasked. */
  push(name: 'messages' | 'logs', text: string): void;
}

/** Where the venue is, the key that opens it, and what a test does to it. */
export interface SimulatedCloud9Trader {
  readonly port: number;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly key: string;
  readonly secret: string;
  readonly control: Cloud9TraderControl;
}

function nameOf(base: string, quote: string): string {
  return `${base}${quote}:${BROKER}`;
}

/** A product as this venue names it: `BTCUSD:Binance`. */
function nameForVenue(product: SyntheticProduct): SyntheticProduct {
  const { base, quote } = product.instrument;
  const instrument = { ...product.instrument, symbol: nameOf(base, quote), aliases: [] };
  return { ...product, instrument };
}

const VENUE: VenueMarket = {
  nameOf,
  haltedStatus: 'halted',
  products: SYNTHETIC_PRODUCTS.slice(0, PRODUCTS_MAX).map(nameForVenue),
};

/** Makes the exchange; there is no recording of this venue anywhere, so it serves none. */
export async function openCloud9TraderExchange(
  options: Cloud9TraderExchangeOptions,
  parts: ExchangeParts,
): Promise<OpenExchange<SimulatedCloud9Trader>> {
  const { clock, timers } = parts;
  if (parts.from !== undefined) {
    throw new ConfigError(
      'OPTION_INVALID',
      'There is no format of recordings for cloud9trader; leave --from out.',
    );
  }
  const faults = createFaults(readGivenRules(parts, FAULT_RULES), clock);
  const key = randomBytes(8).toString('hex');
  const secretBytes = randomBytes(32);
  const served = serveSynthetic(options, parts, { venue: VENUE, account: DEFAULT_ACCOUNT });
  const { trading } = served;
  const server = createCloud9TraderServer({
    source: served.source,
    engine: trading.market,
    clock,
    timers,
    faults,
    verifier: createCloud9TraderVerifier({
      secrets: new Map([[key, secretBytes]]),
      clock: { nowMs: () => clock.nowMs() + faults.skewMs },
    }),
    account: options.account,
  });
  return assembleExchange(
    {
      server,
      inForce: faults.inForce,
      rules: FAULT_RULES,
      served,
      spellOrderId: (id) => id,
      moreControl: listControls(server, trading),
      describe: ({ port, wsUrl, httpUrl }, control) => ({
        port,
        wsUrl,
        restUrl: httpUrl,
        key,
        secret: secretBytes.toString('base64'),
        control,
      }),
    },
    parts,
  );
}

/** What a test does to this venue beyond what it does to all. */
function listControls(
  server: Cloud9TraderServer,
  trading: SimulatedTrading,
): Omit<Cloud9TraderControl, keyof ExchangeControl> {
  return {
    trading,
    changeAccount: server.changeAccount.bind(server),
    push: server.push.bind(server),
  };
}
