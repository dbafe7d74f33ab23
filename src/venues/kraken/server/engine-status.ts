import type { CancelTimer, Timers } from '../../../model/runtime.js';

/** A state of the engine (websocket-v2/status). */
export type SystemState = 'online' | 'maintenance' | 'cancel_only' | 'post_only';

/** What the engine does at the moment, and how it comes back from maintenance. */
export interface EngineStatus {
  readonly state: SystemState;
  change(state: SystemState): void;
  /** Goes down and comes back in steps; nothing where a walk is on its way. */
  walk(stepMs: number): void;
  close(): void;
}

/** The order is inferred from the reconnect advice; the states are documented. */
const WALK: readonly SystemState[] = ['maintenance', 'cancel_only', 'post_only', 'online'];

/** Begins online. */
export function createEngineStatus(
  timers: Timers,
  onChange: (state: SystemState) => void,
): EngineStatus {
  let state: SystemState = 'online';
  let cancel: CancelTimer | undefined;
  const change = (next: SystemState): void => {
    if (next === state) return;
    state = next;
    onChange(next);
  };
  const stepFrom = (index: number, stepMs: number): void => {
    const next = WALK[index];
    cancel =
      next === undefined ? undefined : timers.after(stepMs, () => stepFrom(index + 1, stepMs));
    if (next !== undefined) change(next);
  };
  return {
    get state() {
      return state;
    },
    change(next) {
      cancel?.();
      cancel = undefined;
      change(next);
    },
    walk(stepMs) {
      if (cancel === undefined) stepFrom(0, stepMs);
    },
    close: () => cancel?.(),
  };
}
