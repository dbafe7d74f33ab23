import { createLevelChanges } from '../book/level-changes.js';
import { copyColumns } from '../book/level-columns.js';
import type { FeedEvent, FeedEventOf, FeedEventType } from '../model/event.js';
import type { Logger } from '../model/logger.js';
import type { EventQueueTools } from './event-queue.js';
import { EventStream } from './event-stream.js';
import type { EventStreamOptions } from './feed-options.js';
import { createListeners, type Listeners } from './listeners.js';
import { checkStreamOptions } from './option-check.js';

/** Changes are the codec's and reused; whoever reads later needs their own. */
function keep(event: FeedEvent): FeedEvent {
  if (event.type === 'orders-book.changed') return { ...event, changes: [...event.changes] };
  if (event.type !== 'book.changed') return event;
  return { ...event, changes: createLevelChanges(copyColumns(event.changes.columns)) };
}

/** Hands each event to all who asked for it: listeners at once, iterators over their queues. */
export class EventFanout {
  readonly #listeners: Listeners;
  readonly #streams = new Set<EventStream>();
  readonly #queueTools: EventQueueTools;
  #dropped = 0;

  constructor(logger: Logger, takeSnapshot: EventQueueTools['takeSnapshot']) {
    this.#listeners = createListeners(logger);
    this.#queueTools = {
      keep,
      takeSnapshot,
      onDropped: (count) => void (this.#dropped += count),
    };
  }

  /** Events that found no room in the queue of their iterator. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What listeners threw, or rejected with. */
  get listenerFailures(): number {
    return this.#listeners.failures;
  }

  /** Events that wait in queues at this moment. */
  get waitingCount(): number {
    let count = 0;
    for (const { size } of this.#streams) count += size;
    return count;
  }

  /** Whether anyone wants events of this type, so that nobody makes them for nothing. */
  wants(type: FeedEventType): boolean {
    return this.#streams.size > 0 || this.#listeners.wants(type);
  }

  /** Called for each message: nothing is made here on the way to a listener. */
  emit(event: FeedEvent): void {
    this.#listeners.emit(event);
    for (const stream of this.#streams) stream.push(event);
  }

  /** The handler hears every event from now on. */
  listenToAll(handler: (event: FeedEvent) => void): void {
    this.#listeners.addAny(handler);
  }

  /** The handler hears events of one type from now on; the result removes it. */
  listen<Type extends FeedEventType>(
    type: Type,
    handler: (event: FeedEventOf<Type>) => void,
  ): () => void {
    return this.#listeners.add(type, handler);
  }

  /** An iterator over events from now on. Throws OPTION_INVALID. */
  openStream(options: EventStreamOptions): EventStream {
    checkStreamOptions(options);
    const stream: EventStream = new EventStream(options, this.#queueTools, () =>
      this.#streams.delete(stream),
    );
    this.#streams.add(stream);
    return stream;
  }

  /** Nobody hears anything any more; iterators end after what is queued was read. */
  end(): void {
    for (const stream of [...this.#streams]) stream.end();
    this.#listeners.clear();
  }
}
