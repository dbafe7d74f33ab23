/** Numbers the frames of one connection, carries out its faults, and bounds what waits to be sent. */
import type { ServerConnection } from '../../../model/exchange.js';
import type { CancelTimer, Timers } from '../../../model/runtime.js';
import { encodeError, encodeFrame } from './encode.js';
import type { Delivery, UnnumberedFrame } from './fault-frames.js';
import type { FrameFaultRule } from './fault-rules.js';
import type { ConnectionFaults } from './faults.js';

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly connection: ServerConnection;
  readonly faults: ConnectionFaults;
  readonly timers: Timers;
  readonly clientId: () => boolean;
  /** The present, for the envelope. */
  readonly timeText: () => string;
  /** A client that leaves more than this unread is cut: a frame is never skipped instead. */
  readonly maxBufferedBytes: number;
}

/** What leaves one connection. */
export interface Outbox {
  /** Every frame sent takes the next number, from 0. */
  send(frame: UnnumberedFrame): void;
  /** Errors carry no number. */
  sendError(message: string): void;
  readonly bufferedBytes: number;
  close(): void;
}

interface Waiting {
  readonly frame: UnnumberedFrame;
  readonly hits: readonly FrameFaultRule[];
}

interface Overtaken {
  readonly delivery: Delivery;
  left: number;
}

/** Opens the outbox of a new connection. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { connection, faults, timers } = options;
  const pending = new Set<CancelTimer>();
  let waiting: Waiting[] = [];
  let overtaken: Overtaken[] = [];
  let nextNumber = 0;
  let isClosed = false;

  const close = (): void => {
    isClosed = true;
    for (const cancel of pending) cancel();
    pending.clear();
  };
  const later = (delayMs: number, run: () => void): void => {
    const cancel = timers.after(delayMs, () => {
      pending.delete(cancel);
      run();
    });
    pending.add(cancel);
  };

  const write = (text: string): void => {
    if (isClosed) return;
    if (connection.bufferedBytes() > options.maxBufferedBytes) {
      close();
      connection.terminate();
      return;
    }
    connection.send(text);
  };

  const dispatch = ({ text, copies, ending }: Delivery): void => {
    for (let copy = 0; copy < copies; copy += 1) write(text);
    if (!ending || isClosed) return;
    close();
    if (ending.kind === 'reset') connection.terminate();
    else connection.close(ending.code, ending.reason);
  };

  const number = ({ frame, hits }: Waiting): void => {
    if (isClosed) return;
    const { channel, bodies, sentTime } = frame;
    const timestamp = sentTime ?? options.timeText();
    const clientId = options.clientId();
    const text = encodeFrame({ channel, clientId, timestamp, number: nextNumber, bodies });
    nextNumber += 1;
    const delivery = faults.deliver(text, hits);
    for (const one of overtaken) one.left -= 1;
    if (delivery.overtakenBy > 0) overtaken.push({ delivery, left: delivery.overtakenBy });
    else if (delivery.delayMs > 0) later(delivery.delayMs, () => dispatch(delivery));
    else dispatch(delivery);
    const due = overtaken.filter((one) => one.left <= 0);
    overtaken = overtaken.filter((one) => one.left > 0);
    for (const one of due) dispatch(one.delivery);
  };

  /** Snapshots that let an update of their product pass first. */
  const releaseAfter = (update: UnnumberedFrame): void => {
    if (waiting.length === 0 || update.kind !== 'update') return;
    const isNext = ({ frame }: Waiting): boolean =>
      frame.channel === update.channel && frame.symbol === update.symbol;
    const due = waiting.filter(isNext);
    waiting = waiting.filter((one) => !isNext(one));
    due.forEach(number);
  };

  return {
    send(frame) {
      if (isClosed) return;
      const { plan, hits } = faults.plan(frame, nextNumber);
      nextNumber += plan.skippedNumbers;
      const one: Waiting = { frame: plan.frame, hits };
      if (plan.times > 0 && plan.afterUpdate) waiting.push(one);
      else if (plan.times > 0 && plan.holdMs > 0) later(plan.holdMs, () => number(one));
      else for (let time = 0; time < plan.times; time += 1) number(one);
      releaseAfter(frame);
    },
    sendError(message) {
      if (!faults.isSilent()) write(encodeError(message));
    },
    get bufferedBytes() {
      return isClosed ? 0 : connection.bufferedBytes();
    },
    close,
  };
}
