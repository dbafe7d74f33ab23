import { copyColumns } from '../book/level-columns.js';
import type { AnyBookMessage, BookMessage } from '../model/message.js';

/** How much one book may keep while it waits. */
export interface DeltaBufferLimits {
  readonly maxDeltas: number;
  /** Levels, or orders. */
  readonly maxLevels: number;
}

/**
 * The deltas of one book that came while no snapshot could take them. An update can overtake its
 * snapshot, so those later than the snapshot belong on top of it; the others are in it already.
 */
export interface DeltaBuffer<Message extends AnyBookMessage> {
  readonly count: number;
  push(delta: Message): void;
  /**
   * Empties the buffer. Returns what is later than the snapshot, in order of arrival, or undefined
   * where something that was later had to be given up.
   */
  takeLaterThan(snapshot: Message): readonly Message[] | undefined;
  clear(): void;
}

/** By number where the symbol has its own row, else by the venue's time. NaN is never later. */
function isLater(delta: AnyBookMessage, snapshot: AnyBookMessage): boolean {
  if ('lastNumber' in snapshot && 'lastNumber' in delta && !Number.isNaN(snapshot.lastNumber)) {
    return delta.lastNumber > snapshot.lastNumber;
  }
  return delta.venueAtMs > snapshot.venueAtMs;
}

/** A copy that outlives the frame. */
function keep<Message extends AnyBookMessage>(delta: Message): Message {
  const own =
    'columns' in delta ? { columns: copyColumns(delta.columns) } : { orders: [...delta.orders] };
  return { ...delta, ...own };
}

function countLevels(delta: AnyBookMessage): number {
  return 'columns' in delta ? delta.columns.count : delta.orders.length;
}

/** Creates an empty buffer. */
export function createDeltaBuffer<Message extends AnyBookMessage = BookMessage>(
  limits: DeltaBufferLimits,
): DeltaBuffer<Message> {
  let deltas: Message[] = [];
  let levelCount = 0;
  let newestGivenUp: Message | undefined;

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
      deltas.push(keep(delta));
      levelCount += countLevels(delta);
      while (deltas.length > limits.maxDeltas || levelCount > limits.maxLevels) {
        newestGivenUp = deltas.shift();
        if (newestGivenUp) levelCount -= countLevels(newestGivenUp);
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
