import type { Dice } from './dice.js';
import type { SimulatedVenue } from './exchanges.js';

type MakeRule = (dice: Dice) => object;

const STATUSES = [429, 502, 503] as const;

/** What every venue's frames and server can meet. */
const SHARED_RULES: readonly MakeRule[] = [
  (dice) => ({ fault: 'half-open', ...dice.at() }),
  (dice) => ({ fault: 'close-mid-frame', ...dice.at() }),
  (dice) => ({
    fault: 'drip',
    ...dice.at(),
    bytesPerSecond: dice.whole(5_000, 50_000),
    forMs: dice.whole(500, 3_000),
  }),
  (dice) => ({ fault: 'ban', ...dice.at(), forMs: dice.whole(500, 8_000) }),
  (dice) => ({ fault: 'maintenance', ...dice.at(), forMs: dice.whole(500, 8_000) }),
  (dice) => ({ fault: 'revoke-tokens', ...dice.at() }),
  // Once, and by little: jumps of each connection would add up to more than a token lives.
  (dice) => ({
    fault: 'clock-jump',
    ...dice.at(),
    connection: 1,
    byMs: Math.round(dice.whole(-30_000, 30_000) / 15),
  }),
  (dice) => ({ fault: 'clock-skew', skewMs: dice.whole(-30_000, 30_000) }),
  (dice) => ({
    fault: 'limit-connects',
    count: dice.whole(1, 3),
    windowMs: 5_000,
    forMs: dice.whole(500, 5_000),
  }),
  (dice) => ({ fault: 'limit-messages', count: dice.whole(1, 4), windowMs: 3_000 }),
];
const SHARED_SHARE = 0.35;

const HOW = ['cut', 'not-json', 'wrong-type'] as const;

const partSnapshot: MakeRule = (dice) => ({
  fault: 'partial-snapshot',
  ...dice.at({ channel: 'book', kind: 'snapshot' }),
});

const overtakenSnapshot: MakeRule = () => ({
  fault: 'update-before-snapshot',
  every: { channel: 'book', frames: 1 },
});

const giantSnapshot: MakeRule = (dice) => ({
  fault: 'giant-snapshot',
  ...dice.at({ channel: 'book', kind: 'snapshot' }),
  bytes: dice.whole(20_000, 400_000),
});

/** What Kraken's frames can meet. What no check can reveal is left out: see `docs`. */
const KRAKEN_RULES: readonly MakeRule[] = [
  (dice) => ({ fault: 'drop', ...dice.once() }),
  (dice) => ({ fault: 'drop', ...dice.once({ channel: 'book', kind: 'update' }) }),
  (dice) => ({ fault: 'duplicate', ...dice.once() }),
  (dice) => ({ fault: 'delay', ...dice.once(), delayMs: dice.whole(10, 4_000) }),
  (dice) => ({ fault: 'reorder', ...dice.once(), frames: dice.whole(1, 5) }),
  (dice) => ({ fault: 'corrupt', ...dice.once(), how: dice.pick(HOW) }),
  (dice) => ({ fault: 'wrong-checksum', ...dice.once() }),
  (dice) => ({ fault: 'send-text', ...dice.at() }),
  (dice) => ({ fault: 'close', ...dice.at() }),
  (dice) => ({ fault: 'reset', ...dice.at() }),
  (dice) => ({ fault: 'silence', ...dice.at(), forMs: dice.whole(500, 20_000) }),
  (dice) => ({ fault: 'snapshot-late', delayMs: dice.whole(100, 4_000) }),
  () => ({ fault: 'silent-subscription', at: { channel: 'book' } }),
  (dice) => ({ fault: 'refuse-request', at: { channel: 'book', count: dice.whole(1, 3) } }),
  (dice) => ({ fault: 'refuse-upgrade', status: dice.pick(STATUSES), connection: 2 }),
  (dice) => ({ fault: 'skip-sequence', ...dice.at({ channel: 'executions' }) }),
  partSnapshot,
  overtakenSnapshot,
  giantSnapshot,
  // Briefly: a quiet market looks the same, and a silence that follows makes the book older still.
  (dice) => ({ fault: 'heartbeats-only', ...dice.at(), forMs: dice.whole(300, 2_500) }),
  (dice) => ({ fault: 'heartbeats-stop', ...dice.at(), forMs: dice.whole(2_000, 20_000) }),
  (dice) => ({ fault: 'close-instead', ...dice.at() }),
  (dice) => ({ fault: 'refuse-http', count: dice.whole(1, 3), status: dice.pick(STATUSES) }),
  (dice) => ({ fault: 'limit-requests', count: 1, windowMs: dice.whole(1_000, 5_000) }),
  (dice) => ({ fault: 'status-walk', at: { kind: 'heartbeat', count: dice.whole(1, 9) } }),
];

