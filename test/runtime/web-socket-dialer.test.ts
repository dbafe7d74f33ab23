import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../../src/model/runtime.js';
import type { DialTarget, Socket as OurSocket, SocketClose } from '../../src/model/socket.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { createWebSocketDialer } from '../../src/runtime/web-socket-dialer.js';
import { createSelfSignedCertificate } from '../../src/simulator/self-signed.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listen(server: Server | HttpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A WebSocket server whose peers the test drives. */
async function serve(onPeer: (peer: WebSocket) => void = () => undefined): Promise<string> {
  const server = createHttpServer();
  const webSockets = new WebSocketServer({ server });
  webSockets.on('connection', (peer) => {
    peer.on('error', () => undefined);
    onPeer(peer);
  });
  return `ws://127.0.0.1:${await listen(server)}/`;
}

interface Dialled {
  readonly socket: OurSocket;
  readonly log: string[];
  /** When each frame was received. */
  readonly times: number[];
  readonly opened: Promise<number | undefined>;
  readonly closed: Promise<SocketClose>;
  /** Resolves with the next frame that has not been waited for. */
  readonly frame: () => Promise<Uint8Array>;
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
}

function createDeferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}

let readings = 0;
/** Never says the same time twice. */
const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + (readings += 1) / 1e3 };

function dial(url: string, more: Partial<DialTarget> = {}): Dialled {
  const log: string[] = [];
  const times: number[] = [];
  const frames: Uint8Array[] = [];
  const waiting: ((frame: Uint8Array) => void)[] = [];
  const opened = createDeferred<number | undefined>();
  const closed = createDeferred<SocketClose>();
  const target = { url, maxFrameBytes: 1_000, handshakeTimeoutMs: 5_000, ...more };
  const socket = createWebSocketDialer({ clock })(target, {
    onOpened: ({ serverDateMs }) => {
      log.push('opened');
      opened.resolve(serverDateMs);
    },
    onFrame: ({ view }, receivedAtMs) => {
      if (!isUtf8(view)) return false;
      log.push('frame');
      times.push(receivedAtMs);
      expect(Math.abs(receivedAtMs - Date.now())).toBeLessThan(5_000);
      const copy = Uint8Array.from(view);
      const next = waiting.shift();
      if (next) next(copy);
      else frames.push(copy);
      return true;
    },
    onPong: () => log.push('pong'),
    onClosed: (close) => {
      log.push('closed');
      closed.resolve(close);
    },
  });
  cleanups.push(() => socket.terminate());
  const frame = (): Promise<Uint8Array> => {
    const ready = frames.shift();
    return ready ? Promise.resolve(ready) : new Promise((resolve) => waiting.push(resolve));
  };
  return { socket, log, times, opened: opened.promise, closed: closed.promise, frame };
}

/** Long enough for a second report to arrive, were there one. */
async function rest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
}

