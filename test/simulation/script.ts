import type { RandomSource } from '../../src/model/runtime.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import type { SimulatedVenue } from './exchanges.js';

/** One thing that happens, so long after the beginning. */
export type Act = { readonly atMs: number } & (
  | { readonly act: 'fault'; readonly rule: object }
  | { readonly act: 'reset' | 'die' | 'revoke-tokens' }
  | { readonly act: 'freeze' | 'refuse'; readonly forMs: number }
  | { readonly act: 'close'; readonly code: number }
  | { readonly act: 'jump-clock'; readonly byMs: number }
  | { readonly act: 'resubscribe'; readonly symbol: number }
  | { readonly act: 'order'; readonly roll: number }
);

/** Everything that decides a run, as plain data. */
export interface Script {
  readonly venue: SimulatedVenue;
  readonly seed: number;
  readonly bookDepth: number | undefined;
  readonly latency: { readonly leastMs: number; readonly spreadMs: number };
  readonly forMs: number;
  readonly acts: readonly Act[];
}

/** How many orders a script places, for those that are about orders. */
export interface ScriptSize {
  readonly orders: number;
}

type MakeRule = (random: RandomSource) => object;

function whole(random: RandomSource, least: number, most: number): number {
  return least + Math.floor(random.fraction() * (most - least + 1));
}

function pick<One>(random: RandomSource, list: readonly One[]): One {
  return list[Math.floor(random.fraction() * list.length)]!;
}

const HOW = ['cut', 'not-json', 'wrong-type'] as const;
const CLOSE_CODES = [1000, 1001, 1006, 1008, 1011, 1012, 1013] as const;

const at = (random: RandomSource, fits: object = {}) => ({
  at: { ...fits, count: whole(random, 1, 40) },
});
const every = (random: RandomSource, fits: object = {}) => ({
  every: { ...fits, frames: whole(random, 5, 60) },
});
const once = (random: RandomSource, fits: object = {}) =>
  random.fraction() < 0.7 ? at(random, fits) : every(random, fits);

/** What Kraken's frames can meet. What no check can reveal is left out: see `docs`. */
const KRAKEN_RULES: readonly MakeRule[] = [
  (random) => ({ fault: 'drop', ...once(random) }),
  (random) => ({ fault: 'drop', ...once(random, { channel: 'book', kind: 'update' }) }),
  (random) => ({ fault: 'duplicate', ...once(random) }),
  (random) => ({ fault: 'delay', ...once(random), delayMs: whole(random, 10, 4_000) }),
  (random) => ({ fault: 'reorder', ...once(random), frames: whole(random, 1, 5) }),
  (random) => ({ fault: 'corrupt', ...once(random), how: pick(random, HOW) }),
  (random) => ({ fault: 'wrong-checksum', ...once(random) }),
  (random) => ({ fault: 'send-text', ...at(random) }),
  (random) => ({ fault: 'close', ...at(random) }),
  (random) => ({ fault: 'reset', ...at(random) }),
  (random) => ({ fault: 'silence', ...at(random), forMs: whole(random, 500, 20_000) }),
  (random) => ({ fault: 'snapshot-late', delayMs: whole(random, 100, 4_000) }),
  () => ({ fault: 'silent-subscription', at: { channel: 'book' } }),
  (random) => ({ fault: 'refuse-request', at: { channel: 'book', count: whole(random, 1, 3) } }),
  (random) => ({ fault: 'refuse-upgrade', status: pick(random, [429, 502, 503]), connection: 2 }),
  (random) => ({ fault: 'skip-sequence', ...at(random, { channel: 'executions' }) }),
  (random) => ({ fault: 'status-walk', at: { kind: 'heartbeat', count: whole(random, 1, 9) } }),
];

/**
 * What this venue keeps back before it takes a number cannot be missed by anyone: `withhold`,
 * `hold` and `silence` are left out. A silence of the network is an act of its own. A good key that
 * is refused twice is given up, as a wrong one has to be: `refuse-tokens` is left out too.
 */
