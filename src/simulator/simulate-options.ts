/** What can be said to a simulator, and what it says of itself once it runs. */
import type { RulesName } from '../exchange/read-rules.js';
import { ConfigError } from '../model/error.js';
import type { Logger } from '../model/logger.js';
import type { Clock, Timers } from '../model/runtime.js';
import type { Cloud9TraderExchangeOptions, SimulatedCloud9Trader } from './cloud9trader.js';
import type { CoinbaseExchangeOptions, SimulatedCoinbase } from './coinbase.js';
import type { DemoKeyType } from './demo-key.js';
import type { KrakenExchangeOptions, SimulatedKraken } from './kraken.js';
import { checkOptionNames } from './option-names.js';
import type { PlaybackSpeed } from './playback.js';
import type { MarketScenario } from './scenario.js';
import { SIMULATED_NAMES, type SimulatedName } from './simulated-name.js';

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
  /** Hears of requests that an exchange failed over; warnings of the process by default. */
  readonly logger?: Logger;
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

/** Refuses what cannot be meant; returns the venues to start. */
export function checkOptions(options: SimulateOptions): SimulatedName[] {
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
