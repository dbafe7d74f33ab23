import type { Side } from '../model/levels.js';
import { compareDecimals } from './decimal-arithmetic.js';

interface PricedLevel {
  readonly side: Side;
  readonly price: string;
}

/** Best first: bids high to low, then asks low to high. Exact where doubles are not enough. */
export function sortLevels<Level extends PricedLevel>(levels: Iterable<Level>): Level[] {
  const keyed = [...levels].map((level) => ({ level, rough: Number(level.price) }));
  keyed.sort((left, right) => {
    if (left.level.side !== right.level.side) return left.level.side === 'bid' ? -1 : 1;
    const direction = left.level.side === 'bid' ? -1 : 1;
    const difference =
      left.rough - right.rough || compareDecimals(left.level.price, right.level.price);
    return direction * difference;
  });
  return keyed.map(({ level }) => level);
}
