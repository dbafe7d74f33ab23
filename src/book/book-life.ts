// What is true of a book beside its levels: its state, and the evidence of what it went through.
import type { BookEvidence, BookState, StaleReason } from '../model/book.js';

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
}

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

/** The life of a book that waits for its first snapshot. */
export function createBookLife(sinceAtMs: number): BookLife {
  let state: BookState = { status: 'syncing', sinceAtMs };
  let notLiveSinceMs = sinceAtMs;
  const counts = {
    snapshotsApplied: 0,
    deltasApplied: 0,
    gapsSeen: 0,
    checksumsVerified: 0,
    timesStale: 0,
    notLiveMs: 0,
    lastAppliedAtMs: NaN,
  };
  const leaveLive = (atMs: number): void => {
    if (state.status === 'live') notLiveSinceMs = atMs;
  };
  return {
    get state() {
      return state;
    },
    get isLive() {
      return state.status === 'live';
    },
    markLive(atMs) {
      if (state.status === 'live') return;
      // A wall clock may go back; time lost is never negative.
      counts.notLiveMs += Math.max(0, atMs - notLiveSinceMs);
      state = { status: 'live', sinceAtMs: atMs };
    },
    markSyncing(atMs) {
      if (state.status === 'syncing') return;
      leaveLive(atMs);
      state = { status: 'syncing', sinceAtMs: atMs };
    },
    markStale(cause, atMs) {
      leaveLive(atMs);
      if (cause.reason === 'sequence-gap') counts.gapsSeen += 1;
      if (state.status !== 'stale') counts.timesStale += 1;
      const since = state.status === 'stale' ? state.sinceAtMs : atMs;
      const { reason, detail } = cause;
      state = { status: 'stale', sinceAtMs: since, reason, detail };
    },
    countApplied(kind, atMs) {
      if (kind === 'snapshot') counts.snapshotsApplied += 1;
      else counts.deltasApplied += 1;
      counts.lastAppliedAtMs = atMs;
    },
    countVerified() {
      counts.checksumsVerified += 1;
    },
    evidence: () => ({ ...counts }),
  };
}

/** The answer to a change of a book that is not live. */
export function refuseEarly(life: BookLife): ApplyOutcome {
  const { state } = life;
  const reason = state.status === 'stale' ? state.reason : 'sequence-gap';
  return { kind: 'refused', reason, detail: 'A change came while no snapshot holds.' };
}
