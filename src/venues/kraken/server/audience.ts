/** Who holds what: frames are made once for a topic and go to all who hold it. */
import type { ServerFrame } from './server-frame.js';

/** One who may hold topics. */
export interface Listener {
  offer(key: string, frame: ServerFrame): void;
}

/** The holders of all topics of a server. */
export interface Audience {
  join(key: string, listener: Listener): void;
  leave(key: string, listener: Listener): void;
  isHeld(key: string): boolean;
  publish(key: string, frame: ServerFrame): void;
}

/** Makes an audience of nobody. */
export function createAudience(): Audience {
  const holders = new Map<string, Set<Listener>>();
  return {
    join(key, listener) {
      const held = holders.get(key) ?? new Set();
      held.add(listener);
      holders.set(key, held);
    },
    leave(key, listener) {
      const held = holders.get(key);
      held?.delete(listener);
      if (held?.size === 0) holders.delete(key);
    },
    isHeld: (key) => holders.has(key),
    publish(key, frame) {
      for (const listener of holders.get(key) ?? []) listener.offer(key, frame);
    },
  };
}
