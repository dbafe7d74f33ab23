import type { FillReport } from '../../model/account.js';

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
  /** Oldest first, in the order in which they became known. */
  all(): readonly FillReport[];
}

/** Keeps at most `maxFills`; the oldest is forgotten for a new one. */
export function createFillStore(maxFills: number): FillStore {
  const fills = new Map<string, FillReport>();
  return {
    get size() {
      return fills.size;
    },
    note(fill) {
      if (fills.has(fill.fillId)) return false;
      fills.set(fill.fillId, fill);
      if (fills.size > maxFills) {
        const oldest = fills.keys().next();
        if (!oldest.done) fills.delete(oldest.value);
      }
      return true;
    },
    has: (fillId) => fills.has(fillId),
    get: (fillId) => fills.get(fillId),
    all: () => [...fills.values()],
  };
}
