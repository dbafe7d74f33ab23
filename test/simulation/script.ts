import { createSeededRandom } from '../doubles/seeded-random.js';
import { createDice, type Dice } from './dice.js';
import type { SimulatedVenue } from './exchanges.js';
import type { MarketSize } from './products.js';
import { createKeyRule, createRule } from './rules.js';

/** One thing that happens, so long after the beginning. */
export type Act = { readonly atMs: number } & (
  | { readonly act: 'fault'; readonly rule: object }
  | { readonly act: 'reset' | 'die' | 'revoke-tokens' | 'list' }
  | { readonly act: 'freeze' | 'refuse'; readonly forMs: number }
  | { readonly act: 'refuse-key'; readonly rule: object }
  | { readonly act: 'close'; readonly code: number }
  | { readonly act: 'jump-clock'; readonly byMs: number }
  | { readonly act: 'resubscribe'; readonly symbol: number }
  | { readonly act: 'order'; readonly roll: number }
  /** The market itself: a product stands still, jumps, or everything is wild. */
  | { readonly act: 'halt'; readonly symbol: number; readonly forMs: number }
  | { readonly act: 'move'; readonly symbol: number; readonly factor: number }
  | { readonly act: 'wild'; readonly rate: number; readonly violence: number }
);

/** Everything that decides a run, as plain data. */
export interface Script {
  readonly venue: SimulatedVenue;
  readonly seed: number;
  readonly bookDepth: number | undefined;
  /** What the client takes beside books, trades and its account. */
  readonly channels: readonly string[];
  readonly latency: { readonly leastMs: number; readonly spreadMs: number };
  readonly forMs: number;
  readonly market: MarketSize & {
    /** How often it changes while all that is done is to wait, as a factor. */
    readonly restRate: number;
  };
  readonly acts: readonly Act[];
}

/** How many orders a script places, for those that are about orders. */
export interface ScriptSize {
  readonly orders: number;
}

const CLOSE_CODES = [1000, 1001, 1006, 1008, 1011, 1012, 1013] as const;

function createAct(venue: SimulatedVenue, dice: Dice, atMs: number): Act {
  const roll = dice.fraction();
  const symbol = () => ({ symbol: dice.whole(0, 1) });
  if (roll < 0.6) return { atMs, act: 'fault', rule: createRule(venue, dice) };
  if (roll < 0.68) return { atMs, act: 'reset' };
  if (roll < 0.74) return { atMs, act: 'die' };
  if (roll < 0.81) return { atMs, act: 'freeze', forMs: dice.whole(50, 12_000) };
  if (roll < 0.85) return { atMs, act: 'refuse', forMs: dice.whole(50, 10_000) };
  if (roll < 0.88) return { atMs, act: 'close', code: dice.pick(CLOSE_CODES) };
  if (roll < 0.9) return { atMs, act: 'jump-clock', byMs: dice.whole(-90_000, 90_000) };
  if (roll < 0.91) {
    const [rate, violence] = [dice.whole(2, 6), dice.whole(2, 20)];
    return { atMs, act: 'wild', rate, violence };
  }
  if (roll < 0.92) return { atMs, act: 'halt', ...symbol(), forMs: dice.whole(500, 9_000) };
  if (roll < 0.93) return { atMs, act: 'move', ...symbol(), factor: 0.7 + 0.6 * dice.fraction() };
  if (roll < 0.94) return { atMs, act: 'list' };
  if (roll < 0.96) return { atMs, act: 'resubscribe', ...symbol() };
  if (roll < 0.98) return { atMs, act: 'refuse-key', rule: createKeyRule(dice) };
  return { atMs, act: 'revoke-tokens' };
}

/**
 * What days are like: most are short, with a small market that nearly stands while things heal, and
 * some are long, with a market that never does. Days with orders are usual ones.
 */
const SHORT = {
  share: 0.9,
  leastMs: 2_500,
  mostMs: 6_000,
  actsMax: 4,
  countMax: 20,
  market: { everyMs: 250, levels: 12, restRate: 0.15 },
};
const USUAL = {
  share: 0.97,
  leastMs: 6_000,
  mostMs: 25_000,
  actsMax: 6,
  countMax: 40,
  market: { everyMs: 150, levels: 14, restRate: 1 },
};
const LONG = {
  share: 0.985,
  leastMs: 25_000,
  mostMs: 60_000,
  actsMax: 12,
  countMax: 100,
  market: { everyMs: 150, levels: 14, restRate: 1 },
};
const DEEP = {
  share: 1,
  leastMs: 3_000,
  mostMs: 15_000,
  actsMax: 6,
  countMax: 40,
  market: { everyMs: 150, levels: 150, restRate: 1 },
};
const KINDS = [SHORT, USUAL, LONG, DEEP];

/** What each venue has beside books, trades and accounts. */
const CHANNELS: Readonly<Record<SimulatedVenue, readonly string[]>> = {
  coinbase: ['ticker', 'ticker-batch', 'candles'],
  kraken: ['ticker', 'candles', 'orders-book'],
  'kraken-v1': ['ticker', 'candles'],
  cloud9trader: ['ticker'],
};
const CHANNEL_SHARE = 0.12;

/** What a seed means. */
export function createScript(
  venue: SimulatedVenue,
  seed: number,
  { orders }: ScriptSize = { orders: 0 },
): Script {
  const random = createSeededRandom(seed);
  const roll = random.fraction();
  const kind = orders > 0 ? USUAL : (KINDS.find(({ share }) => roll < share) ?? SHORT);
  const dice = createDice(random, kind.countMax);
  const forMs = orders > 0 ? orders * 400 : dice.whole(kind.leastMs, kind.mostMs);
  const isKraken = venue === 'kraken' || venue === 'kraken-v1';
  const faults = Array.from({ length: dice.whole(1, orders > 0 ? 12 : kind.actsMax) }, () =>
    createAct(venue, dice, dice.whole(0, forMs)),
  );
  const placed = Array.from({ length: orders }, (): Act => ({
    act: 'order',
    atMs: dice.whole(0, forMs),
    roll: dice.fraction(),
  }));
  return {
    venue,
    seed,
    forMs,
    market: kind.market,
    bookDepth: isKraken ? dice.pick([10, 25]) : undefined,
    channels: CHANNELS[venue].filter(() => dice.fraction() < CHANNEL_SHARE),
    latency: { leastMs: dice.whole(0, 40), spreadMs: dice.whole(0, 60) },
    acts: [...faults, ...placed].sort((left, right) => left.atMs - right.atMs),
  };
}
