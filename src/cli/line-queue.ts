import { ConsumerError } from '../model/error.js';
import type { CliOutput } from './cli-io.js';

/** One line on its way out. */
export interface QueuedLine {
  readonly text: string;
  /** A newer line of the same key takes the place of an older one that still waits. */
  readonly conflateAs?: string;
  /** May be left out when the queue is full; what says that data is wrong never is. */
  readonly droppable: boolean;
}

/** Lines to an output that may be slower than the feed. */
export interface LineQueue {
  push(line: QueuedLine): void;
  /** Resolves when everything was written, or when the reader is gone. */
  flush(): Promise<void>;
  readonly written: number;
  readonly conflated: number;
  readonly dropped: number;
  readonly waiting: number;
}

export interface LineQueueOptions {
  readonly output: CliOutput;
  readonly maxLines: number;
  /** No more lines than this are ever written. */
  readonly stopAfter?: number | undefined;
  /** What to write in the place of lines that were left out. */
  describeDropped(dropped: number): string;
  onLimitReached?(): void;
  /** The queue is full of lines that must not be left out. */
  onOverflow(error: ConsumerError): void;
}

/** The state behind a queue; kept apart so that each step is a small function. */
interface QueueState {
  /** Insertion order is the order of writing. */
  readonly waiting: Map<string, QueuedLine>;
  nextKey: number;
  blocked: boolean;
  droppedUnreported: number;
  written: number;
  conflated: number;
  dropped: number;
}

function makeRoom(state: QueueState, line: QueuedLine): boolean {
  if (line.droppable) return false;
  for (const [key, candidate] of state.waiting) {
    if (!candidate.droppable) continue;
    state.waiting.delete(key);
    return true;
  }
  return false;
}

type HoldOutcome = 'held' | 'left-out' | 'overflow';

/** Keeps a line for later, in the place of an older one where it can. */
function holdLine(state: QueueState, line: QueuedLine, maxLines: number): HoldOutcome {
  const key = line.conflateAs ?? `#${(state.nextKey += 1)}`;
  // Deleted first, so that the newer state also stands later: order in time is kept.
  if (state.waiting.delete(key)) state.conflated += 1;
  else if (state.waiting.size >= maxLines) {
    const hasRoom = makeRoom(state, line);
    if (!hasRoom && !line.droppable) return 'overflow';
    state.dropped += 1;
    state.droppedUnreported += 1;
    if (!hasRoom) return 'left-out';
  }
  state.waiting.set(key, line);
  return 'held';
}

/**
 * Writes at once while the reader keeps up; otherwise holds at most `maxLines`, in which a book's
 * newest state replaces the older one. Never blocks the feed and never grows without bound.
 */
export function createLineQueue(options: LineQueueOptions): LineQueue {
  const state: QueueState = {
    waiting: new Map(),
    nextKey: 0,
    blocked: false,
    droppedUnreported: 0,
    written: 0,
    conflated: 0,
    dropped: 0,
  };
  let onEmpty: (() => void)[] = [];
  const isFinished = (): boolean => state.written >= (options.stopAfter ?? Infinity);

  const write = (text: string): void => {
    if (isFinished()) return;
    state.written += 1;
    state.blocked = !options.output.write(`${text}\n`);
    if (state.blocked) options.output.onDrain(drain);
    if (isFinished()) options.onLimitReached?.();
  };
  const drain = (): void => {
    state.blocked = false;
    for (const [key, line] of state.waiting) {
      if (state.blocked) return;
      state.waiting.delete(key);
      write(line.text);
    }
    if (!state.blocked && state.droppedUnreported > 0) {
      const dropped = state.droppedUnreported;
      state.droppedUnreported = 0;
      write(options.describeDropped(dropped));
    }
    const settled = onEmpty;
    onEmpty = [];
    for (const settle of settled) settle();
  };
  return {
    push(line) {
      if (isFinished()) return;
      if (!state.blocked) write(line.text);
      else if (holdLine(state, line, options.maxLines) === 'overflow') {
        options.onOverflow(overflow(options.maxLines));
      }
    },
    flush: () =>
      new Promise((resolve) => {
        if (!state.blocked || options.output.isBroken || isFinished()) return resolve();
        onEmpty.push(resolve);
        options.output.onBroken(resolve);
      }),
    get written() {
      return state.written;
    },
    get conflated() {
      return state.conflated;
    },
    get dropped() {
      return state.dropped;
    },
    get waiting() {
      return state.waiting.size;
    },
  };
}

function overflow(maxLines: number): ConsumerError {
  return new ConsumerError(
    'QUEUE_OVERFLOWED',
    `The reader of the output is too slow: ${maxLines} lines that may not be left out wait. ` +
      'Read faster, write to a file, or ask for fewer channels and symbols.',
    { facts: { maxLines } },
  );
}
