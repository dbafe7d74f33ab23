import type { FeedEvent } from '../model/event.js';
import type { BookKind } from './book-stream.js';
import { describeKey, EVENT_CLASSES, type EventClass } from './event-classes.js';
import type { QueuePolicy } from './feed-options.js';

/** What the queue asks of the feed. */
export interface EventQueueTools {
  /** A copy that outlives the listener's call. */
  keep(event: FeedEvent): FeedEvent;
  /** The book of a requested symbol as it is now; undefined where it is not live. */
  takeSnapshot(symbol: string, kind: BookKind): FeedEvent | undefined;
  onDropped(count: number): void;
}

/** How much may wait, and what happens when more comes. */
export interface EventQueueOptions {
  readonly maxEvents: number;
  readonly whenFull: QueuePolicy;
  readonly tools: EventQueueTools;
}

interface Entry {
  /** Undefined: a snapshot of the book, made when it is its turn. */
  event: FeedEvent | undefined;
  readonly symbol: string;
  /** Of books only. */
  readonly kind: BookKind;
  /** Set where a later event of the same key takes this one's place. */
  key: string | undefined;
  isGone: boolean;
}

/** Essential events are let in up to this many times the limit before the queue gives up. */
const ESSENTIAL_FACTOR = 2;

function kindOf(event: FeedEvent): BookKind {
  return event.type.startsWith('orders-book.') ? 'orders-book' : 'book';
}

function isStaled(event: FeedEvent | undefined): boolean {
  return event?.type === 'book.staled' || event?.type === 'orders-book.staled';
}

/** The key of a book's changes, as `describeKey` makes it. */
function describeBook({ kind, symbol }: Pick<Entry, 'kind' | 'symbol'>): string {
  return `${kind}.changed ${symbol}`;
}

/**
 * Events that wait for one slow consumer, never more than the limit says. What is merged leaves
 * the consumer's picture right: a book's changes become one snapshot, taken when it is its turn,
 * so that it holds everything up to then; what says that trust was lost is never merged.
 */
export class EventQueue {
  readonly #options: EventQueueOptions;
  #entries: Entry[] = [];
  #head = 0;
  #count = 0;
  /** Entries that absorb later events of their key. */
  readonly #absorbing = new Map<string, Entry>();
  #appendedSinceMerge = 0;
  /** Books of which a change was left out, so that the next one must be a snapshot. */
  readonly #brokenBooks = new Set<string>();
  #isOverflowed = false;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Whether an event could not be taken in; nothing is accepted from then on. */
  get size(): number {
    return this.#count;
  }

  get isOverflowed(): boolean {
    return this.#isOverflowed;
  }

  /** Takes an event in, or does with it what the policy says. */
  push(event: FeedEvent): void {
    if (this.#isOverflowed) return;
    const eventClass = EVENT_CLASSES[event.type];
    if (isStaled(event)) this.#forgetSnapshot(event);
    if (this.#absorb(event, eventClass)) return;
    const { maxEvents, whenFull } = this.#options;
    if (this.#count >= maxEvents) {
      if (whenFull === 'close') {
        this.#isOverflowed = true;
        return;
      }
      if (whenFull === 'conflate') this.#merge();
      // Merging may have made a snapshot due that stands before this loss of trust.
      if (isStaled(event)) this.#forgetSnapshot(event);
      // A merged snapshot holds this very change already: it must not come after it as well.
      if (this.#absorb(event, eventClass)) return;
      if (this.#count >= maxEvents) return this.#pushOverLimit(event, eventClass);
    }
    this.#append(event);
  }

  /** The next event, or undefined where there is none. */
  shift(): FeedEvent | undefined {
    while (this.#head < this.#entries.length) {
      const entry = this.#entries[this.#head];
      this.#head += 1;
      if (!entry || entry.isGone) continue;
      this.#count -= 1;
      if (entry.key !== undefined) this.#absorbing.delete(entry.key);
      this.#tidyUp();
      const event = entry.event ?? this.#options.tools.takeSnapshot(entry.symbol, entry.kind);
      if (event) return event;
    }
    this.#tidyUp();
    return undefined;
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#count = 0;
    this.#absorbing.clear();
    this.#brokenBooks.clear();
  }

  #tidyUp(): void {
    if (this.#head < 1_024 && this.#head < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }

  /** A snapshot that is due must not be taken from a later life of the book. */
  #forgetSnapshot(event: FeedEvent): void {
    const key = describeBook({ kind: kindOf(event), symbol: event.symbol });
    this.#brokenBooks.delete(key);
    const entry = this.#absorbing.get(key);
    if (!entry) return;
    entry.isGone = true;
    this.#absorbing.delete(key);
    this.#count -= 1;
  }

  #absorb(event: FeedEvent, eventClass: EventClass): boolean {
    if (eventClass !== 'book' && eventClass !== 'newest-counts') return false;
    if (this.#absorbing.size === 0) return false;
    const entry = this.#absorbing.get(describeKey(event));
    if (!entry) return false;
    if (eventClass === 'newest-counts') entry.event = event;
    return true;
  }

  #append(event: FeedEvent): void {
    const isChange = event.type === 'book.changed' || event.type === 'orders-book.changed';
    const mustBeSnapshot = isChange && this.#brokenBooks.delete(describeKey(event));
    if (mustBeSnapshot && event.kind !== 'snapshot') return this.#appendSnapshot(event);
    this.#appendEntry({
      event: this.#options.tools.keep(event),
      symbol: event.symbol,
      kind: kindOf(event),
      key: undefined,
      isGone: false,
    });
  }

  #appendSnapshot(event: FeedEvent): void {
    const key = describeKey(event);
    const { symbol } = event;
    const entry: Entry = { event: undefined, symbol, kind: kindOf(event), key, isGone: false };
    this.#absorbing.set(key, entry);
    this.#appendEntry(entry);
  }

