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

/** Two kinds of books may be of one symbol. */
const BOOKS = ['book A', 'orders-book A', 'book B'];
type Step = readonly ['change' | 'stale' | 'restore' | 'read', number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('change' as const) },
      { weight: 3, arbitrary: fc.constant('read' as const) },
      { weight: 1, arbitrary: fc.constantFrom('stale' as const, 'restore' as const) },
    ),
    fc.integer({ min: 0, max: BOOKS.length - 1 }),
  ),
  { maxLength: 300 },
);

/** An event of a book that is named by its kind and symbol. */
function tell(name: string, happened: string): FeedEvent {
  const [kind = '', symbol = ''] = name.split(' ');
  return { ...base, type: `${kind}.${happened}`, symbol } as unknown as FeedEvent;
}

/** A delta moves a follower on by one only if it missed none; a snapshot sets it. */
function follow(followers: Map<string, Follower>, event: FeedEvent): void {
  const kind = event.type.startsWith('orders-book.') ? 'orders-book' : 'book';
  const follower = followers.get(`${kind} ${event.symbol}`);
  if (!follower) return;
  if (event.type.endsWith('.staled')) follower.isLive = false;
  if (event.type !== 'book.changed' && event.type !== 'orders-book.changed') return;
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
          BOOKS.map((name) => [name, { isLive: false, at: 0 }]),
        );
        const followers = new Map<string, Follower>(
          BOOKS.map((name) => [name, { isLive: false, at: 0 }]),
        );
        const changed = (name: string, kind: string, venueAtMs: number): FeedEvent =>
          ({ ...tell(name, 'changed'), kind, venueAtMs }) as unknown as FeedEvent;
        const queue = new EventQueue({
          maxEvents,
          whenFull,
          tools: {
            keep: (event) => event,
            takeSnapshot(symbol, kind) {
              const name = `${kind} ${symbol}`;
              const book = books.get(name);
              return book?.isLive === true ? changed(name, 'snapshot', book.at) : undefined;
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
          const name = BOOKS[index] ?? '';
          const book = books.get(name);
          if (!book) continue;
          if (action === 'read') read();
          if (action === 'change' && book.isLive) {
            book.at += 1;
            queue.push(changed(name, 'delta', book.at));
          }
          if (action === 'stale' && book.isLive) {
            book.isLive = false;
            queue.push(tell(name, 'staled'));
          }
          if (action !== 'read' && action !== 'stale' && !book.isLive) {
            book.isLive = true;
            book.at += 1;
            queue.push(tell(name, 'restored'));
            queue.push(changed(name, 'snapshot', book.at));
          }
        }
        fc.pre(!queue.isOverflowed);
        // A last change of each book, with room for it, so that a drop before it does not count.
        while (read());
        for (const name of BOOKS) {
          const book = books.get(name);
          if (book?.isLive !== true) continue;
          book.at += 1;
          queue.push(changed(name, 'delta', book.at));
          while (read());
          expect(followers.get(name)).toEqual(book);
        }
      }),
      { numRuns: 500 },
    );
  },
);
