import type { HostedServer } from '../runtime/server.js';
import { systemClock } from '../runtime/system-clock.js';
import { systemTimers } from '../runtime/system-timers.js';
import { openCloud9TraderExchange } from './cloud9trader.js';
import { openCoinbaseExchange } from './coinbase.js';
import type { ExchangeParts } from './exchange-parts.js';
import { shareRules } from './fault-file.js';
import { hostControl, hostExchange, type HostedExchange } from './hosting.js';
import { openKrakenExchange } from './kraken.js';
import { readScenario } from './scenario.js';
import { createSelfSignedCertificate } from './self-signed.js';
import {
  checkOptions,
  type SimulateOptions,
  type Simulator,
  type VenueChoices,
} from './simulate-options.js';
import type { SimulatedName } from './simulated-name.js';

const DEFAULT_SEED = 1;

/** How each venue's exchange is made. */
const EXCHANGES = {
  coinbase: openCoinbaseExchange,
  kraken: openKrakenExchange,
  cloud9trader: openCloud9TraderExchange,
} as const;

async function closeAll(servers: readonly HostedServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}

/** Starts exchanges on 127.0.0.1; rejects with ConfigError for a bad recording, fault or port. */
export async function simulate<Choices extends VenueChoices>(
  options: SimulateOptions<Choices>,
): Promise<Simulator<Choices>> {
  const names = checkOptions(options);
  const { port = 0, clock = systemClock, timers = systemTimers, logger } = options;
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
  const exchanges = new Map<SimulatedName, HostedExchange['exchange']>();
  let controlUrl: string | undefined;
  try {
    for (const [index, name] of names.entries()) {
      const given = { ...parts, faults: shares?.get(name) };
      const own = { parts: given, tls, logger, port: port === 0 ? 0 : port + index };
      const started = await hostExchange(EXCHANGES[name], options.venues[name] ?? {}, own);
      servers.push(started.hosted);
      facts[name] = started.facts;
      exchanges.set(name, started.exchange);
    }
    if (options.control) {
      const control = await hostControl(options.control, exchanges, { clock, logger });
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
