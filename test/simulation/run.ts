import { openFeed } from '../../src/feed/feed.js';
import type { Feed, FeedSubscription } from '../../src/feed/feed-options.js';
import type { CancelTimer } from '../../src/model/runtime.js';
import { silentLogger } from '../../src/runtime/silent-logger.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { createVirtualTime, type VirtualTime } from '../doubles/virtual-time.js';
import { createClientClock } from './client-clock.js';
import { openVirtualExchange, type VirtualExchange } from './exchanges.js';
import { OrderLoad } from './order-load.js';
import type { Act, Script } from './script.js';
import { Truth } from './truth.js';
import { AGE_MAX_MS, DIAL_LIMITS, FEED_LIMITS } from './venue-limits.js';
import { createVirtualNetwork, type VirtualNetwork } from './virtual-network.js';
import { PROVED_QUEUES, Violation, Watch } from './watch.js';

/** How a run ended. */
export interface Outcome {
  readonly violation: Violation | undefined;
  /** Of the events, by type. */
  readonly counts: ReadonlyMap<string, number>;
}

const STEP_MS = 500;
const QUIET_MAX_MS = 2_500;
const HEAL_MS = 240_000;
const PEACE_MS = 3_000;
const ROUNDS_MAX = 3;
const ALL_LEVELS = 1_000;
/** Timers of the exchange that stay for a moment after both ends are closed. */
const REST_MS = 20_000;

interface World {
  readonly script: Script;
  readonly time: VirtualTime;
  readonly exchange: VirtualExchange;
  readonly network: VirtualNetwork;
  readonly watch: Watch;
  readonly truth: Truth;
  readonly feed: Feed;
  readonly orders: OrderLoad | undefined;
  /** What is to end halts that a script began. */
  readonly resumptions: CancelTimer[];
  jumpClock(byMs: number): void;
}

/** Whether a connection may be dead with nobody told. */
function hidesDeath({ acts }: Script): boolean {
  return acts.some(
    (one) =>
      one.act === 'die' ||
      one.act === 'freeze' ||
      (one.act === 'fault' &&
        ('forMs' in one.rule || ('fault' in one.rule && one.rule.fault === 'half-open'))),
  );
}

/** Whether frames come in the order in which they were made, or carry numbers that show it. */
function keepsOrder({ acts }: Script, { numbersAll }: VirtualExchange): boolean {
  const overtakes = (rule: object): boolean =>
    'fault' in rule && ['delay', 'reorder', 'duplicate'].includes(String(rule.fault));
  return numbersAll || !acts.some((one) => one.act === 'fault' && overtakes(one.rule));
}

function hasOrders({ acts }: Script): boolean {
  return acts.some(({ act }) => act === 'order');
}

function booksOf({ bookDepth: depth }: Script, symbols: readonly string[]): FeedSubscription {
  return { channel: 'book', symbols: [...symbols], ...(depth !== undefined && { depth }) };
}

function listSubscriptions(script: Script, exchange: VirtualExchange): FeedSubscription[] {
  const { symbols, accountChannels } = exchange;
  return [
    booksOf(script, symbols),
    { channel: 'trades', symbols },
    ...script.channels.map((channel) => ({ channel, symbols })),
    ...(hasOrders(script) || script.seed % 2 === 0 ? accountChannels : []),
  ];
}

async function open(script: Script): Promise<World> {
  const time = createVirtualTime(undefined, { shortestMs: 1 });
  const { clock, timers } = time;
  const { seed, bookDepth, venue } = script;
  const exchange = await openVirtualExchange(venue, { clock, timers, seed, size: script.market });
  const depth = Math.min(bookDepth ?? ALL_LEVELS, exchange.provedDepth ?? ALL_LEVELS);
  const truth = new Truth(exchange.trading.market, depth, clock);
  const isSame = depth === PROVED_QUEUES;
  const queueTruth = isSame ? truth : new Truth(exchange.trading.market, PROVED_QUEUES, clock);
  const clientClock = createClientClock(clock);
  const readNumber = (text: string) => exchange.readNumber(text);
  const dialLimit = DIAL_LIMITS[venue];
  const watch = new Watch({
    truth,
    queueTruth,
    clock,
    clientClock,
    depth,
    dialLimit,
    readNumber,
    countsTrades: exchange.countsTrades,
    keepsOrder: keepsOrder(script, exchange),
  });
  const random = createSeededRandom(seed + 1);
  const { latency } = script;
  const network = createVirtualNetwork({
    time,
    clientClock,
    random,
    server: exchange.server,
    watcher: watch,
    latency,
  });
  const { dial, http } = network;
  const feed = openFeed({
    ...exchange.client,
    subscriptions: listSubscriptions(script, exchange),
    limits: FEED_LIMITS,
    runtime: { clock: clientClock, timers, random, dial, http, logger: silentLogger },
    onEvent: (event) => watch.onEvent(event),
  });
  watch.follow(feed);
  const orders = hasOrders(script) ? new OrderLoad(feed, exchange) : undefined;
  return {
    script,
    time,
    exchange,
    network,
    watch,
    truth,
    feed,
    orders,
    resumptions: [],
    jumpClock: clientClock.move,
  };
}

