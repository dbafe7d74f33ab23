import type { FaultRules } from '../exchange/fault-rules.js';
import type { AnyRule, RulesName, VenueRules } from '../exchange/read-rules.js';
import type { VenueServer } from '../model/exchange.js';
import type { Clock, Timers } from '../model/runtime.js';
import type { DemoKeyType } from './demo-key.js';
import type { ExchangeControl } from './exchange-control.js';
import type { GivenRule } from './fault-file.js';
import type { PlaybackSpeed } from './playback.js';
import type { MarketScenario } from './scenario.js';
import type { SyntheticProduct } from './synthetic-products.js';

/** What every exchange of a simulator is given. `faults` are read by the venue's own rules. */
export interface ExchangeParts {
  /** A recording to serve; without it a random market is. */
  readonly from: string | undefined;
  /** A factor for the recording's own pace, or as fast as the sockets take it. */
  readonly speed: PlaybackSpeed;
  /** Of the random market. */
  readonly seed: number;
  /** What the random market is like; as the venue is known for where it is absent. */
  readonly scenario?: MarketScenario | undefined;
  readonly keyType: DemoKeyType;
  readonly faults: readonly GivenRule[] | undefined;
  /** What errors call the faults. */
  readonly faultsName: RulesName;
  /** Whether it is reached by TLS. */
  readonly isSecure?: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** What may be said about the random market of an exchange. */
export interface MarketOptions {
  /** What is traded, in the venue's own names; what the venue is known for by default. */
  readonly products?: readonly SyntheticProduct[];
}

/** Where an exchange is reached once it is hosted; both without a path. */
export interface ExchangeAddress {
  readonly port: number;
  /** `ws://127.0.0.1:…` or `wss://…`. */
  readonly wsUrl: string;
  /** `http://…` or `https://…`. */
  readonly httpUrl: string;
}

/** An exchange before it is hosted, as those see it that know no venue. */
export interface GeneralExchange {
  readonly server: VenueServer;
  readonly control: ExchangeControl;
  readonly inForce: FaultRules<AnyRule>;
  readonly faultFields: VenueRules<AnyRule>['fields'];
  /** Reads a rule and puts it nowhere; throws ConfigError OPTION_INVALID. */
  readonly readRule: (given: GivenRule, name: RulesName) => AnyRule;
}

/** An exchange before it is hosted; `describe` says what a client needs to know. */
export interface OpenExchange<Facts> extends GeneralExchange {
  describe(address: ExchangeAddress): Facts;
}
