/** The handshake of sockets that a server half has accepted, with its headers and its terms. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { UpgradeAnswer } from '../model/exchange.js';

const MESSAGE_BYTES_MAX = 256 * 1024;

/** A socket to open, and what the server half answered to it. */
export interface Upgrade {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly answer: Extract<UpgradeAnswer, { kind: 'accept' }>;
  readonly date: string;
}

/** Opens sockets as their answers say. */
export interface SocketServers {
  /** Calls back once the socket is open; a handshake that is wrong is refused instead. */
  accept(upgrade: Upgrade, onClient: (client: WebSocket) => void): void;
  /** Ends every socket at once, and opens no more. */
  terminate(): void;
}

/**
 * ws fixes compression per server, so there are two: one that agrees to it and one that does not.
 */
export function createSocketServers(): SocketServers {
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
      const headers: Readonly<Record<string, string>> = {
        date: upgrade.date,
        ...upgrade.answer.headers,
      };
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
