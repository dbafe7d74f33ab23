import { ConfigError } from '../../model/error.js';
import type {
  DeadMansSwitch,
  OrderEntry,
  OrderOutcome,
  SwitchOptions,
  SwitchState,
} from '../../model/order-calls.js';
import type { CancelTimer, Runtime } from '../../model/runtime.js';
import { checkSwitchNames } from './call-form.js';

/** What a switch uses. */
export interface SwitchParts {
  readonly entry: Pick<OrderEntry, 'cancelAllOrdersAfter'>;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly onChange: (state: SwitchState) => void;
  readonly onClosed: () => void;
}

const TIMEOUT_SECONDS = 60;
const TIMEOUT_SECONDS_MAX = 86_399;
/** Rearmed more often than the answer takes, one switch would stand in its own way. */
const REARM_LEAST_MS = 1_000;

interface CheckedSwitch {
  readonly timeoutSeconds: number;
  readonly rearmEveryMs: number;
  readonly isHealthy: () => boolean;
}

/** Throws OPTION_INVALID. */
function checkSwitchOptions(options: SwitchOptions): CheckedSwitch {
  checkSwitchNames(options);
  const { timeoutSeconds = TIMEOUT_SECONDS, isHealthy = () => true } = options;
  const isWhole = Number.isSafeInteger(timeoutSeconds);
  if (!isWhole || timeoutSeconds < 2 || timeoutSeconds > TIMEOUT_SECONDS_MAX) {
    throw new ConfigError(
      'OPTION_INVALID',
      `timeoutSeconds of a dead-man's switch is a whole number from 2 to ${TIMEOUT_SECONDS_MAX}.`,
    );
  }
  const { rearmEveryMs = (timeoutSeconds * 1_000) / 3 } = options;
  const isPossible = rearmEveryMs < timeoutSeconds * 1_000;
  if (!isPossible || !(rearmEveryMs >= Math.min(REARM_LEAST_MS, timeoutSeconds * 333))) {
    throw new ConfigError(
      'OPTION_INVALID',
      "rearmEveryMs of a dead-man's switch is from 1000 to less than its timeout.",
    );
  }
  if (typeof isHealthy !== 'function') {
    throw new ConfigError('OPTION_INVALID', "isHealthy of a dead-man's switch is a function.");
  }
  return { timeoutSeconds, rearmEveryMs, isHealthy };
}

/** Arms at once, and then again and again. */
export function openDeadMansSwitch(options: SwitchOptions, parts: SwitchParts): DeadMansSwitch {
  return new HeldSwitch(checkSwitchOptions(options), parts);
}

class HeldSwitch implements DeadMansSwitch {
  readonly #options: CheckedSwitch;
  readonly #parts: SwitchParts;
  #state: SwitchState = { status: 'unarmed', reason: 'It is being armed for the first time.' };
  #cancelTimer: CancelTimer = () => undefined;
  #cancelRunDown: CancelTimer = () => undefined;
  /** When what the state says was sent; monotonic. */
  #armedSinceMs = -Infinity;
  /** Until then the venue may cancel everything, for all that is known here; monotonic. */
  #mayTriggerUntilMs = -Infinity;
  #closing: Promise<OrderOutcome> | undefined;

  constructor(options: CheckedSwitch, parts: SwitchParts) {
    this.#options = options;
    this.#parts = parts;
    this.#tick();
  }

  get state(): SwitchState {
    return this.#state;
  }

  close(): Promise<OrderOutcome> {
    this.#closing ??= this.#callOff();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tick(): void {
    const { rearmEveryMs, timeoutSeconds } = this.#options;
    this.#cancelTimer = this.#parts.runtime.timers.after(rearmEveryMs, () => this.#tick());
    // Unhealthy: the switch runs down, which is what it is for.
    if (!this.#isHealthy()) return this.#noteFailure('The program does not say that it is well.');
    void this.#askFor(timeoutSeconds);
  }

  /** A program that cannot say how it is, is not well; nor is one that promises to say it later. */
  #isHealthy(): boolean {
    try {
      return this.#options.isHealthy() === true;
    } catch {
      return false;
    }
  }

  async #askFor(timeoutSeconds: number): Promise<void> {
    const sentAtMs = this.#parts.runtime.clock.monotonicMs();
    const untilBeforeMs = this.#mayTriggerUntilMs;
    const untilMs = sentAtMs + timeoutSeconds * 1_000;
    this.#mayTriggerUntilMs = untilMs;
    const outcome = await this.#parts.entry.cancelAllOrdersAfter(timeoutSeconds);
    if (outcome.kind === 'acknowledged') return this.#arm(sentAtMs, outcome.triggersAtMs);
    this.#noteFailure(outcome.error.message);
    const last = outcome.kind === 'unknown' ? await outcome.settled : outcome;
    if (last.kind === 'acknowledged') this.#arm(sentAtMs, last.triggersAtMs);
    else if (last.kind === 'refused' && this.#mayTriggerUntilMs === untilMs) {
      this.#mayTriggerUntilMs = untilBeforeMs;
    }
  }

  /** What was armed before goes on until it runs down; the next time may be answered again. */
  #noteFailure(reason: string): void {
    const { status } = this.#state;
    if (this.#closing === undefined && status === 'unarmed') this.#disarm(reason);
  }

  /** The venue counts from when it was asked, which is no earlier than when that was sent. */
  #arm(sentAtMs: number, triggersAtMs = NaN): void {
    if (this.#closing !== undefined || sentAtMs < this.#armedSinceMs) return;
    const { clock, timers } = this.#parts.runtime;
    const leftMs = sentAtMs + this.#options.timeoutSeconds * 1_000 - clock.monotonicMs();
    if (leftMs <= 0) return;
    this.#armedSinceMs = sentAtMs;
    this.#cancelRunDown();
    this.#cancelRunDown = timers.after(leftMs, () => {
      this.#disarm('It ran down: nothing was heard of this program in time.');
    });
    const isTold = Number.isFinite(triggersAtMs);
    this.#change({
      status: 'armed',
      triggersAtMs: isTold ? triggersAtMs : clock.nowMs() + leftMs,
    });
  }

  #disarm(reason: string): void {
    const isSame = this.#state.status === 'unarmed' && this.#state.reason === reason;
    if (!isSame) this.#change({ status: 'unarmed', reason });
  }

  async #callOff(): Promise<OrderOutcome> {
    this.#cancelTimer();
    const outcome = await this.#parts.entry.cancelAllOrdersAfter(0);
    this.#cancelRunDown();
    if (outcome.kind === 'acknowledged') this.#disarm('It was called off.');
    else this.#leave(outcome.error.message);
    if (outcome.kind === 'unknown') {
      void outcome.settled.then(({ kind }) => {
        if (kind === 'acknowledged') this.#disarm('It was called off.');
      });
    }
    this.#parts.onClosed();
    return outcome;
  }

  /** What cannot be called off goes on at the venue, and nothing here follows it any more. */
  #leave(why: string): void {
    const { clock } = this.#parts.runtime;
    const leftMs = this.#mayTriggerUntilMs - clock.monotonicMs();
    const reason = `It was left to run down: ${why}`;
    if (leftMs <= 0) return this.#disarm(reason);
    this.#change({ status: 'running-down', triggersAtMs: clock.nowMs() + leftMs, reason });
  }

  #change(state: SwitchState): void {
    this.#state = state;
    this.#parts.onChange(state);
  }
}
