/** How a request about orders is read in either protocol: to a command, or to what is wrong. */
import type { Pair } from '../pairs.js';
import type { OrderCommand, OrderCommandKind, OrderReading } from './order-command.js';
import { OrderFlaw } from './order-fields.js';

/** Where a request is read: what is traded, and when it came. */
export interface ReadingContext {
  readonly findPair: (name: string) => Pair | undefined;
  /** The server's time. */
  readonly nowMs: number;
}

/** What a request is about, before the rest of it is read. */
export interface OrderSubject {
  readonly kind: OrderCommandKind;
  readonly pair: Pair | undefined;
  readonly nowMs: number;
}

/** Reads a command; a flaw of the request becomes the reading. Anything else is thrown on. */
export function readSafely(
  subject: OrderSubject,
  read: (subject: OrderSubject) => OrderCommand,
): OrderReading {
  try {
    return { ok: true, command: read(subject) };
  } catch (error) {
    if (!(error instanceof OrderFlaw)) throw error;
    const { kind, pair } = subject;
    return { ok: false, kind, error: error.message, symbol: pair?.symbol };
  }
}
