/** The Kraken exchange of the simulator: its market, its demo key, its faults. */
import type { MarketSource } from '../model/exchange.js';
import type { Clock, RandomSource, Timers } from '../model/runtime.js';
import { readAnyRecording } from '../recording/frame-lines.js';
import { systemRandom } from '../runtime/system-random.js';
import { readTextFile } from '../runtime/text-file.js';
import type { SystemState } from '../venues/kraken/server/engine-status.js';
import { readFaults, type FaultFile, type FaultRule } from '../venues/kraken/server/fault-rules.js';
import { createFaults, type Faults } from '../venues/kraken/server/faults.js';
import {
  createKrakenServer,
  KRAKEN_PATHS,
  type KrakenServer,
} from '../venues/kraken/server/index.js';
import type { ServerLimits } from '../venues/kraken/server/limits.js';
import { readRecordedSession } from '../venues/kraken/server/recorded-session.js';
import { TOKEN_PERMISSION } from '../venues/kraken/server/rest.js';
import { createKrakenVerifier } from '../venues/kraken/server/sign-in.js';
import { KRAKEN_PAIRS } from './kraken-pairs.js';
import { Playback, type PlaybackSpeed } from './playback.js';
import { createSeededRandom } from './seeded-random.js';
import { createSyntheticMarket } from './synthetic-market.js';

/** What may be said about the venue itself; everything has the venue's own value by default. */
export interface KrakenExchangeOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly compression?: boolean;
  /** How far below the demo key's largest nonce a new one may lie; 0 by default. */
  readonly nonceWindow?: bigint;
  /** Price decimals on the v1 wire, by v2 name, before those that are known. */
  readonly v1PriceDecimals?: ReadonlyMap<string, number>;
}

interface OpenOptions extends KrakenExchangeOptions {
  /** A recording: JSON lines of the project's form, bare frames, or frames with times. */
  readonly from: string | undefined;
  readonly speed: PlaybackSpeed;
  readonly seed: number;
  readonly faults: FaultFile | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  /** For the key, tokens and ids; the system's by default. */
  readonly random?: RandomSource;
}

/** A key that opens this simulator and nothing else. */
export interface KrakenDemoKey {
  readonly apiKey: string;
  /** As the account page gives it: 64 bytes in base64. */
  readonly apiSecret: string;
}

/** What a test does to a running exchange. */
export interface KrakenControl {
  readonly connectionCount: number;
  addFault(rule: FaultRule): void;
  clearFaults(): void;
  closeConnections(code: number, reason?: string): void;
  resetConnections(): void;
  /** Ends every token issued so far. */
  revokeTokens(): void;
  changeStatus(state: SystemState): void;
  /** Down to maintenance, and back in steps. */
  walkStatus(stepMs: number): void;
}

/** The exchange before it is hosted. */
export interface KrakenExchange {
  readonly server: KrakenServer;
  readonly key: KrakenDemoKey;
  readonly paths: typeof KRAKEN_PATHS;
  readonly control: KrakenControl;
}

/** Where a simulated venue is, and the key that opens it. */
export interface KrakenAddresses extends KrakenDemoKey {
  readonly wsUrl: string;
  readonly wsAuthUrl: string;
  readonly wsL3Url: string;
  readonly wsV1Url: string;
  readonly wsV1AuthUrl: string;
  readonly restUrl: string;
}

const KEY_BYTES = 42;
const SECRET_BYTES = 64;
const CANDLE_SECONDS = 60;

/** Reads what is to be served and makes the exchange. */
export async function openKrakenExchange(options: OpenOptions): Promise<KrakenExchange> {
  const { clock, timers, random = systemRandom } = options;
  const faults = createFaults(options.faults ? readFaults(options.faults).rules : [], clock);
  const key = createDemoKey(random);
  const secret = Buffer.from(key.apiSecret, 'base64');
  const { nonceWindow = 0n } = options;
  const server = createKrakenServer({
    ...{ clock, timers, random, faults },
    source: await openMarket(options),
    verifier: createKrakenVerifier({
      keys: new Map([[key.apiKey, { secret, permissions: [TOKEN_PERMISSION], nonceWindow }]]),
      clock: { nowMs: () => clock.nowMs() + faults.skewMs },
    }),
    limits: options.limits,
    v1PriceDecimals: options.v1PriceDecimals,
    compression: options.compression,
  });
  return { server, key, paths: KRAKEN_PATHS, control: createControl(server, faults) };
}

/** The addresses of an exchange that is hosted at `127.0.0.1:<port>`. */
export function describeKrakenAddresses(
  { key, paths }: KrakenExchange,
  { port, isTls }: { readonly port: number; readonly isTls: boolean },
): KrakenAddresses {
  const address = `127.0.0.1:${port}`;
  const socket = `${isTls ? 'wss' : 'ws'}://${address}`;
  return {
    wsUrl: socket + paths.market,
    wsAuthUrl: socket + paths.auth,
    wsL3Url: socket + paths.level3,
    wsV1Url: socket,
    wsV1AuthUrl: socket + paths.v1Auth,
    restUrl: `${isTls ? 'https' : 'http'}://${address}`,
    ...key,
  };
}

function createDemoKey(random: RandomSource): KrakenDemoKey {
  const text = (count: number): string => Buffer.from(random.bytes(count)).toString('base64');
  return { apiKey: text(KEY_BYTES), apiSecret: text(SECRET_BYTES) };
}

async function openMarket(options: OpenOptions): Promise<MarketSource> {
  const { from, speed, seed, clock, timers } = options;
  if (from === undefined) {
    const random = createSeededRandom(seed);
    const candleSeconds = CANDLE_SECONDS;
    return createSyntheticMarket({ products: KRAKEN_PAIRS, clock, timers, random, candleSeconds });
  }
  const session = await readRecordedSession(readAnyRecording(readTextFile(from), from), from);
  return new Playback({ session, speed, clock, timers });
}

function createControl(server: KrakenServer, faults: Faults): KrakenControl {
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
    revokeTokens: () => server.revokeTokens(),
    changeStatus: (state) => server.changeStatus(state),
    walkStatus: (stepMs) => server.walkStatus(stepMs),
  };
}
