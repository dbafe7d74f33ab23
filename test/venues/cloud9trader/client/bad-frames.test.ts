import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemRuntime } from '../../../../src/runtime/system-runtime.js';
import { Client } from '../../../../src/venues/cloud9trader/client/index.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A client on a real socket; `serve` is called for each connection, with its number. */
async function open(serve: (peer: WebSocket, number: number) => void) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  let connections = 0;
  server.on('connection', (peer) => serve(peer, (connections += 1)));
  await new Promise((resolve) => server.once('listening', resolve));
  const host = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const logger = { debug: log, info: log, warn: log, error: log };
  const random = { fraction: () => 0, bytes: (count: number) => new Uint8Array(count) };
  const client = new Client({ key: 'PUBKEY', host, runtime: systemRuntime({ random, logger }) });
  const heard: unknown[] = [];
  client.on('price', (value: unknown) => heard.push(value));
  client.on('error', (error: { readonly code?: string }) => heard.push(error.code));
  cleanups.push(() => {
    client.stop();
    for (const peer of server.clients) peer.terminate();
    server.close();
  });
  return { client, heard, logged };
}

/** Sends in one read of the other side. */
function sendTogether(peer: WebSocket, frames: readonly (string | Buffer)[], binary = false): void {
  const { _socket: connection } = peer as unknown as { readonly _socket: Socket };
  connection.cork();
  for (const frame of frames) peer.send(frame, { binary: binary && typeof frame !== 'string' });
  process.nextTick(() => connection.uncork());
}

const NO_UTF8 = Buffer.from('["price","\xff"]', 'latin1');

describe('a frame that is no UTF-8', () => {
  it('costs the connection where it is a text, and nothing behind it counts', async () => {
    const { client, heard } = await open((peer, number) => {
      const first = ['["price",1]', NO_UTF8, '["price",2]'];
      sendTogether(peer, number === 1 ? first : ['["price",3]']);
    });
    client.start();
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual([1, 'CONNECTION_CLOSED', 3]);
  });

  it('is left out where it is binary, which is said', async () => {
    const { client, heard, logged } = await open((peer) =>
      sendTogether(peer, ['["price",1]', NO_UTF8, '["price",2]'], true),
    );
    client.start();
    await expect.poll(() => heard).toEqual([1, 2]);
    expect(logged).toEqual(['A frame is no UTF-8; it is left out.']);
  });
});

/** Asks for a topic; what comes is told, and then the handler throws. */
function askAndThrow(client: Client, told: unknown[]): void {
  client.request('price.X:Y', (error) => {
    told.push(error);
    throw new Error('of the handler');
  });
}

describe('a handler that throws', () => {
  it('costs no frame that came with its answer', async () => {
    const { client, heard, logged } = await open((peer) =>
      peer.on('message', (data: Buffer) => {
        const [, , id] = JSON.parse(data.toString()) as string[];
        sendTogether(peer, [JSON.stringify([id, null, {}]), '["price",1]', '["price",2]']);
      }),
    );
    const told: unknown[] = [];
    client.on('connected', () => askAndThrow(client, told));
    client.start();
    await expect.poll(() => heard).toEqual([1, 2]);
    expect(told).toEqual([null]);
    expect(logged).toEqual(['The handler of an answer threw; everything else goes on.']);
  });

  it('costs no other one its answer when the client is stopped', async () => {
    const { client, logged } = await open(() => undefined);
    const told: unknown[] = [];
    client.start();
    await expect.poll(() => client.connected).toBe(true);
    askAndThrow(client, told);
    askAndThrow(client, told);
    client.stop();
    expect(told).toHaveLength(2);
    // These wait for a connection.
    askAndThrow(client, told);
    askAndThrow(client, told);
    client.stop();
    expect(told).toEqual(Array.from({ length: 4 }, () => 'Client is stopped'));
    expect(logged).toHaveLength(4);
  });
});
