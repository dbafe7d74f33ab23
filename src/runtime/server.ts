/**
 * Hosts a venue's server half on a real port: the only place that knows node:http and ws for it.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { ConfigError } from '../model/error.js';
import type {
  ServerConnection,
  UpgradeAnswer,
  VenueServer,
  VenueServerRequest,
  VenueServerResponse,
} from '../model/exchange.js';
import type { Logger } from '../model/logger.js';
import type { Clock } from '../model/runtime.js';
import { cutReason } from './close-reason.js';
import { createFaultyWire } from './faulty-wire.js';
import { systemTimers } from './system-timers.js';
import { warningLogger } from './warning-logger.js';

const REQUEST_BYTES_MAX = 1024 * 1024;
const MESSAGE_BYTES_MAX = 256 * 1024;
const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  520: 'Web Server Returned an Unknown Error',
};

/** What a peer reads from a close frame without a code (RFC 6455, 7.1.5). */
const NO_CODE = 1005;
/** Codes that never stand in a frame (RFC 6455, 7.4.1). */
const UNSENDABLE_CODES = [1004, 1005, 1006, 1015];

/** A private key and its certificate, both as PEM. */
export interface TlsPair {
  readonly keyPem: string;
  readonly certificatePem: string;
}

/** Where and how to listen. */
export interface HostOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Only this machine can reach it by default. */
  readonly address?: string | undefined;
  readonly tls?: TlsPair | undefined;
  /** A longer body of a request is refused with 413; a mebibyte by default. */
  readonly bodyMaxBytes?: number | undefined;
  /** For the `Date` header. */
  readonly clock: Clock;
  /** Hears of what the server half throws; warnings of the process by default. */
  readonly logger?: Logger | undefined;
}

/** A venue's server half that listens. */
export interface HostedServer {
  readonly port: number;
  /** Shows another certificate to those who connect from now on; nothing without TLS. */
  changeCertificate(tls: TlsPair): void;
  /** Ends the server half, every connection and the port; resolves when the port is free. */
  close(): Promise<void>;
}

type Headers = Readonly<Record<string, string>>;

/** Starts to listen; rejects with ConfigError PORT_IN_USE where the port is taken. */
export async function hostVenueServer(
  server: VenueServer,
  options: HostOptions,
): Promise<HostedServer> {
  const { bodyMaxBytes = REQUEST_BYTES_MAX, logger = warningLogger } = options;
  const secure = options.tls && createHttpsServer(toNodeTls(options.tls));
  const listener = secure ?? createHttpServer();
  const dateHeader = (): string => new Date(options.clock.nowMs()).toUTCString();
  const sockets = createSocketServers();
  const destroyAll = trackConnections(listener);
  let nextId = 0;

  listener.on('request', (message, response) => {
    readBody(message, bodyMaxBytes, (body) => {
      const isTooLong = body === undefined;
      const answer = isTooLong
        ? tooLong(bodyMaxBytes)
        : askServer(() => server.onHttp?.(readRequest(message, body)), logger);
      const { status, headers = {}, body: text } = answer ?? notFound();
      response.sendDate = false;
      response.writeHead(status, { date: dateHeader(), ...headers }).end(text);
      // The rest of a body that nobody wants would be read for as long as it comes.
      if (isTooLong) response.once('finish', () => message.destroy());
    });
  });
  listener.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that goes away during the handshake is no event for anyone.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    const request = readRequest(message, '');
    const answer = askServer(() => server.onUpgrade(request), logger);
    if (answer.kind === 'refuse') return refuseUpgrade(socket, answer, dateHeader());
    sockets.accept({ message, socket, head, answer, date: dateHeader() }, (client) => {
      socket.off('error', ignore);
      nextId += 1;
      connect(server, { client, socket, id: nextId, request });
    });
  });

  await listen(listener, options);
  return {
    port: (listener.address() as AddressInfo).port,
    changeCertificate: (tls) => secure?.setSecureContext(toNodeTls(tls)),
    async close() {
      server.close();
      sockets.terminate();
      const closed = new Promise((resolve) => listener.close(resolve));
      destroyAll();
      await closed;
    },
  };
}

const FAILED = {
  kind: 'refuse',
  status: 500,
  headers: { 'content-type': 'text/plain' },
  body: 'The server failed; its log says how.\n',
} as const satisfies UpgradeAnswer;

/** What a server half throws is a defect of ours: the client is told that much, the log all. */
function askServer<Answer>(ask: () => Answer, logger: Logger): Answer | typeof FAILED {
  try {
    return ask();
  } catch (error) {
    logger.error('An exchange failed over a request, which it answered with 500.', { error });
    return FAILED;
  }
}

function toNodeTls({ keyPem, certificatePem }: TlsPair) {
  return { key: keyPem, cert: certificatePem };
}

function listen(listener: Server, options: HostOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const message = taken
        ? `Port ${options.port} is taken; choose another one, or 0 for any free port.`
        : `Listening on port ${options.port} failed (${error.code ?? 'unknown'}); choose another.`;
      const facts = { port: options.port, systemCode: error.code };
      reject(
        new ConfigError(taken ? 'PORT_IN_USE' : 'OPTION_INVALID', message, { facts, cause: error }),
      );
    });
    listener.listen(options.port, options.address ?? '127.0.0.1', resolve);
  });
}

