import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { DialTarget } from '../../src/model/socket.js';
import { createWebSocketDialer } from '../../src/runtime/web-socket-dialer.js';
import { createSelfSignedCertificate } from '../../src/simulator/self-signed.js';
import { createSeededRandom } from '../doubles/seeded-random.js';

const MESSAGES = 3_000;
const LARGE_BYTES = 200_000;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Small ones mostly, as in a market; some as large as a snapshot; each known by its bytes. */
function makeTexts(): string[] {
  const random = createSeededRandom(7);
  return Array.from({ length: MESSAGES }, (_, number) => {
    const share = random.fraction();
    const length = share < 0.9 ? 900 * random.fraction() : share ** 40 * LARGE_BYTES;
    return `${number}:`.padEnd(Math.ceil(length), `${number % 10}é`);
  });
}

/** All at one go, in frames of every kind, so that reads end anywhere in them. */
function sendAll(peer: WebSocket, texts: readonly string[]): void {
  for (const [number, text] of texts.entries()) {
    if (number % 50 === 0) peer.ping();
    if (number % 70 === 0) {
      const bytes = Buffer.from(text);
      peer.send(bytes.subarray(0, 5), { binary: false, fin: false });
      peer.send(bytes.subarray(5), { binary: false, fin: true });
    } else {
      peer.send(number % 90 === 0 ? Buffer.from(text) : text);
    }
  }
}

async function serve(server: Server, texts: readonly string[]): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  new WebSocketServer({ server }).on('connection', (peer) => sendAll(peer, texts));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** What a listener read while the bytes were lent to it. */
function receive(
  url: string,
  count: number,
  more: Pick<DialTarget, 'caPem' | 'memory'> = {},
): Promise<string[]> {
  const received: string[] = [];
  return new Promise((resolve, reject) => {
    const target = { url, maxFrameBytes: 1e6, handshakeTimeoutMs: 5_000, ...more };
    const socket = createWebSocketDialer()(target, {
      onOpened: () => undefined,
      onFrame: ({ view }) => {
        received.push(new TextDecoder().decode(view));
        if (received.length === count) resolve(received);
        return true;
      },
      onPong: () => undefined,
      onClosed: ({ code }) =>
        reject(new Error(`Closed with ${code} after ${received.length} messages.`)),
    });
    cleanups.push(() => socket.terminate());
  });
}

describe('a connection that is read into the same memory again and again', () => {
  it('hands on every message as it was sent, in order', async () => {
    const texts = makeTexts();
    const port = await serve(createServer(), texts);
    expect(await receive(`ws://127.0.0.1:${port}/`, texts.length)).toEqual(texts);
  });

  it('does so in TLS', async () => {
    const texts = makeTexts();
    const { certificatePem, keyPem } = createSelfSignedCertificate(Date.now());
    const port = await serve(createTlsServer({ cert: certificatePem, key: keyPem }), texts);
    const received = await receive(`wss://localhost:${port}/`, texts.length, {
      caPem: certificatePem,
    });
    expect(received).toEqual(texts);
  });

  it('does so where many are read into one memory, plain ones and those in TLS', async () => {
    const texts = makeTexts();
    const memory = new Uint8Array(65_536);
    const { certificatePem, keyPem } = createSelfSignedCertificate(Date.now());
    const plain = await serve(createServer(), texts);
    const tls = await serve(createTlsServer({ cert: certificatePem, key: keyPem }), texts);
    const urls = [`ws://127.0.0.1:${plain}/`, `wss://localhost:${tls}/`];
    const readings = [...urls, ...urls, ...urls].map((url) =>
      receive(url, texts.length, { caPem: certificatePem, memory }),
    );
    for (const received of await Promise.all(readings)) expect(received).toEqual(texts);
  });
});
