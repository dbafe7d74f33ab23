import { expect, it } from 'vitest';
import { SIMULATED } from './exchanges.js';
import { playSeeds } from './play.js';

const HANG_MS = 240_000;

it.each(SIMULATED)(
  'a client of %s is never wrong in silence, and heals, whatever happens',
  async (venue) => {
    const told = await playSeeds(venue, { from: 1, count: 80, orders: 0 });
    // A day on which nothing goes wrong proves nothing.
    expect(told).toContain('book.staled');
    expect(told).toContain('book.restored');
  },
  HANG_MS,
);

it.each(SIMULATED)(
  'client and exchange of %s agree on every order, fill and balance',
  async (venue) => {
    const told = await playSeeds(venue, { from: 1, count: 3, orders: 40 });
    expect(told).toContain('fill.printed');
    expect(told).toContain('account.restored');
  },
  HANG_MS,
);
