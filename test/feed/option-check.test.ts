import { describe, expect, it } from 'vitest';
import { openFeed } from '../../src/feed/feed.js';
import type { FeedOptions } from '../../src/feed/feed-options.js';
import { checkOptions } from '../../src/feed/option-check.js';
import { DEFAULT_FEED_LIMITS } from '../../src/feed/feed-tools.js';
import { DEFAULT_RECOVERY_RULE } from '../../src/feed/recovery.js';
import { createFakeVenue } from '../doubles/fake-venue.js';
import { FeedBench } from './feed-bench.js';

const required = {
  venue: createFakeVenue(),
  subscriptions: [{ channel: 'book', symbols: ['A'] }],
};

const BAD_OPTIONS: [option: string, options: object][] = [
  ['limits.maxSockets', { limits: { maxSockets: NaN } }],
  ['limits.maxBufferedDeltas', { limits: { maxBufferedDeltas: -1 } }],
  ['limits.maxStreams', { limits: { maxStreams: Infinity } }],
  ['limits.maxTradeHoles', { limits: { maxTradeHoles: '5' } }],
  ['recovery.attempts.reconnect', { recovery: { attempts: { reconnect: 0.5 } } }],
  ['recovery.backoff.firstMs', { recovery: { backoff: { firstMs: NaN } } }],
  ['recovery.snapshotTimeoutMs', { recovery: { snapshotTimeoutMs: NaN } }],
  ['recovery.slowestPaceMs', { recovery: { slowestPaceMs: 0 } }],
  ['maxAttempts', { maxAttempts: 0 }],
  ['maxAttempts', { maxAttempts: NaN }],
  ['"market"', { endpoints: { market: 'nowhere' } }],
  ['"market"', { endpoints: { market: 'http://127.0.0.1/' } }],
  ['"market"', { endpoints: { market: 'ws://127.0.0.1/#part' } }],
  ['"market"', { endpoints: { market: 5 } }],
  ['"elsewhere"', { endpoints: { elsewhere: 'ws://127.0.0.1/' } }],
  ['Did you mean "credentials"?', { credential: { key: 'k' } }],
  ['Did you mean "maxSockets"?', { limits: { maxSocket: 3 } }],
  ['Did you mean "slowestPaceMs"?', { recovery: { slowestPace: 60 } }],
  ['Did you mean "reconnect"?', { recovery: { attempts: { reconect: 1 } } }],
  ['Did you mean "firstMs"?', { recovery: { backoff: { first: 5 } } }],
  ['Did you mean "symbols"?', { subscriptions: [{ channel: 'book', symbol: ['A'] }] }],
  ['venue', { venue: 'fake' }],
  ['venue', { venue: undefined }],
  ['It was passed without being called.', { venue: createFakeVenue }],
  ['subscriptions must be a list of subscriptions', { subscriptions: undefined }],
  ['subscriptions must be a list of objects', { subscriptions: ['book'] }],
  ['symbols must be a list of texts', { subscriptions: [{ channel: 'book', symbols: 'A' }] }],
  ['There are: channel, symbols, depth.', { subscriptions: [{ channel: 'book', levels: 5 }] }],
];