const COINBASE_RULES: readonly MakeRule[] = [
  (random) => ({ fault: 'drop', ...once(random) }),
  (random) => ({ fault: 'drop', ...once(random, { channel: 'l2_data' }) }),
  (random) => ({ fault: 'duplicate', ...once(random) }),
  (random) => ({ fault: 'repeat', ...at(random) }),
  (random) => ({ fault: 'skip-number', ...at(random) }),
  (random) => ({ fault: 'delay', ...once(random), delayMs: whole(random, 10, 4_000) }),
  (random) => ({ fault: 'reorder', ...once(random), frames: whole(random, 1, 5) }),
  (random) => ({ fault: 'corrupt', ...once(random), how: pick(random, HOW) }),
  (random) => ({ fault: 'close', ...at(random), code: 1001 }),
  (random) => ({ fault: 'reset', ...at(random) }),
  (random) => ({ fault: 'heartbeats-stop', ...at(random), forMs: whole(random, 2_000, 20_000) }),
  (random) => ({ fault: 'ack-delayed', at: { count: 1 }, delayMs: whole(random, 100, 2_000) }),
  () => ({ fault: 'update-before-snapshot' }),
  (random) => ({ fault: 'refuse-upgrade', status: pick(random, [429, 502, 503]), connection: 2 }),
  (random) => ({ fault: 'user-update-twice', ...once(random) }),
];

/**
 * Of this venue only changes of a book have a number: any other frame that is lost cannot be known.
 * A refusal that is a lie cannot be known either.
 */
const CLOUD9TRADER_RULES: readonly MakeRule[] = [
  (random) => ({ fault: 'corrupt', ...at(random, { kind: 'delta' }), how: pick(random, HOW) }),
  (random) => ({ fault: 'drop', ...once(random, { kind: 'delta' }) }),
  (random) => ({ fault: 'duplicate', ...once(random, { kind: 'delta' }) }),
  (random) => ({
    ...{ fault: 'delay', ...once(random, { kind: 'delta' }) },
    delayMs: whole(random, 10, 4_000),
  }),
  (random) => ({
    ...{ fault: 'reorder', ...once(random, { kind: 'delta' }) },
    frames: whole(random, 1, 5),
  }),
  (random) => ({ fault: 'drop', ...at(random, { kind: 'answer' }) }),
  (random) => ({ fault: 'send-error', ...at(random) }),
  (random) => ({ fault: 'close', ...at(random), code: 1001 }),
  (random) => ({ fault: 'reset', ...at(random) }),
  (random) => ({ fault: 'refuse-upgrade', status: pick(random, [429, 502, 503]), connection: 2 }),
];

const RULES: Readonly<Record<SimulatedVenue, readonly MakeRule[]>> = {
  coinbase: COINBASE_RULES,
  kraken: KRAKEN_RULES,
  'kraken-v1': KRAKEN_RULES,
  cloud9trader: CLOUD9TRADER_RULES,
};

function createAct(venue: SimulatedVenue, random: RandomSource, atMs: number): Act {
  const roll = random.fraction();
  if (roll < 0.6) return { atMs, act: 'fault', rule: pick(random, RULES[venue])(random) };
  if (roll < 0.68) return { atMs, act: 'reset' };
  if (roll < 0.74) return { atMs, act: 'die' };
  if (roll < 0.81) return { atMs, act: 'freeze', forMs: whole(random, 50, 12_000) };
  if (roll < 0.85) return { atMs, act: 'refuse', forMs: whole(random, 50, 10_000) };
  if (roll < 0.9) return { atMs, act: 'close', code: pick(random, CLOSE_CODES) };
  if (roll < 0.94) return { atMs, act: 'jump-clock', byMs: whole(random, -90_000, 90_000) };
  if (roll < 0.97) return { atMs, act: 'resubscribe', symbol: whole(random, 0, 1) };
  return { atMs, act: 'revoke-tokens' };
}

/** What a seed means. */
export function createScript(
  venue: SimulatedVenue,
  seed: number,
  { orders }: ScriptSize = { orders: 0 },
): Script {
  const random = createSeededRandom(seed);
  const forMs = orders > 0 ? orders * 400 : whole(random, 6_000, 25_000);
  const isKraken = venue === 'kraken' || venue === 'kraken-v1';
  const faults = Array.from({ length: whole(random, 1, orders > 0 ? 12 : 6) }, () =>
    createAct(venue, random, whole(random, 0, forMs)),
  );
  const placed = Array.from({ length: orders }, () => ({
    ...({ act: 'order', atMs: whole(random, 0, forMs), roll: random.fraction() } as const),
  }));
  return {
    ...{ venue, seed, forMs },
    bookDepth: isKraken ? pick(random, [10, 25]) : undefined,
    latency: { leastMs: whole(random, 0, 40), spreadMs: whole(random, 0, 60) },
    acts: [...faults, ...placed].sort((left, right) => left.atMs - right.atMs),
  };
}
