import type { EngineOrderRequest } from '../../model/matching.js';
import type { CancelTimer, Clock, Timers } from '../../model/runtime.js';

const DAY_MS = 86_400_000;

/** When an order ends by itself, in Unix milliseconds: a day ends at midnight UTC. */
function findExpiry(request: EngineOrderRequest, nowMs: number): number | undefined {
  if (request.timeInForce === 'gtd') return request.expiresAtMs;
  if (request.timeInForce === 'day') return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  return undefined;
}

/** Calls `expire` when the order's time is over by the clock, even where timers come early. */
export function armExpiry(
  request: EngineOrderRequest,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  expire: () => void,
): CancelTimer {
  const atMs = findExpiry(request, clock.nowMs());
  if (atMs === undefined) return () => undefined;
  const wait = (): CancelTimer => {
    const leftMs = atMs - clock.nowMs();
    return timers.after(Math.max(1, leftMs), () => {
      if (clock.nowMs() >= atMs) expire();
      else cancel = wait();
    });
  };
  let cancel = wait();
  return () => cancel();
}
