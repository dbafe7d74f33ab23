import type { Logger } from '../../../model/logger.js';

/**
 * Anything that is called with what an event carries. The shape of a method lets a program name the
 * types it expects, as it could with the vendor's library.
 */
export type Listener = { listen(...values: unknown[]): void }['listen'];

/** Listeners by name, in the order of their arrival, each once. */
export interface Listeners {
  count(name: string): number;
  add(name: string, listener: Listener): void;
  remove(name: string, listener: Listener): void;
  call(name: string, values: readonly unknown[]): void;
}

/**
 * Makes a set of listeners. Names are keys of a Map, so that none is special. One listener that
 * throws costs the others nothing; it is logged.
 */
export function createListeners(logger: Logger): Listeners {
  const byName = new Map<string, Set<Listener>>();
  return {
    count: (name) => byName.get(name)?.size ?? 0,
    add(name, listener) {
      const listeners = byName.get(name) ?? new Set();
      byName.set(name, listeners.add(listener));
    },
    remove(name, listener) {
      const listeners = byName.get(name);
      listeners?.delete(listener);
      if (listeners?.size === 0) byName.delete(name);
    },
    call(name, values) {
      // A copy: listeners may come and go while they are called.
      for (const listener of [...(byName.get(name) ?? [])]) {
        try {
          listener(...values);
        } catch (error) {
          logger.error('A listener threw; the others are called all the same.', { name, error });
        }
      }
    },
  };
}
