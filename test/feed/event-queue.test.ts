import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventQueue } from '../../src/feed/event-queue.js';
import type { FeedEvent } from '../../src/model/event.js';

const base = { venue: 'fake', venueAtMs: NaN, receivedAtMs: 0 };

/** What a program knows of a book that it keeps from the events alone. */
interface Follower {
  isLive: boolean;
  at: number;
}

const SYMBOLS = ['A', 'B', 'C'];
type Step = readonly ['change' | 'stale' | 'restore' | 'read', number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('change' as const) },
      { weight: 3, arbitrary: fc.constant('read' as const) },
      { weight: 1, arbitrary: fc.constantFrom('stale' as const, 'restore' as const) },
    ),
    fc.integer({ min: 0, max: SYMBOLS.length - 1 }),
  ),
  { maxLength: 300 },
);

/** A delta moves a follower on by one only if it missed none; a snapshot sets it. */
function follow(followers: Map<string, Follower>, event: FeedEvent): void {
  const follower = followers.get(event.symbol);
  if (!follower) return;
  if (event.type === 'book.staled') follower.isLive = false;
  if (event.type !== 'book.changed') return;
  if (event.kind === 'delta') {
    expect(follower.isLive).toBe(true);
    expect(event.venueAtMs).toBe(follower.at + 1);
  }
  follower.isLive = true;
  follower.at = event.venueAtMs;
}

it.each(['conflate', 'drop'] as const)(
  'whoever keeps a book from a queue that overflows (%s) ends with the right one',
  (whenFull) => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (script, maxEvents) => {
        const books = new Map<string, Follower>(
          SYMBOLS.map((symbol) => [symbol, { isLive: false, at: 0 }]),
        );
        const followers = new Map<string, Follower>(
          SYMBOLS.map((symbol) => [symbol, { isLive: false, at: 0 }]),
        );
        const changed = (symbol: string, kind: string, venueAtMs: number): FeedEvent =>
          ({ ...base, type: 'book.changed', symbol, kind, venueAtMs }) as unknown as FeedEvent;
        const queue = new EventQueue({
          maxEvents,
          whenFull,
          tools: {
            keep: (event) => event,
            takeSnapshot(symbol) {
              const book = books.get(symbol);
              return book?.isLive === true ? changed(symbol, 'snapshot', book.at) : undefined;
            },
            onDropped: () => undefined,
          },
        });
        const read = (): boolean => {
          const event = queue.shift();
          if (event) follow(followers, event);
          return event !== undefined;
        };
        for (const [action, index] of script) {
          const symbol = SYMBOLS[index] ?? 'A';
          const book = books.get(symbol);
          if (!book) continue;
          if (action === 'read') read();
          if (action === 'change' && book.isLive) {
            book.at += 1;
            queue.push(changed(symbol, 'delta', book.at));
          }
          if (action === 'stale' && book.isLive) {
            book.isLive = false;
            queue.push({ ...base, type: 'book.staled', symbol, reason: 'silence', detail: '' });
          }
          if (action !== 'read' && action !== 'stale' && !book.isLive) {
            book.isLive = true;
            book.at += 1;
            queue.push({ ...base, type: 'book.restored', symbol, notLiveMs: 0 });
            queue.push(changed(symbol, 'snapshot', book.at));
          }
        }
        fc.pre(!queue.isOverflowed);
        // A last change of each book, with room for it, so that a drop before it does not count.
        while (read());
        for (const symbol of SYMBOLS) {
          const book = books.get(symbol);
          if (book?.isLive !== true) continue;
          book.at += 1;
          queue.push(changed(symbol, 'delta', book.at));
          while (read());
          expect(followers.get(symbol)).toEqual(book);
        }
      }),
    );
  },
);
