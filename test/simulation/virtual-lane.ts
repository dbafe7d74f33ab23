import type { RandomSource } from '../../src/model/runtime.js';
import type { VirtualTime } from '../doubles/virtual-time.js';

/** What a lane is laid on. */
export interface LaneParts {
  readonly time: VirtualTime;
  readonly random: RandomSource;
  /** One way, from `least` to `least + spread`. */
  readonly latency: { readonly leastMs: number; readonly spreadMs: number };
}

interface Carried {
  readonly bytes: number;
  dueMs: number;
  readonly arrive: () => void;
}

/**
 * One direction of one connection: in order, at random speed, slowly while it drips, and nothing
 * while it is frozen.
 */
export class Lane {
  readonly #parts: LaneParts;
  readonly #frozenUntilMs: () => number;
  #queue: Carried[] = [];
  #cancel: () => void = () => undefined;
  #bytesPerMs = Infinity;
  #lastMs = 0;
  #isDead = false;

  constructor(parts: LaneParts, frozenUntilMs: () => number) {
    this.#parts = parts;
    this.#frozenUntilMs = frozenUntilMs;
  }

  /** What waits because bytes leave slowly; nobody counts what is merely on its way. */
  get heldBytes(): number {
    if (this.#bytesPerMs === Infinity) return 0;
    return this.#queue.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  carry(arrive: () => void, bytes = 0): void {
    const { time, random, latency } = this.#parts;
    const takesMs = latency.leastMs + random.fraction() * latency.spreadMs;
    if (this.#isDead) return;
    const earliestMs = Math.max(this.#lastMs, time.clock.monotonicMs() + takesMs);
    this.#lastMs = earliestMs + bytes / this.#bytesPerMs;
    this.#queue.push({ bytes, dueMs: this.#lastMs, arrive });
    if (this.#queue.length === 1) this.#arm();
  }

  /** From now on no more than so many bytes in a second; Infinity: as ever. */
  drip(bytesPerSecond: number): void {
    this.#bytesPerMs = bytesPerSecond / 1000;
    if (bytesPerSecond !== Infinity) return;
    this.#lastMs = this.#parts.time.clock.monotonicMs();
    for (const one of this.#queue) one.dueMs = this.#lastMs;
    this.#cancel();
    this.#arm();
  }

  cut(): void {
    this.#cancel();
    this.#queue = [];
  }

  die(): void {
    this.#isDead = true;
    this.cut();
  }

  #arm(): void {
    const [first] = this.#queue;
    if (!first) return;
    const { clock, timers } = this.#parts.time;
    const dueMs = Math.max(first.dueMs, this.#frozenUntilMs());
    this.#cancel = timers.after(dueMs - clock.monotonicMs(), () => this.#wake());
  }

  /** Frozen while it was on its way: all of it comes later, in the same order. */
  #wake(): void {
    if (this.#parts.time.clock.monotonicMs() < this.#frozenUntilMs()) return this.#arm();
    const next = this.#queue.shift();
    this.#arm();
    next?.arrive();
  }
}