  #appendEntry(entry: Entry): void {
    this.#entries.push(entry);
    this.#count += 1;
    this.#appendedSinceMerge += 1;
  }

  #pushOverLimit(event: FeedEvent, eventClass: EventClass): void {
    const { maxEvents, whenFull } = this.#options;
    const hasRoom = this.#count < maxEvents * ESSENTIAL_FACTOR;
    if (eventClass === 'essential' && hasRoom) return this.#append(event);
    // What says that something is wrong is never left out: rather the stream ends.
    if (eventClass === 'essential') {
      this.#isOverflowed = true;
      return;
    }
    if (whenFull === 'conflate') {
      if (eventClass === 'book' && hasRoom) return this.#appendSnapshot(event);
      if (eventClass === 'newest-counts' && hasRoom) {
        const key = describeKey(event);
        const { symbol } = event;
        const entry: Entry = { event, symbol, kind: kindOf(event), key, isGone: false };
        this.#absorbing.set(key, entry);
        return this.#appendEntry(entry);
      }
      if (eventClass !== 'droppable') {
        this.#isOverflowed = true;
        return;
      }
    }
    this.#drop(event);
  }

  #drop(event: FeedEvent): void {
    if (EVENT_CLASSES[event.type] === 'book') this.#brokenBooks.add(describeKey(event));
    this.#options.tools.onDropped(1);
    const last = this.#entries.at(-1);
    const isHole = last?.event?.type === 'events.dropped' && this.#head < this.#entries.length;
    if (isHole && last?.event?.type === 'events.dropped') {
      last.event = { ...last.event, dropped: last.event.dropped + 1 };
      return;
    }
    const { venue, venueAtMs, receivedAtMs } = event;
    const hole = { type: 'events.dropped', symbol: '', dropped: 1 } as const;
    this.#appendEntry({
      event: { ...hole, venue, venueAtMs, receivedAtMs },
      symbol: '',
      kind: 'book',
      key: undefined,
      isGone: false,
    });
  }

  /** Of each key only the newest entry stays, at its own place; a book's becomes a snapshot. */
  #merge(): void {
    // Merging costs a walk over the queue, so it waits until there is something to gain.
    if (this.#appendedSinceMerge < this.#options.maxEvents / 2) return;
    this.#appendedSinceMerge = 0;
    const kept: Entry[] = [];
    const staled = new Set<string>();
    this.#absorbing.clear();
    for (let index = this.#entries.length - 1; index >= this.#head; index -= 1) {
      const entry = this.#entries[index];
      if (!entry || entry.isGone) continue;
      if (isStaled(entry.event)) staled.add(describeBook(entry));
      if (this.#keepsPlace(entry, staled)) kept.push(entry);
    }
    this.#entries = kept.reverse();
    this.#head = 0;
    this.#count = kept.length;
  }

  /** Changes before a loss of trust go: a snapshot in their place would show the time after it. */
  #keepsPlace(entry: Entry, staled: ReadonlySet<string>): boolean {
    const { event } = entry;
    const eventClass = event ? EVENT_CLASSES[event.type] : 'book';
    if (eventClass === 'droppable' || eventClass === 'essential') return true;
    const key = event ? describeKey(event) : describeBook(entry);
    if (this.#absorbing.has(key)) return false;
    if (eventClass === 'book' && staled.has(key)) return false;
    entry.key = key;
    if (eventClass === 'book') entry.event = undefined;
    this.#absorbing.set(key, entry);
    return true;
  }
}
