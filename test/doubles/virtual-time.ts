import type { CancelTimer, Clock, Timers } from '../../src/model/runtime.js';

interface Armed {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
  isArmed: boolean;
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
  /** No timer fires sooner than this; Node.js takes shorter delays for one millisecond. */
  readonly shortestMs?: number;
}

/** Timers with less than a millisecond from one to the next: more of them are an endless loop. */
const AT_ONCE_MAX = 20_000;

function isBefore(left: Armed, right: Armed): boolean {
  return left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.order < right.order);
}

/** Timers by due time, then in the order in which they were armed: a binary heap. */
class TimerQueue {
  readonly #heap: Armed[] = [];
  armedCount = 0;

  add(timer: Armed): void {
    const heap = this.#heap;
    this.armedCount += 1;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = timer;
  }

  cancel(timer: Armed): void {
    if (timer.isArmed) this.armedCount -= 1;
    timer.isArmed = false;
  }

  /** The next that is due by then; it is not armed any more. */
  take(untilMs: number): Armed | undefined {
    for (let first = this.#heap[0]; first; first = this.#heap[0]) {
      if (first.isArmed && first.dueMs > untilMs) return undefined;
      this.#removeFirst();
      if (!first.isArmed) continue;
      this.cancel(first);
      return first;
    }
    return undefined;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      if (left >= heap.length) break;
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

export function createVirtualTime(
  startAtMs = Date.UTC(2026, 7, 9, 21, 0, 0),
  { perReadingMs = 0, earlyMs = 0, shortestMs = 0 }: TimeFlaws = {},
): VirtualTime {
  const queue = new TimerQueue();
  let elapsedMs = 0;
  let wallOffsetMs = startAtMs;
  let order = 0;

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
        const dueMs = elapsedMs + Math.max(shortestMs, delayMs - earlyMs);
        const timer = { dueMs, order, run, isArmed: true };
        queue.add(timer);
        return () => queue.cancel(timer);
      },
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      let atOnce = 0;
      for (let timer = queue.take(untilMs); timer; timer = queue.take(untilMs)) {
        atOnce = timer.dueMs - elapsedMs >= 1 ? 0 : atOnce + 1;
        if (atOnce > AT_ONCE_MAX) throw new Error('Timers go on and on while time stands still.');
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
      return queue.armedCount;
    },
  };
}
