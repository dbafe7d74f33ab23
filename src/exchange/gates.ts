/** Small guards of one connection: how often a client may ask, and how long it may hear nothing. */
import type { CancelTimer, Clock, Timers } from '../model/runtime.js';

const WINDOW_MS = 1_000;

/** Lets through what is within a rate. */
export interface RateGate {
  /** `cost` counts only where the gate is a bucket; 1 by default. */
  pass(cost?: number): boolean;
}

/** At most `count` in any window, a second by default; what is refused does not count. */
export function createRateGate(count: number, clock: Clock, windowMs = WINDOW_MS): RateGate {
  let passedAtMs: number[] = [];
  return {
    pass() {
      const nowMs = clock.monotonicMs();
      passedAtMs = passedAtMs.filter((atMs) => nowMs - atMs < windowMs);
      if (passedAtMs.length >= count) return false;
      passedAtMs.push(nowMs);
      return true;
    },
  };
}

/** A bucket: `burst` at once, refilled at a steady rate. */
export interface BurstRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Lets `burst` through at once and `perSecond` in the long run; what is refused does not count. */
export function createBurstGate({ perSecond, burst }: BurstRate, clock: Clock): RateGate {
  let left = burst;
  let filledAtMs = clock.monotonicMs();
  return {
    pass(cost = 1) {
      const nowMs = clock.monotonicMs();
      left = Math.min(burst, left + ((nowMs - filledAtMs) / WINDOW_MS) * perSecond);
      filledAtMs = nowMs;
      if (left < cost) return false;
      left -= cost;
      return true;
    },
  };
}

/** Notices that nothing was sent for too long. */
export interface IdleGate {
  touch(): void;
  close(): void;
}

interface IdleOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly idleMs: number;
}

/** Calls `onIdle` after each stretch of `idleMs` without a touch. */
export function createIdleGate(options: IdleOptions, onIdle: () => void): IdleGate {
  const { clock, timers, idleMs } = options;
  let touchedAtMs = clock.monotonicMs();
  let cancel: CancelTimer;
  // One timer that looks again is cheaper than one armed anew for each frame.
  const arm = (delayMs: number): void => {
    cancel = timers.after(delayMs, () => {
      const leftMs = touchedAtMs + idleMs - clock.monotonicMs();
      arm(leftMs > 0 ? leftMs : idleMs);
      if (leftMs <= 0) onIdle();
    });
  };
  arm(idleMs);
  return {
    touch: () => void (touchedAtMs = clock.monotonicMs()),
    close: () => cancel(),
  };
}