describe('options', () => {
  it.each(BAD_OPTIONS)('with a bad %s are refused before anything is dialled', (name, options) => {
    const all = { ...required, ...options } as FeedOptions;
    expect(() => openFeed(all)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(() => openFeed(all)).toThrow(name);
  });

  it('that are no object are refused in words', () => {
    const open = openFeed as (options?: unknown) => unknown;
    expect(() => open()).toThrow('openFeed takes one object: { venue, subscriptions }');
  });

  it('that are left out, or undefined, are the defaults', () => {
    const limits = { maxStreams: undefined, maxSockets: 3 };
    const recovery = { backoff: undefined, attempts: { resubscribe: 1 }, stableAfterMs: 0 };
    const checked = checkOptions({ ...required, limits, recovery } as unknown as FeedOptions);
    expect(checked.limits).toEqual({ ...DEFAULT_FEED_LIMITS, maxSockets: 3 });
    expect(checked.recovery).toEqual({
      ...DEFAULT_RECOVERY_RULE,
      attempts: { ...DEFAULT_RECOVERY_RULE.attempts, resubscribe: 1 },
      stableAfterMs: 0,
    });
  });

  it('do not show the secrets of an address that they refuse', () => {
    const endpoints = { market: 'http://name:word@127.0.0.1/?token=abcdef' };
    expect(() => openFeed({ ...required, endpoints })).toThrow(/^((?!word|abcdef)[^])*$/);
  });

  it.each([
    ['Did you mean "timeoutMs"?', { timeout: 5 }],
    ['There are: timeoutMs.', { until: 5 }],
    ['An object is wanted for the options of whenLive', 5_000],
    ['An object is wanted for the options of whenLive', null],
    ['timeoutMs must be a number of milliseconds from 0; leave it out', { timeoutMs: NaN }],
    ['timeoutMs must be a number of milliseconds from 0; leave it out', { timeoutMs: -1 }],
    ['timeoutMs must be a number of milliseconds from 0; leave it out', { timeoutMs: '5000' }],
    ['timeoutMs must be a number of milliseconds from 0; leave it out', { timeoutMs: null }],
  ])('of whenLive are refused with "%s"', async (text, options) => {
    const bench = new FeedBench(required);
    const waiting = bench.feed.whenLive(options as { timeoutMs: number });
    await expect(waiting).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(waiting).rejects.toThrow(text);
    await bench.feed.close();
  });

  it.each([{}, { timeoutMs: undefined }, { timeoutMs: Infinity }, { timeoutMs: 60_000 }])(
    'of whenLive may be %j',
    async (options) => {
      const bench = new FeedBench(required);
      const waiting = bench.feed.whenLive(options);
      await bench.run(1_000);
      await waiting;
      await bench.feed.close();
    },
  );

  it.each([
    ['Did you mean "maxEvents"?', { maxEvent: 5 }],
    ['Did you mean "whenFull"?', { whenfull: 'drop' }],
    ['An object is wanted for the options of events', 10],
    ['An object is wanted for the options of events', null],
    ['maxEvents must be a whole number from 1', { maxEvents: 0 }],
    ['maxEvents must be a whole number from 1', { maxEvents: '5' }],
  ])('of iterators are refused with "%s"', async (text, options) => {
    const bench = new FeedBench(required);
    const open = (): unknown => bench.feed.events(options as { maxEvents: number });
    expect(open).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(open).toThrow(text);
    await bench.feed.close();
  });

  it('of readings are checked, whether the book is live or not', async () => {
    const bench = new FeedBench(required);
    const book = bench.feed.book('A');
    const misspelt: object = { evenIfStal: true };
    const readings = [
      () => book.bestBid(misspelt),
      () => book.bestAsk(misspelt),
      () => book.top(1, misspelt),
      () => book.sizeAt('bid', '1', misspelt),
    ];
    for (const read of readings) expect(read).toThrow('Did you mean "evenIfStale"?');
    await bench.run(1_000);
    expect(book.state.status).toBe('live');
    for (const read of readings) expect(read).toThrow('Did you mean "evenIfStale"?');
    await bench.feed.close();
  });

  it('of iterators are checked as well', async () => {
    const bench = new FeedBench(required);
    const whenFull = 'forget' as 'drop';
    expect(() => bench.feed.events({ whenFull })).toThrow('conflate, drop, close');
    await bench.feed.close();
  });

  it('with a signal that is none dial nothing', () => {
    const signal = {} as AbortSignal;
    const bench = (): FeedBench => new FeedBench({ ...required, signal });
    expect(bench).toThrow(TypeError);
  });
});
