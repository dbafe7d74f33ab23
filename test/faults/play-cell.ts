import { openFeed } from '../../src/feed/feed.js';
import type { Feed, FeedSubscription } from '../../src/feed/feed-options.js';
import type { FeedEvent } from '../../src/model/event.js';
import type { Clock } from '../../src/model/runtime.js';
import { silentLogger } from '../../src/runtime/silent-logger.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { createVirtualTime, type VirtualTime } from '../doubles/virtual-time.js';
import { createClientClock } from '../simulation/client-clock.js';
import {
  openVirtualExchange,
  type SimulatedVenue,
  type VirtualExchange,
} from '../simulation/exchanges.js';
import { OrderLoad } from '../simulation/order-load.js';
import { createProducts } from '../simulation/products.js';
import { Truth } from '../simulation/truth.js';
import { AGE_MAX_MS, DIAL_LIMITS } from '../simulation/venue-limits.js';
import { createVirtualNetwork, type VirtualNetwork } from '../simulation/virtual-network.js';
import { Watch, type Violation } from '../simulation/watch.js';
import { labelEvent } from './event-labels.js';
import { outcomeOf, type Cell, type CellAct, type SeenCell } from './matrix-row.js';
import { changeTexts, type TextChanger } from './text-changer.js';

/** A cell that was played, and the first promise that was broken on the way. */
export interface PlayedCell extends SeenCell {
  readonly violation: Violation | undefined;
}

/** Every new socket says so. */
const ONLINE = 'venue.changed (online)';
const LATENCY = { leastMs: 10, spreadMs: 5 };
/** Where nothing else is asked for: what Kraken's checksums prove. */
const DEPTH = 10;
const ALL_LEVELS = 1_000;
const STRIKE_STEP_MS = 5;
const STRIKE_MAX_MS = 60_000;
const STEP_MS = 250;
const HEAL_MAX_MS = 300_000;
/** What is live stays so for at least this long. */
const WATCH_MS = 6_000;
const PEACE_MS = 3_000;
/** Between the opening and the fault. */
const CALM_MS = 3_000;
const OPENING_MAX_MS = 60_000;
/** As long as both ends take to close, whatever became of the network. */
const REST_MS = 20_000;

interface World {
  readonly cell: Cell;
  readonly venue: SimulatedVenue;
  readonly time: VirtualTime;
  readonly exchange: VirtualExchange;
  readonly network: VirtualNetwork;
  readonly changer: TextChanger;
  readonly watch: Watch;
  readonly log: CellLog;
  readonly setClientClock: (byMs: number) => void;
  readonly connect: () => Feed;
}

/** Keeps what a client says and when all that it follows is live. */
class CellLog {
  readonly #clock: Clock;
  said: string[] = [];
  states: string[] = [];
  liveSinceMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  restart(): void {
    this.said = [];
    this.states = [];
  }

  onEvent(event: FeedEvent): void {
    const label = labelEvent(event);
    const isNoNews = label === ONLINE && !this.said.some((one) => one.startsWith('venue.'));
    if (label !== undefined && !isNoNews && this.said.at(-1) !== label) this.said.push(label);
  }

  look(feed: Feed, followsAccount: boolean): void {
    const { books, streams } = feed.status();
    const state = books[0]?.state.status ?? 'none';
    if (this.states.at(-1) !== state) this.states.push(state);
    const isLive =
      books.every((one) => one.state.status === 'live') &&
      (!followsAccount ||
        (feed.orders.state.status === 'live' && streams.every((one) => one.status === 'accepted')));
    if (!isLive) this.liveSinceMs = undefined;
    else this.liveSinceMs ??= this.#clock.monotonicMs();
  }
}

/** One product that moves, so that a cell costs little. */
function createOneProduct(...args: Parameters<typeof createProducts>) {
  const [product] = createProducts(...args);
  if (!product) throw new Error('There is no product.');
  return [{ ...product, everyMs: 100 }];
}

function listSubscriptions({ cell, exchange }: Pick<World, 'cell' | 'exchange'>) {
  const { symbols, accountChannels, provedDepth } = exchange;
  const depth = cell.depth ?? DEPTH;
  const subscriptions: FeedSubscription[] = [
    { channel: 'book', symbols, ...(provedDepth !== undefined && { depth }) },
    { channel: 'trades', symbols },
    ...(cell.account ? accountChannels : []),
  ];
  return subscriptions;
}

