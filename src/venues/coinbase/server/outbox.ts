/** Numbers one connection's frames, carries out its faults, and bounds what waits to be sent. */
import { createOutbox, type Outbox as Wire } from '../../../exchange/outbox.js';
import type { ServerConnection } from '../../../model/exchange.js';
import type { CancelTimer, Timers } from '../../../model/runtime.js';
import { encodeError, encodeFrame } from './encode.js';
import type { UnnumberedFrame } from './fault-frames.js';
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

interface Waiting {
  readonly frame: UnnumberedFrame;
  readonly hits: readonly FrameFaultRule[];
}

interface Numbered {
  readonly text: string;
  readonly hits: readonly FrameFaultRule[];
}

/** What leaves one connection. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #pending = new Set<CancelTimer>();
  readonly #wire: Wire<Numbered>;
  #waiting: Waiting[] = [];
  #nextNumber = 0;
  #isClosed = false;

  constructor(options: OutboxOptions) {
    const { faults } = options;
    this.#options = options;
    const deliver = ({ text, hits }: Numbered) => faults.deliver(text, hits);
    this.#wire = createOutbox({ ...options, faults: { deliver } });
  }

  get bufferedBytes(): number {
    return this.#wire.bufferedBytes;
  }

  /** Every frame sent takes the next number, from 0. */
  send(frame: UnnumberedFrame): void {
    if (this.#isClosed) return;
    // A new subscription's snapshot takes the place of one that still waits: that one is over.
    if (frame.kind === 'snapshot') {
      this.#waiting = this.#waiting.filter((one) => !isOfSameProduct(one.frame, frame));
    }
    const { plan, hits } = this.#options.faults.plan(frame, this.#nextNumber);
    this.#nextNumber += plan.skippedNumbers;
    const one: Waiting = { frame: plan.frame, hits };
    if (plan.times > 0 && plan.afterUpdate) this.#waiting.push(one);
    else if (plan.times > 0 && plan.holdMs > 0) this.#later(plan.holdMs, () => this.#number(one));
    else for (let time = 0; time < plan.times; time += 1) this.#number(one);
    this.#releaseAfter(frame);
  }

  /** Errors carry no number. */
  sendError(message: string): void {
    if (!this.#options.faults.isSilent()) this.#wire.write(encodeError(message));
  }

  /** Nothing leaves any more; what waits is forgotten. */
  close(): void {
    this.#isClosed = true;
    this.#wire.close();
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }

  #later(delayMs: number, run: () => void): void {
    const cancel = this.#options.timers.after(delayMs, () => {
      this.#pending.delete(cancel);
      run();
    });
    this.#pending.add(cancel);
  }

  #number({ frame, hits }: Waiting): void {
    if (this.#isClosed) return;
    const { channel, bodies, sentTime } = frame;
    const timestamp = sentTime ?? this.#options.timeText();
    const clientId = this.#options.clientId();
    const text = encodeFrame({ channel, clientId, timestamp, number: this.#nextNumber, bodies });
    this.#nextNumber += 1;
    this.#wire.send({ text, hits });
  }

  /** Snapshots that let an update of their product pass first. */
  #releaseAfter(update: UnnumberedFrame): void {
    if (this.#waiting.length === 0 || update.kind !== 'update') return;
    const isNext = ({ frame }: Waiting): boolean => isOfSameProduct(frame, update);
    const due = this.#waiting.filter(isNext);
    this.#waiting = this.#waiting.filter((one) => !isNext(one));
    for (const one of due) this.#number(one);
  }
}

function isOfSameProduct(one: UnnumberedFrame, other: UnnumberedFrame): boolean {
  return one.channel === other.channel && one.symbol === other.symbol;
}
