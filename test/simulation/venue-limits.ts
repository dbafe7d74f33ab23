import type { RateLimit } from '../../src/model/venue.js';
import type { SimulatedVenue } from './exchanges.js';

/** What each venue lets through, as its pages say; the client is to stay below by itself. */
export const DIAL_LIMITS: Readonly<Record<SimulatedVenue, RateLimit>> = {
  coinbase: { count: 8, windowMs: 1_000 },
  kraken: { count: 150, windowMs: 600_000 },
  'kraken-v1': { count: 150, windowMs: 600_000 },
  cloud9trader: { count: 2, windowMs: 1_000 },
};
/** What a simulated client may keep: little, so that days are long enough to reach the bounds. */
export const FEED_LIMITS = {
  maxBufferedDeltas: 10,
  maxBufferedLevels: 4_000,
  maxTradeHoles: 8,
  maxRememberedReports: 2_000,
};
/** Requests and orders without an answer: what all days wait for at once, and some more. */
export const REQUESTS_MAX = 200;
/** Of trades whose ids do not count up so many are told apart. */
export const TRADE_IDS_MAX = 5_000;
/** How old a live book may be: the venue's silence, a frozen network's and a late batch's. */
export const AGE_MAX_MS: Readonly<Record<SimulatedVenue, number>> = {
  coinbase: 7_000,
  kraken: 14_000,
  'kraken-v1': 14_000,
  cloud9trader: 45_000,
};
