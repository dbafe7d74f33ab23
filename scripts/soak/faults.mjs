// What goes wrong in a soak. Faults that a venue's protocol cannot reveal to anyone are left out:
// docs/reliability.md names them.
import { createRandom } from '../../bench/market/random.mjs';

const RULE_MS = 5_000;
const GIANT = { fault: 'giant-snapshot', bytes: 2_000_000 };

/** A rule strikes each connection, and is taken away after `forMs`. */
const listShared = (update, snapshot) => [
  { rule: { fault: 'duplicate', ...update } },
  { rule: { fault: 'corrupt', ...update } },
  { rule: { fault: 'corrupt', how: 'not-json', ...update } },
  { rule: { fault: 'corrupt', how: 'wrong-type', ...update } },
  { rule: { fault: 'close', code: 1001, ...update } },
  { rule: { fault: 'close', code: 1011, ...update } },
  { rule: { fault: 'close-mid-frame', ...update } },
  { rule: { fault: 'reset', ...update } },
  { rule: { fault: 'half-open', ...update } },
  { rule: { fault: 'drip', bytesPerSecond: 4_000, forMs: 3_000, ...update } },
  { rule: { ...GIANT, ...snapshot } },
  { rule: { fault: 'maintenance', forMs: 3_000 } },
  { rule: { fault: 'ban', forMs: 4_000 } },
  { rule: { fault: 'revoke-tokens' } },
  { rule: { fault: 'refuse-upgrade', status: 503 }, forMs: 3_000 },
  { rule: { fault: 'refuse-http', status: 500 }, forMs: 3_000 },
];
const listNumbered = (update) => [
  { rule: { fault: 'drop', ...update } },
  { rule: { fault: 'reorder', ...update } },
  { rule: { fault: 'delay', delayMs: 900, ...update } },
];
const UPDATE = { at: { kind: 'update' } };
const SNAPSHOT = { at: { kind: 'snapshot' } };
/** Cloud9Trader's words for the same. */
const DELTA = { at: { kind: 'delta' } };
const ANSWER = { at: { kind: 'answer' } };
const FAULTS = {
  coinbase: [
    ...listShared(UPDATE, SNAPSHOT),
    ...listNumbered(UPDATE),
    { rule: { fault: 'skip-number', ...UPDATE } },
    { rule: { fault: 'heartbeats-stop', forMs: 4_000, ...UPDATE } },
    { rule: { fault: 'silence', forMs: 6_000, ...UPDATE } },
    { rule: { fault: 'update-before-snapshot' }, forMs: 5_000 },
  ],
  kraken: [
    ...listShared(UPDATE, SNAPSHOT),
    { rule: { fault: 'wrong-checksum' }, forMs: 500 },
    { rule: { fault: 'silence', forMs: 6_000, ...UPDATE } },
    { rule: { fault: 'clock-jump', byMs: 90_000 }, forMs: 3_000 },
  ],
  cloud9trader: [...listShared(DELTA, ANSWER), ...listNumbered(DELTA)],
};

/** The largest frame that will come, once: what grows with it has its size from here on. */
export async function sendGiants(exchange) {
  for (const venue of Object.keys(FAULTS)) {
    const { at } = venue === 'cloud9trader' ? ANSWER : SNAPSHOT;
    await exchange.ask('POST', '/faults', { venue, ...GIANT, at });
    await exchange.ask('POST', '/connections/reset', { venue });
  }
}

/** Does something wrong every 1 to 3 seconds until it is stopped; `counts` says how often what. */
export function startFaults(exchange, seed, onFailure) {
  const { fraction, below } = createRandom(seed);
  const pick = (list) => list[below(list.length)];
  const counts = new Map();
  const timers = new Set();
  const after = (ms, act) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act().catch(onFailure);
    }, ms);
    timers.add(timer);
  };
  async function strike() {
    after(1_000 + fraction() * 2_000, strike);
    const venue = pick(Object.keys(FAULTS));
    const { rule, forMs = RULE_MS } = pick(FAULTS[venue]);
    const { added } = await exchange.ask('POST', '/faults', { venue, ...rule });
    const name = `${venue} ${rule.fault}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    after(forMs, async () => {
      for (const { id } of added) await exchange.ask('DELETE', `/faults/${id}`);
    });
  }
  after(0, strike);
  return {
    counts,
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await exchange.ask('DELETE', '/faults');
    },
  };
}
