import type { Clock } from '../../model/runtime.js';
import type {
  OrderCommand,
  OrderLimitation,
  OrderLimitContext,
  OrderLimiter,
  OrderTarget,
} from '../../model/order-entry.js';
import { isPlainDecimal } from '../../wire/decimals.js';
import { parseTimeMs } from '../../wire/times.js';

/** What an account may do (guides/spot-ratelimits). */
interface Tier {
  /** The count above which the engine refuses. */
  readonly maxCount: number;
  readonly decayPerSecond: number;
  readonly maxOpenOrders: number;
}

const STARTER: Tier = { maxCount: 60, decayPerSecond: 1, maxOpenOrders: 60 };

/** Found by `maxratecount` of the subscription to the account's orders: 60, 125 or 180. */
const TIERS: readonly Tier[] = [
  STARTER,
  { maxCount: 125, decayPerSecond: 2.34, maxOpenOrders: 80 },
  { maxCount: 180, decayPerSecond: 3.75, maxOpenOrders: 225 },
];

/** What touching an order costs on top, by its age in seconds, youngest first. */
type AgeCosts = readonly (readonly [belowSeconds: number, cost: number])[];

const AMEND_COSTS: AgeCosts = [
  [5, 3],
  [10, 2],
  [15, 1],
];
const EDIT_COSTS: AgeCosts = [
  [5, 6],
  [10, 5],
  [15, 4],
  [45, 2],
  [90, 1],
];
const CANCEL_COSTS: AgeCosts = [
  [5, 8],
  [10, 6],
  [15, 5],
  [45, 4],
  [90, 2],
  [300, 1],
];

/** Pairs that are counted; the one that was quiet longest is forgotten, when it has decayed. */
const PAIRS_MAX = 2_000;

/** Orders whose amendment is remembered; an older one costs little. */
const AMENDED_MAX = 1_000;

/** Commands that end orders are never held back here: the engine itself shall say no to those. */
const NEVER_HELD_BACK: ReadonlySet<OrderCommand['kind']> = new Set([
  'cancel',
  'batch-cancel',
  'cancel-all',
  'cancel-all-after',
]);

interface Count {
  readonly count: number;
  /** Monotonic; up to here it has decayed. */
  readonly atMs: number;
}

/** By what the age of an order counts: since it was placed, or amended last. */
export interface OrderAges {
  readonly nowMs: number;
  readonly amendedAtMs: ReadonlyMap<string, number>;
}

/** What a command costs, pair by pair. */
export type CommandCost = ReadonlyMap<string, number>;

/**
 * What a command adds to the counters of its pairs (guides/spot-ratelimits). An order of which
 * nothing is known counts as new, and its pair as ''. One that is only to be checked counts as
 * well: "the fixed part counts even when validation fails".
 */
export function costCommand(
  command: OrderCommand,
  context: OrderLimitContext,
  { nowMs, amendedAtMs }: OrderAges,
): CommandCost {
  const costs = new Map<string, number>();
  const add = (symbol: string, cost: number): void => {
    costs.set(symbol, (costs.get(symbol) ?? 0) + cost);
  };
  const addByAge = (target: OrderTarget, fixed: number, byAge: AgeCosts): void => {
    const order = context.findOrder(target);
    const touchedAtMs = order && (amendedAtMs.get(order.orderId) ?? order.createdAtMs);
    const ageSeconds = touchedAtMs === undefined ? 0 : (nowMs - touchedAtMs) / 1_000;
    const cost = byAge.find(([below]) => ageSeconds < below)?.[1] ?? 0;
    add(order?.symbol ?? '', fixed + cost);
  };
  switch (command.kind) {
    case 'add':
      add(command.order.symbol, 1);
      break;
    case 'batch-add':
      for (const { symbol } of command.orders) add(symbol, 0.5);
      break;
    case 'amend':
      addByAge(command.change.target, 1, AMEND_COSTS);
      break;
    case 'edit':
      addByAge(command.change.target, 1, EDIT_COSTS);
      break;
    case 'cancel':
    case 'batch-cancel':
      for (const target of command.targets) addByAge(target, 0, CANCEL_COSTS);
      break;
    case 'cancel-all':
    case 'cancel-all-after':
      break;
  }
  return costs;
}

