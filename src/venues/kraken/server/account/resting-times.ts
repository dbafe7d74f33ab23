/** How long orders have rested: since they were placed or last amended (guides/spot-ratelimits). */
import type { Clock } from '../../../../model/runtime.js';
import type { EngineEvent, EngineOrder } from '../../../../model/matching.js';

/** The ages of the orders of one engine. */
export interface RestingTimes {
  onEvent(event: EngineEvent): void;
  ageMs(order: Pick<EngineOrder, 'orderId' | 'placedAt'>): number;
}

/** Begins to measure; `nowMs` is the time in which the engine says when an order was placed. */
export function createRestingTimes(clock: Clock, nowMs: () => number): RestingTimes {
  /** Living orders only, by the engine's id; on the clock that never goes back. */
  const sinceMs = new Map<string, number>();
  return {
    onEvent(event) {
      switch (event.type) {
        case 'order.accepted':
        case 'order.amended':
          sinceMs.set(event.order.orderId, clock.monotonicMs());
          return;
        case 'order.completed':
        case 'order.canceled':
        case 'order.expired':
          sinceMs.delete(event.order.orderId);
          return;
        case 'order.opened':
        case 'order.triggered':
        case 'order.filled':
        case 'ledger.posted':
          return;
      }
    },
    ageMs({ orderId, placedAt }) {
      const startMs = sinceMs.get(orderId);
      if (startMs !== undefined) return clock.monotonicMs() - startMs;
      // It was there before anyone measured.
      return Math.max(0, nowMs() - Date.parse(placedAt));
    },
  };
}
