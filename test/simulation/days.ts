import { expect, it } from 'vitest';
import { asked } from './asked.js';
import type { SimulatedVenue } from './exchanges.js';
import { playSeeds } from './play.js';

const HANG_MS = 7_200_000;
/** What the slow suite plays of each protocol where nothing else was asked for. */
const SEEDS = 10_000;
const SEEDS_WITH_ORDERS = 100;
const FIRST_SEED = 1_000;

/** Many days of one protocol: without orders, and with them. */
export function describeDays(venue: SimulatedVenue): void {
  const isOther = asked.venue !== undefined && asked.venue !== venue;
  const { count, orders } = asked;

  it.skipIf(isOther || (orders ?? 0) > 0)(
    `a client of ${venue} is never wrong in silence, and heals, whatever happens`,
    async () => {
      const told = await playSeeds(venue, {
        from: asked.from ?? FIRST_SEED,
        count: count ?? SEEDS,
        orders: 0,
      });
      expect(told).toContain('book.changed');
    },
    HANG_MS,
  );

  it.skipIf(isOther || (count !== undefined && orders === undefined))(
    `client and exchange of ${venue} agree on every order, fill and balance`,
    async () => {
      const from = asked.from ?? FIRST_SEED;
      const range = { from, count: count ?? SEEDS_WITH_ORDERS, orders: orders ?? 50 };
      expect(await playSeeds(venue, range)).toContain('order.changed');
    },
    HANG_MS,
  );
}
