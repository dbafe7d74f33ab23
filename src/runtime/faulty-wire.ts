/**
 * The bytes of one socket under a will of our own, for faults on command. The socket's `write` is
 * taken over only when the first such fault comes: one that behaves pays nothing.
 */
import type { Duplex } from 'node:stream';
import type { FaultyWire } from '../model/exchange.js';
import type { CancelTimer, Timers } from '../model/runtime.js';

/** A wire with what it keeps back. */
export interface HeldWire extends FaultyWire {
  readonly heldBytes: number;
  readonly isStalled: boolean;
  /** Forgets what is kept back. */
  release(): void;
}

interface Held {
  readonly bytes: Buffer;
  readonly done: (() => void) | undefined;
}

type Mode = 'plain' | 'drip' | 'stalled';

const STEP_MS = 50;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** An unmasked text frame as a server writes it (RFC 6455 section 5.2). */
export function encodeTextFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const header = Buffer.alloc(length < LENGTH_IN_16_BITS ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x81;
  header[1] = length;
  if (header.length === 4) {
    header[1] = LENGTH_IN_16_BITS;
    header.writeUInt16BE(length, 2);
  } else if (header.length === 10) {
    header[1] = LENGTH_IN_64_BITS;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

/** Stands ready beside a socket. */
export function createFaultyWire(socket: Duplex, timers: Timers): HeldWire {
  return new SocketWire(socket, timers);
}

class SocketWire implements HeldWire {
  readonly #socket: Duplex;
  readonly #timers: Timers;
  #write: ((bytes: Buffer, done?: () => void) => void) | undefined;
  #mode: Mode = 'plain';
  #held: Held[] = [];
  #stepBytes = 0;
  #stepMs = STEP_MS;
  #cancelStep: CancelTimer | undefined;

  constructor(socket: Duplex, timers: Timers) {
    this.#socket = socket;
    this.#timers = timers;
  }

  get heldBytes(): number {
    return this.#held.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  get isStalled(): boolean {
    return this.#mode === 'stalled';
  }

  stall(): void {
    this.#takeOver();
    this.release();
    this.#mode = 'stalled';
    // What comes is read and thrown away: nobody answers it, and the end of the client is noticed.
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', () => undefined);
    this.#socket.resume();
  }

  cut(text: string): void {
    if (this.isStalled) return;
    const frame = encodeTextFrame(text);
    const write = this.#takeOver();
    this.#flush();
    this.#mode = 'stalled';
    write(frame.subarray(0, Math.ceil(frame.length / 2)), () => this.#socket.destroy());
  }

  drip(bytesPerSecond: number): void {
    if (this.isStalled) return;
    if (bytesPerSecond === Infinity) {
      this.#mode = 'plain';
      return this.#flush();
    }
    this.#takeOver();
    this.#mode = 'drip';
    this.#stepBytes = Math.max(1, Math.floor((bytesPerSecond * STEP_MS) / 1000));
    this.#stepMs = Math.max(STEP_MS, 1000 / bytesPerSecond);
  }

  release(): void {
    this.#cancelStep?.();
    this.#cancelStep = undefined;
    for (const { done } of this.#held.splice(0)) done?.();
  }

  #takeOver(): (bytes: Buffer, done?: () => void) => void {
    if (this.#write) return this.#write;
    const socket = this.#socket;
    const write = socket.write.bind(socket) as (bytes: Buffer, done?: () => void) => void;
    this.#write = write;
    // The stream's own signatures: (chunk, callback) and (chunk, encoding, callback).
    socket.write = (chunk: unknown, second?: unknown, third?: unknown): boolean => {
      const done = [second, third].find((one) => typeof one === 'function') as
        (() => void) | undefined;
      const encoding = typeof second === 'string' ? (second as BufferEncoding) : 'utf8';
      this.#accept({
        bytes:
          typeof chunk === 'string'
            ? Buffer.from(chunk, encoding)
            : Buffer.from(chunk as Uint8Array),
        done,
      });
      return true;
    };
    return write;
  }

  #accept(one: Held): void {
    if (this.#mode === 'plain' && this.#held.length === 0) this.#write?.(one.bytes, one.done);
    else if (this.#mode === 'stalled') one.done?.();
    else {
      this.#held.push(one);
      this.#cancelStep ??= this.#timers.after(this.#stepMs, () => this.#step());
    }
  }

  /** Lets as many bytes go as one step may take. */
  #step(): void {
    this.#cancelStep = undefined;
    let left = this.#stepBytes;
    while (left > 0) {
      const first = this.#held.shift();
      if (!first) return;
      const { bytes, done } = first;
      if (bytes.length > left) {
        this.#write?.(bytes.subarray(0, left));
        this.#held.unshift({ bytes: bytes.subarray(left), done });
        break;
      }
      this.#write?.(bytes, done);
      left -= bytes.length;
    }
    if (this.#held.length > 0) {
      this.#cancelStep = this.#timers.after(this.#stepMs, () => this.#step());
    }
  }

  #flush(): void {
    this.#cancelStep?.();
    this.#cancelStep = undefined;
    for (const { bytes, done } of this.#held.splice(0)) this.#write?.(bytes, done);
  }
}