async function prepare(venue: SimulatedVenue, cell: Cell, seed: number): Promise<World> {
  const time = createVirtualTime(undefined, { shortestMs: 1 });
  const { clock, timers } = time;
  const exchange = await openVirtualExchange(venue, {
    clock,
    timers,
    seed,
    makeProducts: createOneProduct,
  });
  const depth = cell.depth ?? (exchange.provedDepth === undefined ? ALL_LEVELS : DEPTH);
  const truth = new Truth(exchange.trading.market, depth, clock);
  const clientClock = createClientClock(clock);
  const watch = new Watch({
    truth,
    queueTruth: truth,
    clock,
    clientClock,
    depth,
    dialLimit: DIAL_LIMITS[venue],
    // No row follows tickers or candles, which alone would have to keep their order.
    countsTrades: exchange.countsTrades,
    keepsOrder: false,
    readNumber: (text) => exchange.readNumber(text),
  });
  const changer = changeTexts(exchange.server);
  const random = createSeededRandom(seed + 1);
  const network = createVirtualNetwork({
    time,
    clientClock,
    random,
    server: changer.server,
    watcher: watch,
    latency: LATENCY,
  });
  const log = new CellLog(clock);
  return {
    cell,
    venue,
    time,
    exchange,
    network,
    changer,
    watch,
    log,
    setClientClock: clientClock.move,
    connect() {
      const { dial, http } = network;
      let feed: Feed | undefined = undefined;
      const onEvent = (event: FeedEvent): void => {
        watch.onEvent(event);
        log.onEvent(event);
        if (feed) log.look(feed, cell.account === true);
      };
      feed = openFeed({
        ...exchange.client,
        subscriptions: listSubscriptions({ cell, exchange }),
        runtime: { clock: clientClock, timers, random, dial, http, logger: silentLogger },
        onEvent,
      });
      watch.follow(feed);
      return feed;
    },
  };
}

function perform(world: World, act: CellAct, orders?: OrderLoad): void {
  const { exchange, network, changer, time, setClientClock } = world;
  if ('rule' in act) exchange.addFault(act.rule);
  else if ('closeCode' in act) exchange.closeConnections(act.closeCode);
  else if ('clearAfterMs' in act) time.timers.after(act.clearAfterMs, () => exchange.clearFaults());
  else if ('clientClockMs' in act) setClientClock(act.clientClockMs);
  else if ('change' in act) changer.change(act.change, act.to);
  else if ('order' in act) {
    void orders?.place(act.order);
  } else if (act.network === 'die') network.die();
  else network[act.network](act.forMs);
}

async function step({ time, watch, log, cell, venue }: World, feed: Feed, ms: number) {
  await time.advance(ms);
  log.look(feed, cell.account === true);
  watch.checkBooks(feed.status(), AGE_MAX_MS[venue]);
}

/** Moves on to the moment at which the fault begins, and returns it. */
async function strike(world: World, feed: Feed): Promise<number> {
  const orders = world.cell.acts.some((act) => 'order' in act)
    ? new OrderLoad(feed, world.exchange)
    : undefined;
  const { time, cell, exchange, changer, log } = world;
  const { clock } = time;
  while (log.liveSinceMs === undefined) {
    await step(world, feed, STEP_MS);
    if (clock.monotonicMs() > OPENING_MAX_MS) throw new Error('It was not live to begin with.');
  }
  await step(world, feed, CALM_MS);
  log.restart();
  let startMs = clock.monotonicMs();
  for (const act of cell.acts) perform(world, act, orders);
  if (!cell.acts.some((act) => 'rule' in act || 'change' in act)) return startMs;
  const untilMs = startMs + STRIKE_MAX_MS;
  while (exchange.countStrikes() + changer.changedCount === 0) {
    startMs = clock.monotonicMs();
    if (startMs > untilMs) throw new Error('The fault did not strike.');
    await step(world, feed, STRIKE_STEP_MS);
  }
  return startMs;
}

/** Moves on until nothing more is to be expected. */
async function settleDown(world: World, feed: Feed, startMs: number): Promise<void> {
  const { time, cell, log, watch } = world;
  const { isBlind, isFinal } = outcomeOf(cell.outcome);
  const isFinished = (): boolean => {
    const { liveSinceMs } = log;
    const nowMs = time.clock.monotonicMs();
    if (nowMs > startMs + HEAL_MAX_MS || (isBlind === true && watch.violation)) return true;
    if (nowMs < startMs + (cell.watchMs ?? WATCH_MS)) return false;
    if (isFinal === true) return true;
    return liveSinceMs !== undefined && nowMs >= liveSinceMs + PEACE_MS;
  };
  while (!isFinished()) await step(world, feed, STEP_MS);
}

/** Lets one fault happen at one venue, and tells what the client made of it. */
export async function playCell(
  venue: SimulatedVenue,
  cell: Cell,
  seed: number,
): Promise<PlayedCell> {
  const world = await prepare(venue, cell, seed);
  const { time, exchange, watch, log } = world;
  if (cell.from === 'opening') for (const act of cell.acts) perform(world, act);
  const feed = world.connect();
  log.look(feed, cell.account === true);
  const startMs = cell.from === 'opening' ? 0 : await strike(world, feed);
  await settleDown(world, feed, startMs);
  const { liveSinceMs } = log;
  const seen = {
    said: [...log.said],
    states: [...log.states],
    violation: watch.violation,
    liveMs: liveSinceMs === undefined ? null : Math.max(0, Math.round(liveSinceMs - startMs)),
  };
  let isClosed = false;
  void feed.close().finally(() => (isClosed = true));
  const closeByMs = time.clock.monotonicMs() + REST_MS;
  while (!isClosed && time.clock.monotonicMs() < closeByMs) await time.advance(STEP_MS);
  if (!isClosed) throw new Error('The feed did not close.');
  exchange.server.close();
  exchange.trading.market.close();
  return seen;
}
