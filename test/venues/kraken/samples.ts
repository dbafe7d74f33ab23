import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBook, type Book } from '../../../src/book/book.js';
import type { ApplyOutcome } from '../../../src/book/book-life.js';
import type { BookMessage } from '../../../src/model/message.js';
import type { Venue } from '../../../src/model/venue.js';

const FOLDER = new URL('../../../../shared/samples/kraken/', import.meta.url);

/** Whether the recordings are here: they are not part of the project. */
export const hasSamples = existsSync(fileURLToPath(FOLDER));

/** Said in the name of each group of tests that needs them. */
export const SKIP_NOTE = hasSamples ? '' : ' (skipped: the recordings are not here)';

/** The text of one recording. */
export function readSample(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** The frames of a recording with one on each line. */
export function readFrames(name: string): string[] {
  return readSample(name)
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/**
 * The frames received in a recording whose lines are `<time>: <frame>`; what was sent is left out.
 */
export function readTimedFrames(name: string): string[] {
  return readFrames(name).flatMap((line) => /^[\d.]+: (.*)$/.exec(line)?.[1] ?? []);
}

/** A message of a book, and what became of it. The message is valid until the next frame. */
export interface FollowedMessage {
  readonly message: BookMessage;
  readonly outcome: ApplyOutcome;
}

/** Follows the books of a venue at one depth, as a feed would. */
export interface BookFollower {
  readonly books: ReadonlyMap<string, Book>;
  /** Messages of books in the frame, with what became of each. */
  readonly follow: (frame: string) => readonly FollowedMessage[];
}

/** Books that check what the venue sends, from the codec to the levels. */
export function followBooks(venue: Venue, depth: number): BookFollower {
  const codec = venue.createCodec();
  const books = new Map<string, Book>();
  const { verifiedDepth, computeChecksum } = venue.book;
  const bookOf = (symbol: string): Book => {
    const options = { venue: venue.id, symbol, depth, verifiedDepth, computeChecksum };
    const book = books.get(symbol) ?? createBook({ ...options, sinceAtMs: 0 });
    books.set(symbol, book);
    return book;
  };
  return {
    books,
    follow: (frame) =>
      codec.decode(Buffer.from(frame)).messages.flatMap((message) => {
        if (message.type === 'book.snapshot') {
          return [{ message, outcome: bookOf(message.symbol).applySnapshot(message, 1) }];
        }
        if (message.type === 'book.delta') {
          return [{ message, outcome: bookOf(message.symbol).applyDelta(message, 1) }];
        }
        return [];
      }),
  };
}
