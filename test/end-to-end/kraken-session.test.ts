import { describe, expect, it } from 'vitest';
import type { FeedEventOf } from '../../src/model/event.js';
import { count, follow, type Following } from './kraken-follower.js';

const PRIVATE_BOOK = { channel: 'orders-book', symbols: ['BTC/USD'] };
const PUBLIC_BOOK = { channel: 'book', symbols: ['BTC/USD'] };

function refusals(run: Following): readonly FeedEventOf<'auth.refused'>[] {
  return run.events.filter((event) => event.type === 'auth.refused');
}

describe.concurrent('a feed of the account at a simulated Kraken', () => {
  it('is whole and live, and goes on after its socket was lost', async () => {
    await using run = await follow([{ channel: 'user' }, { channel: 'balances' }]);
    await run.feed.whenLive({ timeoutMs: 40_000 });
    expect(run.feed.orders.state.status).toBe('live');
    run.exchange.venues.kraken.control.resetConnections();
    await run.until('the loss', () => count(run, 'account.staled') === 2);
    await run.until('the recovery', () => count(run, 'account.restored') === 2);
    expect(run.feed.balances.state.status).toBe('live');
    expect(count(run, 'sequence.gapped')).toBe(0);
  });
});

describe.concurrent('a feed of a simulated Kraken whose token is refused', () => {
  it('takes a fresh token and goes on, where the old one was ended meanwhile', async () => {
    const at = { channel: 'level3', kind: 'update', count: 10 } as const;
    await using run = await follow([PRIVATE_BOOK], {
      // The book has to be subscribed to anew after the tokens ended.
      rules: [
        { fault: 'revoke-tokens', at },
        { fault: 'wrong-checksum', at: { ...at, count: 11 } },
      ],
    });
    await run.until('the recovery', () => count(run, 'orders-book.restored') === 1);
    expect(refusals(run)).toHaveLength(1);
    expect(refusals(run)[0]).toMatchObject({ final: false });
    expect(refusals(run)[0]?.error).toMatchObject({ code: 'AUTH_SESSION_INVALID' });
    expect(count(run, 'auth.renewed')).toBe(1);
    expect(run.feed.ordersBook('BTC/USD').state.status).toBe('live');
  });

  it('asks for one fresh token, then says what is wrong, and keeps public data', async () => {
    await using run = await follow([PRIVATE_BOOK, PUBLIC_BOOK], {
      rules: [{ fault: 'refuse-tokens' }],
    });
    await run.until('the verdict', () => refusals(run).some((event) => event.final));
    const updates = count(run, 'book.changed');
    await run.until('more of the public book', () => count(run, 'book.changed') >= updates + 30);
    expect(refusals(run).map((event) => event.final)).toEqual([false, true]);
    const [, verdict] = refusals(run);
    expect(verdict?.error).toMatchObject({ code: 'AUTH_SESSION_INVALID', retryable: true });
    expect(verdict?.error.message).toMatch(/token/);
    expect(run.feed.ordersBook('BTC/USD').state.status).not.toBe('live');
    expect(run.feed.book('BTC/USD').state.status).toBe('live');
  });

  it('says in words that the key is not known, and goes on with public data', async () => {
    const credentials = { key: 'nobody', secret: Buffer.alloc(64, 7).toString('base64') };
    await using run = await follow([PRIVATE_BOOK, PUBLIC_BOOK], { credentials });
    await run.until('the verdict', () => refusals(run).some((event) => event.final));
    const verdict = refusals(run).at(-1);
    expect(verdict?.error.code).toBe('AUTH_REFUSED');
    expect(verdict?.error.message).toContain('it does not know this API key');
    await run.until('the public book', () => run.feed.book('BTC/USD').state.status === 'live');
  });
});
