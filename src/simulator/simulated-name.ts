/** Venues that can be simulated. */
export const SIMULATED_NAMES = ['coinbase', 'kraken', 'cloud9trader'] as const;

/** A venue that can be simulated. */
export type SimulatedName = (typeof SIMULATED_NAMES)[number];
