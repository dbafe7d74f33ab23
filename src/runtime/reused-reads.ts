import type { NetConnectOpts, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { lazyNode } from './lazy-node.js';

/** What `ws` dials with. */
export type ConnectOptions = NetConnectOpts & ConnectionOptions;

/** Takes bytes that are only lent, the first of a memory: the next ones overwrite them. */
type TakeBytes = (bytes: Buffer, memory: Uint8Array) => void;

/** As much as one read of the system takes at most without this. */
const READ_BYTES = 65_536;

const NOTHING = Buffer.alloc(0);

/**
 * Connections whose bytes are all read into one piece of memory. It may be that of others as well,
 * since a read is over before the next one of any of them begins. Node.js makes a new one of 64 kB
 * for each read otherwise, which costs as much as the reading itself, and whoever reads the bytes
 * finds them in no cache.
 */
export class ReusedReads {
  readonly #shared: Uint8Array | undefined;
  #memory: Uint8Array = NOTHING;
  #socket: Socket | undefined;
  #take: TakeBytes | undefined;

  /** `memory` is where to read into, where others do so, too; else it is made. */
  constructor(memory: Uint8Array | undefined) {
    this.#shared = memory;
  }

  /** Dials as `ws` does by itself: in TLS under the host's name, unless that is an address. */
  connect(options: ConnectOptions, isTls: boolean): Socket {
    this.#memory = this.#shared ?? new Uint8Array(READ_BYTES);
    const onread = { buffer: this.#memory, callback: (count: number) => this.#read(count) };
    // The path is that of the request: no connection is to take it for one of its own.
    const terms = { ...options, path: undefined, onread };
    this.#socket = isTls
      ? lazyNode.tls.connect({ ...terms, servername: options.servername ?? nameOf(options) })
      : lazyNode.net.connect(terms as NetConnectOpts);
    return this.#socket;
  }

  /** From here on the bytes go there, in place of the stream. */
  lendTo(take: TakeBytes): void {
    this.#take = take;
  }

  /** Returns whether to go on reading. */
  #read(count: number): boolean {
    const { buffer, byteOffset } = this.#memory;
    const bytes = Buffer.from(buffer, byteOffset, count);
    if (this.#take) {
      this.#take(bytes, this.#memory);
      return true;
    }
    // A stream keeps what it is given.
    return this.#socket?.push(Buffer.from(bytes)) ?? false;
  }
}

/** What the certificate has to name; an address is sent as no name (RFC 6066, section 3). */
function nameOf({ host = '' }: ConnectOptions): string {
  return lazyNode.net.isIP(host) === 0 ? host : '';
}
