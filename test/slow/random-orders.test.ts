import { describe, expect, it } from 'vitest';
import { runRandomOrders, WORSE_DAY } from '../end-to-end/random-orders.js';

describe.each([2, 3, 4])('a bad day of seed %i', (seed) => {
  const patienceMs = 400_000;
  it(
    'leaves client and server agreed on every order, fill and balance',
    async () => {
      expect(await runRandomOrders(seed, 500, WORSE_DAY)).toContain('500 orders');
    },
    patienceMs,
  );
});
