/**
 * Exchanges to test against, on ports of this machine: each venue's own wire, sign-in and limits,
 * served from a recording or from a small random market, with faults on command.
 *
 * @packageDocumentation
 */
import { ConfigError } from '../model/error.js';
import type { Clock, Timers } from '../model/runtime.js';
import { hostVenueServer, type HostedServer } from '../runtime/server.js';
import { systemClock } from '../runtime/system-clock.js';
import { systemTimers } from '../runtime/system-timers.js';
import {
  openCloud9TraderExchange,
  type Cloud9TraderExchangeOptions,
  type SimulatedCloud9Trader,
} from './cloud9trader.js';
import {
  openCoinbaseExchange,
  type CoinbaseExchangeOptions,
  type SimulatedCoinbase,
} from './coinbase.js';
import type { DemoKeyType } from './demo-key.js';
import type { ExchangeParts, GeneralExchange, OpenExchange } from './exchange-parts.js';
import { SIMULATED_NAMES, type SimulatedName } from './simulated-name.js';
import type { ControlledExchanges } from './control-routes.js';
import { CONTROL_BODY_MAX_BYTES, createControlServer } from './control-server.js';
import { openKrakenExchange, type KrakenExchangeOptions, type SimulatedKraken } from './kraken.js';
import { checkOptionNames } from './option-names.js';
import { readScenario, type MarketScenario } from './scenario.js';
import type { PlaybackSpeed } from './playback.js';
import {
  createDefectiveCertificate,
  createSelfSignedCertificate,
  type SelfSigned,
} from './self-signed.js';
import { shareRules } from './fault-file.js';
import type { RulesName } from '../exchange/read-rules.js';
import type { CertificateDefect } from '../exchange/fault-schema.js';

export { SIMULATED_NAMES, type SimulatedName } from './simulated-name.js';
export type { ExchangeControl, SeenOrder } from './exchange-control.js';
export type { MarketControl } from './venue-market.js';
export type { MarketScenario } from './scenario.js';
export type { MarketPace } from './synthetic-market.js';
export type { ConnectionFacts, SeenMessage, SeenRequest } from '../exchange/observed-server.js';
export type { KeptRule } from '../exchange/fault-book.js';
export type { FaultFile, FaultRule } from '../venues/coinbase/server/fault-rules.js';
export type {
  Cloud9TraderControl,
  Cloud9TraderExchangeOptions,
  SimulatedCloud9Trader,
} from './cloud9trader.js';
export type { CoinbaseControl, CoinbaseExchangeOptions, SimulatedCoinbase } from './coinbase.js';
export type { DemoKeyType } from './demo-key.js';
export type { KrakenControl, KrakenExchangeOptions, SimulatedKraken } from './kraken.js';
export type { PlaybackSpeed } from './playback.js';
export type { LevelCounts, SyntheticProduct } from './synthetic-products.js';
export type { SimulatedTrading, TradingOptions } from './trading.js';

const DEFAULT_SEED = 1;

/** How each venue's exchange is made. */
const EXCHANGES = {
  coinbase: openCoinbaseExchange,
  kraken: openKrakenExchange,
  cloud9trader: openCloud9TraderExchange,
} as const;

/** Venues to simulate, each with what is said about it; `{}` takes everything as it is there. */
export interface VenueChoices {
  readonly coinbase?: CoinbaseExchangeOptions;
  readonly kraken?: KrakenExchangeOptions;
  readonly cloud9trader?: Cloud9TraderExchangeOptions;
}

/** What is known of each venue once it runs. */
export interface SimulatedVenues {
  readonly coinbase: SimulatedCoinbase;
  readonly kraken: SimulatedKraken;
  readonly cloud9trader: SimulatedCloud9Trader;
}

/** Where the control over HTTP listens. */
export interface ControlAddress {
  /** 0 takes any free port. */
  readonly port: number;
  /** 127.0.0.1 by default: whoever reaches it commands the exchanges. */
  readonly address?: string;
}

