// A random market whose changes have the figures of recorded Coinbase traffic unless it is told
// otherwise: 6.3 levels a message on average, 24 % of them deleted, 25 % new, the median change 121
// levels from the best price. It keeps the book itself, in whole numbers, and so is the truth that
// clients are compared with.
import { createRandom } from './random.mjs';

const MEDIAN_RANK = 121;
const RANK_SPREAD = 1.9;
const LEVELS_PER_MESSAGE = 6.3;
const LEVELS_PER_MESSAGE_MAX = 60;
const MEDIAN_SIZE_UNITS = 5_000_000;
/** How far from where it was wanted a new level may be put, in levels. */
const SEARCH_LEVELS = 50;

/** Levels of one side, the best one last; `sign` turns asks around so that both sides rise. */
function createSide(name, sign) {
  return { name, sign, keys: [], sizes: [] };
}

function drawRecordedRank(random, count) {
  for (;;) {
    const rank = Math.floor(MEDIAN_RANK * Math.exp(RANK_SPREAD * random.normal()));
    if (rank < count) return rank;
  }
}

const RECORDED = {
  deleted: 0.24,
  added: 0.25,
  drawRank: drawRecordedRank,
  nextKey: (key, random) => key - 1 - Math.floor(-5.5 * Math.log(1 - random.fraction())),
};

/** How many levels a message changes: geometric with the recorded mean, or always the same. */
function drawCount(random, fixed) {
  if (fixed !== undefined) return fixed;
  const more = Math.floor(Math.log(1 - random.fraction()) / Math.log(1 - 1 / LEVELS_PER_MESSAGE));
  return Math.min(LEVELS_PER_MESSAGE_MAX, 1 + more);
}

/** A free key near a place of the side; undefined where all are taken. */
function findFreeKey({ keys }, at, other) {
  const limit = other.keys.length > 0 ? -other.keys.at(-1) : Infinity;
  for (let index = at; index >= 0 && index > at - SEARCH_LEVELS; index -= 1) {
    const upper = index + 1 < keys.length ? keys[index + 1] : limit;
    if (upper - keys[index] > 1) return { index: index + 1, key: keys[index] + 1 };
  }
  return undefined;
}

/**
 * Opens a market of so many levels a side. `depth` cuts it as the venue does, at the end of each
 * message and without a word; `changesPerMessage` fixes their number; `manner` replaces what was
 * recorded.
 */
export function createMarket(options) {
  const { levels, depth = Infinity, seed, middle, changesPerMessage } = options;
  const manner = { ...RECORDED, ...options.manner };
  const random = createRandom(seed);
  const bids = createSide('bid', 1);
  const asks = createSide('ask', -1);
  const drawSize = () => 1 + Math.floor(MEDIAN_SIZE_UNITS * Math.exp(2 * random.normal()));

  for (const side of [bids, asks]) {
    let key = side.sign * middle - 1;
    for (let rank = 0; rank < levels; rank += 1) {
      side.keys.push(key);
      side.sizes.push(drawSize());
      key = manner.nextKey(key, random);
    }
    side.keys.reverse();
    side.sizes.reverse();
  }

  const toChange = (side, key, change) => ({ side: side.name, ticks: side.sign * key, ...change });

  function remove(side, at) {
    const [key] = side.keys.splice(at, 1);
    const [before] = side.sizes.splice(at, 1);
    return toChange(side, key, { units: 0, before });
  }

  function insert(side, { index, key }) {
    const units = drawSize();
    side.keys.splice(index, 0, key);
    side.sizes.splice(index, 0, units);
    return toChange(side, key, { units, before: 0 });
  }

  function resize(side, at) {
    const before = side.sizes[at];
    side.sizes[at] = drawSize();
    return toChange(side, side.keys[at], { units: side.sizes[at], before });
  }

  function change() {
    const [side, other] = random.fraction() < 0.5 ? [bids, asks] : [asks, bids];
    const count = side.keys.length;
    const at = count - 1 - manner.drawRank(random, count);
    const lot = random.fraction();
    // A side that ran short is filled up, so that the book stays as deep as it was.
    const isShort = count < Math.min(levels - 2, levels * 0.98);
    if (lot < manner.deleted && !isShort && count > 1) return remove(side, at);
    const wantsNew = isShort || (lot >= manner.deleted && lot < manner.deleted + manner.added);
    const free = wantsNew && findFreeKey(side, at, other);
    return free ? insert(side, free) : resize(side, at);
  }

  function cut(side) {
    const excess = side.keys.length - depth;
    if (excess <= 0) return;
    side.keys.splice(0, excess);
    side.sizes.splice(0, excess);
  }

  /** The best levels of a side, best first, as pairs of whole numbers. */
  function best({ keys, sizes, sign }, count = Infinity) {
    const found = [];
    for (let at = keys.length - 1; at >= 0 && found.length < count; at -= 1) {
      found.push([sign * keys[at], sizes[at]]);
    }
    return found;
  }

  return {
    bestBids: (count) => best(bids, count),
    bestAsks: (count) => best(asks, count),
    /** The changes of one message, which are applied already; `before` is the size until then. */
    nextChanges() {
      const count = drawCount(random, changesPerMessage);
      const changes = Array.from({ length: count }, change);
      cut(bids);
      cut(asks);
      return changes;
    },
  };
}
