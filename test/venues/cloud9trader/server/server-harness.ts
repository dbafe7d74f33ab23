import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Clock, Timers } from '../../../../src/model/runtime.js';
import type {
  ListedInstrument,
  MarketChange,
  MarketListener,
  MarketSource,
  ServerConnectionHandler,
  VenueServerRequest,
} from '../../../../src/model/exchange.js';
import { hostVenueServer, type HostedServer } from '../../../../src/runtime/server.js';
import { systemClock } from '../../../../src/runtime/system-clock.js';
import { systemTimers } from '../../../../src/runtime/system-timers.js';
import { createMarketState } from '../../../../src/simulator/market-state.js';
import type { FaultRule } from '../../../../src/venues/cloud9trader/server/fault-rules.js';
import { createFaults, type Faults } from '../../../../src/venues/cloud9trader/server/faults.js';
import {
  createCloud9TraderServer,
  type Cloud9TraderServer,
  type Cloud9TraderServerOptions,
} from '../../../../src/venues/cloud9trader/server/index.js';
import { createCloud9TraderVerifier } from '../../../../src/venues/cloud9trader/server/sign-in.js';
import { createVirtualTime, type VirtualTime } from '../../../doubles/virtual-time.js';

export const KEY = 'PUBKEY';
/** Base64, as issued. */
export const SECRET = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

export const BTC = 'BTCUSDT:Binance';
export const EUR = 'EUR/USD:FXCM';
export const TIME = '2026-08-09T21:00:00.123456789Z';

function list(symbol: string, base: string, quote: string): ListedInstrument {
  return { symbol, base, quote, status: 'online', priceIncrement: '0.01', aliases: [] };
}

/** A market in which nothing happens but what the test tells. */
export interface ScriptedMarket {
  readonly source: MarketSource;
  tell(change: MarketChange): void;
  /** Changes one level of a book; size 0 deletes. */
  move(symbol: string, side: 'bid' | 'ask', level: readonly [string, string]): void;
  trade(symbol: string, tradeId: string, side?: 'buy' | 'sell'): void;
  /** The best first: `bids 99x1 | asks 101x1`. */
  show(symbol: string): string;
}

