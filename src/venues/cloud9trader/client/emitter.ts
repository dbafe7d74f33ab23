import type { Logger } from '../../../model/logger.js';
import type { Timers } from '../../../model/runtime.js';
import { createListeners, type Listener, type Listeners } from './listeners.js';

/** Events of the client's own life. Nothing that a server sends can be taken for one of them. */
export const LIFE_EVENTS: readonly string[] = ['connected', 'disconnected', 'status', 'error'];

/**
 * The events of a client: those of its life, and whatever the server names, in two spaces that
 * share one set of methods. `on` returns nothing, as in the vendor's library.
 */
export class Emitter {
  readonly #timers: Timers;
  readonly #life: Listeners;
  readonly #channels: Listeners;

  constructor(timers: Timers, logger: Logger) {
    this.#timers = timers;
    this.#life = createListeners(logger);
    this.#channels = createListeners(logger);
  }

  /** Calls the listener for every event of this name. */
  on(event: string, listener: Listener): void {
    this.#spaceOf(event).add(event, listener);
  }

  /** Calls the listener for the next event of this name. */
  once(event: string, listener: Listener): void {
    const first: Listener = (...values) => {
      this.off(event, first);
      listener(...values);
    };
    this.on(event, first);
  }

  /** Ends what `on` began. */
  off(event: string, listener: Listener): void {
    this.#spaceOf(event).remove(event, listener);
  }

  /**
   * Calls everyone who listens for this name. Without a listener, `error` is no reason to throw.
   */
  emit(event: string, ...values: unknown[]): void {
    this.#spaceOf(event).call(event, values);
  }

  /** Calls the handler once: with the next event, or with `"timeout"` where none comes in time. */
  waitFor(event: string, handler: Listener, timeoutMs: number): void {
    const first: Listener = (...values) => {
      cancel();
      this.off(event, first);
      handler(...values);
    };
    const cancel = this.#timers.after(timeoutMs, () => {
      this.off(event, first);
      handler('timeout');
    });
    this.on(event, first);
  }

  /**
   * What the server said on a channel, which is no event of the client's life whatever its name.
   */
  protected emitChannel(channel: string, values: readonly unknown[]): void {
    this.#channels.call(channel, values);
  }

  protected countListeners(channel: string): number {
    return this.#channels.count(channel);
  }

  #spaceOf(event: string): Listeners {
    return LIFE_EVENTS.includes(event) ? this.#life : this.#channels;
  }
}
