import { ConsumerError } from '../model/error.js';
import type { FeedEvent } from '../model/event.js';
import { EventQueue, type EventQueueTools } from './event-queue.js';
import type { EventStreamOptions } from './feed-options.js';
import { forgivingly } from './live-waiters.js';

const DEFAULT_MAX_EVENTS = 10_000;

interface Waiter {
  resolve(result: IteratorResult<FeedEvent, undefined>): void;
  reject(error: unknown): void;
}

/** A bounded queue read by `for await`. It ends with the feed, after what is queued was read. */
export class EventStream implements AsyncIterableIterator<FeedEvent> {
  readonly #queue: EventQueue;
  readonly #maxEvents: number;
  readonly #onEnd: () => void;
  readonly #waiters: Waiter[] = [];
  #isEnded = false;
  #isErrorDue = false;

  constructor(options: EventStreamOptions, tools: EventQueueTools, onEnd: () => void) {
    this.#maxEvents = options.maxEvents ?? DEFAULT_MAX_EVENTS;
    this.#onEnd = onEnd;
    const whenFull = options.whenFull ?? 'conflate';
    this.#queue = new EventQueue({ maxEvents: this.#maxEvents, whenFull, tools });
  }

  /** Events that nobody has taken yet. */
  get size(): number {
    return this.#queue.size;
  }

  /** Takes an event in; never throws and never waits. */
  push(event: FeedEvent): void {
    if (this.#isEnded) return;
    this.#queue.push(event);
    this.#serve();
    if (!this.#queue.isOverflowed) return;
    this.#isErrorDue = true;
    this.end();
  }

  /** Nothing more will come. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#onEnd();
    this.#serve();
  }

  next(): Promise<IteratorResult<FeedEvent, undefined>> {
    const result = new Promise<IteratorResult<FeedEvent, undefined>>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#serve();
    });
    return forgivingly(result);
  }

  return(): Promise<IteratorResult<FeedEvent, undefined>> {
    this.#queue.clear();
    this.#isErrorDue = false;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const event = this.#queue.shift();
      if (!event && !this.#isEnded) return;
      const waiter = this.#waiters.shift();
      if (event) waiter?.resolve({ done: false, value: event });
      else if (this.#isErrorDue) {
        this.#isErrorDue = false;
        waiter?.reject(this.#describeOverflow());
      } else waiter?.resolve({ done: true, value: undefined });
    }
  }

  #describeOverflow(): ConsumerError {
    return new ConsumerError(
      'QUEUE_OVERFLOWED',
      `More than ${this.#maxEvents} events waited for this consumer, so its iterator ended. ` +
        'Consume faster, raise maxEvents, or let whenFull be "conflate".',
      { facts: { maxEvents: this.#maxEvents } },
    );
  }
}
