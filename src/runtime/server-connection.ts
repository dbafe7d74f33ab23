/** One client's open socket as the server half sees it, and the server half as the socket does. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type {
  ServerConnection,
  ServerConnectionHandler,
  VenueServer,
  VenueServerRequest,
} from '../model/exchange.js';
import type { Logger } from '../model/logger.js';
import { cutReason } from './close-reason.js';
import { createFaultyWire, type HeldWire } from './faulty-wire.js';
import { systemTimers } from './system-timers.js';

/** What a peer reads from a close frame without a code (RFC 6455, 7.1.5). */
const NO_CODE = 1005;
/** Codes that never stand in a frame (RFC 6455, 7.4.1). */
const UNSENDABLE_CODES = [1004, 1005, 1006, 1015];
/** What a server says that cannot go on (RFC 6455, 7.4.1). */
const INTERNAL_ERROR = 1011;

/** A socket that is open, with the stream under it. */
export interface OpenSocket {
  readonly client: WebSocket;
  readonly socket: Duplex;
  /** Unique within the host's life. */
  readonly id: number;
  /** What the client asked to be let in with. */
  readonly request: VenueServerRequest;
}

/**
 * Gives the server half its new client. What it throws over one is a defect of ours: the log is
 * told all, this client is closed, and the others stay.
 */
export function serveConnection(server: VenueServer, open: OpenSocket, logger: Logger): void {
  const { client, socket, request } = open;
  const wire = createFaultyWire(socket, systemTimers);
  const connection = createConnection(open, wire);
  let handler: ServerConnectionHandler | undefined;
  const guard = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      logger.error('An exchange failed over a client, whose socket is closed with 1011.', {
        error,
      });
      // What it did not understand once is not asked again while the closing goes on.
      client.off('message', hear);
      connection.close(INTERNAL_ERROR, 'The server failed; its log says how.');
    }
  };
  const hear = (data: Buffer): void => guard(() => handler?.onMessage(data.toString()));
  client.on('message', hear);
  // An error is followed by a close, which is what the server half hears of.
  client.on('error', () => undefined);
  client.on('close', () => {
    wire.release();
    guard(() => handler?.onClosed());
  });
  guard(() => {
    handler = server.onConnection(connection, request);
  });
}

function createConnection({ client, socket, id }: OpenSocket, wire: HeldWire): ServerConnection {
  return {
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
}

function isSendable(code: number): boolean {
  const isKnown = code >= 1000 && code <= 1014 && !UNSENDABLE_CODES.includes(code);
  return Number.isInteger(code) && (isKnown || (code >= 3000 && code <= 4999));
}
