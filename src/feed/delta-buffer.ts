import { copyColumns } from '../book/level-columns.js';
import type { BookMessage } from '../model/message.js';

/** How much one book may keep while it waits. */
export interface DeltaBufferLimits {
  readonly maxDeltas: number;
  readonly maxLevels: number;
}

/**
 * The deltas of one book that came while no snapshot could take them. An update can overtake its
 * snapshot, so those later than the snapshot belong on top of it; the others are in it already.
 */
export interface DeltaBuffer {
  readonly count: number;
  push(delta: BookMessage): void;
  /**
   * Empties the buffer. Returns what is later than the snapshot, in order of arrival, or undefined
   * where something that was later had to be given up.
   */
  takeLaterThan(snapshot: BookMessage): readonly BookMessage[] | undefined;
  clear(): void;
}

/** By number where the symbol has its own row, else by the venue's time. NaN is never later. */
function isLater(delta: BookMessage, snapshot: BookMessage): boolean {
  if (!Number.isNaN(snapshot.lastNumber)) return delta.lastNumber > snapshot.lastNumber;
  return delta.venueAtMs > snapshot.venueAtMs;
}

/** Creates an empty buffer. */
export function createDeltaBuffer(limits: DeltaBufferLimits): DeltaBuffer {
  let deltas: BookMessage[] = [];
  let levelCount = 0;
  let newestGivenUp: BookMessage | undefined;

  const clear = (): void => {
    deltas = [];
    levelCount = 0;
    newestGivenUp = undefined;
  };

  return {
    get count() {
      return deltas.length;
    },
    push(delta) {
      deltas.push({ ...delta, columns: copyColumns(delta.columns) });
      levelCount += delta.columns.count;
      while (deltas.length > limits.maxDeltas || levelCount > limits.maxLevels) {
        newestGivenUp = deltas.shift();
        levelCount -= newestGivenUp?.columns.count ?? 0;
      }
    },
    takeLaterThan(snapshot) {
      const later = deltas.filter((delta) => isLater(delta, snapshot));
      const isWhole = !newestGivenUp || !isLater(newestGivenUp, snapshot);
      clear();
      return isWhole ? later : undefined;
    },
    clear,
  };
}
