import { createBook, type ApplyOutcome, type Book } from '../book/book.js';
import type { StaleCause } from '../book/book-life.js';
import { createLevelChanges } from '../book/level-changes.js';
import type { BookView } from '../model/book.js';
import type { TruefeedError } from '../model/error.js';
import type { EventBase } from '../model/event.js';
import type { LevelChanges, LevelColumns } from '../model/levels.js';
import type { BookMessage } from '../model/message.js';
import { copyBookColumns } from './book-columns.js';
import { createBookView } from './book-view.js';
import { createDeltaBuffer, type DeltaBuffer } from './delta-buffer.js';
import type { FeedTools } from './feed-tools.js';

/** Whether a delta that waited for its snapshot is the next one of its symbol's own row. */
export type ContinuityCheck = (delta: BookMessage) => 'accept' | 'stale' | 'gap';

/** Reasons that end a book's trust for good, so that they replace an earlier reason. */
const FINAL_REASONS: ReadonlySet<string> = new Set(['closed', 'subscription-lost']);

/** One book of the venue, under every name it was asked for, and the events it causes. */
export class BookStream {
  readonly book: Book;
  readonly #tools: FeedTools;
  readonly #buffer: DeltaBuffer;
  readonly #views = new Map<string, BookView>();
  #staleSinceMs: number | undefined;
  /** The codec reuses its columns, so one view of them serves message after message. */
  #changes: LevelChanges | undefined;

