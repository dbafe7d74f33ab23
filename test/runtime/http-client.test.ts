import { createServer, type RequestListener } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionError } from '../../src/model/error.js';
import type { HttpRequest } from '../../src/model/runtime.js';
import { createHttpClient } from '../../src/runtime/http-client.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listen(server: TcpServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?token=hunter2`;
}

const serve = (answer: RequestListener): Promise<string> => listen(createServer(answer));

const http = createHttpClient();

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, timeoutMs: 5_000, maxBodyBytes: 1_000, ...more };
}

async function fail(request: HttpRequest): Promise<ConnectionError> {
  const error = await http(request).then(
    () => undefined,
    (reason: unknown) => reason as ConnectionError,
  );
  if (!error) throw new Error('The request should have failed.');
  expect(error.name).toBe('ConnectionError');
  expect(JSON.stringify([error.message, error.facts, error.cause])).not.toContain('hunter2');
  return error;
}

describe('the HTTP client', () => {
  it.each([
    ['30', 30_000],
    ['Sun, 09 Aug 2026 21:06:48 GMT', 60_000],
    ['soon', undefined],
  ])('reads how long it is to wait: %s', async (header, retryAfterMs) => {
    const url = await serve((_, response) => {
      response.writeHead(429, { date: 'Sun, 09 Aug 2026 21:05:48 GMT', 'Retry-After': header });
      response.end();
    });
    expect((await http(get(url))).retryAfterMs).toBe(retryAfterMs);
  });

  it('sends method, headers and body as they are, and reads status, body and Date', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(418, { date: 'Sun, 09 Aug 2026 21:05:48 GMT' });
        const { method, url: path, headers } = request;
        response.end(`${method} ${path} ${headers['x-key'] as string} ${body}`);
      });
    });
    const request = get(url, { method: 'POST', headers: { 'X-Key': 'K' }, body: 'nonce=1&é' });
    expect(await http(request)).toEqual({
      status: 418,
      body: 'POST /path?token=hunter2 K nonce=1&é',
      serverDateMs: Date.UTC(2026, 7, 9, 21, 5, 48),
    });
  });

  it('leaves the Date out where it is none', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { date: 'yesterday' }).end();
    });
    expect((await http(get(url))).serverDateMs).toBeUndefined();
  });

  it('opens a connection for each request', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    await http(get(url));
    await http(get(url));
    expect(ports.size).toBe(2);
  });

  it('hands on a redirect as an answer', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await http(get(url))).status).toBe(302);
  });

  it('takes a body of exactly the limit and refuses a longer one', async () => {
    const url = await serve((request, response) => {
      response.end('x'.repeat(Number(request.headers['x-length'])));
    });
    const ask = (length: string) => get(url, { headers: { 'x-length': length } });
    expect((await http(ask('1000'))).body).toHaveLength(1_000);
    expect(await fail(ask('1001'))).toMatchObject({ code: 'HTTP_FAILED' });
  });

  it('refuses an endless body without waiting for its end', async () => {
    const url = await serve((_request, response) => {
      const pour = (): void => void (response.write('x'.repeat(10_000)) && setImmediate(pour));
      pour();
    });
    expect(await fail(get(url))).toMatchObject({ code: 'HTTP_FAILED' });
  });

  it('gives up on an answer, or the rest of one, that does not come in time', async () => {
    const silent = await serve(() => undefined);
    const halting = await serve((_request, response) => void response.write('x'));
    for (const url of [silent, halting]) {
      const error = await fail(get(url, { timeoutMs: 100 }));
      expect(error).toMatchObject({ code: 'TIMED_OUT', retryable: true });
    }
  });

  it('names a port where nothing listens', async () => {
    const server = createServer();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await fail(get(url))).toMatchObject({
      code: 'DIAL_FAILED',
      facts: { systemCode: 'ECONNREFUSED' },
    });
  });

  it('tells an answer that is not HTTP, or not TLS, from no answer', async () => {
    const greet = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('SSH-2.0-Server\r\n'));
    });
    const odd = await listen(greet);
    const plain = await serve((_request, response) => void response.end());
    for (const [url, words] of [
      [odd, 'what came is not HTTP (HPE_'],
      [plain.replace('http:', 'https:'), 'what came is not TLS as it should be (E'],
    ] as const) {
      const error = await fail(get(url));
      expect(error).toMatchObject({ code: 'HTTP_FAILED', retryable: true });
      expect(String(error)).toContain(`was reached, but ${words}`);
      expect(String(error)).toMatch(/Check scheme, host and port\.$/);
    }
  });

  it('names a connection that is cut, before or inside the answer', async () => {
    const before = await listen(createTcpServer((socket) => socket.resetAndDestroy()));
    const inside = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x');
      setImmediate(() => response.destroy());
    });
    for (const url of [before, inside]) {
      expect(await fail(get(url))).toMatchObject({ code: 'HTTP_FAILED', retryable: true });
    }
  });

  it('refuses an address or a header that cannot be sent, and repeats neither', async () => {
    for (const request of [
      get('no address?token=hunter2'),
      get('ftp://127.0.0.1/?token=hunter2'),
      get('http://127.0.0.1:1/', { headers: { 'x-sign': 'hunter2\n' } }),
    ]) {
      expect(await fail(request)).toMatchObject({ code: 'HTTP_FAILED', retryable: false });
    }
  });
});
