import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FeedEvent } from '../../src/model/event.js';
import type { SequenceRule } from '../../src/model/venue.js';
import { createCounterTracker } from '../../src/sequence/counter.js';
import { createOrderedCounterTracker } from '../../src/sequence/ordered-counter.js';
import type { FakeSocket } from '../doubles/fake-dialer.js';
import type { FakeFrame } from '../doubles/fake-venue.js';
import { createFakeVenue } from '../doubles/fake-venue.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { FeedBench, showBook } from './feed-bench.js';

const SYMBOLS = ['A', 'B', 'C', 'D'];

interface Weather {
  readonly seed: number;
  readonly scope: 'connection' | 'symbol';
  /** Shares of frames, in thousandths. */
  readonly lost: number;
  readonly doubled: number;
  readonly garbled: number;
  readonly overtaking: number;
  /** Sockets that are cut, in thousandths of the steps. */
  readonly cut: number;
}

const weather: fc.Arbitrary<Weather> = fc.record({
  seed: fc.nat(),
  scope: fc.constantFrom('connection' as const, 'symbol' as const),
  lost: fc.integer({ min: 0, max: 150 }),
  doubled: fc.integer({ min: 0, max: 150 }),
  garbled: fc.integer({ min: 0, max: 20 }),
  overtaking: fc.integer({ min: 0, max: 1_000 }),
  cut: fc.integer({ min: 0, max: 10 }),
});

/** A program that keeps its own books from the events alone. */
class Follower {
  readonly books = new Map<string, Map<string, string>>();

  hear(event: FeedEvent): void {
    if (event.type === 'book.staled') this.books.delete(event.symbol);
    if (event.type !== 'book.changed') return;
    const known = event.kind === 'delta' ? this.books.get(event.symbol) : new Map<string, string>();
    if (!known) throw new Error(`A delta of ${event.symbol} came before its snapshot.`);
    for (const { side, price, size } of event.changes.toArray()) {
      if (size === '0') known.delete(`${side} ${price}`);
      else known.set(`${side} ${price}`, size);
    }
    this.books.set(event.symbol, known);
  }
}

interface Row {
  readonly reached: number;
  readonly came: Set<number>;
}

/** One run: a market that moves, a wire that loses, and the truth as each socket was shown it. */
class Run {
  readonly bench: FeedBench;
  readonly #weather: Weather;
  readonly #random: () => number;
  readonly #follower = new Follower();
  /** By socket: symbol → the venue's book as of the last frame that arrived. */
  readonly #shown = new Map<FakeSocket, Map<string, string>>();
  /** By socket: symbol → the numbers that came on it. */
  readonly #rows = new Map<FakeSocket, Map<string, Row>>();
  /** By symbol and number: the venue's book. */
  readonly #history = new Map<string, string>();
  #isStormy = true;
  timesChecked = 0;

  constructor(conditions: Weather) {
    this.#weather = conditions;
    const random = createSeededRandom(conditions.seed);
    this.#random = () => random.fraction();
    const { scope } = conditions;
    const sequence: SequenceRule = {
      scope,
      ...(scope === 'connection' ? { lastBeforeFirst: -1 } : {}),
      createTracker: scope === 'connection' ? createOrderedCounterTracker : createCounterTracker,
      tradeIdsContiguous: true,
    };
    this.bench = new FeedBench(
      {
        venue: createFakeVenue({ sequence }),
        subscriptions: [
          { channel: 'book', symbols: SYMBOLS },
          { channel: 'trades', symbols: ['A'] },
        ],
        onEvent: (event) => this.#follower.hear(event),
      },
      {
        numbersSymbols: scope === 'symbol',
        overtakes: () => this.#isStormy && this.#chance(conditions.overtaking),
        wrap: (socket) => this.#wrap(socket),
      },
    );
  }

