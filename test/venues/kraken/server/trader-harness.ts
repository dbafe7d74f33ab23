import { createScriptedEngine, type ScriptedEngine } from '../../../doubles/scripted-engine.js';
import { ORDER_PERMISSIONS } from '../../../../src/venues/kraken/server/account/order-rights.js';
import { VENUE_LIMITS } from '../../../../src/venues/kraken/server/limits.js';
import {
  connectFake,
  openScripted,
  type FakeClient,
  type ScriptedParts,
} from './server-harness.js';
import { issueToken } from './token-call.js';

export const ALL_PERMISSIONS = [
  'websocket-token',
  ORDER_PERMISSIONS.modify,
  ORDER_PERMISSIONS.cancel,
];

/** A reply of v2 without its times. */
export interface OrderReply {
  readonly method: string;
  readonly req_id?: number;
  readonly success: boolean;
  readonly error?: string;
  readonly orders_cancelled?: number;
  readonly result?: unknown;
}

/** A message of a private channel of v2. */
export interface AccountFrame {
  readonly channel: string;
  readonly type: 'snapshot' | 'update';
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly sequence: number;
}

/** A signed-in client of v2, and what it hears. */
export interface Trader extends FakeClient {
  readonly token: string;
  /** Sends an order method with the token, and returns the replies to it. */
  call(method: string, params?: object, requestId?: number): readonly OrderReply[];
  /** The one reply. */
  callOnce(method: string, params?: object, requestId?: number): OrderReply;
  subscribe(channel: string, options?: object): void;
  /** Messages of a private channel so far. */
  frames(channel: string): readonly AccountFrame[];
}

export const LIMIT_BUY = {
  order_type: 'limit',
  side: 'buy',
  symbol: 'BTC/USD',
  order_qty: 0.5,
  limit_price: 26500.4,
};

export function followAs(client: FakeClient, token: string): Trader {
  const call: Trader['call'] = (method, params = {}, requestId) => {
    const from = client.texts.length;
    client.ask({
      method,
      params: { ...params, token },
      ...(requestId !== undefined && { req_id: requestId }),
    });
    return client.texts.slice(from).flatMap((text) => {
      const frame = JSON.parse(text) as OrderReply & { time_in?: string; time_out?: string };
      if (frame.method !== method) return [];
      const { time_in: timeIn, time_out: timeOut, ...rest } = frame;
      if (typeof timeIn !== 'string' || typeof timeOut !== 'string') throw new Error('No times.');
      return [rest];
    });
  };
  return Object.assign(client, {
    token,
    call,
    callOnce: (...asked: Parameters<Trader['call']>) => {
      const replies = call(...asked);
      const [reply] = replies;
      if (!reply || replies.length > 1) throw new Error(`${replies.length} replies came.`);
      return reply;
    },
    subscribe: (channel: string, options: object = {}) => {
      client.ask({ method: 'subscribe', params: { channel, token, ...options } });
    },
    frames: (channel: string) =>
      client.texts
        .map((text) => JSON.parse(text) as AccountFrame)
        .filter((frame) => frame.channel === channel),
  });
}

/** The scripted market behind a scripted engine, and a client with a key that may do everything. */
export function openTrader(parts: ScriptedParts = {}) {
  const made: { engine?: ScriptedEngine } = {};
  const opened = openScripted({
    permissions: ALL_PERMISSIONS,
    limits: { messages: { ...VENUE_LIMITS.messages, burst: 10_000 } },
    makeEngine: (source, { clock }) =>
      (made.engine = createScriptedEngine(source, () => new Date(clock.nowMs()).toISOString())),
    ...parts,
  });
  const { engine } = made;
  if (!engine) throw new Error('There is no engine.');
  const { server } = opened;
  engine.deposit('main', 'USD', '1000000');
  engine.deposit('main', 'BTC', '10');
  const connect = (path = '/auth/v2'): Trader =>
    followAs(connectFake(server, { path }), issueToken(server));
  return { ...opened, engine, connect, trader: connect() };
}

/** The venue's id of an order that was just placed. */
export function idOf({ result }: OrderReply): string {
  return String((result as Readonly<Record<string, unknown>>)['order_id']);
}

/** The orders of a batch, which names the pair once. */
export function toBatch(...orders: readonly object[]): readonly object[] {
  return orders.map((order) => ({ ...order, symbol: undefined }));
}
