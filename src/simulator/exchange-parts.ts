import type { VenueServer } from '../model/exchange.js';
import type { Clock, Timers } from '../model/runtime.js';
import type { DemoKeyType } from './demo-key.js';
import type { PlaybackSpeed } from './playback.js';
import type { SyntheticProduct } from './synthetic-products.js';

/** What every exchange of a simulator is given. `faults` are checked by the venue's own rules. */
export interface ExchangeParts {
  /** A recording to serve; without it a random market is. */
  readonly from: string | undefined;
  /** A factor for the recording's own pace, or as fast as the sockets take it. */
  readonly speed: PlaybackSpeed;
  /** Of the random market. */
  readonly seed: number;
  readonly keyType: DemoKeyType;
  readonly faults: unknown;
  /** What errors call the faults. */
  readonly faultsName: string;
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

/** An exchange before it is hosted; `describe` says what a client needs to know. */
export interface OpenExchange<Facts> {
  readonly server: VenueServer;
  describe(address: ExchangeAddress): Facts;
}

/** What a test does to the connections of a running exchange, whatever the venue. */
export interface ConnectionControl {
  readonly connectionCount: number;
  clearFaults(): void;
  closeConnections(code: number, reason?: string): void;
  resetConnections(): void;
}

interface ControlledServer {
  readonly connectionCount: number;
  closeConnections(code: number, reason: string): void;
  resetConnections(): void;
}

/** The control of what all venues have. */
export function createConnectionControl(
  server: ControlledServer,
  faults: { clear(): void },
): ConnectionControl {
  return {
    get connectionCount() {
      return server.connectionCount;
    },
    clearFaults: () => faults.clear(),
    closeConnections: (code, reason = '') => server.closeConnections(code, reason),
    resetConnections: () => server.resetConnections(),
  };
}
