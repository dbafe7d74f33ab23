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
    if (!this.#isHealthy()) return;
    void this.#parts.entry.cancelAllOrdersAfter(timeoutSeconds).then((outcome) => {
      if (this.#closing === undefined) this.#noteOutcome(outcome);
    });
  }

  /** A program that cannot say how it is, is not well. */
  #isHealthy(): boolean {
    try {
      return this.#options.isHealthy();
    } catch {
      return false;
    }
  }

  #noteOutcome(outcome: OrderOutcome): void {
    if (outcome.kind === 'acknowledged') return this.#arm(outcome.triggersAtMs);
    // What was armed before goes on until it runs down; the next time may be answered again.
    if (this.#state.status === 'unarmed') this.#disarm(outcome.error.message);
  }

  #arm(triggersAtMs: number | undefined): void {
    const { clock, timers } = this.#parts.runtime;
    const leftMs = this.#options.timeoutSeconds * 1_000;
    this.#cancelRunDown();
    this.#cancelRunDown = timers.after(leftMs, () => {
      this.#disarm('It ran down: nothing was heard of this program in time.');
    });
    this.#change({ status: 'armed', triggersAtMs: triggersAtMs ?? clock.nowMs() + leftMs });
  }

  #disarm(reason: string): void {
    this.#change({ status: 'unarmed', reason });
  }

  async #callOff(): Promise<OrderOutcome> {
    this.#cancelTimer();
    const outcome = await this.#parts.entry.cancelAllOrdersAfter(0);
    this.#cancelRunDown();
    const isOff = outcome.kind === 'acknowledged';
    this.#disarm(
      isOff ? 'It was called off.' : `It was left to run down: ${outcome.error.message}`,
    );
    this.#parts.onClosed();
    return outcome;
  }

  #change(state: SwitchState): void {
    this.#state = state;
    this.#parts.onChange(state);
  }
}
