import type { OrderReport, OrderStatus } from '../model/account.js';

/**
 * The orders that are open as far as is known. Venues list the open ones anew after a loss and pass
 * over those that ended in the meantime; whoever waits for such an end would wait for ever.
 */
export interface OpenOrders {
  /** An order was reported, whether in a list or alone. */
  note(order: OrderReport): void;
  /** Something was lost that may have been the end of any of them. */
  doubt(): void;
  /** All that are open were listed. Returns those that are not among them, and forgets them. */
  settle(): readonly OrderReport[];
}

const OPEN_STATUSES: readonly OrderStatus[] = ['pending', 'open', 'cancel-queued'];

/** Remembers at most so many; the one reported longest ago is forgotten. */
export function createOpenOrders(maxOrders: number): OpenOrders {
  const orders = new Map<string, OrderReport>();
  const doubted = new Set<string>();

  const forget = (orderId: string): void => {
    orders.delete(orderId);
    doubted.delete(orderId);
  };

  return {
    note(order) {
      const { orderId, status } = order;
      forget(orderId);
      if (!OPEN_STATUSES.includes(status)) return;
      orders.set(orderId, order);
      const oldest = orders.size > maxOrders ? orders.keys().next().value : undefined;
      if (oldest !== undefined) forget(oldest);
    },
    doubt() {
      for (const orderId of orders.keys()) doubted.add(orderId);
    },
    settle() {
      const missing = [...doubted].flatMap((orderId) => orders.get(orderId) ?? []);
      for (const { orderId } of missing) forget(orderId);
      return missing;
    },
  };
}
