import { expect, it } from 'vitest';
import { asked, askedVenues } from '../simulation/asked.js';
import { playSeeds } from '../simulation/play.js';

const HANG_MS = 7_200_000;

it.skipIf((asked.orders ?? 0) > 0).each(askedVenues)(
  'a client of %s is never wrong in silence, and heals, whatever happens',
  async (venue) => {
    const { from = 1_000, count = 250 } = asked;
    expect(await playSeeds(venue, { from, count, orders: 0 })).toContain('book.changed');
  },
  HANG_MS,
);
