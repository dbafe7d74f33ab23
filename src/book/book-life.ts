// What is true of a book beside its levels: its state, and the evidence of what it went through.
import type { BookEvidence, BookState, StaleReason } from '../model/book.js';
import type { BookRule } from '../model/venue.js';

/** Why a book goes stale. */
export interface StaleCause {
  readonly reason: StaleReason;
  /** A sentence for people. */
  readonly detail: string;
}

/** What every book is made of. */
export interface BookTerms {
  readonly venue: string;
  readonly symbol: string;
  /** How many levels a side the venue keeps us informed of; `whole` is all of them. */
  readonly depth: 'whole' | number;
  readonly verifiedDepth: 'whole' | 'none' | number;
  /** When the book was first wanted, Unix milliseconds. */
  readonly sinceAtMs: number;
  /** Unix milliseconds. Where it is given, the evidence counts an outage that goes on up to now. */
  readonly nowMs?: (() => number) | undefined;
}

/**
 * The names that the options of every kind of book have, and those of a venue's rule for its books:
 * that may be spread into the options as it is. Complete by its type.
 */
export const BOOK_TERM_NAMES: Readonly<Record<keyof BookTerms | keyof BookRule, true>> = {
  venue: true,
  symbol: true,
  depth: true,
  verifiedDepth: true,
  sinceAtMs: true,
  nowMs: true,
  computeChecksum: true,
  depths: true,
  recovery: true,
};

/** What became of a message. After a refusal the book is not live. */
export type ApplyOutcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'refused'; readonly reason: StaleReason; readonly detail: string };

/** The state of one book over time. Every change is asked for by name. */
export interface BookLife {
  readonly state: BookState;
  readonly isLive: boolean;
  /** A live book stays live since it became so. */
  markLive(atMs: number): void;
  markSyncing(atMs: number): void;
  /** A stale book stays stale since it became so, for the newest reason. */
  markStale(cause: StaleCause, atMs: number): void;
  countApplied(kind: 'snapshot' | 'delta', atMs: number): void;
  countVerified(): void;
  evidence(): BookEvidence;
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** A class for the reason that `HeldBookLevels` is one. */
class CountedBookLife implements BookLife {
  #state: BookState;
  #notLiveSinceMs: number;
  readonly #nowMs: (() => number) | undefined;
  readonly #counts: Mutable<BookEvidence> = {
    snapshotsApplied: 0,
    deltasApplied: 0,
    gapsSeen: 0,
    checksumsVerified: 0,
    timesStale: 0,
    notLiveMs: 0,
    lastAppliedAtMs: NaN,
  };

  constructor({ sinceAtMs, nowMs }: Pick<BookTerms, 'sinceAtMs' | 'nowMs'>) {
    this.#state = { status: 'syncing', sinceAtMs };
    this.#notLiveSinceMs = sinceAtMs;
    this.#nowMs = nowMs;
  }

  get state(): BookState {
    return this.#state;
  }

  get isLive(): boolean {
    return this.#state.status === 'live';
  }

  markLive(atMs: number): void {
    if (this.isLive) return;
    this.#counts.notLiveMs = this.#countNotLiveMs(atMs);
    this.#state = { status: 'live', sinceAtMs: atMs };
  }

  markSyncing(atMs: number): void {
    if (this.#state.status === 'syncing') return;
    this.#leaveLive(atMs);
    this.#state = { status: 'syncing', sinceAtMs: atMs };
  }

  markStale(cause: StaleCause, atMs: number): void {
    this.#leaveLive(atMs);
    const before = this.#state;
    if (cause.reason === 'sequence-gap') this.#counts.gapsSeen += 1;
    if (before.status !== 'stale') this.#counts.timesStale += 1;
    const since = before.status === 'stale' ? before.sinceAtMs : atMs;
    const { reason, detail } = cause;
    this.#state = { status: 'stale', sinceAtMs: since, reason, detail };
  }

  countApplied(kind: 'snapshot' | 'delta', atMs: number): void {
    if (kind === 'snapshot') this.#counts.snapshotsApplied += 1;
    else this.#counts.deltasApplied += 1;
    this.#counts.lastAppliedAtMs = atMs;
  }

  countVerified(): void {
    this.#counts.checksumsVerified += 1;
  }

  evidence(): BookEvidence {
    const now = this.#nowMs?.();
    if (now === undefined || this.isLive) return { ...this.#counts };
    return { ...this.#counts, notLiveMs: this.#countNotLiveMs(now) };
  }

  /** A wall clock may go back; time lost is never negative. */
  #countNotLiveMs(untilMs: number): number {
    return this.#counts.notLiveMs + Math.max(0, untilMs - this.#notLiveSinceMs);
  }

  #leaveLive(atMs: number): void {
    if (this.isLive) this.#notLiveSinceMs = atMs;
  }
}

/** The life of a book that waits for its first snapshot. */
export function createBookLife(terms: Pick<BookTerms, 'sinceAtMs' | 'nowMs'>): BookLife {
  return new CountedBookLife(terms);
}

/** The answer to a change of a book that is not live. */
export function refuseEarly(life: BookLife): ApplyOutcome {
  const { state } = life;
  const reason = state.status === 'stale' ? state.reason : 'sequence-gap';
  return { kind: 'refused', reason, detail: 'A change came while no snapshot holds.' };
}
