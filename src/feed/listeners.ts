import { ConsumerError } from '../model/error.js';
import type { FeedEvent, FeedEventOf, FeedEventType } from '../model/event.js';
import type { Logger } from '../model/logger.js';
import { checkEventName } from './event-names.js';

type AnyHandler = (event: FeedEvent) => void;

/** Hands events to the program's own functions, synchronously, and survives what they throw. */
export interface Listeners {
  readonly failures: number;
  /** Whether anyone wants events of this type, so that nobody makes them for nothing. */
  wants(type: FeedEventType): boolean;
  addAny(handler: AnyHandler): () => void;
  add<Type extends FeedEventType>(
    type: Type,
    handler: (event: FeedEventOf<Type>) => void,
  ): () => void;
  emit(event: FeedEvent): void;
  clear(): void;
}

const NO_HANDLERS: readonly AnyHandler[] = [];

/** Also promises of another realm or library. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** One list for every type, and one of handlers that want all. */
class FeedListeners implements Listeners {
  readonly #logger: Logger;
  readonly #handlers = new Map<FeedEventType, readonly AnyHandler[]>();
  #anyHandlers = NO_HANDLERS;
  readonly #reported = new WeakSet<AnyHandler>();
  #failures = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get failures(): number {
    return this.#failures;
  }

  wants(type: FeedEventType): boolean {
    return this.#anyHandlers.length > 0 || (this.#handlers.get(type)?.length ?? 0) > 0;
  }

  addAny(handler: AnyHandler): () => void {
    assertHandler('any', handler);
    // Adding and removing replaces the list: a handler may do either while it is called.
    this.#anyHandlers = [...this.#anyHandlers, handler];
    return once(() => {
      this.#anyHandlers = without(this.#anyHandlers, handler);
    });
  }

  add<Type extends FeedEventType>(
    type: Type,
    handler: (event: FeedEventOf<Type>) => void,
  ): () => void {
    checkEventName(type);
    assertHandler(type, handler);
    const added = handler as AnyHandler;
    this.#handlers.set(type, [...(this.#handlers.get(type) ?? NO_HANDLERS), added]);
    return once(() => {
      this.#handlers.set(type, without(this.#handlers.get(type) ?? NO_HANDLERS, added));
    });
  }

  emit(event: FeedEvent): void {
    for (const handler of this.#anyHandlers) this.#call(handler, event);
    for (const handler of this.#handlers.get(event.type) ?? NO_HANDLERS) this.#call(handler, event);
  }

  clear(): void {
    this.#anyHandlers = NO_HANDLERS;
    this.#handlers.clear();
  }

  #call(handler: AnyHandler, event: FeedEvent): void {
    try {
      // A handler declared async fits the type as well; its rejection must not end the process.
      const result: unknown = handler(event);
      if (isThenable(result)) {
        Promise.resolve(result).catch((cause: unknown) => this.#report(handler, event.type, cause));
      }
    } catch (cause) {
      this.#report(handler, event.type, cause);
    }
  }

  #report(handler: AnyHandler, type: FeedEventType, cause: unknown): void {
    this.#failures += 1;
    if (this.#reported.has(handler)) return;
    this.#reported.add(handler);
    const error = new ConsumerError(
      'LISTENER_FAILED',
      `A listener of ${type} threw; the feed goes on without its result. Catch errors inside it.`,
      { cause, facts: { eventType: type } },
    );
    this.#logger.error(error.message, { code: error.code, eventType: type, error });
  }
}

/** Creates the hub of one feed. */
export function createListeners(logger: Logger): Listeners {
  return new FeedListeners(logger);
}

function assertHandler(type: FeedEventType | 'any', handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new TypeError(`The handler of ${type} is ${typeof handler}; pass a function.`);
}

/** Of a handler that is there twice, one is left. */
function without(handlers: readonly AnyHandler[], handler: AnyHandler): readonly AnyHandler[] {
  const index = handlers.indexOf(handler);
  return handlers.filter((_, position) => position !== index);
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
