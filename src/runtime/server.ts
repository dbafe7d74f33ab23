/** Hosts a venue's server half on a real port: listening, closing, and who gets what comes. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConfigError } from '../model/error.js';
import type { UpgradeAnswer, VenueServer, VenueServerRequest } from '../model/exchange.js';
import type { Logger } from '../model/logger.js';
import type { Clock } from '../model/runtime.js';
import {
  answerRequest,
  asksForSocket,
  headWithoutUpgrade,
  readRequest,
  refuseUpgrade,
} from './http-requests.js';
import { serveConnection } from './server-connection.js';
import { createSocketServers } from './socket-servers.js';
import { warningLogger } from './warning-logger.js';

const REQUEST_BYTES_MAX = 1024 * 1024;

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
  const ask = (request: VenueServerRequest) => askServer(() => server.onHttp?.(request), logger);
  let nextId = 0;

  // The head of a request is bounded in bytes; its lines are not dropped, since one may frame it.
  listener.maxHeadersCount = 0;
  const answers = new WeakMap<Duplex, ServerResponse>();
  listener.on('request', (message, response) => {
    answers.set(message.socket, response);
    answerRequest({ message, response }, { bodyMaxBytes, dateHeader, ask });
  });
  listener.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!asksForSocket(message)) {
      // Some clients offer HTTP/2 with any request; who does not want it answers as ever.
      const readAgain = (): void => {
        socket.unshift(Buffer.concat([headWithoutUpgrade(message), head]));
        listener.emit(secure ? 'secureConnection' : 'connection', socket);
      };
      // Not before the answers to the requests ahead of it: who reads anew knows nothing of them.
      const ahead = answers.get(socket);
      if (!ahead || ahead.closed) readAgain();
      else ahead.once('close', readAgain);
      return;
    }
    // A client that goes away during the handshake is no event for anyone.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    const request = readRequest(message, '');
    const answer = askServer(() => server.onUpgrade(request), logger);
    if (answer.kind === 'refuse') return refuseUpgrade(socket, answer, dateHeader());
    sockets.accept({ message, socket, head, answer, date: dateHeader() }, (client) => {
      socket.off('error', ignore);
      nextId += 1;
      serveConnection(server, { client, socket, id: nextId, request }, logger);
    });
  });

  await listen(listener, options);
  listener.on('error', (error) => {
    logger.error('A connection could not be taken; the port stays open.', { error });
  });
  return {
    port: (listener.address() as AddressInfo).port,
    changeCertificate: (tls) => secure?.setSecureContext(toNodeTls(tls)),
    async close() {
      try {
        server.close();
      } finally {
        sockets.terminate();
        const closed = new Promise((resolve) => listener.close(resolve));
        destroyAll();
        await closed;
      }
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
    const fail = (error: NodeJS.ErrnoException): void => {
      const taken = error.code === 'EADDRINUSE';
      const message = taken
        ? `Port ${options.port} is taken; choose another one, or 0 for any free port.`
        : `Listening on port ${options.port} failed (${error.code ?? 'unknown'}); choose another.`;
      const facts = { port: options.port, systemCode: error.code };
      reject(
        new ConfigError(taken ? 'PORT_IN_USE' : 'OPTION_INVALID', message, { facts, cause: error }),
      );
    };
    listener.once('error', fail);
    listener.listen(options.port, options.address ?? '127.0.0.1', () => {
      listener.off('error', fail);
      resolve();
    });
  });
}

/**
 * Returns what destroys all connections: also those that the HTTP server knows nothing of, as long
 * as they have not ended their TLS handshake.
 */
function trackConnections(listener: Server): () => void {
  const open = new Set<Socket>();
  listener.on('connection', (socket: Socket) => {
    // One comes again with each request whose offer of another protocol was passed over.
    if (open.has(socket)) return;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}