/** What to simulate, and how. `from` belongs to one venue and needs it to be alone. */
export interface SimulateOptions<Choices extends VenueChoices = VenueChoices> {
  readonly venues: Choices;
  /** 0 takes any free port; several venues take as many ports, one after the other. */
  readonly port?: number;
  /** A recording to serve; without it a random market is. */
  readonly from?: string;
  /** A factor for the recording's own pace, or as fast as the sockets take it. */
  readonly speed?: PlaybackSpeed;
  /** Rules as in a file of faults; where several venues run, each names its `venue`. */
  readonly faults?: { readonly rules: readonly object[] };
  /** What errors call the rules: the name of their file, or that and the line of a field. */
  readonly faultsName?: RulesName;
  /** Serve wss:// with a certificate made now; `caPem` is what to trust. */
  readonly tls?: boolean;
  readonly keyType?: DemoKeyType;
  /** Of the random market; that of the scenario, or 1, where it is absent. */
  readonly seed?: number;
  /** What the random market is like, as in a file for `--market`. */
  readonly market?: MarketScenario;
  /** What errors call it. */
  readonly marketName?: RulesName;
  /** Serves the control over HTTP as well, for programs in other languages. */
  readonly control?: ControlAddress;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** Running exchanges. */
export interface Simulator<Choices extends VenueChoices = VenueChoices> extends AsyncDisposable {
  readonly venues: Pick<SimulatedVenues, keyof Choices & SimulatedName>;
  /** The certificate to trust, where TLS is on. */
  readonly caPem: string | undefined;
  /** Where the control over HTTP listens, where that was asked for. */
  readonly controlUrl: string | undefined;
  close(): Promise<void>;
}

type Open = (options: object, parts: ExchangeParts) => Promise<OpenExchange<object>>;

/** Refuses what cannot be meant; returns the venues to start. */
function checkOptions(options: SimulateOptions): SimulatedName[] {
  checkOptionNames(options);
  const { speed = 1, from } = options;
  if (speed !== 'max' && !(Number.isFinite(speed) && speed > 0)) {
    throw new ConfigError('OPTION_INVALID', 'The speed must be a number above 0, or "max".');
  }
  const names = SIMULATED_NAMES.filter((name) => options.venues[name] !== undefined);
  if (from !== undefined && options.market) {
    const message = 'A recording is served as it is; leave either the recording or the market out.';
    throw new ConfigError('OPTION_INVALID', message);
  }
  if (names.length === 0) {
    throw new ConfigError('OPTION_INVALID', `Name a venue: ${SIMULATED_NAMES.join(', ')}.`);
  }
  if (names.length > 1 && from !== undefined) {
    const message = 'A recording belongs to one venue; name that venue alone.';
    throw new ConfigError('OPTION_INVALID', message);
  }
  return names;
}

interface Host {
  readonly parts: ExchangeParts;
  readonly port: number;
  readonly tls: SelfSigned | undefined;
}

/** Makes one exchange and lets it listen; nothing is left behind where that fails. */
async function host(open: Open, options: object, { parts, port, tls }: Host) {
  const exchange = await open(options, parts);
  const { clock } = parts;
  const hosted = await hostVenueServer(exchange.server, { port, clock, tls }).catch(
    (error: unknown) => {
      exchange.server.close();
      throw error;
    },
  );
  if (tls) followCertificate(exchange, { hosted, good: tls, clock });
  const address = `127.0.0.1:${hosted.port}`;
  const facts = exchange.describe({
    port: hosted.port,
    wsUrl: `${tls ? 'wss' : 'ws'}://${address}`,
    httpUrl: `${tls ? 'https' : 'http'}://${address}`,
  });
  return { hosted, facts, exchange };
}

const LOOPBACK = '127.0.0.1';

/** Lets the control listen. */
async function hostControl(
  { port, address = LOOPBACK }: ControlAddress,
  exchanges: ControlledExchanges,
  clock: Clock,
): Promise<{ readonly hosted: HostedServer; readonly url: string }> {
  const isLocal = /^(127\.|::1$|localhost$)/.test(address);
  const server = createControlServer({ exchanges, isLocal });
  const bodyMaxBytes = CONTROL_BODY_MAX_BYTES;
  const hosted = await hostVenueServer(server, { port, address, clock, bodyMaxBytes });
  const host = address.includes(':') ? `[${address}]` : address;
  return { hosted, url: `http://${host}:${hosted.port}` };
}

/** Of the facts of an exchange those that are no secret. */
function selectAddresses(facts: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name.endsWith('Url')));
}

/** Shows the certificate that the rules want, to those who connect from then on. */
function followCertificate(
  { book }: Pick<OpenExchange<object>, 'book'>,
  parts: { readonly hosted: HostedServer; readonly good: SelfSigned; readonly clock: Clock },
): void {
  const { hosted, good, clock } = parts;
  const show = (): void => {
    const rule = book.rules.find((one) => one.fault === 'tls-certificate');
    const how = rule && (rule as unknown as { readonly how: CertificateDefect }).how;
    const shown = how ? createDefectiveCertificate(how, good, clock.nowMs()) : good;
    hosted.changeCertificate(shown);
  };
  const watch = ({ fault }: { readonly fault: string }): void => {
    if (fault === 'tls-certificate') show();
  };
  book.watch({ onAdded: watch, onRemoved: watch });
  for (const rule of book.rules) watch(rule);
}

async function closeAll(servers: readonly HostedServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}

/** Starts exchanges on 127.0.0.1; rejects with ConfigError for a bad recording, fault or port. */
export async function simulate<Choices extends VenueChoices>(
  options: SimulateOptions<Choices>,
): Promise<Simulator<Choices>> {
  const names = checkOptions(options);
  const { port = 0, clock = systemClock, timers = systemTimers } = options;
  const tls = options.tls ? createSelfSignedCertificate(clock.nowMs()) : undefined;
  const { faultsName = 'the faults' } = options;
  const scenario = options.market && readScenario(options.market, options.marketName);
  const shares = options.faults && shareRules(options.faults, names, faultsName);
  const parts: Omit<ExchangeParts, 'faults'> = {
    from: options.from,
    speed: options.speed ?? 1,
    seed: options.seed ?? scenario?.seed ?? DEFAULT_SEED,
    scenario,
    keyType: options.keyType ?? 'es256',
    faultsName,
    isSecure: tls !== undefined,
    clock,
    timers,
  };
  const servers: HostedServer[] = [];
  const facts: Record<string, object> = {};
  const exchanges = new Map<SimulatedName, GeneralExchange & { addresses: object }>();
  let controlUrl: string | undefined;
  try {
    for (const [index, name] of names.entries()) {
      const given = { ...parts, faults: shares?.get(name) };
      const own = { parts: given, tls, port: port === 0 ? 0 : port + index };
      const started = await host(EXCHANGES[name], options.venues[name] ?? {}, own);
      servers.push(started.hosted);
      facts[name] = started.facts;
      const addresses = selectAddresses(started.facts);
      exchanges.set(name, Object.assign(started.exchange, { addresses }));
    }
    if (options.control) {
      const control = await hostControl(options.control, exchanges as ControlledExchanges, clock);
      servers.push(control.hosted);
      controlUrl = control.url;
    }
  } catch (error) {
    await closeAll(servers);
    throw error;
  }
  return {
    venues: facts as unknown as Simulator<Choices>['venues'],
    caPem: tls?.certificatePem,
    controlUrl,
    close: () => closeAll(servers),
    [Symbol.asyncDispose]: () => closeAll(servers),
  };
}
