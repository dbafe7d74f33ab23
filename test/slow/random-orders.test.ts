import { expect, it } from 'vitest';
import { runRandomOrders, WORSE_DAY } from '../end-to-end/random-orders.js';

const PATIENCE_MS = 400_000;

it.concurrent.each([2, 3])(
  'on a bad day of seed %i client and server agree on every order, fill and balance',
  async (seed) => {
    expect(await runRandomOrders(seed, 200, WORSE_DAY)).toContain('200 orders');
  },
  PATIENCE_MS,
);
