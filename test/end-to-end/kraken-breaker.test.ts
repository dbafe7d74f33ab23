import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../src/venues/kraken/server/fault-rules.js';
import { count, follow } from './kraken-follower.js';

const BROKEN = 'BTC/USD';
const OTHERS = ['ETH/USD', 'GST/EUR', 'BTC/JPY'];
const SLOWEST_PACE_MS = 500;
/** What comes wrong on each of the two sockets: the second is one of its own, for this pair. */
const BAD_SNAPSHOTS = 4;
const RULES = [1, 2].flatMap((connection) =>
  Array.from({ length: BAD_SNAPSHOTS }, (_, index): FaultRule => {
    const at = { channel: 'book', kind: 'snapshot', symbol: BROKEN, count: index + 1 } as const;
    return { fault: 'wrong-checksum', at, connection };
  }),
);

describe('a pair whose every snapshot is wrong', () => {
  it('is asked for ever more rarely, touches no other book, and heals with the venue', async () => {
    const backoff = { firstMs: 20, maxMs: 40, leastMs: 10 };
    await using run = await follow([{ channel: 'book', symbols: [BROKEN, ...OTHERS] }], {
      rules: RULES,
      recovery: { backoff, slowestPaceMs: SLOWEST_PACE_MS },
    });
    await run.until('the failure', () => count(run, 'book.failed', BROKEN) === 1);
    const report = (): unknown => run.feed.status().books.find((one) => one.symbol === BROKEN);
    expect(report()).toMatchObject({ unrecovered: true });
    expect(run.feed.book(BROKEN).state).toMatchObject({ status: 'stale' });

    const failedAtMs = Date.now();
    await run.until('the recovery', () => count(run, 'book.restored', BROKEN) === 1);
    const attempts = run.sent.filter((text) => /"subscribe".*BTC\/USD/.test(text)).length;
    // Once, three times anew, once on a socket of its own; then at the slowest pace, to the end.
    expect(attempts).toBe(2 * BAD_SNAPSHOTS + 1);
    const paced = attempts - 5;
    expect(Date.now() - failedAtMs).toBeGreaterThan((paced - 1) * SLOWEST_PACE_MS);
    expect(count(run, 'book.staled', BROKEN)).toBe(1);
    expect(count(run, 'book.failed')).toBe(1);
    for (const symbol of OTHERS) {
      expect(count(run, 'book.staled', symbol)).toBe(0);
      expect(run.feed.book(symbol).state.status).toBe('live');
    }
  });
});
