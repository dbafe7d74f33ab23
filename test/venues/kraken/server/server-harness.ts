import type {
  ListedInstrument,
  MarketChange,
  MarketListener,
  MarketSource,
  MarketUpdate,
  ServerConnectionHandler,
  VenueServerRequest,
} from '../../../../src/model/exchange.js';
import type { MatchingMarket } from '../../../../src/model/matching.js';
import { KRAKEN_PAIRS } from '../../../../src/simulator/kraken-pairs.js';
import { createMarketState } from '../../../../src/simulator/market-state.js';
import { createSyntheticMarket } from '../../../../src/simulator/synthetic-market.js';
import type { SyntheticProduct } from '../../../../src/simulator/synthetic-products.js';
import type { FaultRule } from '../../../../src/venues/kraken/server/fault-rules.js';
import { createFaults } from '../../../../src/venues/kraken/server/faults.js';
import {
  createKrakenServer,
  type KrakenServer,
  type KrakenServerOptions,
} from '../../../../src/venues/kraken/server/index.js';
import { createKrakenVerifier } from '../../../../src/venues/kraken/server/sign-in.js';
import { createSeededRandom } from '../../../doubles/seeded-random.js';
import { createVirtualTime, type VirtualTime } from '../../../doubles/virtual-time.js';

export const API_KEY = 'demo-key';
export const API_SECRET = Buffer.from('a secret of a key that opens nothing else');

/** A client of the server half, without a socket. */
export interface FakeClient {
  readonly texts: string[];
  readonly ending: () => string;
  buffered: number;
  ask(message: object | string): void;
  leave(): void;
  /** What came since it was last asked. */
  take(): string[];
}

interface Dial {
  readonly path?: string;
  readonly address?: string;
  readonly subprotocols?: string;
}

export function requestOf({ path = '/v2', address = '127.0.0.1', subprotocols }: Dial) {
  const request: VenueServerRequest = {
    method: 'GET',
    path,
    query: new URLSearchParams(),
    headers: subprotocols === undefined ? {} : { 'sec-websocket-protocol': subprotocols },
    remoteAddress: address,
    body: '',
  };
  return request;
}

/** Opens a connection as the host would. */
export function connectFake(server: KrakenServer, dial: Dial = {}): FakeClient {
  const request = requestOf(dial);
  const answer = server.onUpgrade(request);
  if (answer.kind === 'refuse') throw new Error(`The upgrade was refused: ${answer.status}.`);
  let ending = 'open';
  let taken = 0;
  const served: { handler?: ServerConnectionHandler } = {};
  const finish = (how: string): void => {
    if (ending !== 'open') return;
    ending = how;
    served.handler?.onClosed();
  };
  const client: FakeClient = {
    texts: [],
    ending: () => ending,
    buffered: 0,
    ask: (message) =>
      served.handler?.onMessage(typeof message === 'string' ? message : JSON.stringify(message)),
    leave: () => finish('left'),
    take() {
      const fresh = client.texts.slice(taken);
      taken = client.texts.length;
      return fresh;
    },
  };
  served.handler = server.onConnection(
    {
      id: 1,
      send: (text) => void client.texts.push(text),
      close: (code, reason) => finish(`closed ${code} ${reason}`),
      terminate: () => finish('terminated'),
      bufferedBytes: () => client.buffered,
    },
    request,
  );
  return client;
}

export interface Parts extends Partial<KrakenServerOptions> {
  readonly rules?: readonly FaultRule[];
  readonly permissions?: readonly string[];
  /** Whose the key is. */
  readonly account?: string;
}

/** Parts of a server whose market may be put behind an engine. */
export interface ScriptedParts extends Parts {
  readonly makeEngine?: (source: MarketSource, time: VirtualTime) => MatchingMarket;
}

/** A server on virtual time whose market is the test's. */
export function openServer(source: MarketSource, time: VirtualTime, parts: Parts = {}) {
  const { clock, timers } = time;
  const { permissions = ['websocket-token'], account = 'main', rules = [], ...options } = parts;
  return createKrakenServer({
    source,
    clock,
    timers,
    random: createSeededRandom(11),
    faults: createFaults(rules, clock),
    verifier: createKrakenVerifier({
      keys: new Map([[API_KEY, { secret: API_SECRET, permissions, account }]]),
      clock,
    }),
    ...options,
  });
}