  #chance(thousandths: number): boolean {
    return this.#random() * 1_000 < thousandths;
  }

  #wrap(socket: FakeSocket): FakeSocket {
    this.#shown.set(socket, new Map());
    const wrapped: FakeSocket = Object.create(socket) as FakeSocket;
    wrapped.frame = (sent) => {
      const isOwn = this.#weather.scope === 'symbol';
      const frame = isOwn ? { ...(sent as FakeFrame), n: undefined } : sent;
      this.#note(sent as FakeFrame);
      const { lost, doubled, garbled } = this.#weather;
      if (this.#isStormy && this.#chance(lost)) return;
      const isGarbled = this.#isStormy && this.#chance(garbled);
      const copies = this.#isStormy && this.#chance(doubled) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        if (!isGarbled) this.#show(socket, frame as FakeFrame);
        socket.frame(isGarbled ? '{"say":' : frame);
        this.check();
      }
    };
    return wrapped;
  }

  /** What the venue says with a frame, whether it arrives or not. */
  #note(frame: FakeFrame): void {
    if (frame.say !== 'book' || frame.last === undefined) return;
    const { symbol, bids, asks } = frame;
    const text = frame.whole
      ? JSON.stringify(showBook({ bids: new Map(bids), asks: new Map(asks) }))
      : JSON.stringify(this.bench.truth(symbol));
    this.#history.set(`${symbol} ${frame.last}`, text);
  }

  #show(socket: FakeSocket, frame: FakeFrame): void {
    const shown = this.#shown.get(socket);
    if (this.#weather.scope === 'connection') {
      for (const symbol of SYMBOLS) shown?.set(symbol, JSON.stringify(this.bench.truth(symbol)));
      return;
    }
    if (frame.say !== 'book' || frame.last === undefined) return;
    const { symbol, last } = frame;
    // In a row of its own a book is as new as the numbers reach that came without a hole.
    const row = this.#rows.get(socket) ?? new Map<string, Row>();
    this.#rows.set(socket, row);
    const { reached, came } = row.get(symbol) ?? { reached: -1, came: new Set<number>() };
    came.add(last);
    let reachedNow = frame.whole ? Math.max(reached, last) : reached;
    while (came.has(reachedNow + 1)) reachedNow += 1;
    row.set(symbol, { reached: reachedNow, came });
    shown?.set(symbol, this.#history.get(`${symbol} ${reachedNow}`) ?? '');
  }

  /** A live book is what the venue had when the last frame came, for all who follow it. */
  check(): void {
    // The very first frames can come while the feed is being made.
    if ((this.bench as FeedBench | undefined)?.feed === undefined) return;
    for (const symbol of SYMBOLS) {
      const view = this.bench.feed.book(symbol);
      if (view.state.status !== 'live') continue;
      this.timesChecked += 1;
      const read = this.bench.read(view);
      const shown = this.bench.market
        .holders('book', symbol)
        .map(({ socket }) => this.#shown.get(socket)?.get(symbol));
      expect(shown).toContain(JSON.stringify(read));
      const followed = [...(this.#follower.books.get(symbol) ?? [])];
      const texts = followed.map(([level, size]) => `${level} x ${size}`).toSorted();
      const expected = [
        ...read.bids.map((level) => `bid ${level}`),
        ...read.asks.map((level) => `ask ${level}`),
      ];
      expect(texts).toEqual(expected.toSorted());
    }
  }

  #moveSomething(): void {
    const symbol = SYMBOLS[Math.floor(this.#random() * SYMBOLS.length)] ?? 'A';
    const isBid = this.#random() < 0.5;
    const step = Math.floor(this.#random() * 8);
    const price = isBid ? String(99 - step) : String(101 + step);
    const size = this.#random() < 0.3 ? '0' : String(1 + Math.floor(this.#random() * 1_000) / 8);
    this.bench.market.move(symbol, isBid ? 'bids' : 'asks', [price, size]);
    if (this.#random() < 0.2) this.bench.market.trade('A', 1 + Math.floor(this.#random() * 3));
  }

  async storm(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      this.#moveSomething();
      if (this.#chance(this.#weather.cut)) this.bench.market.served.at(-1)?.socket.closed({});
      await this.bench.run(50);
      this.check();
    }
  }

  async calm(): Promise<void> {
    this.#isStormy = false;
    for (let round = 0; round < 4; round += 1) {
      // Numbers of a symbol's own row reveal a loss with the next one only.
      for (const symbol of SYMBOLS)
        this.bench.market.move(symbol, 'bids', ['90', String(round + 1)]);
      this.bench.market.trade('A', 1);
      await this.bench.run(50_000, 250);
    }
  }
}

function checkTrades(run: Run): void {
  const ids = run.bench
    .ofType('trade.printed')
    .map(({ tradeId }) => tradeId)
    .concat(
      run.bench.ofType('trades.listed').flatMap(({ trades }) => trades.map((one) => one.tradeId)),
    );
  expect(new Set(ids).size).toBe(ids.length);
}

it('no book is ever live and wrong, and all are live again when the weather clears', async () => {
  let timesChecked = 0;
  let gaps = 0;
  await fc.assert(
    fc.asyncProperty(weather, async (conditions) => {
      const run = new Run(conditions);
      await run.storm(150);
      await run.calm();
      for (const symbol of SYMBOLS) {
        const view = run.bench.feed.book(symbol);
        expect([symbol, view.state.status]).toEqual([symbol, 'live']);
        expect(run.bench.read(view)).toEqual(run.bench.truth(symbol));
      }
      checkTrades(run);
      timesChecked += run.timesChecked;
      gaps += run.bench.feed.status().counters.sequenceGaps;
      const closing = run.bench.feed.close();
      await run.bench.time.advance(0);
      await closing;
      expect(run.bench.time.armedCount).toBe(0);
    }),
    { numRuns: 25 },
  );
  // A run that never looked, or never lost anything, would prove nothing.
  expect(timesChecked).toBeGreaterThan(1_000);
  expect(gaps).toBeGreaterThan(10);
}, 60_000);