/**
 * The counters of the trading engine: one for each pair of an account, which decay second by second
 * and are shared with everything else that trades for the account. So the engine's own count, which
 * comes with the reports of orders, takes the place of ours.
 */
export function createOrderLimiter(clock: Clock): OrderLimiter {
  const counts = new Map<string, Count>();
  const amendedAtMs = new Map<string, number>();
  let tier = STARTER;

  const costNow = (command: OrderCommand, context: OrderLimitContext): CommandCost =>
    costCommand(command, context, { nowMs: clock.nowMs(), amendedAtMs });
  const setCount = (symbol: string, count: number, atMs: number): void => {
    keepNewest(counts, [symbol, { count, atMs }], PAIRS_MAX);
  };
  /** Whole seconds only: the engine decays once a second, and ours must not run ahead of it. */
  const decay = (symbol: string): Count => {
    const nowMs = clock.monotonicMs();
    const { count, atMs } = counts.get(symbol) ?? { count: 0, atMs: nowMs };
    const seconds = Math.floor((nowMs - atMs) / 1_000);
    const left = Math.max(0, count - seconds * tier.decayPerSecond);
    return { count: left, atMs: left === 0 ? nowMs : atMs + seconds * 1_000 };
  };
  const explainCount = (symbol: string, cost: number): OrderLimitation | undefined => {
    const { count } = decay(symbol);
    const over = count + cost - tier.maxCount;
    if (over <= 0) return undefined;
    const retryInMs = Math.ceil(over / tier.decayPerSecond) * 1_000;
    const text =
      `The engine would count ${Math.ceil(count + cost)} for ${symbol || 'this order'}; ` +
      `its limit is ${tier.maxCount}.`;
    return { text, retryInMs };
  };
  return {
    explainRefusal(command, context) {
      if (NEVER_HELD_BACK.has(command.kind)) return undefined;
      for (const [symbol, cost] of costNow(command, context)) {
        const limitation = explainCount(symbol, cost);
        if (limitation) return limitation;
      }
      return explainOpen(command, context, tier);
    },
    noteSent(command, context) {
      for (const [symbol, cost] of costNow(command, context)) {
        const { count, atMs } = decay(symbol);
        setCount(symbol, count + cost, atMs);
      }
    },
    noteReport(symbol, { ratecount, exec_type: type, order_id: orderId, timestamp }) {
      if (type === 'amended' && orderId !== undefined) {
        keepNewest(amendedAtMs, [orderId, parseTimeMs(timestamp ?? '')], AMENDED_MAX);
      }
      if (isPlainDecimal(ratecount)) setCount(symbol, Number(ratecount), clock.monotonicMs());
    },
    noteLimits({ maxCount }) {
      const known = TIERS.find((one) => one.maxCount === maxCount);
      tier = known ?? { ...STARTER, maxCount };
    },
  };
}

function explainOpen(
  command: OrderCommand,
  context: OrderLimitContext,
  { maxOpenOrders }: Tier,
): OrderLimitation | undefined {
  if ('validate' in command && command.validate) return undefined;
  const added =
    command.kind === 'add' ? [command.order] : command.kind === 'batch-add' ? command.orders : [];
  const [first] = added;
  if (first === undefined) return undefined;
  if (context.countOpenOrders(first.symbol) + added.length <= maxOpenOrders) return undefined;
  const text = `The engine takes ${maxOpenOrders} open orders of ${first.symbol} at most.`;
  return { text, retryInMs: Infinity };
}

/** Sets an entry as the newest one; of more than `max` the oldest goes. */
function keepNewest<Value>(
  map: Map<string, Value>,
  [key, value]: readonly [string, Value],
  max: number,
): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.size > max ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}
