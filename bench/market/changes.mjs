// Changes of one level each, for books alone. They run forth and back again, so that they can be
// played round and round: at the end every level is as it was.
import { createMarket } from './market.mjs';
import { MIDDLE } from './coinbase-wire.mjs';

const BID = 0;
const ASK = 1;
const SEED = 11;
const uniformRank = (random, count) => random.below(count);

/** From a cent to 139 million dollars in 479 levels. */
const farKey = (key) =>
  key > 0 ? Math.min(key - 1, Math.floor(key * 0.974)) : Math.floor(key * 1.01617);

/** Kinds of markets: how many levels a side, and how they change. */
export const WORKLOADS = {
  'as recorded': {},
  'far prices, 0.01 to 139 million': {
    levels: 479,
    manner: { nextKey: farKey, drawRank: uniformRank },
  },
  'bursts at the touch': {
    levels: 5_000,
    manner: { deleted: 0.45, added: 0.45, drawRank: (random) => random.below(5) },
  },
  'new levels anywhere': {
    levels: 20_000,
    manner: { deleted: 0.5, added: 0.5, drawRank: uniformRank },
  },
  'a thin pair': { levels: 3, manner: { deleted: 0.4, added: 0.4, drawRank: uniformRank } },
};

/** A market's first levels, best first, and changes as columns: side, ticks, units. */
export function makeChanges(kind, { levels, count }) {
  const workload = { levels, ...WORKLOADS[kind] };
  const market = createMarket({ seed: SEED, middle: MIDDLE, changesPerMessage: 1, ...workload });
  const first = { bids: market.bestBids(), asks: market.bestAsks() };
  const half = Math.floor(count / 2);
  const sides = new Uint8Array(half * 2);
  const ticks = new Float64Array(half * 2);
  const units = new Float64Array(half * 2);
  for (let index = 0; index < half; index += 1) {
    const [change] = market.nextChanges();
    const back = half * 2 - 1 - index;
    sides[index] = sides[back] = change.side === 'bid' ? BID : ASK;
    ticks[index] = ticks[back] = change.ticks;
    units[index] = change.units;
    units[back] = change.before;
  }
  return { first, sides, ticks, units, count: half * 2 };
}
