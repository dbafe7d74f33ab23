import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { createWebSocketDialer } from '../../src/runtime/web-socket-dialer.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(onPeer: (peer: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  cleanups.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', onPeer);
  await new Promise((resolve) => server.once('listening', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A program may catch what nobody has caught, and go on. */
function catchUncaught(): unknown[] {
  const caught: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error));
  cleanups.push(() => {
    process.removeAllListeners('uncaughtException');
    for (const other of others) process.on('uncaughtException', other);
  });
  return caught;
}

it.each(['text', 'long text', 'fragments'])(
  'ends where its listener throws at %s',
  async (kind) => {
    const url = await serve((peer) => {
      // In one read.
      const { _socket: connection } = peer as unknown as { readonly _socket: Socket };
      connection.cork();
      if (kind === 'text') peer.send('first');
      // In several reads, and the second in the last of them.
      else if (kind === 'long text') peer.send('first'.padEnd(700_000));
      else {
        peer.send('fi', { fin: false });
        peer.send('rst', { fin: true });
      }
      peer.send('second');
      process.nextTick(() => connection.uncork());
      setTimeout(() => peer.send('third'), 20);
    });
    const caught = catchUncaught();
    const received: string[] = [];
    const target = { url, maxFrameBytes: 1_000_000, handshakeTimeoutMs: 5_000 };
    const code = await new Promise((resolve) => {
      createWebSocketDialer()(target, {
        onOpened: () => undefined,
        onFrame: ({ view }) => {
          received.push(Buffer.from(view).toString().trim());
          throw new Error('of the listener');
        },
        onPong: () => undefined,
        onClosed: (close) => resolve(close.code),
      });
    });
    expect(code).toBe(1006);
    // What came with it is lost, so that nothing may come after it as if that were the next.
    expect(received).toEqual(['first']);
    expect(caught).toEqual([new Error('of the listener')]);
  },
);
