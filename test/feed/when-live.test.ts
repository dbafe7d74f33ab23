import { describe, expect, it } from 'vitest';
import { FeedBench } from './feed-bench.js';

const books = (...symbols: string[]) => ({ channel: 'book', symbols }) as const;

describe('whenLive', () => {
  it('names what is not live when its time is up', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] }, { sendsSnapshot: () => false });
    const waiting = bench.feed.whenLive({ timeoutMs: 3_000 }).catch((error: unknown) => error);
    await bench.run(4_000);
    expect(await waiting).toMatchObject({ code: 'TIMED_OUT' });
    expect(String(await waiting)).toContain('book A');
    await bench.feed.close();
  });

  it('says why, where the venue passed something over and is still asked for it', async () => {
    const bench = new FeedBench(
      { subscriptions: [books('A', 'NONE')] },
      { exchange: { ignored: ['NONE'] } },
    );
    const waiting = bench.feed.whenLive({ timeoutMs: 3_000 }).catch((error: unknown) => error);
    await bench.run(4_000);
    const cause = { code: 'SUBSCRIPTION_IGNORED', facts: { symbol: 'NONE' } };
    expect(await waiting).toMatchObject({ code: 'TIMED_OUT', cause });
    expect(String(await waiting)).toMatch(/after 3000 ms: book NONE\. .*Check the spelling/);
    await bench.feed.close();
  });

  it('says why, where there is no connection', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] }, { refuses: () => true });
    const waiting = bench.feed.whenLive({ timeoutMs: 20_000 }).catch((error: unknown) => error);
    await bench.run(21_000);
    const { lastError } = bench.feed.status().sessions[0] ?? {};
    expect(lastError).toBeDefined();
    expect(await waiting).toMatchObject({ code: 'TIMED_OUT', cause: lastError });
    expect(String(await waiting)).toContain(`book A. ${lastError?.message}`);
    await bench.feed.close();
  });

  it('does not blame a connection that was lost and is there again', async () => {
    const bench = new FeedBench({ subscriptions: [books('A')] }, { sendsSnapshot: () => false });
    const { socket } = await bench.openFirst();
    socket.closed({ code: 1006 });
    await bench.run(2_000);
    const waiting = bench.feed.whenLive({ timeoutMs: 1_000 }).catch((error: unknown) => error);
    await bench.run(1_500);
    expect(bench.feed.status().sessions[0]).toMatchObject({ status: 'ready' });
    expect(String(await waiting)).toMatch(/after 1000 ms: book A\. See status\(\)/);
    await bench.feed.close();
  });

  it('and iterators may be left alone: what nobody awaits ends no process', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const bench = new FeedBench({ subscriptions: [books('A')] });
    void bench.feed.whenLive({ timeoutMs: 10 });
    const strict = bench.feed.events({ maxEvents: 1, whenFull: 'close' });
    await bench.run(500);
    void bench.feed.whenLive();
    void strict.next();
    void strict.next();
    await bench.feed.close();
    void bench.feed.whenLive();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
