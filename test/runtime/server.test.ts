import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerConnection, UpgradeAnswer, VenueServer } from '../../src/model/exchange.js';
import { hostVenueServer, type HostedServer } from '../../src/runtime/server.js';
import { systemClock } from '../../src/runtime/system-clock.js';

const UPGRADE = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
].join('\r\n');

async function host(
  answer: UpgradeAnswer,
  greet: (connection: ServerConnection) => void = () => undefined,
): Promise<HostedServer> {
  const server: VenueServer = {
    id: 'test',
    onUpgrade: () => answer,
    onConnection: (connection) => {
      greet(connection);
      return { onMessage: () => undefined, onClosed: () => undefined };
    },
    close: () => undefined,
  };
  return hostVenueServer(server, { port: 0, clock: systemClock });
}

describe('a hosted server', () => {
  it('ends a refused upgrade also where the client keeps its half open', async () => {
    const hosted = await host({ kind: 'refuse', status: 404, headers: {}, body: 'no' });
    const socket = connect({ port: hosted.port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    socket.on('error', () => undefined).on('data', (chunk) => (answer += chunk.toString()));
    socket.write(`${UPGRADE}\r\n\r\n`);
    await new Promise((resolve) => socket.once('end', resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n[^]*\r\n\r\nno$/);
    await hosted.close();
    socket.destroy();
  });

  it.each([
    [1001, 1001],
    [4999, 4999],
    [1005, 1005],
    [1006, 1006],
    [1015, 1006],
    [999, 1006],
    [1000.5, 1006],
  ])('shows its clients the code %d as far as that can be', async (code, seen) => {
    const hosted = await host({ kind: 'accept' }, (connection) => {
      connection.close(code, '€'.repeat(60));
    });
    const client = new WebSocket(`ws://127.0.0.1:${hosted.port}/`);
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.on('error', () => undefined);
    expect(await closed).toBe(seen);
    await hosted.close();
  });
});