/**
 * Returns what destroys all connections: also those that the HTTP server knows nothing of, as long
 * as they have not ended their TLS handshake.
 */
function trackConnections(listener: Server): () => void {
  const open = new Set<Socket>();
  listener.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}

interface Upgrade {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly answer: Extract<UpgradeAnswer, { kind: 'accept' }>;
  readonly date: string;
}

interface SocketServers {
  accept(upgrade: Upgrade, onClient: (client: WebSocket) => void): void;
  terminate(): void;
}

/**
 * ws fixes compression per server, so there are two: one that agrees to it and one that does not.
 */
function createSocketServers(): SocketServers {
  const answers = new WeakMap<IncomingMessage, Upgrade>();
  const create = (compression: boolean): WebSocketServer => {
    const one = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: compression && { threshold: 0 },
      handleProtocols: (offered, message) => {
        const wanted = answers.get(message)?.answer.subprotocol;
        return wanted !== undefined && offered.has(wanted) ? wanted : false;
      },
    });
    one.on('headers', (lines, message) => {
      const upgrade = answers.get(message);
      if (!upgrade) return;
      const headers: Headers = { date: upgrade.date, ...upgrade.answer.headers };
      for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    });
    return one;
  };
  const compressed = create(true);
  const plain = create(false);
  return {
    accept(upgrade, onClient) {
      const { message, socket, head, answer } = upgrade;
      answers.set(message, upgrade);
      const server = answer.compression === true ? compressed : plain;
      server.handleUpgrade(message, socket, head, onClient);
    },
    terminate() {
      for (const server of [compressed, plain]) {
        for (const client of server.clients) client.terminate();
        server.close();
      }
    },
  };
}

function isSendable(code: number): boolean {
  const isKnown = code >= 1000 && code <= 1014 && !UNSENDABLE_CODES.includes(code);
  return Number.isInteger(code) && (isKnown || (code >= 3000 && code <= 4999));
}

interface Accepted {
  readonly client: WebSocket;
  readonly socket: Duplex;
  readonly id: number;
  readonly request: VenueServerRequest;
}

function connect(server: VenueServer, accepted: Accepted): void {
  const { client, socket, id, request } = accepted;
  const wire = createFaultyWire(socket, systemTimers);
  const connection: ServerConnection = {
    id,
    send(text) {
      if (client.readyState === WebSocket.OPEN) client.send(text);
    },
    close(code, reason) {
      if (wire.isStalled) return;
      if (code === NO_CODE) client.close();
      else if (isSendable(code)) client.close(code, cutReason(reason));
      // What stands for a connection that was cut can only be shown by cutting it.
      else client.terminate();
    },
    terminate() {
      // A reset is what a broken path looks like; destroying alone may end as an orderly FIN.
      if (socket instanceof Socket && !('encrypted' in socket)) socket.resetAndDestroy();
      else client.terminate();
    },
    bufferedBytes: () => client.bufferedAmount + wire.heldBytes,
    wire,
  };
  const handler = server.onConnection(connection, request);
  client.on('message', (data: Buffer) => handler.onMessage(data.toString()));
  // An error is followed by a close, which is what the server half hears of.
  client.on('error', () => undefined);
  client.on('close', () => {
    wire.release();
    handler.onClosed();
  });
}

function readRequest(message: IncomingMessage, body: string): VenueServerRequest {
  const url = readUrl(message.url);
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, String(value ?? '')]),
    ),
    remoteAddress: message.socket.remoteAddress ?? '',
    body,
  };
}

/** Whatever a client writes in the request line must not throw here. */
function readUrl(target = '/'): URL {
  const url = `http://localhost${target.startsWith('/') ? target : '/'}`;
  return URL.canParse(url) ? new URL(url) : new URL('http://localhost/');
}

/** Calls back once: with the body, or with undefined as soon as it is too long. */
function readBody(
  message: IncomingMessage,
  maxBytes: number,
  done: (body: string | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('data', (chunk: Buffer) => {
    const wasTooLong = bytes > maxBytes;
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else if (!wasTooLong) done(undefined);
  });
  message.on('error', () => undefined);
  message.on('end', () => {
    if (bytes <= maxBytes) done(Buffer.concat(chunks).toString());
  });
}

function tooLong(maxBytes: number): VenueServerResponse {
  const headers = { 'content-type': 'text/plain', connection: 'close' };
  return { status: 413, headers, body: `A body may have ${maxBytes} bytes at most.\n` };
}

function notFound(): VenueServerResponse {
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found\n' };
}

function refuseUpgrade(socket: Duplex, answer: VenueServerResponse, date: string): void {
  const headers: Headers = {
    date,
    connection: 'close',
    'content-length': String(Buffer.byteLength(answer.body)),
    ...answer.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${answer.status} ${STATUS_TEXTS[answer.status] ?? 'Refused'}`;
  // Half of it would stay open for as long as the client likes, and closing the port wait for it.
  socket.once('finish', () => socket.destroy());
  socket.end([status, ...lines, '', answer.body].join('\r\n'));
}
