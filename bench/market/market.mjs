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
/** A side with less than this share of its first levels is filled up. */
const SHORT_SHARE = 0.98;

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

function drawSize(random) {
  return 1 + Math.floor(MEDIAN_SIZE_UNITS * Math.exp(2 * random.normal()));
}

/** Levels of one side, the best one last. A key is the price in ticks, negative for asks. */
class Side {
  constructor(name, sign) {
    this.name = name;
    this.sign = sign;
    this.keys = [];
    this.sizes = [];
  }

  fill({ levels, middle, nextKey }, random) {
    let key = this.sign * middle - 1;
    for (let rank = 0; rank < levels; rank += 1) {
      this.keys.push(key);
      this.sizes.push(drawSize(random));
      key = nextKey(key, random);
    }
    this.keys.reverse();
    this.sizes.reverse();
  }

  /** A free key near a place; undefined where all are taken. `limit` is the other side's best. */
  findFreeKey(at, limit) {
    const { keys } = this;
    for (let index = at; index >= 0 && index > at - SEARCH_LEVELS; index -= 1) {
      const isBest = index + 1 === keys.length;
      const upper = isBest ? limit : keys[index + 1];
      if (upper - keys[index] <= 1) continue;
      // A new best price closes the spread, or it would grow and grow.
      return { index: index + 1, key: isBest ? upper - 1 : keys[index] + 1 };
    }
    return undefined;
  }

  remove(at) {
    const [key] = this.keys.splice(at, 1);
    const [before] = this.sizes.splice(at, 1);
    return { side: this.name, ticks: this.sign * key, units: 0, before };
  }

  insert({ index, key }, units) {
    this.keys.splice(index, 0, key);
    this.sizes.splice(index, 0, units);
    return { side: this.name, ticks: this.sign * key, units, before: 0 };
  }

  resize(at, units) {
    const before = this.sizes[at];
    this.sizes[at] = units;
    return { side: this.name, ticks: this.sign * this.keys[at], units, before };
  }

  cut(depth) {
    const excess = this.keys.length - depth;
    if (excess <= 0) return;
    this.keys.splice(0, excess);
    this.sizes.splice(0, excess);
  }

  /** The best levels, best first, as pairs of ticks and units. */
  best(count) {
    const { keys, sizes, sign } = this;
    const found = [];
    for (let at = keys.length - 1; at >= 0 && found.length < count; at -= 1) {
      found.push([sign * keys[at], sizes[at]]);
    }
    return found;
  }
}

/** One change of one level, carried out at once. */
function makeChange([side, other], { levels, manner, random }) {
  const count = side.keys.length;
  const at = count - 1 - manner.drawRank(random, count);
  const lot = random.fraction();
  const isShort = count < Math.min(levels - 2, levels * SHORT_SHARE);
  if (lot < manner.deleted && !isShort && count > 1) return side.remove(at);
  const wantsNew = isShort || (lot >= manner.deleted && lot < manner.deleted + manner.added);
  const free = wantsNew ? side.findFreeKey(at, -other.keys.at(-1)) : undefined;
  const units = drawSize(random);
  return free ? side.insert(free, units) : side.resize(at, units);
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
  const bids = new Side('bid', 1);
  const asks = new Side('ask', -1);
  for (const side of [bids, asks]) {
    side.fill({ levels, middle, nextKey: manner.nextKey }, random);
  }
  const change = () => {
    const sides = random.fraction() < 0.5 ? [bids, asks] : [asks, bids];
    return makeChange(sides, { levels, manner, random });
  };
  return {
    bestBids: (count = Infinity) => bids.best(count),
    bestAsks: (count = Infinity) => asks.best(count),
    /** The changes of one message, which are applied already; `before` is the size until then. */
    nextChanges() {
      const count = drawCount(random, changesPerMessage);
      const changes = Array.from({ length: count }, change);
      bids.cut(depth);
      asks.cut(depth);
      return changes;
    },
  };
}