describe('the WebSocket dialer', () => {
  it('opens, sends, receives text and binary as bytes, and pings', async () => {
    const url = await serve((peer) => {
      peer.on('message', (data: Buffer) => {
        peer.send(data.toString());
        peer.send(Buffer.from([1, 2, 3]));
      });
    });
    const { socket, opened, frame, log } = dial(url);
    const serverDateMs = await opened;
    expect(serverDateMs).toBeUndefined();
    expect(socket.send('hello')).toBe(true);
    expect(Buffer.from(await frame()).toString()).toBe('hello');
    expect([...(await frame())]).toEqual([1, 2, 3]);
    socket.ping();
    await expect.poll(() => log).toContain('pong');
  });

  it('reads the Date of the upgrade, and sends headers, subprotocols, no User-Agent', async () => {
    const server = createHttpServer();
    const webSockets = new WebSocketServer({ server, handleProtocols: () => 'two' });
    const seen = new Promise<Record<string, unknown>>((resolve) => {
      webSockets.on('headers', (headers, request) => {
        headers.push('Date: Sun, 09 Aug 2026 21:05:48 GMT');
        resolve(request.headers);
      });
    });
    const url = `ws://127.0.0.1:${await listen(server)}/`;
    const { opened } = dial(url, { headers: { 'x-key': 'K' }, subprotocols: ['one', 'two'] });
    expect(await opened).toBe(Date.UTC(2026, 7, 9, 21, 5, 48));
    const headers = await seen;
    expect(headers['x-key']).toBe('K');
    expect(headers['sec-websocket-protocol']).toBe('one,two');
    expect(headers['user-agent']).toBeUndefined();
    expect(headers['sec-websocket-extensions']).toBeUndefined();
  });

  it.each([1000, 1001, 1008, 1011, 3003, 4001])('reports the close code %i', async (code) => {
    const url = await serve((peer) => peer.close(code, 'because'));
    const { closed, log } = dial(url);
    expect(await closed).toMatchObject({ code, reason: 'because' });
    expect((await closed).failure).toBeUndefined();
    await rest();
    expect(log).toEqual(['opened', 'closed']);
  });

  it('tells one time for all frames of one read, and another for those of the next', async () => {
    const url = await serve((peer) => {
      peer.on('message', () => ['one', 'two'].forEach((text) => peer.send(text)));
    });
    const { socket, opened, frame, times } = dial(url);
    await opened;
    for (let read = 0; read < 2; read += 1) {
      socket.send('go on');
      await frame();
      await frame();
    }
    expect(times[1]).toBe(times[0]);
    expect(times[2]).toBeGreaterThan(times[1] as number);
    expect(times[3]).toBe(times[2]);
  });

  it('says goodbye with a code, and reports the end once', async () => {
    let heard: number | undefined;
    const url = await serve((peer) => peer.on('close', (code) => (heard = code)));
    const { socket, opened, closed, log } = dial(url);
    await opened;
    socket.close(1000, 'done '.repeat(60));
    socket.close(1000, 'again');
    expect(socket.send('late')).toBe(false);
    await closed;
    expect(heard).toBe(1000);
    socket.terminate();
    socket.ping();
    await rest();
    expect(log).toEqual(['opened', 'closed']);
  });

  it('ends by force when the peer does not answer the goodbye', async () => {
    const url = await serve((peer) => {
      // Reads nothing any more, so that the close frame is never seen.
      (peer as unknown as { _socket: Socket })._socket.pause();
    });
    const { socket, opened, closed } = dial(url);
    await opened;
    const startedAtMs = performance.now();
    socket.close(1000, '');
    expect(await closed).toMatchObject({ code: 1006 });
    expect(performance.now() - startedAtMs).toBeLessThan(3_500);
  });

  it('reports a connection that is reset', async () => {
    const url = await serve((peer) => {
      (peer as unknown as { _socket: Socket })._socket.resetAndDestroy();
    });
    const { closed, log } = dial(url);
    const close = await closed;
    expect(close.code).toBe(1006);
    await rest();
    expect(log.filter((one) => one === 'closed')).toHaveLength(1);
  });

  it.each([
    ['an orderly end', (raw: Socket) => void raw.end()],
    ['a reset', (raw: Socket) => void setTimeout(() => raw.resetAndDestroy(), 20)],
  ])('takes %s in the middle of a frame for the end of the connection', async (_what, end) => {
    const url = await serve((peer) => {
      const { _socket: raw } = peer as unknown as { _socket: Socket };
      peer.send('{"a":1}');
      raw.write(Buffer.from([0x81, 0x05, 65, 66]), () => end(raw));
    });
    const { closed, frame, log } = dial(url);
    expect(Buffer.from(await frame()).toString()).toBe('{"a":1}');
    const { code, failure } = await closed;
    expect(code).toBe(1006);
    expect(failure?.kind ?? 'network').toBe('network');
    await rest();
    expect(log).toEqual(['opened', 'frame', 'closed']);
  });

  it('reads frames that came with the answer to the upgrade, and none after a close', async () => {
    const server = createHttpServer();
    server.on('upgrade', (request, raw: Socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      const head =
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`;
      const close = '\x88\x02\x03\xe8';
      raw.write(Buffer.from(`${head}\x81\x01a\x81\x01b${close}\x81\x01c`, 'latin1'));
    });
    const url = `ws://127.0.0.1:${await listen(server)}/`;
    const { closed, frame, log } = dial(url);
    expect(Buffer.from(await frame()).toString()).toBe('a');
    expect(Buffer.from(await frame()).toString()).toBe('b');
    const startedAtMs = performance.now();
    expect(await closed).toMatchObject({ code: 1000 });
    // The server never hangs up: it is not waited for much longer than for an answer of its own.
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    await rest();
    expect(log).toEqual(['opened', 'frame', 'frame', 'closed']);
  });

  it('reports a refused upgrade: its status, the beginning of its body, its Date', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(401, { date: 'Sun, 09 Aug 2026 21:05:48 GMT' });
      response.end('no such key '.repeat(1_000));
    });
    const { closed, log } = dial(`ws://127.0.0.1:${await listen(server)}/`);
    const close = await closed;
    expect(close.serverDateMs).toBe(Date.UTC(2026, 7, 9, 21, 5, 48));
    expect(close.failure).toMatchObject({ kind: 'http-status', status: 401 });
    if (close.failure?.kind !== 'http-status') throw new Error('unreachable');
    expect(close.failure.body).toMatch(/^no such key /);
    expect(close.failure.body).toHaveLength(2_048);
    await rest();
    expect(log).toEqual(['closed']);
  });

  it('reports how long a refused upgrade asks to be left alone', async () => {
    const date = 'Sun, 09 Aug 2026 21:05:48 GMT';
    for (const asked of ['90', 'Sun, 09 Aug 2026 21:07:18 GMT']) {
      const server = createHttpServer((_request, response) => {
        response.writeHead(429, { date, 'retry-after': asked }).end();
      });
      const { closed } = dial(`ws://127.0.0.1:${await listen(server)}/`);
      expect((await closed).retryAfterMs).toBe(90_000);
    }
  });

  it('does not follow a redirect, which would carry a signature elsewhere', async () => {
    let visits = 0;
    const server = createHttpServer((_request, response) => {
      visits += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const { closed } = dial(`ws://127.0.0.1:${await listen(server)}/`);
    expect((await closed).failure).toMatchObject({ kind: 'http-status', status: 302 });
    expect(visits).toBe(1);
  });

  it('keeps the status of a refusal whose body never ends', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(503).write('wait');
    });
    const url = `ws://127.0.0.1:${await listen(server)}/`;
    const { closed } = dial(url, { handshakeTimeoutMs: 200 });
    expect((await closed).failure).toMatchObject({ kind: 'http-status', status: 503 });
  });

  it('names a frame that is too big, whole or in pieces', async () => {
    const inPieces = (peer: WebSocket): void => {
      for (let count = 0; count < 5; count += 1) peer.send('x'.repeat(300), { fin: count === 4 });
    };
    for (const send of [(peer: WebSocket) => peer.send('x'.repeat(1_001)), inPieces]) {
      const { closed, log } = dial(await serve(send));
      expect((await closed).failure).toEqual({ kind: 'frame-too-big', limitBytes: 1_000 });
      await rest();
      expect(log).toEqual(['opened', 'closed']);
    }
  });

  it('takes a frame of exactly the limit', async () => {
    const { frame } = dial(await serve((peer) => peer.send('x'.repeat(1_000))));
    expect(await frame()).toHaveLength(1_000);
  });

  it('names bytes that are not WebSocket', async () => {
    const url = await serve((peer) => {
      (peer as unknown as { _socket: Socket })._socket.write('HTTP/1.1 200 OK\r\n\r\n');
    });
    expect((await dial(url).closed).failure).toMatchObject({ kind: 'frame-invalid' });
  });

  it('gives up on a server that accepts and says nothing', async () => {
    const port = await listen(createTcpServer());
    const { closed, log } = dial(`ws://127.0.0.1:${port}/`, { handshakeTimeoutMs: 100 });
    expect((await closed).failure).toEqual({ kind: 'timeout' });
    await rest();
    expect(log).toEqual(['closed']);
  });

  it('stays open with a peer that says nothing after the upgrade', async () => {
    const { opened, log } = dial(await serve());
    await opened;
    await rest();
    expect(log).toEqual(['opened']);
  });

  it('reports a port where nothing listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { closed } = dial(`ws://127.0.0.1:${port}/`);
    expect((await closed).failure).toMatchObject({ kind: 'network', systemCode: 'ECONNREFUSED' });
  });

  it('reports a server that hangs up in the middle of the handshake', async () => {
    const port = await listen(createTcpServer((socket) => socket.end()));
    expect((await dial(`ws://127.0.0.1:${port}/`).closed).failure).toMatchObject({
      kind: 'network',
    });
  });

  it('tells an unacceptable certificate, and takes one that it is told to', async () => {
    const { certificatePem, keyPem } = createSelfSignedCertificate(Date.now());
    const server = createTlsServer({ cert: certificatePem, key: keyPem });
    new WebSocketServer({ server });
    const url = `wss://localhost:${await listen(server)}/`;
    expect((await dial(url).closed).failure).toMatchObject({ kind: 'tls' });
    const trusted = dial(url, { caPem: certificatePem });
    await Promise.race([trusted.opened, trusted.closed]);
    expect(trusted.log).toEqual(['opened']);
  });

  it('tells a server without TLS from one that is not reached', async () => {
    const url = (await serve()).replace('ws:', 'wss:');
    expect((await dial(url).closed).failure).toMatchObject({ kind: 'protocol' });
  });

  it('reports what cannot be dialled, and repeats none of it', async () => {
    const secret = 'hunter2';
    for (const start of [
      () => dial(`no address ${secret}`),
      () => dial('ws://127.0.0.1:1/', { headers: { 'x-token': `${secret}\n` } }),
    ]) {
      const attempt = start();
      // Not before the caller holds the socket.
      expect(attempt.log).toEqual([]);
      const close = await attempt.closed;
      expect(close.failure).toMatchObject({ kind: 'network', systemCode: 'ADDRESS_INVALID' });
      expect(JSON.stringify(close)).not.toContain(secret);
    }
  });

  it('can be ended while it dials', async () => {
    const port = await listen(createTcpServer());
    for (const end of ['close', 'terminate'] as const) {
      const { socket, closed, log } = dial(`ws://127.0.0.1:${port}/`);
      if (end === 'close') socket.close(1000, '');
      else socket.terminate();
      expect(log).toEqual([]);
      expect(await closed).toMatchObject({ code: 1006 });
    }
  });
});
