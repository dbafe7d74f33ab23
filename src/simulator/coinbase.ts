/** The Coinbase exchange of the simulator: its market, its demo key, its faults. */
import { randomUUID } from 'node:crypto';
import type { MarketChange, MarketSource, VenueFields } from '../model/exchange.js';
import type { Clock, Timers } from '../model/runtime.js';
import { readRecording } from '../recording/reader.js';
import { readTextFile } from '../runtime/text-file.js';
import type { BatchPace } from '../venues/coinbase/server/batches.js';
import type { ServerLimits } from '../venues/coinbase/server/connection.js';
import { readFaults, type FaultFile } from '../venues/coinbase/server/fault-rules.js';
import { createFaults, type Faults } from '../venues/coinbase/server/faults.js';
import {
  createCoinbaseServer,
  USER_PATH,
  type CoinbaseServer,
} from '../venues/coinbase/server/index.js';
import { readRecordedSession } from '../venues/coinbase/server/recorded-session.js';
import { createCoinbaseVerifier } from '../venues/coinbase/server/sign-in.js';
import { createDemoKey, type DemoKey, type DemoKeyType } from './demo-key.js';
import type { SimulatorControl } from './index.js';
import { Playback, type PlaybackSpeed } from './playback.js';
import { createSeededRandom } from './seeded-random.js';
import { createSyntheticMarket } from './synthetic-market.js';
import { SYNTHETIC_PRODUCTS } from './synthetic-products.js';

/** What may be said about the venue itself; everything has the venue's own value by default. */
export interface CoinbaseExchangeOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly pace?: Partial<BatchPace>;
  readonly compression?: boolean;
  /** Open orders of the demo key's account, in the venue's own fields. */
  readonly orders?: readonly VenueFields[];
  readonly balanceSummary?: Readonly<Record<string, unknown>>;
}

interface OpenOptions extends CoinbaseExchangeOptions {
  readonly from: string | undefined;
  readonly speed: PlaybackSpeed;
  readonly seed: number;
  readonly keyType: DemoKeyType;
  readonly faults: FaultFile | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** The exchange before it is hosted. */
export interface CoinbaseExchange {
  readonly server: CoinbaseServer;
  readonly key: DemoKey;
  readonly userPath: string;
  readonly control: SimulatorControl;
}

interface Market {
  readonly source: MarketSource;
  tell(change: MarketChange): void;
}

/** Reads what is to be served and makes the exchange. */
export async function openCoinbaseExchange(options: OpenOptions): Promise<CoinbaseExchange> {
  const { clock, timers } = options;
  const faults = createFaults(options.faults ? readFaults(options.faults).rules : [], clock);
  const key = createDemoKey(options.keyType);
  const market = await openMarket(options);
  if (options.orders) market.tell({ type: 'orders.changed', orders: options.orders });
  const server = createCoinbaseServer({
    source: market.source,
    clock,
    timers,
    faults,
    verifier: createCoinbaseVerifier({
      keys: new Map([[key.keyName, key.publicKey]]),
      clock: { nowMs: () => clock.nowMs() + faults.skewMs },
    }),
    userId: randomUUID(),
    balanceSummary: options.balanceSummary,
    limits: options.limits,
    pace: options.pace,
    compression: options.compression,
  });
  return { server, key, userPath: USER_PATH, control: createControl(server, faults, market) };
}

async function openMarket(options: OpenOptions): Promise<Market> {
  const { from, speed, clock, timers } = options;
  if (from === undefined) {
    const random = createSeededRandom(options.seed);
    const market = createSyntheticMarket({ products: SYNTHETIC_PRODUCTS, clock, timers, random });
    return { source: market, tell: (change) => market.tell(change) };
  }
  const session = await readRecordedSession(readRecording(readTextFile(from), from), from);
  const playback = new Playback({ session, speed, clock, timers });
  return { source: playback, tell: (change) => playback.tell(change) };
}

function createControl(server: CoinbaseServer, faults: Faults, market: Market): SimulatorControl {
  return {
    get connectionCount() {
      return server.connectionCount;
    },
    addFault(rule) {
      for (const one of readFaults({ rules: [rule] }).rules) faults.add(one);
    },
    clearFaults: () => faults.clear(),
    closeConnections: (code, reason = '') => server.closeConnections(code, reason),
    resetConnections: () => server.resetConnections(),
    changeOrders: (orders) => market.tell({ type: 'orders.changed', orders }),
  };
}
