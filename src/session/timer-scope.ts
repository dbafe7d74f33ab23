import type { Timers } from '../model/runtime.js';

/** Timers that belong together and end together, so that none outlives what it served. */
export interface TimerScope extends Timers {
  cancelAll(): void;
}

/** After `cancelAll` the scope may be used again. */
export function createTimerScope(timers: Timers): TimerScope {
  const cancels = new Set<() => void>();
  return {
    after(delayMs, run) {
      const cancelTimer = timers.after(delayMs, () => {
        cancels.delete(cancel);
        run();
      });
      const cancel = (): void => {
        cancels.delete(cancel);
        cancelTimer();
      };
      cancels.add(cancel);
      return cancel;
    },
    cancelAll() {
      for (const cancel of cancels) cancel();
    },
  };
}
