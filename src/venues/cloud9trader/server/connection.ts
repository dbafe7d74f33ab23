/** One client's connection: its requests, what it holds, and the frames it gets. */
import { createRateGate } from '../../../exchange/gates.js';
import { createOutbox } from '../../../exchange/outbox.js';
import type { ServerConnection, ServerConnectionHandler } from '../../../model/exchange.js';
import type { Clock, Timers } from '../../../model/runtime.js';
import { encodeData } from './encode.js';
import type { ConnectionFaults, ServerFrame } from './faults.js';
import { createHoldings, type HoldingsOptions } from './holdings.js';

/** Limits of one connection. None is on any page; all are ours. */
export interface ServerLimits {
  readonly topicsMax: number;
  readonly messagesPerSecond: number;
  readonly maxBufferedBytes: number;
}

/** What one connection needs of its server. */
export interface ConnectionOptions extends Omit<HoldingsOptions, 'topicsMax' | 'send'> {
  readonly connection: ServerConnection;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly faults: ConnectionFaults;
  readonly limits: ServerLimits;
  readonly accountName: string | undefined;
  readonly onClosed: () => void;
}

/** A client's connection as its server sees it. */
export interface ClientConnection {
  readonly handler: ServerConnectionHandler;
  readonly bufferedBytes: number;
  /** Whose data it shows; undefined on a public socket. */
  readonly accountName: string | undefined;
  holds(topic: string): boolean;
  /** Sends where the topic is held. */
  offer(topic: string, frame: ServerFrame): void;
  /** Sends a text that nobody has to ask for. */
  push(name: 'messages' | 'logs', text: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

const TOO_MANY_MESSAGES = 'Too many messages';

/** Serves one client. */
export function createClientConnection(options: ConnectionOptions): ClientConnection {
  const { connection, faults, timers, limits } = options;
  const { maxBufferedBytes, topicsMax } = limits;
  const outbox = createOutbox({ connection, faults, timers, maxBufferedBytes });
  const rate = createRateGate(limits.messagesPerSecond, options.clock);
  const holdings = createHoldings({ ...options, topicsMax, send: (frame) => outbox.send(frame) });
  return {
    handler: {
      onMessage(text) {
        if (rate.pass() && faults.messages.pass()) holdings.take(text);
        else holdings.refuse(text, TOO_MANY_MESSAGES);
      },
      onClosed() {
        outbox.close();
        options.onClosed();
      },
    },
    get bufferedBytes() {
      return outbox.bufferedBytes;
    },
    accountName: options.accountName,
    holds: (topic) => holdings.holds(topic),
    offer(topic, frame) {
      if (holdings.holds(topic)) outbox.send(frame);
    },
    push(name, text) {
      outbox.send({ kind: 'pushed', topic: name, text: encodeData(name, JSON.stringify(text)) });
    },
    close(code, reason) {
      outbox.close();
      connection.close(code, reason);
    },
    terminate() {
      outbox.close();
      connection.terminate();
    },
  };
}
