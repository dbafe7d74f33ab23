import type { Observation } from '../exchange/observed-server.js';
import type { Timers } from '../model/runtime.js';
import type { SimulatedTrading } from './trading.js';

/** What is waited for, and how long. */
export interface Wait {
  readonly what: string;
  readonly isTrue: () => boolean;
  readonly withinMs: number;
}

/** What tells that something happened, and that it is too late. */
export interface WaitTools {
  readonly observation: Observation;
  readonly trading: SimulatedTrading | undefined;
  readonly timers: Timers;
}

/** Asks after whatever happens at an exchange; rejects with `what` when the time is over. */
export function waitUntil(
  { what, isTrue, withinMs }: Wait,
  { observation, trading, timers }: WaitTools,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const ends: (() => void)[] = [];
    const finish = (settle: () => void): void => {
      for (const end of ends.splice(0)) end();
      settle();
    };
    const check = (): void => {
      try {
        if (isTrue()) finish(resolve);
      } catch (error) {
        finish(() => reject(error));
      }
    };
    ends.push(
      observation.onSeen(check),
      timers.after(withinMs, () => {
        const message = `Waited ${withinMs} ms, and it did not come true: ${what}.`;
        finish(() => reject(new Error(message)));
      }),
    );
    if (trading) {
      ends.push(trading.market.attach({ onUpdate: check, pendingBytes: () => 0 }));
      ends.push(trading.market.onEngineEvent(check));
    }
    check();
  });
}
