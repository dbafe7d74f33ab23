/** What leaves one connection: in order, with its faults, and never more than the client reads. */
import type { ServerConnection } from '../model/exchange.js';
import type { CancelTimer, Timers } from '../model/runtime.js';
import type { Delivery } from './delivery.js';

/** What an outbox is made of. */
export interface OutboxOptions<Frame> {
  readonly connection: ServerConnection;
  readonly faults: { deliver(frame: Frame): Delivery };
  readonly timers: Timers;
  /** A client that leaves more than this unread is cut: a frame is never skipped instead. */
  readonly maxBufferedBytes: number;
}

/** What leaves one connection. */
export interface Outbox<Frame> {
  send(frame: Frame): void;
  readonly bufferedBytes: number;
  close(): void;
}

interface Overtaken {
  readonly delivery: Delivery;
  left: number;
}

/** Opens the outbox of a new connection. */
export function createOutbox<Frame>(options: OutboxOptions<Frame>): Outbox<Frame> {
  const { connection, faults, timers, maxBufferedBytes } = options;
  const pending = new Set<CancelTimer>();
  let overtaken: Overtaken[] = [];
  let isClosed = false;

  const close = (): void => {
    isClosed = true;
    for (const cancel of pending) cancel();
    pending.clear();
  };
  const dispatch = ({ texts, ending }: Delivery): void => {
    for (const text of texts) {
      if (isClosed) return;
      connection.send(text);
    }
    if (isClosed) return;
    const isTooSlow = connection.bufferedBytes() > maxBufferedBytes;
    if (!ending && !isTooSlow) return;
    close();
    if (ending?.kind === 'close') connection.close(ending.code, ending.reason);
    else connection.terminate();
  };
  const later = (delivery: Delivery): void => {
    const cancel = timers.after(delivery.delayMs, () => {
      pending.delete(cancel);
      dispatch(delivery);
    });
    pending.add(cancel);
  };

  return {
    send(frame) {
      if (isClosed) return;
      const delivery = faults.deliver(frame);
      for (const one of overtaken) one.left -= 1;
      if (delivery.overtakenBy > 0) overtaken.push({ delivery, left: delivery.overtakenBy });
      else if (delivery.delayMs > 0) later(delivery);
      else dispatch(delivery);
      const due = overtaken.filter((one) => one.left <= 0);
      overtaken = overtaken.filter((one) => one.left > 0);
      for (const one of due) dispatch(one.delivery);
    },
    get bufferedBytes() {
      return isClosed ? 0 : connection.bufferedBytes();
    },
    close,
  };
}
