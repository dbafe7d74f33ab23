import type { CoinbaseExchangeOptions, KrakenExchangeOptions, Simulator } from 'truefeed/simulator';

/** A running simulator of Coinbase alone. */
export type CoinbaseSimulator = Simulator<{ coinbase: CoinbaseExchangeOptions }>;

/** A running simulator of Kraken alone. */
export type KrakenSimulator = Simulator<{ kraken: KrakenExchangeOptions }>;
