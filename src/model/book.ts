import type { Level, Side } from './levels.js';

/** Why a book is not live. */
export type StaleReason =
  | 'sequence-gap'
  | 'checksum-mismatch'
  | 'crossed'
  | 'silence'
  | 'connection-lost'
  | 'frame-invalid'
  | 'subscription-lost'
  /** Of an account: an order was sent, and what became of it has to be looked for. */
  | 'answer-lost'
  | 'closed';

/** `live` only while everything the venue sent is known to be applied and every check passed. */
export type BookState =
  | { readonly status: 'syncing'; readonly sinceAtMs: number }
  | { readonly status: 'live'; readonly sinceAtMs: number }
  | {
      readonly status: 'stale';
      readonly sinceAtMs: number;
      readonly reason: StaleReason;
      readonly detail: string;
    };

/** What a reader may ask for beside the live book. */
export interface BookReadOptions {
  /** Also answer from a book that is not live: its last known levels, which may be wrong. */
  readonly evenIfStale?: boolean | undefined;
}

/** The best levels of both sides, best first. */
export interface BookTop {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** The evidence trail of one book. */
export interface BookEvidence {
  readonly snapshotsApplied: number;
  readonly deltasApplied: number;
  readonly gapsSeen: number;
  readonly checksumsVerified: number;
  readonly timesStale: number;
  /**
   * Since the book was first wanted. A book of a feed counts an outage that goes on up to now, one
   * that was made without a clock counts what has ended.
   */
  readonly notLiveMs: number;
  readonly lastAppliedAtMs: number;
}

/**
 * What a book of any kind shows of itself. A level is a price here, also where orders are kept one
 * by one.
 */
export interface AnyBookView {
  readonly venue: string;
  readonly symbol: string;
  readonly state: BookState;
  /** In levels a side. */
  readonly verifiedDepth: 'whole' | 'none' | number;
  /** Levels on this side; 0 while the book is not live. */
  readonly bidCount: number;
  readonly askCount: number;
  /** The venue's time of the last message applied; NaN where unknown. */
  readonly venueAtMs: number;
  evidence(): BookEvidence;
}

/**
 * A book to read. It fails closed: while it is not live every reading is empty, unless the caller
 * asks for stale data by name. The view always shows the present; copy what must stay.
 */
export interface BookView extends AnyBookView {
  bestBid(options?: BookReadOptions): Level | undefined;
  bestAsk(options?: BookReadOptions): Level | undefined;
  top(depth: number, options?: BookReadOptions): BookTop;
  sizeAt(side: Side, price: string, options?: BookReadOptions): string | undefined;
}
