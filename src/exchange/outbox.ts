/** What leaves one connection: in order, with its faults, and never more than the client reads. */
import type { ServerConnection } from '../model/exchange.js';
import type { CancelTimer, Timers } from '../model/runtime.js';
import type { Delivery, Drip, Ending } from './delivery.js';

/** What an outbox is made of. */
export interface OutboxOptions<Frame> {
  readonly connection: ServerConnection;
  readonly faults: {
    deliver(frame: Frame): Delivery;
    /** Whether `next` is an update of what `waiting` is the snapshot of; of none by default. */
    follows?(next: Frame, waiting: Frame): boolean;
    /** Whether `next` is of a later subscription to what `waiting` is the snapshot of. */
    replaces?(next: Frame, waiting: Frame): boolean;
  };
  readonly timers: Timers;
  /** A client that leaves more than this unread is cut: a frame is never skipped instead. */
  readonly maxBufferedBytes: number;
}

/** What leaves one connection. */
export interface Outbox<Frame> {
  send(frame: Frame): void;
  /** Sends a text at once that no fault can meet. */
  write(text: string): void;
  readonly bufferedBytes: number;
  close(): void;
}

interface Waiting<Frame> {
  readonly frame: Frame;
  readonly delivery: Delivery;
  /** How many frames still overtake it; undefined: it waits for the one that follows from it. */
  left: number | undefined;
}

/** Opens the outbox of a new connection. */
export function createOutbox<Frame>(options: OutboxOptions<Frame>): Outbox<Frame> {
  return new FaultyOutbox(options);
}

class FaultyOutbox<Frame> implements Outbox<Frame> {
  readonly #options: OutboxOptions<Frame>;
  readonly #pending = new Set<CancelTimer>();
  #waiting: Waiting<Frame>[] = [];
  #isClosed = false;

  constructor(options: OutboxOptions<Frame>) {
    this.#options = options;
  }

  get bufferedBytes(): number {
    return this.#isClosed ? 0 : this.#options.connection.bufferedBytes();
  }

  send(frame: Frame): void {
    if (this.#isClosed) return;
    const { faults } = this.#options;
    this.#waiting = this.#waiting.filter(
      (one) => one.left !== undefined || faults.replaces?.(frame, one.frame) !== true,
    );
    const delivery = faults.deliver(frame);
    for (const one of this.#waiting) {
      if (one.left !== undefined) one.left -= 1;
    }
    const { overtakenBy, delayMs, afterUpdate } = delivery;
    if (afterUpdate) this.#waiting.push({ frame, delivery, left: undefined });
    else if (overtakenBy > 0) this.#waiting.push({ frame, delivery, left: overtakenBy });
    else if (delayMs > 0) this.#later(delayMs, () => this.#dispatch(delivery));
    else this.#dispatch(delivery);
    this.#release(frame);
  }

  write(text: string): void {
    if (!this.#isClosed) this.#options.connection.send(text);
    this.#cutTheSlow();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }

  /** What was overtaken often enough goes out now. */
  #release(sent: Frame): void {
    if (this.#waiting.length === 0) return;
    const { faults } = this.#options;
    const isDue = ({ left, frame }: Waiting<Frame>): boolean =>
      left === undefined ? frame !== sent && faults.follows?.(sent, frame) === true : left <= 0;
    const due = this.#waiting.filter(isDue);
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    for (const one of due) this.#dispatch(one.delivery);
  }

  #later(delayMs: number, run: () => void): void {
    const cancel = this.#options.timers.after(delayMs, () => {
      this.#pending.delete(cancel);
      run();
    });
    this.#pending.add(cancel);
  }

  #dispatch({ texts, ending, drip }: Delivery): void {
    if (this.#isClosed) return;
    if (drip) this.#slowDown(drip);
    const { connection } = this.#options;
    const whole = ending?.kind === 'cut' ? texts.slice(0, -1) : texts;
    for (const text of whole) connection.send(text);
    if (!ending) return this.#cutTheSlow();
    this.close();
    endConnection(connection, ending, texts.at(-1) ?? '');
  }

  #slowDown({ bytesPerSecond, forMs }: Drip): void {
    const { wire } = this.#options.connection;
    wire?.drip(bytesPerSecond);
    if (wire) this.#later(forMs, () => wire.drip(Infinity));
  }

  #cutTheSlow(): void {
    const { connection, maxBufferedBytes } = this.#options;
    if (this.#isClosed || connection.bufferedBytes() <= maxBufferedBytes) return;
    this.close();
    connection.terminate();
  }
}

/** A host that cannot do a thing to its wire does what looks most like it. */
function endConnection(connection: ServerConnection, ending: Ending, lastText: string): void {
  const { wire } = connection;
  if (ending.kind === 'close') return connection.close(ending.code, ending.reason);
  if (ending.kind === 'stall') return wire?.stall();
  if (ending.kind === 'cut' && wire) return wire.cut(lastText);
  connection.terminate();
}
