import type { BookState, BookView, StaleReason } from '../model/book.js';
import type { BookMessage } from '../model/message.js';
import type { BookUnits } from './levels.js';

/** What a book is made of. */
export interface BookOptions {
  readonly venue: string;
  readonly symbol: string;
  /** How many levels a side the venue keeps us informed of; `whole` is all of them. */
  readonly depth: 'whole' | number;
  readonly verifiedDepth: 'whole' | 'none' | number;
  /** When the book was first wanted, Unix milliseconds. */
  readonly sinceAtMs: number;
  /** Levels a side that a whole book may hold; 250,000 by default. A message above is refused. */
  readonly maxLevels?: number | undefined;
  /** Decimals the venue announces; the wire may show more and the book follows it. */
  readonly priceDecimals?: number | undefined;
  readonly sizeDecimals?: number | undefined;
  /** Decimals shown at least; absent for the shortest text, as in `65083.67` and `1505`. */
  readonly textDecimals?: { readonly price: number; readonly size: number } | undefined;
  /** The venue's checksum over our levels; compared with the one a message brings. */
  readonly computeChecksum?: ((levels: BookUnits) => number) | undefined;
}

/** What became of a message. A refused one left a book that is not live. */
export type ApplyOutcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'refused'; readonly reason: StaleReason; readonly detail: string };

/** A book to keep. The methods are the feed's: readers are given it as a BookView. */
export interface Book extends BookView {
  /** Replaces every level and, if all checks pass, makes the book live. */
  applySnapshot(message: BookMessage, atMs: number): ApplyOutcome;
  /** Changes a live book; any other book refuses it and stays as it is. */
  applyDelta(message: BookMessage, atMs: number): ApplyOutcome;
  /** A snapshot is on its way. */
  markSyncing(atMs: number): void;
  /** The levels are no longer to be trusted; only a snapshot makes the book live again. */
  markStale(cause: StaleCause, atMs: number): void;
  /** The levels in units, live or not, for checksums and servers. Not for users. */
  readonly levels: BookUnits;
}

/** Why a book goes stale. */
export type StaleCause = Pick<Extract<BookState, { status: 'stale' }>, 'reason' | 'detail'>;

/** A book that waits for its first snapshot. */
export function createBook(options: BookOptions): Book {
  throw new Error(`The book of ${options.symbol} is not implemented yet.`);
}
