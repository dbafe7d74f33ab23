import { ConnectionError, ConsumerError, type TruefeedError } from '../model/error.js';
import type { CancelTimer, Timers } from '../model/runtime.js';
import type { LiveState, MissingStream } from './live-state.js';

/** Those who wait for everything to be live. */
export interface LiveWaiters {
  wait(timeoutMs: number | undefined): Promise<void>;
  /** Something may have changed. */
  check(): void;
  /** The feed is closed: nobody waits any longer. */
  end(): void;
}

interface Waiter {
  settle(error: TruefeedError | undefined): void;
}

/** Names shown in a message; the rest is counted. */
const MAX_NAMED = 10;

function describeTimeout(timeoutMs: number, missing: readonly MissingStream[]): ConnectionError {
  const keys = missing.slice(0, MAX_NAMED).map(({ key }) => key);
  const rest = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : '';
  const cause = missing.find(({ error }) => error !== undefined)?.error;
  const advice = cause?.message ?? 'See status(), or allow more time.';
  return new ConnectionError(
    'TIMED_OUT',
    `Not live after ${timeoutMs} ms: ${keys.join(', ')}${rest}. ${advice}`,
    { facts: { timeoutMs, missingCount: missing.length }, cause },
  );
}

/** Says that the feed has ended. */
export function describeClosed(): ConsumerError {
  return new ConsumerError('FEED_CLOSED', 'This feed is closed. Open a new one with openFeed().');
}

/** A promise that nobody need look at: whoever does is told all the same. */
export function forgivingly<Value>(promise: Promise<Value>): Promise<Value> {
  // A feed that is closed must not end the process of someone who no longer waits for it.
  promise.catch(() => undefined);
  return promise;
}

/** Creates the waiting room of one feed. */
export function createLiveWaiters(timers: Timers, readState: () => LiveState): LiveWaiters {
  const waiters = new Set<Waiter>();

  const check = (): void => {
    if (waiters.size === 0) return;
    const state = readState();
    if (state.kind === 'waiting') return;
    const error = state.kind === 'hopeless' ? state.error : undefined;
    for (const waiter of [...waiters]) waiter.settle(error);
  };

  return {
    wait(timeoutMs) {
      const waiting = new Promise<void>((resolve, reject) => {
        let cancelTimer: CancelTimer | undefined;
        const waiter: Waiter = {
          settle(error) {
            if (!waiters.delete(waiter)) return;
            cancelTimer?.();
            if (error) reject(error);
            else resolve();
          },
        };
        waiters.add(waiter);
        if (timeoutMs !== undefined) {
          cancelTimer = timers.after(timeoutMs, () => {
            const state = readState();
            const missing = state.kind === 'waiting' ? state.listMissing() : [];
            waiter.settle(describeTimeout(timeoutMs, missing));
          });
        }
        check();
      });
      return forgivingly(waiting);
    },
    check,
    end() {
      for (const waiter of [...waiters]) waiter.settle(describeClosed());
    },
  };
}
