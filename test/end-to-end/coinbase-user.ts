import { openFeed } from '../../src/feed/feed.js';
import type { Feed } from '../../src/feed/feed-options.js';
import type { FeedEvent, FeedEventOf, FeedEventType } from '../../src/model/event.js';
import type { NewOrder } from '../../src/model/order-entry.js';
import { hostVenueServer } from '../../src/runtime/server.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { systemTimers } from '../../src/runtime/system-timers.js';
import { createDemoKey } from '../../src/simulator/demo-key.js';
import { createMarketState } from '../../src/simulator/market-state.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { toOrderUuid } from '../../src/venues/coinbase/server/order-ids.js';
import { createFaults } from '../../src/venues/coinbase/server/faults.js';
import type { FaultRule } from '../../src/venues/coinbase/server/fault-rules.js';
import {
  createCoinbaseServer,
  USER_ACCOUNT,
  type CoinbaseServer,
} from '../../src/venues/coinbase/server/index.js';
import { createCoinbaseVerifier } from '../../src/venues/coinbase/server/sign-in.js';
import { createScriptedEngine, type ScriptedEngine } from '../doubles/scripted-engine.js';
import { createSeededRandom } from '../doubles/seeded-random.js';

const PATIENCE_MS = 8_000;
const FAST = { firstMs: 20, maxMs: 100, leastMs: 5 };
/** Nobody listens there. */
const DEAD_URL = 'ws://127.0.0.1:9';

/** The user of a Coinbase with an engine, who follows the own account. */
export interface User extends AsyncDisposable {
  readonly server: CoinbaseServer;
  readonly engine: ScriptedEngine;
  readonly feed: Feed;
  readonly events: FeedEvent[];
  until(what: string, isTrue: () => boolean): Promise<void>;
  count(type: FeedEventType): number;
  ofType<Type extends FeedEventType>(type: Type): FeedEventOf<Type>[];
  /** Orders that the feed holds as open, and those of the engine, to be compared. */
  compareOrders(): { readonly feed: readonly string[]; readonly engine: readonly string[] };
}

export interface UserParts {
  readonly rules?: readonly FaultRule[];
  /** Orders there are before anybody looks. */
  readonly orders?: readonly NewOrder[];
  readonly isUserHostDead?: boolean;
}

function createMarket(): Parameters<typeof createScriptedEngine>[0] {
  const symbol = 'BTC-USD';
  const state = createMarketState([
    { symbol, base: 'BTC', quote: 'USD', status: 'online', aliases: ['BTC-USDC'] },
  ]);
  return {
    instruments: state.instruments,
    batched: false,
    time: () => undefined,
    book: (name) => state.book(name),
    trades: (name) => state.trades(name),
    ticker: (name) => state.ticker(name),
    candles: (name) => state.candles(name),
    orders: () => [],
    attach: () => () => undefined,
    close: () => undefined,
  };
}

export async function followUser(parts: UserParts = {}): Promise<User> {
  const { clock, timers } = { clock: systemClock, timers: systemTimers };
  const engine = createScriptedEngine(createMarket());
  const { keyName, privateKey, publicKey } = createDemoKey('ed25519');
  const server = createCoinbaseServer({
    source: engine,
    engine,
    clock,
    timers,
    userId: 'user-1',
    faults: createFaults(parts.rules ?? [], clock),
    verifier: createCoinbaseVerifier({ keys: new Map([[keyName, publicKey]]), clock }),
  });
  for (const order of parts.orders ?? []) server.placeOrder(order);
  const host = await hostVenueServer(server, { port: 0, clock });
  const marketUrl = `ws://127.0.0.1:${host.port}`;
  const userUrl = parts.isUserHostDead === true ? DEAD_URL : `${marketUrl}/user`;
  const events: FeedEvent[] = [];
  const looks = new Set<() => void>();
  const feed = openFeed({
    venue: { ...coinbase({ marketUrl, userUrl }), backoff: FAST },
    credentials: { keyName, privateKey },
    subscriptions: [{ channel: 'user' }, { channel: 'balances' }],
    runtime: systemRuntime({ random: createSeededRandom(5) }),
    recovery: { backoff: FAST, snapshotTimeoutMs: 1_000 },
    onEvent(event) {
      events.push(event);
      for (const look of looks) look();
    },
  });
  const until: User['until'] = (what, isTrue) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        looks.delete(look);
      };
      const look = (): void => {
        if (!isTrue()) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`No ${what}: ${events.map(({ type }) => type).join(' ')}`));
      }, PATIENCE_MS);
      looks.add(look);
      look();
    });
  const show = (orderId: string, filledSize: string | undefined) => `${orderId} ${filledSize}`;
  return {
    server,
    engine,
    feed,
    events,
    until,
    count: (type) => events.filter((event) => event.type === type).length,
    ofType: <Type extends FeedEventType>(type: Type) =>
      events.filter((event): event is FeedEventOf<Type> => event.type === type),
    compareOrders: () => ({
      feed: feed.orders
        .open()
        .map((one) => show(one.orderId, one.filledSize))
        .sort(),
      engine: engine
        .openOrders(USER_ACCOUNT)
        .map((one) => show(toOrderUuid(one.orderId), one.filledSize))
        .sort(),
    }),
    async [Symbol.asyncDispose]() {
      await feed.close();
      await host.close();
    },
  };
}
