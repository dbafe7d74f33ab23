import { expect, it } from 'vitest';
import { BAD_DAY, runRandomOrders } from './random-orders.js';

it('on a bad day client and server agree on every order, fill and balance', async () => {
  expect(await runRandomOrders(1, 60, BAD_DAY)).toContain('60 orders');
});
