import { expect, it } from 'vitest';
import { asked, askedVenues } from '../simulation/asked.js';
import { playSeeds } from '../simulation/play.js';

const HANG_MS = 7_200_000;

it.skipIf(asked.count !== undefined && asked.orders === undefined).each(askedVenues)(
  'client and exchange of %s agree on every order, fill and balance',
  async (venue) => {
    const { from = 1_000, count = 40, orders = 50 } = asked;
    expect(await playSeeds(venue, { from, count, orders })).toContain('order.changed');
  },
  HANG_MS,
);
