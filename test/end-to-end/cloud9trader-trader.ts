import { openFeed } from '../../src/feed/feed.js';
import type { Feed } from '../../src/feed/feed-options.js';
import type { FeedEvent } from '../../src/model/event.js';
import type { CommandOutcome, OrderCommand } from '../../src/model/order-entry.js';
import type { Session } from '../../src/model/session.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { createAttemptBudget } from '../../src/session/budget.js';
import { createSession } from '../../src/session/session.js';
import { Client } from '../../src/venues/cloud9trader/client/index.js';
import { cloud9trader, cloud9traderAuth } from '../../src/venues/cloud9trader/index.js';
import type { FaultRule } from '../../src/venues/cloud9trader/server/fault-rules.js';
import { createScriptedEngine, type ScriptedEngine } from '../doubles/scripted-engine.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import {
  createScriptedMarket,
  hostServer,
  KEY,
  SECRET,
  type HostedBench,
} from '../venues/cloud9trader/server/server-harness.js';

const PATIENCE_MS = 8_000;
const FAST = { firstMs: 20, maxMs: 100, leastMs: 5 };

/** An exchange with an engine, a feed of the account at it, and two ways to trade there. */
export interface Trader extends AsyncDisposable {
  readonly bench: HostedBench;
  readonly engine: ScriptedEngine;
  readonly feed: Feed;
  readonly events: FeedEvent[];
  /** The drop-in for the vendor's library. */
  readonly client: Client;
  readonly session: Session;
  until(what: string, isTrue: () => boolean): Promise<void>;
  count(type: FeedEvent['type']): number;
  /** Gives a command to the session. */
  command(command: OrderCommand): Promise<CommandOutcome>;
  /** What the feed and the engine say, to be compared. */
  compare(): { readonly feed: unknown; readonly engine: unknown };
}

export async function openTrader(rules: readonly FaultRule[] = []): Promise<Trader> {
  const engine = createScriptedEngine(createScriptedMarket().source);
  engine.deposit('main', 'USDT', '1000000');
  engine.deposit('main', 'BTC', '1000');
  const bench = await hostServer({
    rules,
    source: engine,
    engine,
    limits: { messagesPerSecond: 5_000 },
  });
  const runtime = systemRuntime({ random: createSeededRandom(7) });
  const events: FeedEvent[] = [];
  const looks = new Set<() => void>();
  const look = (): void => looks.forEach((one) => one());
  const venue = { ...cloud9trader({ url: bench.wsUrl, extensions: true }), backoff: FAST };
  const feed = openFeed({
    venue,
    credentials: { key: KEY, secret: SECRET },
    subscriptions: ['orders', 'executions', 'balances', 'positions'].map((channel) => ({
      channel,
    })),
    runtime,
    recovery: { backoff: FAST, snapshotTimeoutMs: 500 },
    onEvent(event) {
      events.push(event);
      look();
    },
  });
  const client = new Client({ key: KEY, secret: SECRET, host: bench.wsUrl, runtime });
  for (const event of ['connected', 'disconnected']) client.on(event, look);
  client.start();
  const session = createSession({
    name: 'trader',
    venue,
    endpoint: { name: 'sockets', url: bench.wsUrl },
    runtime,
    auth: cloud9traderAuth({ key: KEY, secret: SECRET }),
    budget: createAttemptBudget(venue.limits.connects, runtime.clock),
    listener: {
      onReady: look,
      onFrame: look,
      onBadFrame: look,
      onLost: look,
      onSubscribed: look,
      onEnded: look,
      onRefused: look,
      onAuth: look,
    },
  });
  const until: Trader['until'] = (what, isTrue) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        looks.delete(check);
      };
      const check = (): void => {
        if (!isTrue()) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`No ${what}: ${events.map(({ type }) => type).join(' ')}`));
      }, PATIENCE_MS);
      looks.add(check);
      check();
    });
  return {
    bench,
    engine,
    feed,
    events,
    client,
    session,
    until,
    count: (type) => events.filter((event) => event.type === type).length,
    command: (command) =>
      new Promise((resolve) => session.command({ command, onOutcome: resolve })),
    compare: () => compareAccounts(feed, engine),
    async [Symbol.asyncDispose]() {
      client.stop();
      await feed.close();
      await session.close();
      await bench[Symbol.asyncDispose]();
    },
  };
}

function compareAccounts(feed: Feed, engine: ScriptedEngine): { feed: unknown; engine: unknown } {
  const byText = (left: string, right: string): number => (left < right ? -1 : 1);
  return {
    feed: {
      orders: feed.orders
        .open()
        .map(
          ({ orderId, filledSize, remainingSize }) => `${orderId} ${filledSize} ${remainingSize}`,
        )
        .sort(byText),
      fills: feed.fills
        .all()
        .map(({ fillId, orderId, size, price, fee }) =>
          [fillId, orderId, size, price, fee].join(' '),
        )
        .sort(byText),
      balances: feed.balances
        .all()
        .map(({ asset, total, available }) => `${asset} ${total} ${available}`)
        .sort(byText),
    },
    engine: {
      orders: engine
        .openOrders('main')
        .map(
          ({ orderId, filledSize, remainingSize }) => `${orderId} ${filledSize} ${remainingSize}`,
        )
        .sort(byText),
      fills: engine
        .fills('main')
        .map(({ fillId, orderId, size, price, fee }) =>
          [fillId, orderId, size, price, fee].join(' '),
        )
        .sort(byText),
      balances: engine
        .balances('main')
        .map(({ asset, total, available }) => `${asset} ${total} ${available}`)
        .sort(byText),
    },
  };
}
