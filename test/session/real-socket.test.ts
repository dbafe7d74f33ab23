import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { createAttemptBudget } from '../../src/session/budget.js';
import type { Session } from '../../src/model/session.js';
import { createSession } from '../../src/session/session.js';
import { createFakeVenue, type FakeRequest } from '../doubles/fake-venue.js';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

/** Acknowledges whatever is asked for, and beats once for each request. */
async function serveVenue(onPeer: (peer: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  server.on('connection', (peer) => {
    const held: Record<string, readonly string[]> = {};
    peer.on('message', (data: Buffer) => {
      const request = JSON.parse(data.toString()) as FakeRequest;
      held[request.channel] = request.symbols;
      peer.send(JSON.stringify({ say: 'held', held }));
      peer.send(JSON.stringify({ say: 'beat', counter: 1, at: Date.now() }));
    });
    onPeer(peer);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A session that follows a book, and what it tells. */
function openSession(url: string): { readonly session: Session; readonly heard: string[] } {
  const venue = createFakeVenue({ backoff: { firstMs: 10, maxMs: 20, leastMs: 1 } });
  const runtime = systemRuntime();
  const heard: string[] = [];
  const session = createSession({
    name: 'real',
    venue,
    endpoint: { name: 'market', url },
    runtime,
    budget: createAttemptBudget(venue.limits.connects, runtime.clock),
    listener: {
      onReady: () => heard.push('ready'),
      onFrame: () => undefined,
      onBadFrame: (error) => heard.push(error.code),
      onLost: (error) => {
        heard.push(error.code);
      },
      onSubscribed: ({ symbol }) => heard.push(`subscribed ${symbol}`),
      onEnded: () => undefined,
      onRefused: (_subscription, { error }) => heard.push(error.code),
      onAuth: () => undefined,
    },
  });
  session.want([{ channel: 'book', symbol: 'A' }]);
  session.open();
  return { session, heard };
}

describe('a session on a real socket', () => {
  it('comes back after the connection is cut, and says goodbye in the end', async () => {
    const peers: WebSocket[] = [];
    const goodbyes: number[] = [];
    const url = await serveVenue((peer) => {
      peers.push(peer);
      peer.on('close', (code) => goodbyes.push(code));
    });
    const { session, heard } = openSession(url);
    await expect.poll(() => heard).toEqual(['ready', 'subscribed A']);
    peers[0]!.terminate();
    await expect.poll(() => heard.slice(2)).toEqual(['CONNECTION_CLOSED', 'ready', 'subscribed A']);
    await session.close();
    await expect.poll(() => goodbyes).toEqual([1006, 1000]);
    expect(session.status).toBe('closed');
    expect(peers).toHaveLength(2);
  });

  it('fails the connection that sends a text which is no UTF-8, and comes back', async () => {
    const peers: WebSocket[] = [];
    const goodbyes: number[] = [];
    const url = await serveVenue((peer) => {
      peers.push(peer);
      peer.on('close', (code) => goodbyes.push(code));
    });
    const { session, heard } = openSession(url);
    await expect.poll(() => heard).toEqual(['ready', 'subscribed A']);
    // The codec refuses it, and the connection is lost by it. What comes behind it counts no more.
    peers[0]!.send(Buffer.from('{"say":"beat\xff"}', 'latin1'), { binary: false });
    peers[0]!.send('?');
    await expect.poll(() => heard.at(-1)).toBe('subscribed A');
    await expect
      .poll(() => heard.slice(2))
      .toEqual(['FRAME_INVALID', 'FRAME_INVALID', 'ready', 'subscribed A']);
    expect(goodbyes).toEqual([1007]);
    await session.close();
  });
});
