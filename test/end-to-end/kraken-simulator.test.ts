import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../src/venues/kraken/server/fault-rules.js';
import { count, follow } from './kraken-follower.js';

const PAIRS = ['BTC/USD', 'ETH/USD', 'GST/EUR', 'BTC/JPY', 'USDG/USD'];

describe.concurrent('a feed of a simulated Kraken', () => {
  it('keeps books of every precision live, and verifies each message', async () => {
    await using run = await follow([{ channel: 'book', symbols: PAIRS }]);
    await run.until('changes of all', () =>
      PAIRS.every((symbol) => count(run, 'book.changed', symbol) >= 5),
    );
    for (const symbol of PAIRS) {
      const book = run.feed.book(symbol);
      expect(book.state.status).toBe('live');
      expect(book.evidence()).toMatchObject({ timesStale: 0, gapsSeen: 0 });
      const { checksumsVerified, deltasApplied, snapshotsApplied } = book.evidence();
      expect(checksumsVerified).toBe(deltasApplied + snapshotsApplied);
    }
    const thin = run.feed.book('GST/EUR');
    expect(thin.bidCount).toBeLessThan(10);
    expect(thin.sizeAt('ask', '9999.0001')).toBe('301727260.79999999');
  });

  it('serves v1 as well, under its own names', async () => {
    const symbols = ['XBT/USD', 'XDG/USD', 'XBT/JPY'];
    await using run = await follow([{ channel: 'book', symbols }], { isV1: true });
    await run.until('changes of all', () =>
      symbols.every((symbol) => count(run, 'book.changed', symbol) >= 5),
    );
    for (const symbol of symbols) expect(run.feed.book(symbol).state.status).toBe('live');
    expect(count(run, 'book.staled')).toBe(0);
  });

  it('signs in for order-by-order books', async () => {
    await using run = await follow([{ channel: 'orders-book', symbols: ['BTC/USD', 'GST/EUR'] }]);
    await run.until('changes', () => count(run, 'orders-book.changed', 'BTC/USD') >= 20);
    expect(run.feed.ordersBook('BTC/USD').state.status).toBe('live');
    expect(count(run, 'orders-book.staled')).toBe(0);
  });

  it('reports trades without a hole, tickers, candles and instruments', async () => {
    const symbols = ['BTC/USD'];
    await using run = await follow([
      { channel: 'trades', symbols },
      { channel: 'ticker', symbols },
      { channel: 'candles', symbols },
      { channel: 'status' },
    ]);
    await run.until('all of them', () =>
      (['trade.printed', 'ticker.changed', 'candle.changed', 'instrument.changed'] as const).every(
        (type) => count(run, type) >= 3,
      ),
    );
    expect(count(run, 'trades.gapped')).toBe(0);
    expect(count(run, 'frame.refused') + count(run, 'frame.skipped')).toBe(0);
  });

  it('a wrong checksum staled one book alone, which healed', async () => {
    const at = { channel: 'book', symbol: 'BTC/USD', kind: 'update', count: 5 } as const;
    const rules: FaultRule[] = [{ fault: 'wrong-checksum', at }];
    await using run = await follow([{ channel: 'book', symbols: PAIRS }], { rules });
    await run.until('the recovery', () => count(run, 'book.restored', 'BTC/USD') === 1);
    expect(count(run, 'book.staled', 'BTC/USD')).toBe(1);
    expect(count(run, 'book.staled')).toBe(1);
    expect(count(run, 'session.opened')).toBe(1);
  });

  it("survived the front end's text, its restart, and a reset", async () => {
    const rules: FaultRule[] = [
      { fault: 'send-text', at: { channel: 'book', kind: 'update', count: 2 }, connection: 1 },
      { fault: 'close', at: { channel: 'book', kind: 'update', count: 4 }, connection: 1 },
      { fault: 'reset', at: { channel: 'book', kind: 'update', count: 4 }, connection: 2 },
    ];
    await using run = await follow([{ channel: 'book', symbols: ['BTC/USD'] }], { rules });
    await run.until('the third session', () => count(run, 'session.opened') === 3);
    await run.until('the book', () => run.feed.book('BTC/USD').state.status === 'live');
    expect(count(run, 'frame.refused')).toBe(1);
  });
});
