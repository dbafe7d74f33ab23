import { WebsocketClient } from 'coinbase-api';
import { PlainBook, type WireBookEvent, type WireTrade } from './server-truth.js';
import type { CoinbaseSimulator } from './simulators.js';

/** A key of coinbase-api's for one of its sockets. */
export const MARKET_SOCKET = 'advTradeMarketData';
export const USER_SOCKET = 'advTradeUserData';

/** As much of what coinbase-api emits as the tests look at. */
export interface PeerMessage {
  readonly channel: string;
  readonly events: readonly (WireBookEvent & {
    readonly product_id: string;
    readonly trades: readonly WireTrade[];
    readonly orders: readonly Readonly<Record<string, string>>[];
    readonly subscriptions: Readonly<Record<string, readonly string[]>>;
  })[];
}

/** What coinbase-api has told so far. */
export interface OpenCoinbaseApi extends AsyncDisposable {
  readonly peer: WebsocketClient;
  readonly updates: readonly PeerMessage[];
  readonly responses: readonly PeerMessage[];
  readonly exceptions: readonly unknown[];
  /** Names of the events about its sockets, in order. */
  readonly life: readonly string[];
  /** Waits until something is true of what it told; fails after the time allowed. */
  until(what: string, isTrue: () => boolean, withinMs?: number): Promise<void>;
}

interface OpenOptions {
  readonly privateKey?: string;
  readonly pingInterval?: number;
}

const PATIENCE_MS = 40_000;

/** Points an unmodified coinbase-api at the simulator: one address for all of its sockets. */
export function openCoinbaseApi(
  exchange: CoinbaseSimulator,
  options: OpenOptions = {},
): OpenCoinbaseApi {
  const { wsUrl, keyName, privateKey } = exchange.venues.coinbase;
  const silent = { trace: () => undefined, info: () => undefined, error: () => undefined };
  const peer = new WebsocketClient(
    {
      wsUrl,
      apiKey: keyName,
      apiSecret: options.privateKey ?? privateKey,
      ...(options.pingInterval === undefined ? {} : { pingInterval: options.pingInterval }),
    },
    silent,
  );
  const updates: PeerMessage[] = [];
  const responses: PeerMessage[] = [];
  const exceptions: unknown[] = [];
  const life: string[] = [];
  const waiters = new Set<() => void>();
  const note = <One>(list: One[], one: One): void => {
    list.push(one);
    for (const waiter of waiters) waiter();
  };
  peer.on('update', (message) => note(updates, message as unknown as PeerMessage));
  peer.on('response', (message) => note(responses, message as unknown as PeerMessage));
  peer.on('exception', (message) => note<unknown>(exceptions, message));
  for (const name of ['open', 'reconnect', 'reconnected', 'close'] as const) {
    peer.on(name, () => note(life, name));
  }
  return {
    peer,
    updates,
    responses,
    exceptions,
    life,
    until: (what, isTrue, withinMs = PATIENCE_MS) =>
      new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (!isTrue()) return;
          clearTimeout(timer);
          waiters.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          waiters.delete(check);
          reject(new Error(`Waited ${withinMs} ms for ${what}; ${updates.length} updates came.`));
        }, withinMs);
        waiters.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      peer.closeAll(true);
      await Promise.resolve();
    },
  };
}

/** Every state that a book went through, if the updates are applied as the venue says. */
export function replayBook(updates: readonly PeerMessage[], product: string): string[] {
  const book = new PlainBook();
  return updates
    .filter((one) => one.channel === 'l2_data')
    .flatMap((one) => one.events.filter((event) => event.product_id === product))
    .map((event) => {
      book.apply(event);
      return book.text();
    });
}

/** The channels in the newest ack, each with what it covers. */
export function lastAck(
  responses: readonly PeerMessage[],
): Readonly<Record<string, readonly string[]>> {
  return responses.at(-1)?.events[0]?.subscriptions ?? {};
}
