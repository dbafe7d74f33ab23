import type { Clock } from '../../src/model/runtime.js';

/** A clock that somebody sets wrong; only what it shows moves, as on a real machine. */
export interface ClientClock extends Clock {
  readonly move: (byMs: number) => void;
}

/** Right to begin with. */
export function createClientClock(clock: Clock): ClientClock {
  let offsetMs = 0;
  return {
    nowMs: () => clock.nowMs() + offsetMs,
    monotonicMs: () => clock.monotonicMs(),
    move: (byMs) => void (offsetMs += byMs),
  };
}
