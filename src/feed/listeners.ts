import { ConsumerError } from '../model/error.js';
import type { FeedEvent, FeedEventOf, FeedEventType } from '../model/event.js';
import type { Logger } from '../model/logger.js';

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

/** Adding and removing replaces the list, so that a handler may do either while it is called. */
function addTo(
  handlers: Map<FeedEventType | 'any', readonly AnyHandler[]>,
  type: FeedEventType | 'any',
  handler: AnyHandler,
): () => void {
  if (typeof handler !== 'function') {
    throw new TypeError(`The handler of ${type} is ${typeof handler}; pass a function.`);
  }
  handlers.set(type, [...(handlers.get(type) ?? NO_HANDLERS), handler]);
  let isAdded = true;
  return () => {
    if (!isAdded) return;
    isAdded = false;
    const list = handlers.get(type) ?? NO_HANDLERS;
    const index = list.indexOf(handler);
    handlers.set(
      type,
      list.filter((_, position) => position !== index),
    );
  };
}

/** Also promises of another realm or library. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** Creates the hub of one feed. */
export function createListeners(logger: Logger): Listeners {
  const handlers = new Map<FeedEventType | 'any', readonly AnyHandler[]>();
  const reported = new WeakSet<AnyHandler>();
  let failures = 0;

  const report = (handler: AnyHandler, type: FeedEventType, cause: unknown): void => {
    failures += 1;
    if (reported.has(handler)) return;
    reported.add(handler);
    const error = new ConsumerError(
      'LISTENER_FAILED',
      `A listener of ${type} threw; the feed goes on without its result. Catch errors inside it.`,
      { cause, facts: { eventType: type } },
    );
    logger.error(error.message, { code: error.code, eventType: type, error });
  };

  const call = (handler: AnyHandler, event: FeedEvent): void => {
    try {
      // A handler declared async fits the type as well; its rejection must not end the process.
      const result: unknown = handler(event);
      if (isThenable(result)) {
        Promise.resolve(result).catch((cause: unknown) => report(handler, event.type, cause));
      }
    } catch (cause) {
      report(handler, event.type, cause);
    }
  };

  return {
    get failures() {
      return failures;
    },
    wants: (type) =>
      (handlers.get(type)?.length ?? 0) > 0 || (handlers.get('any')?.length ?? 0) > 0,
    addAny: (handler) => addTo(handlers, 'any', handler),
    add: (type, handler) => addTo(handlers, type, handler as AnyHandler),
    emit(event) {
      for (const handler of handlers.get('any') ?? NO_HANDLERS) call(handler, event);
      for (const handler of handlers.get(event.type) ?? NO_HANDLERS) call(handler, event);
    },
    clear: () => handlers.clear(),
  };
}
