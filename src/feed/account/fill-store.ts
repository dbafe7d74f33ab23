import type { FillReport } from '../../model/account.js';
import type { OrderTarget } from '../../model/order-entry.js';
import { IdIndex } from './id-index.js';

/**
 * The fills of one account, each once. Venues list the latest ones with each subscription, so that
 * the same fill comes many times.
 */
export interface FillStore {
  readonly size: number;
  /**
   * False where it was told before. The name that its client gave the order is taken from the first
   * word that has it: what tells a fill at once may leave it out, and a list of fills say it.
   */
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
  const nameOrder = (known: FillReport, clientOrderId: string | undefined): void => {
    if (known.clientOrderId !== undefined || clientOrderId === undefined) return;
    fills.set(known.fillId, Object.freeze({ ...known, clientOrderId }));
    byClientId.add(clientOrderId, known.fillId);
  };
  return {
    get size() {
      return fills.size;
    },
    note(fill) {
      const known = fills.get(fill.fillId);
      if (known) {
        nameOrder(known, fill.clientOrderId);
        return false;
      }
      fills.set(fill.fillId, Object.freeze(fill));
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