  constructor(tools: FeedTools, symbol: string, depth: number | undefined) {
    const { venue, limits, runtime } = tools;
    this.#tools = tools;
    this.book = createBook({
      venue: venue.id,
      symbol,
      depth: depth ?? venue.book.depth,
      verifiedDepth: venue.book.verifiedDepth,
      computeChecksum: venue.book.computeChecksum,
      sinceAtMs: runtime.clock.nowMs(),
    });
    this.#buffer = createDeltaBuffer({
      maxDeltas: limits.maxBufferedDeltas,
      maxLevels: limits.maxBufferedLevels,
    });
  }

  get isLive(): boolean {
    return this.book.state.status === 'live';
  }

  /** The book as readers see it, under a name it was asked for. */
  viewAs(name: string): BookView {
    const view = this.#views.get(name) ?? createBookView(this.book, name);
    this.#views.set(name, view);
    return view;
  }

  /** A further name for a book that may be live already: its readers start from a snapshot. */
  introduce(name: string): void {
    const book = this.viewAs(name);
    if (!this.isLive || !this.#tools.wants('book.changed')) return;
    const changes = createLevelChanges(copyBookColumns(this.book.levels));
    const base = this.#base(name, this.#tools.runtime.clock.nowMs());
    this.#tools.emit({ ...base, type: 'book.changed', kind: 'snapshot', book, changes });
  }

  dropName(name: string): void {
    this.#views.delete(name);
  }

  /**
   * The levels are no longer to be trusted, from now on and before anyone hears of it. True where
   * the book was live, or ended for good, so that `announceStale` is due.
   */
  distrust(cause: StaleCause): boolean {
    this.#buffer.clear();
    const { state } = this.book;
    const isFinal = FINAL_REASONS.has(cause.reason);
    const isSameEnd = state.status === 'stale' && state.reason === cause.reason;
    if (state.status !== 'live' && (!isFinal || isSameEnd)) return false;
    this.book.markStale(cause, this.#tools.runtime.clock.nowMs());
    this.#noteStale();
    return true;
  }

  announceStale(cause: StaleCause, receivedAtMs: number): void {
    for (const [symbol] of this.#views) {
      const base = this.#base(symbol, receivedAtMs);
      this.#tools.emit({ ...base, type: 'book.staled', ...cause });
    }
  }

  announceFailure(error: TruefeedError, receivedAtMs: number): void {
    for (const [symbol] of this.#views) {
      this.#tools.emit({ ...this.#base(symbol, receivedAtMs), type: 'book.failed', error });
    }
  }

  /** Keeps a delta that no snapshot can take yet. */
  wait(delta: BookMessage): void {
    this.#buffer.push(delta);
  }

  /** Replaces the book, adds what overtook the snapshot, and only then tells anyone. */
  install(
    snapshot: BookMessage,
    receivedAtMs: number,
    checkContinuity: ContinuityCheck,
  ): ApplyOutcome {
    const wasLive = this.isLive;
    const overtakers = this.#buffer.takeLaterThan(snapshot);
    const outcome = overtakers
      ? this.#applyAll(snapshot, overtakers, { receivedAtMs, checkContinuity })
      : refuse('Too many changes came before the snapshot to keep them all.');
    if (outcome.kind === 'refused') {
      if (this.isLive) this.book.markStale(outcome, receivedAtMs);
      if (wasLive) this.#endLive(outcome, receivedAtMs);
      return outcome;
    }
    if (!wasLive) this.#announceRestored(receivedAtMs);
    if (this.#tools.wants('book.changed')) {
      const isPlain = overtakers?.length === 0;
      const columns = isPlain ? snapshot.columns : copyBookColumns(this.book.levels);
      this.#announceChange('snapshot', columns, receivedAtMs);
    }
    return outcome;
  }

  /** Changes the live book and tells. */
  apply(delta: BookMessage, receivedAtMs: number): ApplyOutcome {
    const outcome = this.book.applyDelta(delta, receivedAtMs);
    if (outcome.kind === 'refused') this.#endLive(outcome, receivedAtMs);
    else if (this.#tools.wants('book.changed')) {
      this.#announceChange('delta', delta.columns, receivedAtMs);
    }
    return outcome;
  }

  #applyAll(
    snapshot: BookMessage,
    overtakers: readonly BookMessage[],
    context: { readonly receivedAtMs: number; readonly checkContinuity: ContinuityCheck },
  ): ApplyOutcome {
    let outcome = this.book.applySnapshot(snapshot, context.receivedAtMs);
    for (const delta of overtakers) {
      if (outcome.kind === 'refused') break;
      const verdict = context.checkContinuity(delta);
      if (verdict === 'gap') return refuse('A change that belongs after the snapshot is missing.');
      if (verdict === 'accept') outcome = this.book.applyDelta(delta, context.receivedAtMs);
    }
    return outcome;
  }

  #endLive(cause: StaleCause, receivedAtMs: number): void {
    this.#buffer.clear();
    this.#noteStale();
    this.announceStale({ reason: cause.reason, detail: cause.detail }, receivedAtMs);
  }

  #noteStale(): void {
    this.#tools.counters.timesBookStale += 1;
    this.#staleSinceMs ??= this.#tools.runtime.clock.monotonicMs();
  }

  #announceRestored(receivedAtMs: number): void {
    if (this.#staleSinceMs === undefined) return;
    const notLiveMs = this.#tools.runtime.clock.monotonicMs() - this.#staleSinceMs;
    this.#staleSinceMs = undefined;
    for (const [symbol] of this.#views) {
      this.#tools.emit({ ...this.#base(symbol, receivedAtMs), type: 'book.restored', notLiveMs });
    }
  }

  #announceChange(kind: 'snapshot' | 'delta', columns: LevelColumns, receivedAtMs: number): void {
    if (this.#changes?.columns !== columns) this.#changes = createLevelChanges(columns);
    const changes = this.#changes;
    for (const [symbol, book] of this.#views) {
      const base = this.#base(symbol, receivedAtMs);
      this.#tools.emit({ ...base, type: 'book.changed', kind, book, changes });
    }
  }

  #base(symbol: string, receivedAtMs: number): EventBase {
    const { venueAtMs } = this.book;
    return { venue: this.#tools.venue.id, symbol, venueAtMs, receivedAtMs };
  }
}

function refuse(detail: string): Extract<ApplyOutcome, { kind: 'refused' }> {
  return { kind: 'refused', reason: 'sequence-gap', detail };
}