function perform(world: World, act: Act): void {
  const { exchange, network, feed, script } = world;
  switch (act.act) {
    case 'fault':
      return exchange.addFault(act.rule);
    case 'refuse-key':
      // One that was never good is given up, as a wrong one has to be.
      return world.watch.counts.has('auth.accepted') ? exchange.addFault(act.rule) : undefined;
    case 'reset':
      return network.reset();
    case 'die':
      return network.die();
    case 'freeze':
      return network.freeze(act.forMs);
    case 'refuse':
      return network.refuse(act.forMs);
    case 'close':
      return exchange.closeConnections(act.code);
    case 'jump-clock':
      return world.jumpClock(act.byMs);
    case 'revoke-tokens':
      return exchange.revokeTokens();
    case 'resubscribe': {
      const symbols = [exchange.symbols[act.symbol]!];
      feed.unsubscribe([{ channel: 'book', symbols }]);
      return feed.subscribe([booksOf(script, symbols)]);
    }
    case 'order':
      return void world.orders?.place(act.roll);
    case 'list': {
      const symbols = [exchange.list()];
      return feed.subscribe([booksOf(script, symbols), { channel: 'trades', symbols }]);
    }
    case 'wild':
      return exchange.setPace(act);
    case 'move':
      return exchange.multiplyPrice(exchange.symbols[act.symbol]!, act.factor);
    case 'halt': {
      const symbol = exchange.symbols[act.symbol]!;
      exchange.halt(symbol);
      world.resumptions.push(world.time.timers.after(act.forMs, () => exchange.resume(symbol)));
      return;
    }
  }
}

/**
 * What was lost of a book without numbers shows with its next change: none is to stand still for
 * longer than the age that is allowed has room for.
 */
function nudge({ exchange, truth }: World): void {
  for (const symbol of exchange.symbols) {
    if (truth.book(symbol).quietMs > QUIET_MAX_MS) exchange.nudge(symbol);
  }
}

/** Lets time pass until then, looking at every step; false once something was wrong. */
async function advanceTo(world: World, untilMs: number): Promise<boolean> {
  const { time, watch, script, feed } = world;
  for (;;) {
    const leftMs = untilMs - time.clock.monotonicMs();
    await time.advance(Math.max(0, Math.min(STEP_MS, leftMs)));
    const status = feed.status();
    watch.checkBooks(status, AGE_MAX_MS[script.venue]);
    watch.checkHeld(status);
    nudge(world);
    if (watch.violation) return false;
    if (leftMs <= STEP_MS) return true;
  }
}

function listUnhealed({ feed, orders }: World): string[] {
  const books = feed.status().books.filter(({ state }) => state.status !== 'live');
  const unhealed = books.map(({ symbol, state }) => `${symbol} is ${state.status}`);
  return [...unhealed, ...(orders?.listUnhealed() ?? [])];
}

async function heal(world: World): Promise<boolean> {
  const { time, watch } = world;
  const untilMs = time.clock.monotonicMs() + HEAL_MS;
  do {
    if (!(await advanceTo(world, time.clock.monotonicMs() + STEP_MS))) return false;
    if (listUnhealed(world).length === 0) return true;
  } while (time.clock.monotonicMs() < untilMs);
  watch.violation = new Violation('everything heals', listUnhealed(world).join('; '));
  return false;
}

/**
 * Heals, then a while of peace, in which what was lost before may still be noticed: what is healed
 * must stay well in the end.
 */
async function rest(world: World): Promise<Violation | undefined> {
  const { time } = world;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (!(await heal(world))) return undefined;
    // Only what comes next shows that something is missing.
    world.exchange.setPace({ rate: 1, violence: 1 });
    if (!(await advanceTo(world, time.clock.monotonicMs() + PEACE_MS))) return undefined;
    if (listUnhealed(world).length === 0) return undefined;
  }
  return new Violation('what is healed stays well', listUnhealed(world).join('; '));
}

async function play(world: World): Promise<Violation | undefined> {
  const { script, watch, orders, exchange, network } = world;
  // Orders of before the first snapshot are history to the client, and not news.
  if (orders && !(await heal(world))) return watch.violation;
  const startMs = world.time.clock.monotonicMs();
  for (const act of script.acts) {
    if (!(await advanceTo(world, startMs + act.atMs))) return watch.violation;
    perform(world, act);
  }
  if (!(await advanceTo(world, startMs + script.forMs))) return watch.violation;
  exchange.clearFaults();
  exchange.setPace({ rate: script.market.restRate, violence: 1 });
  // What is dead and looks alive is noticed only after the venue's silence.
  const calmAtMs = Math.max(network.calmAtMs, startMs + script.forMs) + AGE_MAX_MS[script.venue];
  if (hidesDeath(script) && !(await advanceTo(world, calmAtMs))) return watch.violation;
  let restless = await rest(world);
  if (orders && !restless) {
    // The last frame of all may be the one that was lost: only fresh lists can say so.
    network.reset();
    restless = await rest(world);
  }
  watch.checkTrades();
  if (watch.violation ?? restless) return watch.violation ?? restless;
  return orders?.compare(watch.counts);
}

async function end({
  feed,
  time,
  exchange,
  network,
  resumptions,
}: World): Promise<Violation | undefined> {
  const closing = feed.close();
  // Nobody is left to hear of it: a market that went on would be most of what a seed costs.
  for (const cancel of resumptions) cancel();
  exchange.trading.market.close();
  await time.advance(REST_MS);
  await closing;
  exchange.server.close();
  await time.advance(REST_MS);
  const { armedCount } = time;
  if (armedCount === 0 && network.openCount === 0) return undefined;
  return new Violation('nothing stays', `${armedCount} timers, ${network.openCount} sockets`);
}

/** Plays a script to its end, or to the first thing that is wrong. */
export async function run(script: Script): Promise<Outcome> {
  const world = await open(script);
  const violation = await play(world);
  const left = await end(world);
  return { violation: violation ?? left, counts: world.watch.counts };
}
