/**
 * Exchanges to test against, on ports of this machine: each venue's own wire, sign-in and limits,
 * served from a recording or from a small random market, with faults on command.
 *
 * @packageDocumentation
 */
export { simulate } from './simulate.js';
export type {
  ControlAddress,
  SimulatedVenues,
  SimulateOptions,
  Simulator,
  VenueChoices,
} from './simulate-options.js';
export { SIMULATED_NAMES, type SimulatedName } from './simulated-name.js';
export type { ExchangeControl, SeenOrder } from './exchange-control.js';
export type { MarketControl } from './venue-market.js';
export type { MarketScenario } from './scenario.js';
export type { MarketPace } from './synthetic-market.js';
export type { ConnectionFacts, SeenMessage, SeenRequest } from '../exchange/observed-server.js';
export type { KeptRule } from '../exchange/fault-rules.js';
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