export function createScriptedMarket(): ScriptedMarket {
  const state = createMarketState([list(BTC, 'BTC', 'USDT'), list(EUR, 'EUR', 'USD')]);
  const listeners = new Set<MarketListener>();
  const source: MarketSource = {
    instruments: state.instruments,
    batched: false,
    time: () => undefined,
    book: (symbol) => state.book(symbol),
    trades: (symbol) => state.trades(symbol),
    ticker: (symbol) => state.ticker(symbol),
    candles: (symbol) => state.candles(symbol),
    orders: () => state.orders(),
    attach(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
  const tell = (change: MarketChange): void => {
    state.apply(change);
    for (const listener of listeners) listener.onUpdate(change);
  };
  const move: ScriptedMarket['move'] = (symbol, side, [price, size]) => {
    const levels = [{ side, price, size }];
    tell({ type: 'book.changed', symbol, snapshot: false, time: TIME, levels });
  };
  for (const symbol of [BTC, EUR]) {
    move(symbol, 'bid', ['99', '1']);
    move(symbol, 'ask', ['101', '1']);
  }
  return {
    source,
    tell,
    move,
    trade(symbol, tradeId, side = 'buy') {
      const trades = [{ tradeId, price: '100.50', size: '0.10', side, time: TIME }];
      tell({ type: 'trades.printed', symbol, trades });
    },
    show(symbol) {
      const side = (name: 'bid' | 'ask'): string =>
        (state.book(symbol)?.levels ?? [])
          .filter((level) => level.side === name)
          .map(({ price, size }) => `${Number(price)}x${Number(size)}`)
          .join(' ');
      return `bids ${side('bid')} | asks ${side('ask')}`;
    },
  };
}

interface ServerParts extends Partial<Cloud9TraderServerOptions> {
  readonly rules?: readonly FaultRule[];
}

function buildServer(world: { clock: Clock; timers: Timers }, parts: ServerParts) {
  const { clock, timers } = world;
  const market = createScriptedMarket();
  const faults: Faults = createFaults(parts.rules ?? [], clock);
  const server = createCloud9TraderServer({
    source: market.source,
    clock,
    timers,
    faults,
    verifier: createCloud9TraderVerifier({
      secrets: new Map([[KEY, Buffer.from(SECRET, 'base64')]]),
      clock: { nowMs: () => clock.nowMs() + faults.skewMs },
    }),
    firstSequence: 100,
    ...parts,
  });
  return { server, market, faults };
}

/** The three headers, made apart from the project's own signing. */
export function signUpgrade(nowMs: number, parts: { key?: string; secret?: string } = {}) {
  const { key = KEY, secret = SECRET } = parts;
  const hmac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`/${nowMs}`);
  return {
    'x-c9t-key': key,
    'x-c9t-nonce': String(nowMs),
    'x-c9t-signature': hmac.digest('hex'),
  };
}

/** A client of the server half, without a socket. */
export interface FakeClient {
  readonly texts: string[];
  readonly frames: unknown[];
  readonly ending: string;
  buffered: number;
  ask(...message: unknown[]): void;
  say(text: string): void;
  leave(): void;
  /** What came since the last call. */
  news(): unknown[];
}

export interface ServerBench {
  readonly server: Cloud9TraderServer;
  readonly market: ScriptedMarket;
  readonly faults: Faults;
  readonly time: VirtualTime;
  readonly connect: (options?: { signed?: boolean; url?: string }) => FakeClient;
  readonly upgrade: (headers: Readonly<Record<string, string>>, url?: string) => string;
}

/** A server on virtual time, without a port. */
export function openServer(parts: ServerParts = {}): ServerBench {
  const time = createVirtualTime();
  const bench = buildServer(time, parts);
  let nonce = time.clock.nowMs();
  const request = (headers: Readonly<Record<string, string>>, url = '/'): VenueServerRequest => {
    const { pathname: path, searchParams: query } = new URL(url, 'http://localhost');
    return { method: 'GET', path, query, headers, remoteAddress: '127.0.0.1', body: '' };
  };
  return {
    ...bench,
    time,
    upgrade(headers, url) {
      const answer = bench.server.onUpgrade(request(headers, url));
      return answer.kind === 'accept' ? 'accepted' : `${answer.status} ${answer.body}`.trim();
    },
    connect({ signed = false, url } = {}) {
      nonce += 1;
      const one = request(signed ? signUpgrade(nonce) : {}, url);
      const answer = bench.server.onUpgrade(one);
      if (answer.kind === 'refuse') throw new Error(`The upgrade was refused: ${answer.status}.`);
      return connectFake(bench.server, one);
    },
  };
}

function connectFake(server: Cloud9TraderServer, request: VenueServerRequest): FakeClient {
  let ending = 'open';
  let told = 0;
  const served: { handler?: ServerConnectionHandler } = {};
  const finish = (how: string): void => {
    if (ending !== 'open') return;
    ending = how;
    served.handler?.onClosed();
  };
  const client: FakeClient = {
    texts: [],
    get frames() {
      return client.texts.map((text) => JSON.parse(text) as unknown);
    },
    get ending() {
      return ending;
    },
    buffered: 0,
    ask: (...message) => client.say(JSON.stringify(message)),
    say: (text) => served.handler?.onMessage(text),
    leave: () => finish('left'),
    news() {
      const fresh = client.frames.slice(told);
      told = client.texts.length;
      return fresh;
    },
  };
  served.handler = server.onConnection(
    {
      id: 1,
      send: (text) => void client.texts.push(text),
      close: (code) => finish(`closed ${code}`),
      terminate: () => finish('terminated'),
      bufferedBytes: () => client.buffered,
    },
    request,
  );
  return client;
}

/** The same server on a port of this machine. */
export interface HostedBench extends AsyncDisposable {
  readonly server: Cloud9TraderServer;
  readonly market: ScriptedMarket;
  readonly faults: Faults;
  readonly host: HostedServer;
  readonly wsUrl: string;
  readonly httpUrl: string;
}

export async function hostServer(parts: ServerParts = {}): Promise<HostedBench> {
  const bench = buildServer({ clock: systemClock, timers: systemTimers }, parts);
  const host = await hostVenueServer(bench.server, { port: 0, clock: systemClock });
  return {
    ...bench,
    host,
    wsUrl: `ws://127.0.0.1:${host.port}`,
    httpUrl: `http://127.0.0.1:${host.port}`,
    [Symbol.asyncDispose]: () => host.close(),
  };
}

/** A client of nothing but ws. */
export interface RawClient extends AsyncDisposable {
  readonly texts: readonly string[];
  readonly frames: readonly unknown[];
  readonly extensions: string;
  ask(...message: unknown[]): void;
  say(text: string): void;
  /** Waits until so many frames came; fails after the time allowed. */
  take(count: number): Promise<readonly unknown[]>;
  /** Waits until the server has answered a marker, so that all before it has come. */
  sync(): Promise<void>;
  readonly closed: Promise<number>;
}

const PATIENCE_MS = 40_000;

export async function connectRaw(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawClient> {
  const socket = new WebSocket(url, { headers });
  const texts: string[] = [];
  let markers = 0;
  socket.on('message', (data: Buffer) => void texts.push(data.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => void socket.on('close', resolve));
  const until = async (what: string, isTrue: () => boolean): Promise<void> => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (!isTrue()) {
      if (signal.aborted) throw new Error(`No ${what} in ${PATIENCE_MS} ms: ${texts.join('\n')}`);
      await once(socket, 'message', { signal }).catch(() => undefined);
    }
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`HTTP ${response.statusCode}`));
      socket.terminate();
    });
  });
  const client: RawClient = {
    texts,
    get frames() {
      return texts.map((text) => JSON.parse(text) as unknown);
    },
    extensions: socket.extensions,
    ask: (...message) => socket.send(JSON.stringify(message)),
    say: (text) => socket.send(text),
    async take(count) {
      await until(`${count} frames`, () => texts.length >= count);
      return client.frames.slice(0, count);
    },
    async sync() {
      markers += 1;
      const marker = `marker ${markers}`;
      client.ask('request', 'price.none:NONE', marker);
      await until('answer', () => texts.some((text) => text.startsWith(`["${marker}"`)));
      const at = texts.findIndex((text) => text.startsWith(`["${marker}"`));
      texts.splice(at, 1);
    },
    closed,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
  return client;
}
