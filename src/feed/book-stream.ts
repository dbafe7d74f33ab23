import type { ApplyOutcome, StaleCause } from '../book/book-life.js';
import type { BookEvidence, BookState } from '../model/book.js';
import type { TruefeedError } from '../model/error.js';
import type { EventBase, FeedEvent } from '../model/event.js';
import type { AnyBookMessage } from '../model/message.js';
import type { DeltaBuffer } from './delta-buffer.js';
import type { FeedTools } from './feed-tools.js';
import { FINAL_REASONS, type Trusted } from './trust.js';

/** Whether a delta that waited for its snapshot is the next one of its symbol's own row. */
export type ContinuityCheck = (delta: AnyBookMessage) => 'accept' | 'stale' | 'gap';

/** The kinds of books; the names of their events begin with it. */
export type BookKind = 'book' | 'orders-book';

/** A book of any kind, as it is kept. */
export interface KeptBook<Message extends AnyBookMessage> {
  readonly state: BookState;
  readonly venueAtMs: number;
  applySnapshot(message: Message, atMs: number): ApplyOutcome;
  applyDelta(message: Message, atMs: number): ApplyOutcome;
  markStale(cause: StaleCause, atMs: number): void;
  evidence(): BookEvidence;
}

/** What a book says of a change, the same under every name. */
export interface BookChange<Changes> {
  readonly kind: 'snapshot' | 'delta';
  readonly changes: Changes;
}

/** How books of one kind are kept, shown and spoken of. */
export interface BookManner<Message extends AnyBookMessage, View, Changes> {
  readonly kind: BookKind;
  readonly book: KeptBook<Message>;
  readonly buffer: DeltaBuffer<Message>;
  /** The book as readers see it, under a name it was asked for. */
  createView(name: string): View;
  /** What one message changed; valid during the listener's call only. */
  listChanges(message: Message): Changes;
  /** The whole book as it is, in the shape of changes. */
  listWhole(): Changes;
  /** Makes the event; the facts and the change are only lent. */
  describeChange(facts: EventBase, view: View, change: BookChange<Changes>): FeedEvent;
}

/** A book of any kind, as the feed holds it. */
export interface BookHandle extends Trusted {
  readonly state: BookState;
  /** Deltas that wait for a snapshot. */
  readonly deltasWaiting: number;
  evidence(): BookEvidence;
  /** A further name for a book that may be live already: its readers start from a snapshot. */
  introduce(name: string): void;
  dropName(name: string): void;
  announceFailure(error: TruefeedError, receivedAtMs: number): void;
  /** The book as it is, as an event of its own; undefined where it is not live. */
  takeSnapshot(name: string): FeedEvent | undefined;
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** The book under one name. */
interface Shown<View> {
  readonly name: string;
  readonly view: View;
}

/** One book of the venue, under every name it was asked for, and the events it causes. */
export class BookStream<Message extends AnyBookMessage, View, Changes> implements BookHandle {
  readonly #tools: FeedTools;
  readonly #manner: BookManner<Message, View, Changes>;
  readonly #book: KeptBook<Message>;
  /** Made once: the path of every message asks for it. */
  readonly #changed: `${BookKind}.changed`;
  /** Mostly one; a list, since going through a Map makes an array for each entry. */
  #shown: readonly Shown<View>[] = [];
  /** What an event is made of; one object each, since every message makes an event. */
  readonly #facts: Mutable<EventBase>;
  readonly #change: Mutable<BookChange<Changes>>;
  #staleSinceMs: number | undefined;

  constructor(tools: FeedTools, manner: BookManner<Message, View, Changes>) {
    this.#tools = tools;
    this.#manner = manner;
    this.#book = manner.book;
    this.#changed = `${manner.kind}.changed`;
    this.#facts = { venue: tools.venue.id, symbol: '', venueAtMs: NaN, receivedAtMs: NaN };
    this.#change = { kind: 'snapshot', changes: manner.listWhole() };
  }

  get deltasWaiting(): number {
    return this.#manner.buffer.count;
  }

  get state(): BookState {
    return this.#book.state;
  }

  get isLive(): boolean {
    return this.#book.state.status === 'live';
  }

  evidence(): BookEvidence {
    return this.#book.evidence();
  }

  /** The book as readers see it, under a name it was asked for. */
  viewAs(name: string): View {
    const known = this.#shown.find((shown) => shown.name === name);
    if (known) return known.view;
    const view = this.#manner.createView(name);
    // Another list each time: a listener may do this while the present one is gone through.
    this.#shown = [...this.#shown, { name, view }];
    return view;
  }

