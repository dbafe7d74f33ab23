import type { BookUnits, Level, SideReader } from '../model/levels.js';
import { toDouble } from './column-units.js';
import { formatUnits } from './decimal.js';

/** Decimals that texts show at least. */
export interface TextDecimals {
  readonly price: number;
  readonly size: number;
}

/** The best level of a side as it was read last, and what it was made of. */
interface KnownBest {
  priceUnits: number | bigint;
  sizeUnits: number | bigint;
  priceDecimals: number;
  sizeDecimals: number;
  level: Level;
}

const SHORTEST: TextDecimals = { price: 0, size: 0 };

function createKnownBest(): KnownBest {
  const level = { price: '', size: '', priceNumber: NaN, sizeNumber: NaN };
  return { priceUnits: NaN, sizeUnits: NaN, priceDecimals: 0, sizeDecimals: 0, level };
}

/**
 * Reads levels as users see them. The best ones are asked for at every message and differ at few:
 * their texts, which cost more than applying a message, are made where the numbers have changed.
 */
export class LevelReader {
  readonly #levels: BookUnits;
  readonly #least: TextDecimals;
  readonly #knownBid = createKnownBest();
  readonly #knownAsk = createKnownBest();

  constructor(levels: BookUnits, least = SHORTEST) {
    this.#levels = levels;
    this.#least = least;
  }

  bestBid(): Level | undefined {
    return this.#readBest(this.#levels.bids, this.#knownBid);
  }

  bestAsk(): Level | undefined {
    return this.#readBest(this.#levels.asks, this.#knownAsk);
  }

  /** The best levels of a side, as many as there are up to `depth`. */
  top(side: SideReader, depth: number): Level[] {
    if (!(depth >= 0)) throw new RangeError(`depth is ${depth}; it must be a number from 0.`);
    const length = Math.min(Math.floor(depth), side.count);
    return Array.from({ length }, (_, rank) => this.#make(side.priceAt(rank), side.sizeAt(rank)));
  }

  #readBest(side: SideReader, known: KnownBest): Level | undefined {
    if (side.count === 0) return undefined;
    const priceUnits = side.priceAt(0);
    const sizeUnits = side.sizeAt(0);
    const { priceDecimals, sizeDecimals } = this.#levels;
    const isKnown =
      known.priceUnits === priceUnits &&
      known.sizeUnits === sizeUnits &&
      known.priceDecimals === priceDecimals &&
      known.sizeDecimals === sizeDecimals;
    if (!isKnown) {
      known.priceUnits = priceUnits;
      known.sizeUnits = sizeUnits;
      known.priceDecimals = priceDecimals;
      known.sizeDecimals = sizeDecimals;
      known.level = this.#make(priceUnits, sizeUnits);
    }
    // Each reader has an object of its own, which it may keep and change.
    const { price, size, priceNumber, sizeNumber } = known.level;
    return { price, size, priceNumber, sizeNumber };
  }

  #make(priceUnits: number | bigint, sizeUnits: number | bigint): Level {
    const { priceDecimals, sizeDecimals } = this.#levels;
    const price = formatUnits(priceUnits, priceDecimals, this.#least.price);
    const size = formatUnits(sizeUnits, sizeDecimals, this.#least.size);
    const priceNumber = toDouble(priceUnits, priceDecimals, price);
    return { price, size, priceNumber, sizeNumber: toDouble(sizeUnits, sizeDecimals, size) };
  }
}
