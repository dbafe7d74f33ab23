import {
  createLevelColumns,
  MAX_COLUMN_LEVELS,
  type MutableLevelColumns,
} from '../book/level-columns.js';
import type { DecimalUnits } from '../book/decimal.js';
import {
  ASK,
  BID,
  type BookUnits,
  type LevelColumns,
  type SideIndex,
  type SideReader,
} from '../model/levels.js';

/** A number without the zeros at its end that only the book's own decimals put there. */
function trimUnits(units: number | bigint, decimals: number): DecimalUnits {
  if (typeof units === 'number') {
    let shorter = units;
    let left = decimals;
    while (left > 0 && shorter % 10 === 0) {
      shorter /= 10;
      left -= 1;
    }
    return { units: shorter, decimals: left, exactUnits: undefined };
  }
  let shorter = units;
  let left = decimals;
  while (left > 0 && shorter % 10n === 0n) {
    shorter /= 10n;
    left -= 1;
  }
  const isSafe = shorter <= BigInt(Number.MAX_SAFE_INTEGER);
  return isSafe
    ? { units: Number(shorter), decimals: left, exactUnits: undefined }
    : { units: NaN, decimals: left, exactUnits: shorter };
}

function pushSide(columns: MutableLevelColumns, side: SideIndex, levels: BookUnits): void {
  const reader: SideReader = side === BID ? levels.bids : levels.asks;
  for (let rank = 0; rank < reader.count; rank += 1) {
    const price = trimUnits(reader.priceAt(rank), levels.priceDecimals);
    columns.push(side, price, trimUnits(reader.sizeAt(rank), levels.sizeDecimals));
  }
}

/** A whole book as the columns of a snapshot, best levels first, bids before asks. */
export function copyBookColumns(levels: BookUnits): LevelColumns {
  const wanted = levels.bids.count + levels.asks.count;
  const columns = createLevelColumns(Math.min(wanted, MAX_COLUMN_LEVELS));
  pushSide(columns, BID, levels);
  pushSide(columns, ASK, levels);
  return columns;
}