  introduce(name: string): void {
    this.viewAs(name);
    if (!this.#tools.wants(this.#changed)) return;
    const event = this.takeSnapshot(name);
    if (event) this.#tools.emit(event);
  }

  dropName(name: string): void {
    this.#shown = this.#shown.filter((shown) => shown.name !== name);
  }

  takeSnapshot(name: string): FeedEvent | undefined {
    if (!this.isLive) return undefined;
    const base = this.#base(name, this.#tools.runtime.clock.nowMs());
    const change = { kind: 'snapshot', changes: this.#manner.listWhole() } as const;
    return this.#manner.describeChange(base, this.viewAs(name), change);
  }

  distrust(cause: StaleCause): boolean {
    this.#manner.buffer.clear();
    const { state } = this.#book;
    const isFinal = FINAL_REASONS.has(cause.reason);
    const isSameEnd = state.status === 'stale' && state.reason === cause.reason;
    if (state.status !== 'live' && (!isFinal || isSameEnd)) return false;
    this.#book.markStale(cause, this.#tools.runtime.clock.nowMs());
    this.#noteStale();
    return true;
  }

  announceStale({ reason, detail }: StaleCause, receivedAtMs: number): void {
    const type = `${this.#manner.kind}.staled` as const;
    this.#tellAll((name) => ({ ...this.#base(name, receivedAtMs), type, reason, detail }));
  }

  announceFailure(error: TruefeedError, receivedAtMs: number): void {
    const type = `${this.#manner.kind}.failed` as const;
    this.#tellAll((name) => ({ ...this.#base(name, receivedAtMs), type, error }));
  }

  /** Keeps a delta that no snapshot can take yet. */
  wait(delta: Message): void {
    this.#manner.buffer.push(delta);
  }

  /** Replaces the book, adds what overtook the snapshot, and only then tells anyone. */
  install(snapshot: Message, receivedAtMs: number, checkContinuity: ContinuityCheck): ApplyOutcome {
    const { status: statusBefore } = this.state;
    const overtakers = this.#manner.buffer.takeLaterThan(snapshot);
    const outcome = overtakers
      ? this.#applyAll(snapshot, overtakers, { receivedAtMs, checkContinuity })
      : refuse('Too many changes came before the snapshot to keep them all.');
    if (outcome.kind === 'refused') {
      if (this.state.status !== 'stale') this.#book.markStale(outcome, receivedAtMs);
      // Also where the first snapshot of all is wrong: nobody is to wait for it in silence.
      if (statusBefore !== 'stale') this.#endLive(outcome, receivedAtMs);
      return outcome;
    }
    if (statusBefore !== 'live') this.#announceRestored(receivedAtMs);
    if (this.#tools.wants(this.#changed)) {
      const isPlain = overtakers?.length === 0;
      const manner = this.#manner;
      const changes = isPlain ? manner.listChanges(snapshot) : manner.listWhole();
      this.#announceChange('snapshot', changes, receivedAtMs);
    }
    return outcome;
  }

  /** Changes the live book and tells. */
  apply(delta: Message, receivedAtMs: number): ApplyOutcome {
    const outcome = this.#book.applyDelta(delta, receivedAtMs);
    if (outcome.kind === 'refused') this.#endLive(outcome, receivedAtMs);
    else if (this.#tools.wants(this.#changed)) {
      const changes = this.#manner.listChanges(delta);
      this.#announceChange('delta', changes, receivedAtMs);
    }
    return outcome;
  }

  #applyAll(
    snapshot: Message,
    overtakers: readonly Message[],
    context: { readonly receivedAtMs: number; readonly checkContinuity: ContinuityCheck },
  ): ApplyOutcome {
    let outcome = this.#book.applySnapshot(snapshot, context.receivedAtMs);
    for (const delta of overtakers) {
      if (outcome.kind === 'refused') break;
      const verdict = context.checkContinuity(delta);
      if (verdict === 'gap') return refuse('A change that belongs after the snapshot is missing.');
      if (verdict === 'accept') outcome = this.#book.applyDelta(delta, context.receivedAtMs);
    }
    return outcome;
  }

  #endLive(cause: StaleCause, receivedAtMs: number): void {
    this.#manner.buffer.clear();
    this.#noteStale();
    this.announceStale(cause, receivedAtMs);
  }

  #noteStale(): void {
    this.#tools.counters.timesBookStale += 1;
    this.#staleSinceMs ??= this.#tools.runtime.clock.monotonicMs();
  }

  #announceRestored(receivedAtMs: number): void {
    if (this.#staleSinceMs === undefined) return;
    const notLiveMs = this.#tools.runtime.clock.monotonicMs() - this.#staleSinceMs;
    this.#staleSinceMs = undefined;
    const type = `${this.#manner.kind}.restored` as const;
    this.#tellAll((name) => ({ ...this.#base(name, receivedAtMs), type, notLiveMs }));
  }

  #announceChange(kind: 'snapshot' | 'delta', changes: Changes, receivedAtMs: number): void {
    for (const shown of this.#shown) {
      // A listener may have dropped this name, or ended the book, and that was told already.
      if (!this.isLive || !this.#shown.includes(shown)) continue;
      const change = this.#change;
      change.kind = kind;
      change.changes = changes;
      const facts = this.#base(shown.name, receivedAtMs);
      this.#tools.emit(this.#manner.describeChange(facts, shown.view, change));
    }
  }

  /** As long as it is so: a listener may end the book, which is told at once. */
  #tellAll(describe: (name: string) => FeedEvent): void {
    const { isLive } = this;
    for (const shown of this.#shown) {
      if (this.isLive !== isLive || !this.#shown.includes(shown)) continue;
      this.#tools.emit(describe(shown.name));
    }
  }

  /** Valid until the next call. */
  #base(symbol: string, receivedAtMs: number): EventBase {
    const facts = this.#facts;
    facts.symbol = symbol;
    facts.venueAtMs = this.#book.venueAtMs;
    facts.receivedAtMs = receivedAtMs;
    return facts;
  }
}

function refuse(detail: string): Extract<ApplyOutcome, { kind: 'refused' }> {
  return { kind: 'refused', reason: 'sequence-gap', detail };
}
