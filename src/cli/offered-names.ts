/**
 * What the help of commands offers, without a venue being loaded for it. Kept equal to what the
 * venues have by `test/cli/offered-names.test.ts`.
 */

/** The venues that can be followed. */
export const VENUE_NAMES = ['coinbase', 'kraken', 'kraken-v1', 'cloud9trader'] as const;

/** A venue that can be followed, by the name that commands take. */
export type VenueName = (typeof VENUE_NAMES)[number];

/** What `simulate` runs. Both protocols of Kraken are one exchange, on one port as at the venue. */
export const EXCHANGE_NAMES = ['coinbase', 'kraken', 'cloud9trader', 'kraken-v1'] as const;

/** Venues that take orders on their sockets; others explain where they take them. */
export const ORDER_VENUE_NAMES: readonly VenueName[] = ['kraken', 'kraken-v1', 'cloud9trader'];

/** Every channel that any of the venues has. */
export const CHANNEL_NAMES = [
  'book',
  'trades',
  'ticker',
  'ticker-batch',
  'candles',
  'status',
  'heartbeats',
  'user',
  'balances',
  'orders-book',
  'executions',
  'top-of-book',
  'orders',
  'positions',
] as const;
