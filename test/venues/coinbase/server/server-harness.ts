import type {
  ServerConnectionHandler,
  VenueServerRequest,
} from '../../../../src/model/exchange.js';
import { createSyntheticMarket } from '../../../../src/simulator/synthetic-market.js';
import { SYNTHETIC_PRODUCTS } from '../../../../src/simulator/synthetic-products.js';
import type { FaultRule } from '../../../../src/venues/coinbase/server/fault-rules.js';
import { createFaults } from '../../../../src/venues/coinbase/server/faults.js';
import {
  createCoinbaseServer,
  type CoinbaseServerOptions,
} from '../../../../src/venues/coinbase/server/index.js';
import type { MarketListener, MarketSource } from '../../../../src/model/exchange.js';
import { createMarketState } from '../../../../src/simulator/market-state.js';
import type { MarketChange } from '../../../../src/model/exchange.js';
import { createScriptedEngine } from '../../../doubles/scripted-engine.js';
import { createSeededRandom } from '../../../doubles/seeded-random.js';
import { createVirtualTime, type VirtualTime } from '../../../doubles/virtual-time.js';

/** As much of a frame as these tests look at. */
export interface SentFrame {
  readonly channel: string;
  readonly sequence_num: number;
  readonly timestamp: string;
  readonly events: readonly Record<string, unknown>[];
}

/** A client of the server half, without a socket. */
export interface FakeClient {
  readonly texts: string[];
  readonly frames: () => SentFrame[];
  readonly ending: () => string;
  buffered: number;
  ask(message: object): void;
  leave(): void;
}

type Opened = ReturnType<typeof createCoinbaseServer>;

/** Opens a connection as the host would. */
export function connectFake(server: Opened, path = '/'): FakeClient {
  const request: VenueServerRequest = {
    method: 'GET',
    path,
    query: new URLSearchParams(),
    headers: {},
    remoteAddress: '127.0.0.1',
    body: '',
  };
  const answer = server.onUpgrade(request);
  if (answer.kind === 'refuse') throw new Error(`The upgrade was refused: ${answer.status}.`);
  let ending = 'open';
  const served: { handler?: ServerConnectionHandler } = {};
  const finish = (how: string): void => {
    if (ending !== 'open') return;
    ending = how;
    served.handler?.onClosed();
  };
  const client: FakeClient = {
    texts: [],
    frames: () => client.texts.map((text) => JSON.parse(text) as SentFrame),
    ending: () => ending,
    buffered: 0,
    ask: (message) => served.handler?.onMessage(JSON.stringify(message)),
    leave: () => finish('left'),
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

interface Parts extends Partial<CoinbaseServerOptions> {
  readonly rules?: readonly FaultRule[];
}

/** A server on virtual time whose market is the test's. */
export function openServer(source: MarketSource, time: VirtualTime, parts: Parts = {}): Opened {
  const { clock, timers } = time;
  return createCoinbaseServer({
    source,
    clock,
    timers,
    faults: createFaults(parts.rules ?? [], clock),
    verifier: { verify: (token) => ({ ok: token === 'good' }) },
    userId: 'user-1',
    ...parts,
  });
}

/** The random market on virtual time. */
export function openSynthetic(seed: number) {
  const time = createVirtualTime();
  const { clock, timers } = time;
  const random = createSeededRandom(seed);
  const market = createSyntheticMarket({ products: SYNTHETIC_PRODUCTS, clock, timers, random });
  return { time, market, server: openServer(market, time) };
}

/** A market of one product in which nothing happens but what the test tells. */
export function openScripted(parts: Parts = {}) {
  const time = createVirtualTime();
  const state = createMarketState([
    { symbol: 'BTC-USD', base: 'BTC', quote: 'USD', status: 'online', aliases: ['BTC-USDC'] },
  ]);
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
  return { time, tell, source, server: openServer(source, time, parts) };
}

/** The same with an engine in front of it, in which orders wait for the test. */
export function openWithEngine(parts: Parts = {}) {
  const { time, source } = openScripted();
  const engine = createScriptedEngine(source);
  return { time, engine, server: openServer(engine, time, { ...parts, engine }) };
}
