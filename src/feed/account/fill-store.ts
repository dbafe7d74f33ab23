import type { FillReport } from '../../model/account.js';
import type { OrderTarget } from '../../model/order-entry.js';
import { IdIndex } from './id-index.js';

/**
 * The fills of one account, each once. Venues list the latest ones with each subscription, so that
 * the same fill comes many times.
 */
export interface FillStore {
  readonly size: number;
  /** False where it was told before. */
  note(fill: FillReport): boolean;
  has(fillId: string): boolean;
  get(fillId: string): FillReport | undefined;
  /** Those of one order, oldest first. */
  of(target: OrderTarget): readonly FillReport[];
  /** Oldest first, in the order in which they became known. */
  all(): readonly FillReport[];
}

/** Keeps at most `maxFills`; the oldest is forgotten for a new one. */
export function createFillStore(maxFills: number): FillStore {
  const fills = new Map<string, FillReport>();
  const byOrder = new IdIndex();
  const byClientId = new IdIndex();

  const forgetOldest = (): void => {
    const [oldest] = fills.values();
    if (!oldest) return;
    fills.delete(oldest.fillId);
    byOrder.delete(oldest.orderId, oldest.fillId);
    byClientId.delete(oldest.clientOrderId, oldest.fillId);
  };
  return {
    get size() {
      return fills.size;
    },
    note(fill) {
      if (fills.has(fill.fillId)) return false;
      fills.set(fill.fillId, fill);
      byOrder.add(fill.orderId, fill.fillId);
      byClientId.add(fill.clientOrderId, fill.fillId);
      if (fills.size > maxFills) forgetOldest();
      return true;
    },
    has: (fillId) => fills.has(fillId),
    get: (fillId) => fills.get(fillId),
    of({ orderId, clientOrderId }) {
      const ids = new Set([...byOrder.of(orderId), ...byClientId.of(clientOrderId)]);
      return [...ids].flatMap((fillId) => fills.get(fillId) ?? []);
    },
    all: () => [...fills.values()],
  };
}
