import { WebSocket } from 'ws';

/** As much of a frame as the tests look at. */
export interface RawFrame {
  readonly type?: string;
  readonly message?: string;
  readonly channel: string;
  readonly client_id?: string;
  readonly timestamp: string;
  readonly sequence_num: number;
  readonly events: readonly (Record<string, never> & {
    readonly type: string;
    readonly product_id: string;
    readonly updates: readonly RawLevel[];
    readonly trades: readonly { readonly trade_id: string; readonly product_id: string }[];
    readonly orders: readonly Record<string, string>[];
    readonly subscriptions: Readonly<Record<string, readonly string[]>>;
    readonly current_time: string;
    readonly heartbeat_counter: number;
  })[];
}

export interface RawLevel {
  readonly side: string;
  readonly event_time: string;
  readonly price_level: string;
  readonly new_quantity: string;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A client of nothing but ws: it keeps what it got, in order. */
export interface RawClient extends AsyncDisposable {
  readonly texts: readonly string[];
  readonly frames: readonly RawFrame[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly extensions: string;
  readonly pongs: number;
  send(message: object | string): void;
  subscribe(channel: string, products?: readonly string[], jwt?: string): void;
  unsubscribe(channel: string, products?: readonly string[]): void;
  ping(): void;
  /** Stops and goes on reading from the network. */
  pause(): void;
  resume(): void;
  /** Waits until something is true of what came; fails after the time allowed. */
  until(what: string, isTrue: () => boolean, withinMs?: number): Promise<void>;
  readonly closed: Promise<Closing>;
}

interface ConnectOptions {
  readonly ca?: string;
  readonly compression?: boolean;
}

const PATIENCE_MS = 40_000;

/** Opens a socket; rejects with the HTTP status in the message where the upgrade is refused. */
export async function connectRaw(url: string, options: ConnectOptions = {}): Promise<RawClient> {
  const socket = new WebSocket(url, {
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    perMessageDeflate: options.compression ?? false,
    maxPayload: 256 * 1024 * 1024,
  });
  const texts: string[] = [];
  const frames: RawFrame[] = [];
  const waiters = new Set<() => void>();
  let headers: RawClient['headers'] = {};
  let pongs = 0;
  const wake = (): void => waiters.forEach((waiter) => waiter());
  socket.on('upgrade', (response) => void (headers = response.headers));
  socket.on('pong', () => {
    pongs += 1;
    wake();
  });
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    texts.push(text);
    try {
      frames.push(JSON.parse(text) as RawFrame);
    } catch {
      // Some tests ask for frames that are not JSON; `texts` has them.
    }
    wake();
  });
  const closed = new Promise<Closing>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
      wake();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  const send = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    texts,
    frames,
    headers,
    extensions: socket.extensions,
    get pongs() {
      return pongs;
    },
    send,
    subscribe: (channel, products, jwt) =>
      send({ type: 'subscribe', channel, product_ids: products, jwt }),
    unsubscribe: (channel, products) =>
      send({ type: 'unsubscribe', channel, product_ids: products }),
    ping: () => socket.ping(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    closed,
    until: (what, isTrue, withinMs = PATIENCE_MS) =>
      new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (!isTrue()) return;
          clearTimeout(timer);
          waiters.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          waiters.delete(check);
          reject(new Error(`Waited ${withinMs} ms for ${what}; ${texts.length} frames came.`));
        }, withinMs);
        waiters.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      socket.close();
      const force = setTimeout(() => socket.terminate(), 500);
      await closed;
      clearTimeout(force);
    },
  };
}
