import { expect } from 'vitest';
import type { FaultRule } from '../../src/venues/kraken/server/fault-rules.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { OrderLoad } from '../simulation/order-load.js';
import { count, follow } from './kraken-follower.js';

const AT_ONCE = 4;
const CHANNELS = [{ channel: 'executions' }, { channel: 'balances' }];

/** Everything that a bad day has, again and again; the last are answered by nobody. */
export const WORSE_DAY: readonly FaultRule[] = [
  { fault: 'close-instead', every: { kind: 'reply', frames: 11 } },
  { fault: 'duplicate', every: { channel: 'executions', kind: 'update', frames: 11 } },
  { fault: 'drop', every: { channel: 'executions', kind: 'update', frames: 83 } },
  { fault: 'skip-sequence', every: { channel: 'balances', kind: 'update', frames: 71 } },
  { fault: 'drop', every: { channel: 'balances', kind: 'update', frames: 97 } },
  { fault: 'lose-request', every: { channel: 'add_order', frames: 61 } },
];

/** Places orders through a feed on a bad day; afterwards both sides must say the same. */
export async function runRandomOrders(
  seed: number,
  orderCount: number,
  rules: readonly FaultRule[],
): Promise<string> {
  const random = createSeededRandom(seed);
  await using run = await follow(CHANNELS, {
    rules,
    exchangeOptions: { tier: 'pro' },
    // So many losses in so short a time use up every budget.
    recovery: { slowestPaceMs: 500 },
    // Connections that do not last are dialled again with growing pauses, up to a minute.
    patienceMs: 150_000,
  });
  const { feed, exchange } = run;
  const { control } = exchange.venues.kraken;
  const trading = control.trading!;
  const load = new OrderLoad(
    feed,
    {
      trading,
      accountChannels: CHANNELS,
      namesTrades: true,
      onlyForwards: false,
      placeElsewhere: undefined,
      plainFields: { order_userref: 7 },
    },
    { deadlineMs: 1_000 },
  );
  await feed.whenLive({ timeoutMs: 40_000 });
  let left = orderCount;

  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await load.place(random.fraction());
      if (random.fraction() < 0.02) control.revokeTokens();
      if (random.fraction() < 0.01) control.resetConnections();
      // Without a socket nothing is sent; wait for the next one instead of asking in vain.
      if (feed.orders.state.status !== 'live') {
        await run.until('the account', () => feed.orders.state.status === 'live');
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  control.clearFaults();
  control.resetConnections();
  await run.until('the end of the connection', () => feed.orders.state.status !== 'live');
  await run.until('whole orders', () => feed.orders.state.status === 'live');
  await run.until('whole balances', () => feed.balances.state.status === 'live');

  expect(load.compare(new Map([['fill.printed', count(run, 'fill.printed')]]))).toBeUndefined();
  expect(count(run, 'fills.gapped')).toBe(0);
  expect(load.unknownCount).toBeGreaterThan(0);
  const fills = trading.market.fills(trading.account).length;
  return `${orderCount} orders, ${load.unknownCount} unknown, ${fills} fills`;
}
