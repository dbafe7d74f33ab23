import type { Timers } from '../model/runtime.js';

/** Node.js takes longer delays for 1 ms; a longer wait is made of several. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The machine's own timers. They keep the process alive while armed: a feed that waits to dial
 * again has no socket that would, and must not end silently. Whoever arms one cancels it on
 * `close()`.
 */
export const systemTimers: Timers = {
  after(delayMs, run) {
    let handle: NodeJS.Timeout | undefined;
    const arm = (leftMs: number): void => {
      const stepMs = Math.min(Math.max(0, leftMs), MAX_DELAY_MS);
      handle = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : run()), stepMs);
    };
    arm(delayMs);
    return () => clearTimeout(handle);
  },
};
