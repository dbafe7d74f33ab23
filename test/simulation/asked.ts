import type { SimulatedVenue } from './exchanges.js';

/** What `npm run test:simulation` was asked to play. */
interface Asked {
  readonly venue?: SimulatedVenue;
  readonly from?: number;
  readonly count?: number;
  readonly orders?: number;
}

/** Everything has a value of its own where nothing was asked for. */
export const asked = JSON.parse(process.env['TRUEFEED_SIMULATION'] ?? '{}') as Asked;
