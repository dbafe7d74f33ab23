/**
 * An exchange to test against, on a port of this machine: the venue's own wire, sign-in and limits,
 * served from a recording or from a small random market, with faults on command.
 *
 * @packageDocumentation
 */
import { ConfigError } from '../model/error.js';
import type { VenueFields } from '../model/exchange.js';
import type { Clock, Timers } from '../model/runtime.js';
import { hostVenueServer } from '../runtime/server.js';
import { systemClock } from '../runtime/system-clock.js';
import { systemTimers } from '../runtime/system-timers.js';
import type { FaultFile, FaultRule } from '../venues/coinbase/server/fault-rules.js';
import { openCoinbaseExchange, type CoinbaseExchangeOptions } from './coinbase.js';
import type { DemoKeyType } from './demo-key.js';
import type { PlaybackSpeed } from './playback.js';
import { createSelfSignedCertificate } from './self-signed.js';

export { readFaults } from '../venues/coinbase/server/fault-rules.js';
export type { FaultFile, FaultRule } from '../venues/coinbase/server/fault-rules.js';
export type { CoinbaseExchangeOptions } from './coinbase.js';
export type { DemoKeyType } from './demo-key.js';
export type { PlaybackSpeed } from './playback.js';

const DEFAULT_SEED = 1;

/** What to simulate, and how. */
export interface SimulateOptions {
  readonly venues: { readonly coinbase: CoinbaseExchangeOptions };
  /** 0 takes any free port. */
  readonly port?: number;
  /** A recording to serve; without it a random market is. */
  readonly from?: string;
  /** A factor for the recording's own pace, or as fast as the sockets take it. */
  readonly speed?: PlaybackSpeed;
  readonly faults?: FaultFile;
  /** Serve wss:// with a certificate made now; `caPem` is what to trust. */
  readonly tls?: boolean;
  readonly keyType?: DemoKeyType;
  /** Of the random market. */
  readonly seed?: number;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** Where a simulated venue is, and the key that opens it. */
export interface SimulatedVenue {
  readonly wsUrl: string;
  readonly userWsUrl: string;
  /** Base address of the few REST answers. */
  readonly restUrl: string;
  readonly keyName: string;
  readonly privateKey: string;
}

/** What a test does to a running exchange. */
export interface SimulatorControl {
  readonly connectionCount: number;
  addFault(rule: FaultRule): void;
  clearFaults(): void;
  closeConnections(code: number, reason?: string): void;
  resetConnections(): void;
  /** Reports orders of the demo key's account, in the venue's own fields. */
  changeOrders(orders: readonly VenueFields[]): void;
}

/** A running exchange. */
export interface Simulator extends AsyncDisposable {
  readonly port: number;
  readonly venues: { readonly coinbase: SimulatedVenue };
  /** The certificate to trust, where TLS is on. */
  readonly caPem: string | undefined;
  readonly control: SimulatorControl;
  close(): Promise<void>;
}

/** Starts an exchange on 127.0.0.1; rejects with ConfigError for a bad recording, fault or port. */
export async function simulate(options: SimulateOptions): Promise<Simulator> {
  const { port = 0, speed = 1, clock = systemClock, timers = systemTimers } = options;
  if (speed !== 'max' && !(Number.isFinite(speed) && speed > 0)) {
    throw new ConfigError('OPTION_INVALID', 'The speed must be a number above 0, or "max".');
  }
  const exchange = await openCoinbaseExchange({
    ...options.venues.coinbase,
    from: options.from,
    speed,
    seed: options.seed ?? DEFAULT_SEED,
    keyType: options.keyType ?? 'es256',
    faults: options.faults,
    clock,
    timers,
  });
  const tls = options.tls ? createSelfSignedCertificate(clock.nowMs()) : undefined;
  const host = await hostVenueServer(exchange.server, { port, clock, tls }).catch(
    (error: unknown) => {
      exchange.server.close();
      throw error;
    },
  );
  const address = `127.0.0.1:${host.port}`;
  const wsUrl = `${tls ? 'wss' : 'ws'}://${address}`;
  const { keyName, privateKey } = exchange.key;
  return {
    port: host.port,
    venues: {
      coinbase: {
        wsUrl,
        userWsUrl: `${wsUrl}${exchange.userPath}`,
        restUrl: `${tls ? 'https' : 'http'}://${address}`,
        keyName,
        privateKey,
      },
    },
    caPem: tls?.certificatePem,
    control: exchange.control,
    close: () => host.close(),
    [Symbol.asyncDispose]: () => host.close(),
  };
}
