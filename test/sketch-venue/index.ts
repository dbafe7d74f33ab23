// A fourth venue, in tests only: it shows that the family which logs in on the open socket needs a
// folder and nothing else.
import type { Venue } from '../../src/model/venue.js';
import { createOrderedCounterTracker } from '../../src/sequence/ordered-counter.js';
import { sketchAuth, type SketchCredentials } from './auth.js';
import { createSketchCodec } from './codec.js';
import { CHANNELS, ENDPOINTS } from './messages.js';

export function sketchVenue(): Venue<SketchCredentials> {
  return {
    id: 'sketch',
    title: 'Sketch',
    endpoints: ENDPOINTS,
    channels: CHANNELS,
    acknowledges: 'each',
    limits: {
      connects: { count: 5, windowMs: 1_000 },
      messages: { count: 10, windowMs: 1_000 },
      maxFrameBytes: 2 ** 20,
    },
    liveness: { silentAfterMs: 45_000, pingEveryMs: 20_000 },
    backoff: { firstMs: 1_000, maxMs: 30_000, leastMs: 100 },
    // A new snapshot may count from the beginning: numbers that fall are not old ones.
    sequence: {
      scope: 'symbol',
      createTracker: createOrderedCounterTracker,
      tradeIdsContiguous: false,
    },
    book: { depth: 50, verifiedDepth: 50, recovery: ['resubscribe', 'reconnect'] },
    symbols: {
      canonical: (symbol) => symbol,
      explainInvalid: (symbol) =>
        /^[A-Z0-9]{1,32}$/.test(symbol) ? undefined : 'Write capitals and digits: "BTCUSDT".',
    },
    createCodec: createSketchCodec,
    createAuth: (credentials) => sketchAuth(credentials),
  };
}
