import type { RateLimit } from '../../src/model/venue.js';
import type { SimulatedVenue } from './exchanges.js';

/** What each venue lets through, as its pages say; the client is to stay below by itself. */
export const DIAL_LIMITS: Readonly<Record<SimulatedVenue, RateLimit>> = {
  coinbase: { count: 8, windowMs: 1_000 },
  kraken: { count: 150, windowMs: 600_000 },
  'kraken-v1': { count: 150, windowMs: 600_000 },
  cloud9trader: { count: 2, windowMs: 1_000 },
};
/** How old a live book may be: the venue's silence, a frozen network's and a late batch's. */
export const AGE_MAX_MS: Readonly<Record<SimulatedVenue, number>> = {
  coinbase: 7_000,
  kraken: 14_000,
  'kraken-v1': 14_000,
  cloud9trader: 45_000,
};
