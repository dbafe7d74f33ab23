import { ASK, type LevelChange, type LevelChanges, type LevelColumns } from '../model/levels.js';
import { toDouble } from './column-units.js';
import { formatUnits } from './decimal.js';

/** The price of one level in columns, spelled as the wire spelled it. */
function readPriceText(columns: LevelColumns, index: number): string {
  const units = columns.exactUnits.get(2 * index) ?? (columns.priceUnits[index] as number);
  const decimals = columns.priceDecimals[index] as number;
  return formatUnits(units, decimals, decimals);
}

/** The size of one level in columns, spelled as the wire spelled it; a deletion is always `0`. */
function readSizeText(columns: LevelColumns, index: number): string {
  const units = columns.exactUnits.get(2 * index + 1) ?? (columns.sizeUnits[index] as number);
  const decimals = columns.sizeDecimals[index] as number;
  return units === 0 ? '0' : formatUnits(units, decimals, decimals);
}

/**
 * The changes of one message as objects with exact strings, made only for those who ask. The view
 * follows its columns: one view serves every message that is decoded into them.
 */
export function createLevelChanges(columns: LevelColumns): LevelChanges {
  const at = (index: number): LevelChange => {
    if (!Number.isInteger(index) || index < 0 || index >= columns.count) {
      throw new RangeError(`There is no change ${index}; the message has ${columns.count}.`);
    }
    const { sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = columns;
    const price = readPriceText(columns, index);
    const size = readSizeText(columns, index);
    return {
      side: sides[index] === ASK ? 'ask' : 'bid',
      price,
      size,
      priceNumber: toDouble(priceUnits[index] as number, priceDecimals[index] as number, price),
      sizeNumber: toDouble(sizeUnits[index] as number, sizeDecimals[index] as number, size),
    };
  };
  return {
    get count() {
      return columns.count;
    },
    get columns() {
      columns.keep?.();
      return columns;
    },
    at,
    toArray: () => Array.from({ length: columns.count }, (_, index) => at(index)),
  };
}
