import { describe, expect, it } from 'vitest';
import { EventStream } from '../../src/feed/event-stream.js';
import type { EventStreamOptions } from '../../src/feed/feed-options.js';
import type { FeedEvent } from '../../src/model/event.js';

const base = { venue: 'fake', venueAtMs: NaN, receivedAtMs: 0 };

/** Only what the queue looks at; the rest of an event is its consumer's. */
const changed = (symbol: string, at: number, kind = 'delta'): FeedEvent =>
  ({ ...base, type: 'book.changed', symbol, kind, venueAtMs: at }) as unknown as FeedEvent;
const staled = (symbol: string): FeedEvent => ({
  ...base,
  type: 'book.staled',
  symbol,
  reason: 'crossed',
  detail: '',
});
const restored = (symbol: string): FeedEvent => ({
  ...base,
  type: 'book.restored',
  symbol,
  notLiveMs: 1,
});
const ticker = (symbol: string, last: string): FeedEvent => ({
  ...base,
  type: 'ticker.changed',
  symbol,
  channel: 'ticker',
  ticker: { last },
});
const trade = (symbol: string, tradeId: string): FeedEvent =>
  ({ ...base, type: 'trade.printed', symbol, tradeId }) as unknown as FeedEvent;

function show(event: FeedEvent): string {
  switch (event.type) {
    case 'book.changed':
      return `${event.kind} ${event.symbol}@${event.venueAtMs}`;
    case 'ticker.changed':
      return `ticker ${event.symbol}=${event.ticker.last ?? ''}`;
    case 'trade.printed':
      return `trade ${event.tradeId}`;
    case 'events.dropped':
      return `dropped ${event.dropped}`;
    default:
      return `${event.type} ${event.symbol}`;
  }
}

function createBench(options: EventStreamOptions) {
  const books = new Map<string, number>();
  let dropped = 0;
  let ended = 0;
  const stream = new EventStream(
    options,
    {
      keep: (event) => event,
      takeSnapshot: (symbol) => {
        const at = books.get(symbol);
        return at === undefined ? undefined : changed(symbol, at, 'snapshot');
      },
      onDropped: (count) => void (dropped += count),
    },
    () => void (ended += 1),
  );
  return {
    stream,
    /** Applies the change to the book before the event goes out, as the feed does. */
    push(...events: FeedEvent[]) {
      for (const event of events) {
        if (event.type === 'book.changed') books.set(event.symbol, event.venueAtMs);
        if (event.type === 'book.staled') books.delete(event.symbol);
        stream.push(event);
      }
    },
    async readAll(): Promise<string[]> {
      const texts: string[] = [];
      stream.end();
      for await (const event of stream) texts.push(show(event));
      return texts;
    },
    get dropped() {
      return dropped;
    },
    get ended() {
      return ended;
    },
  };
}

const deltas = (symbol: string, from: number, to: number): FeedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => changed(symbol, from + index));

