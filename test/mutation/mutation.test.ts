import { expect, it } from 'vitest';
import { playSeeds } from '../simulation/play.js';
import { MUTATIONS } from './mutations.js';

/** Which one is planted; vitest.mutation.config.ts does it. None: nothing may be found. */
const planted = MUTATIONS.find(({ name }) => name === process.env['TRUEFEED_MUTATION']);
const { venues = ['coinbase', 'kraken'], orders = 0 } = planted ?? {};

it('is found by the simulation', async () => {
  const count = orders > 0 ? 100 : 200;
  for (const venue of venues) {
    const told = await playSeeds(venue, { from: 1, count, orders, shrinks: false });
    expect(told).toContain('book.changed');
  }
});
