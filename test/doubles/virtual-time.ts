import type { CancelTimer, Clock, Timers } from '../../src/model/runtime.js';

interface Armed {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock and timers that move only when told, in order of due time. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Moves time on and runs what falls due, letting promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock only, as a correction of the system clock does. */
  jumpWallClock(ms: number): void;
  readonly armedCount: number;
}

/** Lets every promise that can settle without time or input do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** How a real clock and real timers differ from ideal ones. */
export interface TimeFlaws {
  /** Time goes on by so much with each look at the clock. */
  readonly perReadingMs?: number;
  /** Timers fire so much too early, as those do that count in whole milliseconds. */
  readonly earlyMs?: number;
}

export function createVirtualTime(
  startAtMs = Date.UTC(2026, 7, 9, 21, 0, 0),
  { perReadingMs = 0, earlyMs = 0 }: TimeFlaws = {},
): VirtualTime {
  const armed = new Set<Armed>();
  let elapsedMs = 0;
  let wallOffsetMs = startAtMs;
  let order = 0;

  const nextDue = (untilMs: number): Armed | undefined => {
    let best: Armed | undefined;
    for (const timer of armed) {
      if (timer.dueMs > untilMs) continue;
      if (!best || timer.dueMs < best.dueMs) best = timer;
      else if (timer.dueMs === best.dueMs && timer.order < best.order) best = timer;
    }
    return best;
  };

  return {
    clock: {
      nowMs: () => wallOffsetMs + elapsedMs,
      monotonicMs() {
        elapsedMs += perReadingMs;
        return elapsedMs;
      },
    },
    timers: {
      after(delayMs, run): CancelTimer {
        order += 1;
        const timer = { dueMs: elapsedMs + Math.max(0, delayMs - earlyMs), order, run };
        armed.add(timer);
        return () => void armed.delete(timer);
      },
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        armed.delete(timer);
        elapsedMs = Math.max(elapsedMs, timer.dueMs);
        timer.run();
        await settle();
      }
      elapsedMs = Math.max(elapsedMs, untilMs);
      await settle();
    },
    jumpWallClock(ms) {
      wallOffsetMs += ms;
    },
    get armedCount() {
      return armed.size;
    },
  };
}