describe('events for one consumer', () => {
  it('are delivered in order, also to a consumer that waits', async () => {
    const bench = createBench({});
    const { stream } = bench;
    const first = stream.next();
    bench.push(trade('A', '1'), trade('A', '2'));
    expect(await first).toMatchObject({ value: { tradeId: '1' } });
    expect(await stream.next()).toMatchObject({ value: { tradeId: '2' } });
  });

  it('end with the feed, after what was queued', async () => {
    const bench = createBench({});
    bench.push(trade('A', '1'));
    expect(await bench.readAll()).toEqual(['trade 1']);
    expect(await bench.stream.next()).toEqual({ done: true, value: undefined });
    expect(bench.ended).toBe(1);
  });

  it('end for a waiting consumer too', async () => {
    const { stream } = createBench({});
    const waiting = stream.next();
    stream.end();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('stop when the loop is left', async () => {
    const bench = createBench({});
    bench.push(trade('A', '1'), trade('A', '2'));
    for await (const event of bench.stream) {
      expect(show(event)).toBe('trade 1');
      break;
    }
    bench.push(trade('A', '3'));
    expect(await bench.stream.next()).toEqual({ done: true, value: undefined });
    expect(bench.ended).toBe(1);
  });
});

describe('conflate', () => {
  const conflate = { maxEvents: 4, whenFull: 'conflate' } as const;

  it('merges the changes of a book into one snapshot, taken when it is its turn', async () => {
    const bench = createBench(conflate);
    bench.push(...deltas('A', 1, 3), changed('B', 1), ...deltas('A', 4, 9));
    expect(await bench.readAll()).toEqual(['snapshot A@9', 'snapshot B@1']);
  });

  it('goes on with plain changes once the snapshot was read', async () => {
    const bench = createBench(conflate);
    bench.push(...deltas('A', 1, 6));
    expect(await bench.stream.next()).toMatchObject({ value: { kind: 'snapshot', venueAtMs: 6 } });
    bench.push(changed('A', 7));
    expect(await bench.readAll()).toEqual(['delta A@7']);
  });

  it('never merges over a loss of trust', async () => {
    const bench = createBench(conflate);
    bench.push(...deltas('A', 1, 5), staled('A'), restored('A'), changed('A', 6, 'snapshot'));
    bench.push(...deltas('A', 7, 8));
    expect(await bench.readAll()).toEqual(['book.staled A', 'book.restored A', 'snapshot A@8']);
  });

  it('drops changes from before a loss of trust that is queued behind them', async () => {
    const bench = createBench(conflate);
    bench.push(...deltas('A', 1, 2), staled('A'), changed('B', 1), changed('B', 2), restored('A'));
    bench.push(changed('A', 3, 'snapshot'));
    expect(await bench.readAll()).toEqual([
      'book.staled A',
      'snapshot B@2',
      'book.restored A',
      'snapshot A@3',
    ]);
  });

  it('keeps the newest ticker of each symbol', async () => {
    const bench = createBench(conflate);
    bench.push(ticker('A', '1'), ticker('B', '1'), ticker('A', '2'), trade('A', '1'));
    bench.push(ticker('A', '3'), ticker('B', '2'), ticker('C', '1'));
    expect(await bench.readAll()).toEqual(['ticker B=2', 'ticker A=3', 'trade 1', 'ticker C=1']);
  });

  it('says how many trades it had to leave out', async () => {
    const bench = createBench(conflate);
    bench.push(...[1, 2, 3, 4, 5, 6].map((id) => trade('A', String(id))));
    expect(await bench.readAll()).toEqual([
      'trade 1',
      'trade 2',
      'trade 3',
      'trade 4',
      'dropped 2',
    ]);
    expect(bench.dropped).toBe(2);
  });

  it('lets in what must not be missed, and gives up rather than miss it', async () => {
    const bench = createBench(conflate);
    bench.push(...Array.from({ length: 8 }, (_, index) => staled(`S${index}`)));
    expect(bench.ended).toBe(0);
    bench.push(staled('S8'));
    expect(bench.ended).toBe(1);
    await expect(bench.readAll()).rejects.toMatchObject({ code: 'QUEUE_OVERFLOWED' });
  });

  it('holds no more than its limit, whatever comes', async () => {
    const bench = createBench({ maxEvents: 10, whenFull: 'conflate' });
    for (let round = 0; round < 1_000; round += 1) {
      bench.push(changed(`S${round % 7}`, round), trade('A', String(round)));
    }
    const texts = await bench.readAll();
    expect(texts.length).toBeLessThanOrEqual(20);
    for (let symbol = 0; symbol < 7; symbol += 1) {
      const newest = 1_000 - 1 - ((999 - symbol) % 7);
      expect(texts).toContain(`snapshot S${symbol}@${newest}`);
    }
  });
});

describe('drop', () => {
  it('leaves the newest out, says so in place, and resumes a book with a snapshot', async () => {
    const bench = createBench({ maxEvents: 2, whenFull: 'drop' });
    bench.push(...deltas('A', 1, 5));
    const first = await bench.stream.next();
    await bench.stream.next();
    bench.push(changed('A', 6));
    expect(first).toMatchObject({ value: { venueAtMs: 1 } });
    expect(await bench.readAll()).toEqual(['dropped 3', 'snapshot A@6']);
    expect(bench.dropped).toBe(3);
  });
});

describe('close', () => {
  it('ends the iterator with an error after what was queued', async () => {
    const bench = createBench({ maxEvents: 2, whenFull: 'close' });
    bench.push(trade('A', '1'), trade('A', '2'), trade('A', '3'), trade('A', '4'));
    expect(await bench.stream.next()).toMatchObject({ value: { tradeId: '1' } });
    expect(await bench.stream.next()).toMatchObject({ value: { tradeId: '2' } });
    await expect(bench.stream.next()).rejects.toMatchObject({
      code: 'QUEUE_OVERFLOWED',
      facts: { maxEvents: 2 },
    });
    expect(await bench.stream.next()).toEqual({ done: true, value: undefined });
  });
});
