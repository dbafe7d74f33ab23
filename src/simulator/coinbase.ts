/** The Coinbase exchange of the simulator: its market, its demo key, its faults. */
import { randomUUID } from 'node:crypto';
import type { VenueFields } from '../model/exchange.js';
import { readRecording } from '../recording/reader.js';
import { readTextFile } from '../runtime/text-file.js';
import type { BatchPace } from '../venues/coinbase/server/batches.js';
import type { ServerLimits } from '../venues/coinbase/server/connection.js';
import { FAULT_RULES, type FaultRule } from '../venues/coinbase/server/fault-rules.js';
import { createFaults } from '../venues/coinbase/server/faults.js';
import { toOrderUuid } from '../venues/coinbase/server/order-ids.js';
import {
  createCoinbaseServer,
  USER_PATH,
  type CoinbaseServer,
  USER_ACCOUNT,
} from '../venues/coinbase/server/index.js';
import { readRecordedSession } from '../venues/coinbase/server/recorded-session.js';
import type { BalanceSummary, UserPositions } from '../venues/coinbase/server/user-account.js';
import { createCoinbaseVerifier } from '../venues/coinbase/server/sign-in.js';
import { createDemoKey } from './demo-key.js';
import { assembleExchange } from './assemble-exchange.js';
import type { ExchangeControl } from './exchange-control.js';
import { type ExchangeParts, type MarketOptions, type OpenExchange } from './exchange-parts.js';
import { readGivenRules } from './rule-reader.js';
import { serveRecording, serveSynthetic, type ServedMarket } from './served-market.js';
import type { VenueMarket } from './venue-market.js';
import type { SimulatedTrading, TradingOptions } from './trading.js';
import { SYNTHETIC_PRODUCTS } from './synthetic-products.js';

/** What may be said about the venue itself; everything has the venue's own value by default. */
export interface CoinbaseExchangeOptions extends TradingOptions, MarketOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly pace?: Partial<BatchPace>;
  readonly compression?: boolean;
  /** Open orders of the demo key's account, in the venue's own fields. */
  readonly orders?: readonly VenueFields[];
  readonly balanceSummary?: BalanceSummary;
  readonly positions?: UserPositions;
}

/** Where the venue is, the key that opens it, and what a test does to it. */
export interface SimulatedCoinbase {
  readonly port: number;
  readonly wsUrl: string;
  readonly userWsUrl: string;
  /** Base address of the few REST answers. */
  readonly restUrl: string;
  readonly keyName: string;
  readonly privateKey: string;
  readonly control: CoinbaseControl;
}

/** What a test does to a running exchange. */
export interface CoinbaseControl extends ExchangeControl<FaultRule> {
  /** Reports orders of the demo key's account, in the venue's own fields. */
  changeOrders(orders: readonly VenueFields[]): void;
  /** The engine; undefined where a recording is served. */
  readonly trading: SimulatedTrading | undefined;
  /** Orders of the demo key's account: the venue takes none on its sockets. */
  readonly placeOrder: CoinbaseServer['placeOrder'];
  readonly cancelOrder: CoinbaseServer['cancelOrder'];
  /** Replaces these lists of positions, and tells them. */
  changePositions(positions: UserPositions): void;
  /** Changes fields of the summary of futures, and tells the whole. */
  changeBalances(summary: BalanceSummary): void;
}

const VENUE: VenueMarket = {
  nameOf: (base, quote) => `${base}-${quote}`,
  haltedStatus: 'offline',
  products: SYNTHETIC_PRODUCTS,
};

/** Reads what is to be served and makes the exchange. */
export async function openCoinbaseExchange(
  options: CoinbaseExchangeOptions,
  parts: ExchangeParts,
): Promise<OpenExchange<SimulatedCoinbase>> {
  const { clock, timers } = parts;
  const faults = createFaults(readGivenRules(parts, FAULT_RULES), clock);
  const { keyName, privateKey, publicKey } = createDemoKey(parts.keyType);
  const served = await serveMarket(parts, options);
  if (options.orders) served.tell({ type: 'orders.changed', orders: options.orders });
  const server = createCoinbaseServer({
    source: served.source,
    engine: served.trading?.market,
    clock,
    timers,
    faults,
    verifier: createCoinbaseVerifier({
      keys: new Map([[keyName, publicKey]]),
      clock: { nowMs: () => clock.nowMs() + faults.skewMs },
    }),
    userId: randomUUID(),
    balanceSummary: options.balanceSummary,
    positions: options.positions,
    limits: options.limits,
    pace: options.pace,
    compression: options.compression,
  });
  return assembleExchange(
    {
      server,
      inForce: faults.inForce,
      rules: FAULT_RULES,
      served,
      spellOrderId: toOrderUuid,
      moreControl: listControls(server, served),
      describe: ({ port, wsUrl, httpUrl }, control) => ({
        port,
        wsUrl,
        userWsUrl: `${wsUrl}${USER_PATH}`,
        restUrl: httpUrl,
        keyName,
        privateKey,
        control,
      }),
    },
    parts,
  );
}

async function serveMarket(
  parts: ExchangeParts,
  options: CoinbaseExchangeOptions,
): Promise<ServedMarket> {
  const { from } = parts;
  if (from === undefined) {
    return serveSynthetic(options, parts, { venue: VENUE, account: USER_ACCOUNT });
  }
  const session = await readRecordedSession(readRecording(readTextFile(from), from), from);
  return serveRecording(session, parts);
}

/** What a test does to this venue beyond what it does to all. */
function listControls(
  server: CoinbaseServer,
  served: ServedMarket,
): Omit<CoinbaseControl, keyof ExchangeControl> {
  return {
    changeOrders: (orders) => served.tell({ type: 'orders.changed', orders }),
    trading: served.trading,
    placeOrder: server.placeOrder.bind(server),
    cancelOrder: server.cancelOrder.bind(server),
    changePositions: server.changePositions.bind(server),
    changeBalances: server.changeBalances.bind(server),
  };
}
