import type { Logger } from '../../../model/logger.js';
import type { CancelTimer, RandomSource, Timers } from '../../../model/runtime.js';

/** Called once: with what the server answered, error first, or with `"timeout"`. */
export type AnswerHandler = {
  handle(error: unknown, data?: unknown): void;
}['handle'];

/** Requests that wait for their answer. */
export interface PendingRequests {
  /** Makes an id and waits for its answer from now on. */
  add(handler: AnswerHandler, timeoutMs: number): string;
  /** Nothing was sent after all: the handler is not called. */
  cancel(id: string): void;
  /** True where the name is an id of ours, answered now or long ago. */
  settle(name: string, values: readonly unknown[]): boolean;
  /** Answers all that wait, with this error. */
  failAll(error: string): void;
}

/**
 * The same handler, of which an error is logged. It is called among frames of the server and among
 * other handlers, and costs none of them.
 */
export function guardHandler(handler: AnswerHandler, logger: Logger): AnswerHandler {
  return (...answer) => {
    try {
      handler(...answer);
    } catch (error) {
      logger.error('The handler of an answer threw; everything else goes on.', { error });
    }
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PREFIX_CHARACTERS = 5;

interface Pending {
  readonly handler: AnswerHandler;
  readonly cancelTimer: CancelTimer;
}

/**
 * Makes the requests of one client. An id is five random characters, a slash and a count, such as
 * `gGOyd/0`: no topic looks like that. Each handler is called once; a late answer is nobody's.
 */
export function createPendingRequests(timers: Timers, random: RandomSource): PendingRequests {
  const pending = new Map<string, Pending>();
  const characters = Array.from({ length: PREFIX_CHARACTERS }, () =>
    ALPHABET.charAt(Math.floor(random.fraction() * ALPHABET.length)),
  );
  const prefix = `${characters.join('')}/`;
  let count = 0;

  const take = (id: string): AnswerHandler | undefined => {
    const one = pending.get(id);
    pending.delete(id);
    one?.cancelTimer();
    return one?.handler;
  };

  return {
    add(handler, timeoutMs) {
      const id = `${prefix}${count}`;
      count += 1;
      const cancelTimer = timers.after(timeoutMs, () => take(id)?.('timeout'));
      pending.set(id, { handler, cancelTimer });
      return id;
    },
    cancel: (id) => void take(id),
    settle(name, values) {
      if (!name.startsWith(prefix)) return false;
      take(name)?.(values[0], values[1]);
      return true;
    },
    failAll(error) {
      for (const id of [...pending.keys()]) take(id)?.(error);
    },
  };
}