/**
 * What this venue keeps back before it takes a number cannot be missed by anyone: `withhold`,
 * `hold` and `silence` are left out. A silence of the network is an act of its own.
 */
const COINBASE_RULES: readonly MakeRule[] = [
  (dice) => ({ fault: 'drop', ...dice.once() }),
  (dice) => ({ fault: 'drop', ...dice.once({ channel: 'l2_data' }) }),
  (dice) => ({ fault: 'duplicate', ...dice.once() }),
  (dice) => ({ fault: 'repeat', ...dice.at() }),
  (dice) => ({ fault: 'skip-number', ...dice.at() }),
  (dice) => ({ fault: 'delay', ...dice.once(), delayMs: dice.whole(10, 4_000) }),
  (dice) => ({ fault: 'reorder', ...dice.once(), frames: dice.whole(1, 5) }),
  (dice) => ({ fault: 'corrupt', ...dice.once(), how: dice.pick(HOW) }),
  (dice) => ({ fault: 'close', ...dice.at(), code: 1001 }),
  (dice) => ({ fault: 'reset', ...dice.at() }),
  (dice) => ({ fault: 'heartbeats-stop', ...dice.at(), forMs: dice.whole(2_000, 20_000) }),
  (dice) => ({ fault: 'ack-missing', ...dice.once({ kind: 'ack' }) }),
  (dice) => ({ fault: 'ack-delayed', at: { count: 1 }, delayMs: dice.whole(100, 2_000) }),
  // A summary that is overtaken is only older: no number and no check shows it.
  () => ({ fault: 'update-before-snapshot', every: { channel: 'l2_data', frames: 1 } }),
  (dice) => ({ fault: 'refuse-upgrade', status: dice.pick(STATUSES), connection: 2 }),
  (dice) => ({ fault: 'user-update-twice', ...dice.once() }),
];

/**
 * Of this venue only changes of a book have a number: any other frame that is lost cannot be known.
 * A refusal that is a lie cannot be known either.
 */
const CLOUD9TRADER_RULES: readonly MakeRule[] = [
  (dice) => ({ fault: 'corrupt', ...dice.at({ kind: 'delta' }), how: dice.pick(HOW) }),
  (dice) => ({ fault: 'drop', ...dice.once({ kind: 'delta' }) }),
  (dice) => ({ fault: 'duplicate', ...dice.once({ kind: 'delta' }) }),
  (dice) => ({
    fault: 'delay',
    ...dice.once({ kind: 'delta' }),
    delayMs: dice.whole(10, 4_000),
  }),
  (dice) => ({
    fault: 'reorder',
    ...dice.once({ kind: 'delta' }),
    frames: dice.whole(1, 5),
  }),
  (dice) => ({ fault: 'drop', ...dice.at({ kind: 'answer' }) }),
  (dice) => ({ fault: 'send-error', ...dice.at() }),
  (dice) => ({ fault: 'close', ...dice.at(), code: 1001 }),
  (dice) => ({ fault: 'reset', ...dice.at() }),
  (dice) => ({ fault: 'refuse-upgrade', status: dice.pick(STATUSES), connection: 2 }),
];

const OWN_RULES: Readonly<Record<SimulatedVenue, readonly MakeRule[]>> = {
  coinbase: COINBASE_RULES,
  kraken: KRAKEN_RULES,
  // A snapshot of v1 has no checksum: until the first change nobody can know what is missing.
  'kraken-v1': KRAKEN_RULES.filter((rule) => ![partSnapshot, giantSnapshot].includes(rule)),
  cloud9trader: CLOUD9TRADER_RULES,
};

/** Good credentials are refused until all faults are over, on one connection or on all of them. */
export function createKeyRule(dice: Dice): object {
  const as = dice.pick(['expired', 'revoked'] as const);
  const connection = dice.fraction() < 0.5 ? {} : { connection: dice.whole(1, 5) };
  return { fault: 'refuse-credentials', as, ...connection };
}

/** A rule that a seed may draw. */
export function createRule(venue: SimulatedVenue, dice: Dice): object {
  const rules = dice.fraction() < SHARED_SHARE ? SHARED_RULES : OWN_RULES[venue];
  return dice.pick(rules)(dice);
}
