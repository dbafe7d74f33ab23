import type { EngineFill, EngineTarget } from '../../model/matching.js';
import { isLive, type LiveOrder } from './live-order.js';

/** Orders and fills that are remembered of one account; live orders always are. */
const KEPT_MAX = 10_000;

/** What one account did. */
export interface AccountBook {
  add(order: LiveOrder): void;
  find(target: EngineTarget): LiveOrder | undefined;
  /** Oldest first. */
  live(): readonly LiveOrder[];
  /** An order ended: it may be forgotten one day. */
  end(order: LiveOrder): void;
  addFill(fill: EngineFill): void;
  readonly fills: readonly EngineFill[];
}

/** Starts empty. */
export function createAccountBook(): AccountBook {
  const orders = new Map<string, LiveOrder>();
  const byClientId = new Map<string, LiveOrder>();
  const live = new Set<LiveOrder>();
  const fills: EngineFill[] = [];

  return {
    add(order) {
      orders.set(order.orderId, order);
      live.add(order);
      const { clientOrderId } = order.request;
      if (clientOrderId !== undefined) byClientId.set(clientOrderId, order);
      for (const [orderId, one] of orders) {
        if (orders.size <= KEPT_MAX) break;
        if (isLive(one)) continue;
        orders.delete(orderId);
        const named = one.request.clientOrderId ?? '';
        if (byClientId.get(named) === one) byClientId.delete(named);
      }
    },
    find: ({ orderId, clientOrderId }) =>
      orderId === undefined ? byClientId.get(clientOrderId ?? '') : orders.get(orderId),
    live: () => [...live],
    end: (order) => void live.delete(order),
    addFill(fill) {
      fills.push(fill);
      if (fills.length > KEPT_MAX) fills.shift();
    },
    fills,
  };
}
