/**
 * The trading engine's own limits (guides/spot-ratelimits): a counter for each pair of each client,
 * which every transaction raises and every second lowers, and a number of open orders.
 */
import type { Clock } from '../../../../model/runtime.js';
import { printUnits } from '../number-text.js';

/** How far the venue has verified a client. */
export type AccountTier = 'starter' | 'intermediate' | 'pro';

/** What a client may do. */
export interface TierLimits {
  /** Above it transactions are refused. */
  readonly maxCount: number;
  /** In hundredths, so that counts stay exact. */
  readonly decayHundredths: number;
  /** Of one pair. */
  readonly maxOpenOrders: number;
}

/** The limits of each tier. */
export const TIER_LIMITS: Readonly<Record<AccountTier, TierLimits>> = {
  starter: { maxCount: 60, decayHundredths: 100, maxOpenOrders: 60 },
  intermediate: { maxCount: 125, decayHundredths: 234, maxOpenOrders: 80 },
  pro: { maxCount: 180, decayHundredths: 375, maxOpenOrders: 225 },
};

/** Transactions that cost more the younger the order is. */
export type AgedTransaction = 'amend' | 'edit' | 'cancel';

/** What is always counted, also where a transaction fails validation. */
export const FIXED_COSTS: Readonly<Record<'add' | AgedTransaction, number>> = {
  add: 1,
  amend: 1,
  edit: 1,
  cancel: 0,
};

type AgeCosts = readonly (readonly [belowMs: number, cost: number])[];

const AGE_COSTS: Readonly<Record<AgedTransaction, AgeCosts>> = {
  amend: [
    [5_000, 3],
    [10_000, 2],
    [15_000, 1],
  ],
  edit: [
    [5_000, 6],
    [10_000, 5],
    [15_000, 4],
    [45_000, 2],
    [90_000, 1],
  ],
  cancel: [
    [5_000, 8],
    [10_000, 6],
    [15_000, 5],
    [45_000, 4],
    [90_000, 2],
    [300_000, 1],
  ],
};

/** What a transaction costs in all, by the time since the order was placed or last amended. */
export function costTransaction(transaction: AgedTransaction, ageMs: number): number {
  const aged = AGE_COSTS[transaction].find(([belowMs]) => ageMs < belowMs)?.[1] ?? 0;
  return FIXED_COSTS[transaction] + aged;
}

/** Whose counter. */
export interface CounterKey {
  readonly account: string;
  readonly symbol: string;
}

/** The counters of one engine. Costs are whole or halves. */
export interface RateCounters {
  /** Counts a transaction, or does not where it would pass the limit. */
  pass(key: CounterKey, cost: number): boolean;
  /** Counts in any case. */
  add(key: CounterKey, cost: number): void;
  /** As it is told: plain decimal text. */
  read(key: CounterKey): string;
}

interface Counter {
  hundredths: number;
  /** Up to which second it has decayed. */
  second: number;
}

const HUNDREDTHS = 100;
const DECIMALS = 2;
const MS_PER_SECOND = 1_000;
const COUNTERS_MAX = 10_000;

/** Begins to count. */
export function createRateCounters(limits: TierLimits, clock: Clock): RateCounters {
  const counters = new Map<string, Counter>();
  const secondNow = (): number => Math.floor(clock.monotonicMs() / MS_PER_SECOND);

  const decay = (counter: Counter): Counter => {
    const second = secondNow();
    const lost = (second - counter.second) * limits.decayHundredths;
    counter.hundredths = Math.max(0, counter.hundredths - lost);
    counter.second = second;
    return counter;
  };
  /** Counters at zero are as good as none. */
  const makeRoom = (): void => {
    if (counters.size < COUNTERS_MAX) return;
    for (const [name, counter] of counters) {
      if (decay(counter).hundredths === 0) counters.delete(name);
    }
    const [oldest] = counters.size < COUNTERS_MAX ? [] : counters.keys();
    if (oldest !== undefined) counters.delete(oldest);
  };
  const find = ({ account, symbol }: CounterKey): Counter => {
    const name = `${symbol}\n${account}`;
    const known = counters.get(name);
    if (known) return decay(known);
    makeRoom();
    const counter = { hundredths: 0, second: secondNow() };
    counters.set(name, counter);
    return counter;
  };

  return {
    pass(key, cost) {
      const counter = find(key);
      const raised = counter.hundredths + cost * HUNDREDTHS;
      if (raised > limits.maxCount * HUNDREDTHS) return false;
      counter.hundredths = raised;
      return true;
    },
    add: (key, cost) => void (find(key).hundredths += cost * HUNDREDTHS),
    read: (key) => printUnits(BigInt(find(key).hundredths), DECIMALS).replace(/\.?0+$/, ''),
  };
}
