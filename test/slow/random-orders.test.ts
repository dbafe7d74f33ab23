import { expect, it } from 'vitest';
import { runRandomOrders, WORSE_DAY } from '../end-to-end/random-orders.js';

/** Connections that do not last are dialled again with growing pauses, up to a minute. */
const HANG_MS = 900_000;

it(
  'on a bad day, over real sockets, client and server agree on every order, fill and balance',
  async () => {
    expect(await runRandomOrders(2, 80, WORSE_DAY)).toContain('80 orders');
  },
  HANG_MS,
);
