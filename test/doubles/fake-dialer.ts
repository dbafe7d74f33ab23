import { FrameBytes } from '../../src/model/frame-bytes.js';
import type {
  Dialer,
  DialTarget,
  Socket,
  SocketClose,
  SocketListener,
  SocketOpening,
} from '../../src/model/socket.js';

/** One dialled socket, driven by the test from the server's side. */
export interface FakeSocket {
  readonly target: DialTarget;
  readonly sent: string[];
  readonly pings: number;
  /** `dialling` until the test opens or ends it. */
  readonly state: 'dialling' | 'open' | 'closing' | 'closed';
  opened(opening?: SocketOpening): void;
  frame(frame: string | object, receivedAtMs?: number): void;
  pong(): void;
  closed(close?: Partial<SocketClose>): void;
}

/** A dialer whose sockets the test drives; `sockets` keeps them in the order of dialling. */
export interface FakeDialer {
  readonly dial: Dialer;
  readonly sockets: readonly FakeSocket[];
  /** The newest socket; throws where nothing was dialled yet. */
  last(): FakeSocket;
}

function createFakeSocket(target: DialTarget, listener: SocketListener, nowMs: () => number) {
  const sent: string[] = [];
  let state: FakeSocket['state'] = 'dialling';
  let pings = 0;
  const finish = (close: Partial<SocketClose>): void => {
    if (state === 'closed') return;
    state = 'closed';
    listener.onClosed({ code: 1006, reason: '', ...close });
  };
  const socket: Socket = {
    send: (text) => state === 'open' && sent.push(text) > 0,
    ping: () => void (pings += 1),
    close(code, reason) {
      if (state === 'closed') return;
      state = 'closing';
      queueMicrotask(() => finish({ code, reason }));
    },
    terminate: () => queueMicrotask(() => finish({})),
    bufferedBytes: () => 0,
  };
  const fake: FakeSocket = {
    target,
    sent,
    get state() {
      return state;
    },
    get pings() {
      return pings;
    },
    opened(opening = {}) {
      state = 'open';
      listener.onOpened(opening);
    },
    frame(frame, receivedAtMs = nowMs()) {
      const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
      if (state === 'open') lendFrame(listener, text, receivedAtMs);
    },
    pong: () => listener.onPong(),
    closed: (close = {}) => finish(close),
  };
  return { socket, fake };
}

export function createFakeDialer(nowMs: () => number): FakeDialer {
  const sockets: FakeSocket[] = [];
  return {
    sockets,
    dial(target, listener) {
      const { socket, fake } = createFakeSocket(target, listener, nowMs);
      sockets.push(fake);
      return socket;
    },
    last() {
      const newest = sockets.at(-1);
      if (!newest) throw new Error('Nothing was dialled yet.');
      return newest;
    },
  };
}

/** A socket reads the next frame into the same memory: whoever kept the bytes finds others. */
export function lendFrame(listener: SocketListener, text: string, receivedAtMs: number): void {
  const bytes = Buffer.from(text);
  listener.onFrame(FrameBytes.of(bytes), receivedAtMs);
  bytes.fill('?');
}