/** The random market on virtual time. */
export function openSynthetic(
  seed: number,
  { products = KRAKEN_PAIRS, ...parts }: Parts & { products?: readonly SyntheticProduct[] } = {},
) {
  const time = createVirtualTime();
  const { clock, timers } = time;
  const random = createSeededRandom(seed);
  const market = createSyntheticMarket({ products, clock, timers, random, candleSeconds: 60 });
  return { time, market, server: openServer(market, time, parts) };
}

const INSTRUMENTS: readonly ListedInstrument[] = [
  instrument('BTC/USD', '0.1', '0.00000001'),
  instrument('DOGE/USD', '0.0000001', '0.00000001'),
  instrument('BTC/JPY', '1', '0.00000001'),
];

function instrument(symbol: string, price: string, size: string): ListedInstrument {
  const [base = '', quote = ''] = symbol.split('/');
  const names = { symbol, base, quote, status: 'online', aliases: [] };
  return { ...names, priceIncrement: price, sizeIncrement: size };
}

/** A market of a few pairs in which nothing happens but what the test tells. */
export function openScripted({ makeEngine, ...parts }: ScriptedParts = {}) {
  const time = createVirtualTime();
  const state = createMarketState(INSTRUMENTS);
  const listeners = new Set<MarketListener>();
  const source: MarketSource = {
    get instruments() {
      return state.instruments;
    },
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
    close: () => undefined,
  };
  const tell = (update: MarketUpdate): void => {
    if (update.type === 'frame.recorded') update.changes.forEach((one) => state.apply(one));
    else if (update.type !== 'heartbeat.due') state.apply(update);
    for (const listener of listeners) listener.onUpdate(update);
  };
  const engine = makeEngine?.(source, time);
  return { time, tell, server: openServer(engine ?? source, time, { ...parts, engine }) };
}

/** `bid 100.5 1` … as a change of a book. */
export function bookChange(
  symbol: string,
  levels: readonly string[],
  { snapshot = false, at = 0 } = {},
): MarketChange {
  return {
    type: 'book.changed',
    symbol,
    snapshot,
    time: `2026-08-09T21:00:00.${String(at).padStart(6, '0')}Z`,
    levels: levels.map((text) => {
      const [side, price = '', size = ''] = text.split(' ');
      return { side: side === 'bid' ? 'bid' : 'ask', price, size };
    }),
  };
}

/** The present book of `levels` a side around 100, one unit apart. */
export function ladder(symbol: string, levels: number): MarketChange {
  const rungs = Array.from({ length: levels }, (_, index) => [
    `bid ${100 - index} ${index + 1}`,
    `ask ${101 + index} ${index + 1}`,
  ]);
  return bookChange(symbol, rungs.flat(), { snapshot: true });
}

/** The scripted market with books of two pairs. */
export function openBooks() {
  const opened = openScripted();
  opened.tell(ladder('BTC/USD', 12));
  opened.tell(ladder('DOGE/USD', 12));
  return opened;
}

/** A request of v2. */
export function subscribeV2(params: object, requestId?: number): object {
  return { method: 'subscribe', params, ...(requestId !== undefined && { req_id: requestId }) };
}

/** As much of a reply of v2 as the tests look at. */
export interface Reply {
  readonly error?: string;
  readonly method?: string;
  readonly req_id?: number;
  readonly success?: boolean;
  readonly symbol?: string;
}

/** The last reply, without its times, which must be there. */
export function lastReply(client: FakeClient): Reply {
  const reply = JSON.parse(client.texts.at(-1) ?? '{}') as Record<string, unknown>;
  const { time_in: timeIn, time_out: timeOut, ...rest } = reply;
  if (typeof timeIn !== 'string' || typeof timeOut !== 'string') throw new Error('No times.');
  return rest;
}
