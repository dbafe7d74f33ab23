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
  readonly arrive: () => void;
  cancel: () => void;
}

/**
 * One direction of one connection: in order, at random speed, slowly while it drips, and nothing
 * while it is frozen.
 */
export class Lane {
  readonly #parts: LaneParts;
  readonly #frozenUntilMs: () => number;
  #carried: Carried[] = [];
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
    return this.#carried.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  carry(arrive: () => void, bytes = 0): void {
    const { time, random, latency } = this.#parts;
    const takesMs = latency.leastMs + random.fraction() * latency.spreadMs;
    const one = { bytes, arrive, cancel: () => undefined };
    if (this.#isDead) return;
    this.#carried.push(one);
    this.#arriveAt(time.clock.monotonicMs() + takesMs, one);
  }

  /** From now on no more than so many bytes in a second; Infinity: as ever. */
  drip(bytesPerSecond: number): void {
    this.#bytesPerMs = bytesPerSecond / 1000;
    if (bytesPerSecond !== Infinity) return;
    this.#lastMs = this.#parts.time.clock.monotonicMs();
    for (const one of this.#carried) {
      one.cancel();
      this.#arriveAt(this.#lastMs, one);
    }
  }

  cut(): void {
    for (const { cancel } of this.#carried) cancel();
    this.#carried = [];
  }

  die(): void {
    this.#isDead = true;
    this.cut();
  }

  #arriveAt(aimMs: number, one: Carried): void {
    const { clock, timers } = this.#parts.time;
    const earliestMs = Math.max(this.#lastMs, aimMs, this.#frozenUntilMs());
    this.#lastMs = earliestMs + one.bytes / this.#bytesPerMs;
    one.cancel = timers.after(this.#lastMs - clock.monotonicMs(), () => {
      // Frozen while it was on its way: all of it comes later, in the same order.
      if (clock.monotonicMs() < this.#frozenUntilMs()) return this.#arriveAt(0, one);
      this.#carried = this.#carried.filter((other) => other !== one);
      one.arrive();
    });
  }
}
