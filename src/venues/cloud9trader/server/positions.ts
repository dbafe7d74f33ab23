/**
 * Positions, worked out from fills: what an account holds of each instrument since it was last
 * flat. How a closed position is shown is on no page; ours is a last row with quantity 0.
 */
import {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../../book/decimal-arithmetic.js';
import type { EngineFill } from '../../../model/matching.js';
import type { AccountRow } from './account.js';
import { ACCOUNT_NO, splitInstrumentId } from './order-rows.js';

/** The positions of one account. */
export interface Positions {
  /** Takes a fill in; returns the rows that changed: of a position that turned, both sides. */
  take(fill: EngineFill): readonly AccountRow[];
}

interface Position {
  /** Below zero where it is short. */
  readonly net: string;
  /** What was paid (below zero) and received since it was last flat. */
  readonly cash: string;
}

const FLAT: Position = { net: '0', cash: '0' };

/** Starts without any position. */
export function createPositions(): Positions {
  const positions = new Map<string, Position>();
  return {
    take(fill) {
      const { symbol, price } = fill;
      const before = positions.get(symbol) ?? FLAT;
      const after = move(before, fill);
      positions.set(symbol, after);
      const isOver =
        directionOf(before) !== undefined && directionOf(before) !== directionOf(after);
      return [
        ...(isOver ? [toRow(symbol, FLAT, { price, direction: directionOf(before) })] : []),
        ...(after === FLAT ? [] : [toRow(symbol, after, { price, direction: directionOf(after) })]),
      ];
    },
  };
}

function move({ net, cash }: Position, fill: EngineFill): Position {
  const { side, size, value, price } = fill;
  const isBuy = side === 'buy';
  const movedNet = isBuy ? addDecimals(net, size) : subtractDecimals(net, size);
  if (compareDecimals(movedNet, '0') === 0) return FLAT;
  const isTurned = compareDecimals(net, '0') * compareDecimals(movedNet, '0') < 0;
  // What is beyond zero opened a position of its own.
  if (isTurned) return { net: movedNet, cash: negate(multiplyDecimals(movedNet, price)) };
  return { net: movedNet, cash: isBuy ? subtractDecimals(cash, value) : addDecimals(cash, value) };
}

function directionOf({ net }: Position): 'LONG' | 'SHORT' | undefined {
  const sign = compareDecimals(net, '0');
  return sign === 0 ? undefined : sign > 0 ? 'LONG' : 'SHORT';
}

function toRow(
  instrumentId: string,
  { net, cash }: Position,
  parts: { readonly price: string; readonly direction: string | undefined },
): AccountRow {
  const worth = multiplyDecimals(net, parts.price);
  return {
    broker: splitInstrumentId(instrumentId).broker,
    accountNo: ACCOUNT_NO,
    instrumentId,
    direction: parts.direction ?? 'LONG',
    quantity: net.replace(/^-/, ''),
    value: worth.replace(/^-/, ''),
    profit: addDecimals(cash, worth),
  };
}

function negate(decimal: string): string {
  return subtractDecimals('0', decimal);
}
