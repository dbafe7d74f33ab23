import { once } from 'node:events';
import { connect, Server } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerConnection, UpgradeAnswer, VenueServer } from '../../src/model/exchange.js';
import { hostVenueServer, type HostedServer } from '../../src/runtime/server.js';
import { createSelfSignedCertificate } from '../../src/simulator/self-signed.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import type { LogFacts } from '../../src/model/logger.js';
import { silentLogger } from '../../src/runtime/silent-logger.js';

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
  it('answers 500 and logs where its server half throws, and goes on', async () => {
    const logged: LogFacts[] = [];
    const error = new RangeError('internals');
    const fail = (): never => {
      throw error;
    };
    const server: VenueServer = {
      id: 'test',
      onUpgrade: fail,
      onConnection: fail,
      close: () => undefined,
      onHttp: ({ path }) => (path === '/' ? { status: 200, body: 'well' } : fail()),
    };
    const logger = {
      ...silentLogger,
      error: (_: string, facts: LogFacts = {}) => logged.push(facts),
    };
    const hosted = await hostVenueServer(server, { port: 0, clock: systemClock, logger });
    const ask = async (path: string): Promise<[number, string]> => {
      const response = await fetch(`http://127.0.0.1:${hosted.port}${path}`);
      return [response.status, await response.text()];
    };
    const [status, body] = await ask('/fail');
    expect(status).toBe(500);
    expect(body).not.toContain('internals');
    const client = new WebSocket(`ws://127.0.0.1:${hosted.port}/`);
    const refusal = new Promise<Error>((resolve) => client.once('error', resolve));
    expect((await refusal).message).toContain('500');
    expect(await ask('/')).toEqual([200, 'well']);
    expect(logged).toEqual([{ error }, { error }]);
    await hosted.close();
  });

  it.each(['onConnection', 'onMessage', 'onClosed'])(
    'logs what its server half throws in %s, and closes that socket alone',
    async (where) => {
      const logged: unknown[] = [];
      const error = new RangeError('internals');
      let closings = 0;
      const failAt = (place: string): void => {
        if (place === where) throw error;
      };
      const server: VenueServer = {
        id: 'test',
        onUpgrade: () => ({ kind: 'accept' }),
        close: () => undefined,
        onConnection: (connection, { path }) => {
          if (path === '/good') {
            return { onMessage: (text) => connection.send(text), onClosed: () => undefined };
          }
          failAt('onConnection');
          const onClosed = (): void => {
            closings += 1;
            failAt('onClosed');
          };
          return { onMessage: () => failAt('onMessage'), onClosed };
        },
      };
      const logger = {
        ...silentLogger,
        error: (_: string, facts: LogFacts = {}) => logged.push(facts['error']),
      };
      const hosted = await hostVenueServer(server, { port: 0, clock: systemClock, logger });
      const open = async (path: string): Promise<WebSocket> => {
        const client = new WebSocket(`ws://127.0.0.1:${hosted.port}${path}`);
        await once(client, 'open');
        return client;
      };
      const good = await open('/good');
      const bad = await open('/bad');
      const closed = once(bad, 'close');
      if (where === 'onMessage') for (const text of ['1', '2', '3']) bad.send(text);
      if (where === 'onClosed') bad.close(1000);
      const [code, reason] = (await closed) as [number, Buffer];
      expect(code).toBe(where === 'onClosed' ? 1000 : 1011);
      expect(String(reason)).not.toContain('internals');
      const echoed = once(good, 'message');
      good.send('well');
      expect(String((await echoed)[0])).toBe('well');
      await vi.waitFor(() => expect(logged).toEqual([error]));
      expect(closings).toBe(where === 'onConnection' ? 0 : 1);
      await hosted.close();
    },
  );

  it('frees its port also where its server half fails to close', async () => {
    const server: VenueServer = {
      id: 'test',
      onUpgrade: () => ({ kind: 'accept' }),
      onConnection: () => ({ onMessage: () => undefined, onClosed: () => undefined }),
      close: () => {
        throw new RangeError('internals');
      },
    };
    const hosted = await hostVenueServer(server, { port: 0, clock: systemClock });
    const client = new WebSocket(`ws://127.0.0.1:${hosted.port}/`);
    await once(client, 'open');
    const closed = once(client, 'close');
    await expect(hosted.close()).rejects.toThrow('internals');
    await closed;
    const next = await hostVenueServer(server, { port: hosted.port, clock: systemClock });
    await expect(next.close()).rejects.toThrow('internals');
  });

  it('goes on where a connection cannot be taken', async () => {
    const listening = vi.spyOn(Server.prototype, 'listen');
    const logged: LogFacts[] = [];
    const logger = {
      ...silentLogger,
      error: (_: string, facts: LogFacts = {}) => logged.push(facts),
    };
    const server: VenueServer = {
      id: 'test',
      onUpgrade: () => ({ kind: 'accept' }),
      onConnection: () => ({ onMessage: () => undefined, onClosed: () => undefined }),
      close: () => undefined,
    };
    const hosted = await hostVenueServer(server, { port: 0, clock: systemClock, logger });
    const error = new Error('accept ENOBUFS');
    const [listener] = listening.mock.contexts as [Server];
    for (let time = 0; time < 2; time += 1) listener.emit('error', error);
    listening.mockRestore();
    expect(logged).toEqual([{ error }, { error }]);
    expect((await fetch(`http://127.0.0.1:${hosted.port}/`)).status).toBe(404);
    await hosted.close();
  });

  it("says in words what a refusal of nobody's standard means", async () => {
    const hosted = await host({ kind: 'refuse', status: 520, body: '' });
    const socket = connect({ port: hosted.port, host: '127.0.0.1' });
    socket.write(`${UPGRADE}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 520 Web Server Returned an Unknown Error\r\n/);
    await hosted.close();
  });

  it.each([undefined, createSelfSignedCertificate(Date.now())])(
    'answers requests that offer another protocol than WebSocket as others (%#)',
    async (tls) => {
      const server: VenueServer = {
        id: 'test',
        onUpgrade: () => ({ kind: 'refuse', status: 404, body: '' }),
        onConnection: () => ({ onMessage: () => undefined, onClosed: () => undefined }),
        close: () => undefined,
        onHttp: ({ method, path, body }) => ({ status: 200, body: `${method} ${path} ${body}.` }),
      };
      const warnings: Error[] = [];
      const warn = (warning: Error): unknown => warnings.push(warning);
      process.on('warning', warn);
      const hosted = await hostVenueServer(server, { port: 0, clock: systemClock, tls });
      const place = { port: hosted.port, host: '127.0.0.1' };
      const socket = tls ? connectTls({ ...place, ca: tls.certificatePem }) : connect(place);
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      // What Java's client sends with its first request; many times on one connection.
      const offer =
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA';
      for (let turn = 1; turn <= 12; turn += 1) {
        socket.write(
          `POST /orders HTTP/1.1\r\nHost: x\r\n${offer}\r\nContent-Length: 6\r\n\r\nabc`,
        );
        socket.write('def');
        const wanted = 'POST /orders abcdef.'.repeat(turn);
        const told = (): string => text.match(/POST \/orders abcdef\./g)?.join('') ?? '';
        await vi.waitFor(() => expect(told()).toBe(wanted), { interval: 5 });
      }
      process.off('warning', warn);
      socket.destroy();
      await hosted.close();
      expect(warnings).toEqual([]);
    },
  );

  it('answers what is sent behind another request, and keeps every line of its head', async () => {
    const server: VenueServer = {
      id: 'test',
      onUpgrade: () => ({ kind: 'refuse', status: 404, body: '' }),
      onConnection: () => ({ onMessage: () => undefined, onClosed: () => undefined }),
      close: () => undefined,
      onHttp: ({ path, body }) => ({ status: 200, body: `${path} ${body}.` }),
    };
    const hosted = await hostVenueServer(server, { port: 0, clock: systemClock });
    const socket = connect({ port: hosted.port, host: '127.0.0.1' });
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    const offer = 'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n';
    const lines = Array.from({ length: 1_200 }, (_, at) => `a${at}: b\r\n`).join('');
    const requests = [
      'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n',
      `GET /2 HTTP/1.1\r\n${offer}\r\n`,
      `POST /3 HTTP/1.1\r\n${offer}${lines}Content-Length: 6\r\n\r\nGET /x`,
      `GET /4 HTTP/1.1\r\n${offer}\r\n`,
    ];
    socket.write(requests.join(''));
    const told = (): string[] | null => text.match(/\/\d [^.]*\./g);
    await vi.waitFor(() => expect(told()).toEqual(['/1 .', '/2 .', '/3 GET /x.', '/4 .']));
    socket.destroy();
    await hosted.close();
  });

  it.each([undefined, createSelfSignedCertificate(Date.now())])(
    'closes at once although a client has said nothing yet (%#)',
    async (tls) => {
      const server: VenueServer = {
        id: 'test',
        onUpgrade: () => ({ kind: 'accept' }),
        close: () => undefined,
        onConnection: () => ({ onMessage: () => undefined, onClosed: () => undefined }),
      };
      const pair = tls && { keyPem: tls.keyPem, certificatePem: tls.certificatePem };
      const hosted = await hostVenueServer(server, { port: 0, clock: systemClock, tls: pair });
      const socket = connect({ port: hosted.port, host: '127.0.0.1' });
      const ended = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('connect', resolve));
      // It is a connection of the server's from then on.
      await fetch(`http://127.0.0.1:${hosted.port}/`).catch(() => undefined);
      await hosted.close();
      await ended;
    },
    10_000,
  );

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
