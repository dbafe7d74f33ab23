/** The Kraken exchange of the simulator: its market, its demo key, its faults. */
import type { RandomSource } from '../model/runtime.js';
import { readAnyRecording } from '../recording/frame-lines.js';
import { systemRandom } from '../runtime/system-random.js';
import { readTextFile } from '../runtime/text-file.js';
import { ORDER_PERMISSIONS } from '../venues/kraken/server/account/order-rights.js';
import type { SystemState } from '../venues/kraken/server/engine-status.js';
import { FAULT_RULES, type FaultRule } from '../venues/kraken/server/fault-rules.js';
import { createFaults } from '../venues/kraken/server/faults.js';
import {
  createKrakenServer,
  KRAKEN_PATHS,
  type KrakenServer,
  type KrakenServerOptions,
} from '../venues/kraken/server/index.js';
import type { ServerLimits } from '../venues/kraken/server/limits.js';
import { readRecordedSession } from '../venues/kraken/server/recorded-session.js';
import { TOKEN_PERMISSION } from '../venues/kraken/server/rest.js';
import { createKrakenVerifier } from '../venues/kraken/server/sign-in.js';
import { toVenueId } from '../venues/kraken/server/account/venue-ids.js';
import { assembleExchange } from './assemble-exchange.js';
import type { ExchangeControl } from './exchange-control.js';
import {
  type ExchangeAddress,
  type ExchangeParts,
  type MarketOptions,
  type OpenExchange,
} from './exchange-parts.js';
import { KRAKEN_PAIRS } from './kraken-pairs.js';
import { createSeededRandom } from './seeded-random.js';
import { readGivenRules } from './rule-reader.js';
import { serveRecording, serveSynthetic, type ServedMarket } from './served-market.js';
import type { VenueMarket } from './venue-market.js';
import type { SimulatedTrading, TradingOptions } from './trading.js';

/** What may be said about the venue itself; everything has the venue's own value by default. */
export interface KrakenExchangeOptions extends TradingOptions, MarketOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly compression?: boolean;
  /** How far below the demo key's largest nonce a new one may lie; 0 by default. */
  readonly nonceWindow?: bigint;
  /** Price decimals on the v1 wire, by v2 name, before those that are known. */
  readonly v1PriceDecimals?: ReadonlyMap<string, number>;
  /** What the demo key may do; by default everything that sockets need. */
  readonly permissions?: readonly string[];
  /** What the engine's limits are; intermediate by default. */
  readonly tier?: KrakenServerOptions['tier'];
  /** For the key, tokens and ids; the system's by default. */
  readonly random?: RandomSource;
}

/** What a test does to a running exchange. */
export interface KrakenControl extends ExchangeControl<FaultRule> {
  /** The engine; undefined where a recording is served: what was recorded cannot be traded. */
  readonly trading: SimulatedTrading | undefined;
  changeStatus(state: SystemState): void;
  /** Down to maintenance, and back in steps. */
  walkStatus(stepMs: number): void;
}

/** Where the venue is, the key that opens it, and what a test does to it. */
export interface SimulatedKraken {
  readonly port: number;
  readonly wsUrl: string;
  readonly wsAuthUrl: string;
  readonly wsL3Url: string;
  readonly wsV1Url: string;
  readonly wsV1AuthUrl: string;
  /** Base address of the few REST answers, without the `/0`. */
  readonly restUrl: string;
  readonly key: string;
  /** As the account page gives it: 64 bytes in base64. */
  readonly secret: string;
  readonly control: KrakenControl;
}

type DemoKey = Pick<SimulatedKraken, 'key' | 'secret'>;

/** The account of the demo key in the engine. */
const ACCOUNT = 'demo';
const PERMISSIONS = [TOKEN_PERMISSION, ORDER_PERMISSIONS.modify, ORDER_PERMISSIONS.cancel];
const KEY_BYTES = 42;
const SECRET_BYTES = 64;
const CANDLE_SECONDS = 60;

const VENUE: VenueMarket = {
  nameOf: (base, quote) => `${base}/${quote}`,
  haltedStatus: 'cancel_only',
  products: KRAKEN_PAIRS,
  candleSeconds: CANDLE_SECONDS,
};

/** Reads what is to be served and makes the exchange. */
export async function openKrakenExchange(
  options: KrakenExchangeOptions,
  parts: ExchangeParts,
): Promise<OpenExchange<SimulatedKraken>> {
  const { random = systemRandom, nonceWindow = 0n, permissions = PERMISSIONS } = options;
  const { clock, timers } = parts;
  const faults = createFaults(readGivenRules(parts, FAULT_RULES), clock);
  const demo = createDemoKey(random);
  const secret = Buffer.from(demo.secret, 'base64');
  const served = await serveMarket(parts, options);
  const server = createKrakenServer({
    clock,
    timers,
    random,
    faults,
    idRandom: createSeededRandom(parts.seed),
    source: served.source,
    engine: served.trading?.market,
    tier: options.tier,
    verifier: createKrakenVerifier({
      keys: new Map([[demo.key, { secret, permissions, nonceWindow, account: ACCOUNT }]]),
      clock: { nowMs: () => clock.nowMs() + faults.skewMs },
    }),
    limits: options.limits,
    v1PriceDecimals: options.v1PriceDecimals,
    compression: options.compression,
  });
  return assembleExchange(
    {
      server,
      inForce: faults.inForce,
      rules: FAULT_RULES,
      served,
      spellOrderId: (id) => toVenueId('O', id),
      moreControl: listControls(server, served),
      describe: (address, control) => ({ ...describeAddresses(address), ...demo, control }),
    },
    parts,
  );
}

function describeAddresses({ port, wsUrl, httpUrl }: ExchangeAddress) {
  return {
    port,
    wsUrl: wsUrl + KRAKEN_PATHS.market,
    wsAuthUrl: wsUrl + KRAKEN_PATHS.auth,
    wsL3Url: wsUrl + KRAKEN_PATHS.level3,
    wsV1Url: wsUrl,
    wsV1AuthUrl: wsUrl + KRAKEN_PATHS.v1Auth,
    restUrl: httpUrl,
  };
}

function createDemoKey(random: RandomSource): DemoKey {
  const text = (count: number): string => Buffer.from(random.bytes(count)).toString('base64');
  return { key: text(KEY_BYTES), secret: text(SECRET_BYTES) };
}

/** A recording may be JSON lines of the project's form, bare frames, or frames with times. */
async function serveMarket(
  parts: ExchangeParts,
  options: KrakenExchangeOptions,
): Promise<ServedMarket> {
  const { from } = parts;
  if (from === undefined) {
    return serveSynthetic(options, parts, { venue: VENUE, account: ACCOUNT });
  }
  const session = await readRecordedSession(readAnyRecording(readTextFile(from), from), from);
  return serveRecording(session, parts);
}

/** What a test does to this venue beyond what it does to all. */
function listControls(
  server: KrakenServer,
  served: ServedMarket,
): Omit<KrakenControl, keyof ExchangeControl> {
  return {
    trading: served.trading,
    changeStatus: (state) => server.changeStatus(state),
    walkStatus: (stepMs) => server.walkStatus(stepMs),
  };
}
