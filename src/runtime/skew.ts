import type { Clock } from '../model/runtime.js';

/**
 * How far the server's clock is ahead of ours, learned from its own answers.
 *
 * The HTTP `Date` of an answer counts at once. Times inside frames refine it only where they are
 * near: a server may be replaying an old recording, and signing for its past would fail where the
 * local clock would have been right. Without any `Date` they are kept, and used only once a sign-in
 * was refused.
 */
export interface SkewMeter {
  /** Server minus local, as used for signing; undefined where the local clock is used as it is. */
  readonly skewMs: number | undefined;
  /** Server minus local as the times of frames say it; at most too small, by the way's delay. */
  readonly frameSkewMs: number | undefined;
  /** The server's time as far as we know it, Unix milliseconds. */
  serverNowMs(): number;
  /** The `Date` of an answer, and our own time when it was asked for. */
  noteDate(serverDateMs: number, requestedAtMs: number): void;
  noteFrame(sentAtMs: number, receivedAtMs: number): void;
  /** After a refusal: from now on frames count. Returns whether that moved the clock. */
  adoptFrameSkew(): boolean;
}

/** Times of frames refine an estimate by `Date` that is not farther away than this. */
const REFINE_WITHIN_MS = 2_500;
/** After a refusal, frames are believed where they differ by more than this. */
const ADOPT_ABOVE_MS = 2_000;
/** A `Date` has whole seconds, cut off. */
const DATE_RESOLUTION_MS = 1_000;
/** The best sample of a stretch this long stands for it; the newest two stretches count. */
const STRETCH_MS = 30_000;
/** A wall clock that moved this far against the steady one was set, or the machine slept. */
const STEP_MS = 1_000;
/** Frames that come within this time are not all compared with the steady clock. */
const COMPARED_EVERY_MS = 50;
/** Frames come in the order of sending: one that is so much older says that their clock was set. */
const SERVER_STEP_MS = 1_000;

/** Frames give lower bounds: they were sent, then travelled. The greatest is the nearest. */
class FrameSamples {
  #lastSentAtMs = -Infinity;
  #startedAtMs = 0;
  #current = NaN;
  #previous = NaN;

  get bestMs(): number | undefined {
    if (Number.isNaN(this.#current)) return undefined;
    return Number.isNaN(this.#previous) ? this.#current : Math.max(this.#current, this.#previous);
  }

  add(sentAtMs: number, receivedAtMs: number): void {
    // Bounds of before the server's clock was set back are bounds no more, and far too high.
    if (sentAtMs < this.#lastSentAtMs - SERVER_STEP_MS) this.clear();
    this.#lastSentAtMs = sentAtMs;
    this.#take(sentAtMs - receivedAtMs, receivedAtMs);
  }

  clear(): void {
    this.#current = NaN;
    this.#previous = NaN;
  }

  #take(sampleMs: number, atMs: number): void {
    if (Number.isNaN(this.#current) || atMs - this.#startedAtMs > STRETCH_MS) {
      this.#previous = this.#current;
      this.#current = sampleMs;
      this.#startedAtMs = atMs;
    } else if (sampleMs > this.#current) {
      this.#current = sampleMs;
    }
  }
}

/** A meter that knows nothing yet. */
export function createSkewMeter(clock: Clock): SkewMeter {
  const samples = new FrameSamples();
  let dateSkewMs: number | undefined;
  let framesAdopted = false;
  let wallMinusSteadyMs = clock.nowMs() - clock.monotonicMs();
  let comparedAtMs = NaN;

  /** What was measured against a clock that has been set since is worth nothing. */
  const forgetIfClockWasSet = (): void => {
    const nowMinusSteadyMs = clock.nowMs() - clock.monotonicMs();
    const movedMs = Math.abs(nowMinusSteadyMs - wallMinusSteadyMs);
    if (movedMs <= STEP_MS) return;
    wallMinusSteadyMs = nowMinusSteadyMs;
    dateSkewMs = undefined;
    framesAdopted = false;
    samples.clear();
  };

  const estimate = (): number | undefined => {
    forgetIfClockWasSet();
    const frameMs = samples.bestMs;
    if (framesAdopted && frameMs !== undefined) return frameMs;
    if (dateSkewMs === undefined || frameMs === undefined) return dateSkewMs;
    return Math.abs(frameMs - dateSkewMs) <= REFINE_WITHIN_MS ? frameMs : dateSkewMs;
  };

  return {
    get skewMs() {
      return estimate();
    },
    get frameSkewMs() {
      forgetIfClockWasSet();
      return samples.bestMs;
    },
    serverNowMs: () => clock.nowMs() + (estimate() ?? 0),
    noteDate(serverDateMs, requestedAtMs) {
      forgetIfClockWasSet();
      // The middle of what the header leaves open against the middle of the round trip.
      const localMiddleMs = (requestedAtMs + clock.nowMs()) / 2;
      dateSkewMs = serverDateMs + DATE_RESOLUTION_MS / 2 - localMiddleMs;
      framesAdopted = false;
    },
    noteFrame(sentAtMs, receivedAtMs) {
      if (Number.isNaN(sentAtMs)) return;
      // At the first frame after it, so that those that follow are there when they are needed. A
      // clock that was set shows in the time itself, and reading the steady one as well costs as
      // much as a tenth of a small frame.
      const sinceMs = receivedAtMs - comparedAtMs;
      if (!(sinceMs >= 0 && sinceMs < COMPARED_EVERY_MS)) {
        comparedAtMs = receivedAtMs;
        // Not with the frame's time, which is as old as all that was done since its read.
        forgetIfClockWasSet();
      }
      samples.add(sentAtMs, receivedAtMs);
    },
    adoptFrameSkew() {
      const usedMs = estimate() ?? 0;
      const frameMs = samples.bestMs;
      if (frameMs === undefined || Math.abs(frameMs - usedMs) <= ADOPT_ABOVE_MS) return false;
      framesAdopted = true;
      return true;
    },
  };
}
