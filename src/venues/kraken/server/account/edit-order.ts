/** The order that takes the place of another (websocket-v2/edit_order). Pure. */
import {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../../../book/decimal-arithmetic.js';
import type { EngineBalance, EngineOrder } from '../../../../model/matching.js';
import type { Pair } from '../pairs.js';
import { notesOf, type OrderDraft, type OrderEdit } from './order-command.js';

/**
 * What is executed stays with the order that goes, so that the new one is for the rest. Undefined
 * where nothing would be left: "executed volume above the new one is rejected".
 */
export function draftEdited(original: EngineOrder, edit: OrderEdit): OrderDraft | undefined {
  const whole = edit.size ?? original.size;
  if (whole === undefined) return undefined;
  const size = subtractDecimals(whole, original.filledSize);
  if (compareDecimals(size, '0') <= 0) return undefined;
  const notes = notesOf(original);
  const wishedDisplay = edit.displaySize ?? original.displaySize;
  const isTooMuch = wishedDisplay !== undefined && compareDecimals(wishedDisplay, size) > 0;
  return {
    side: original.side,
    orderType: original.orderType,
    size,
    limitPrice: edit.limitPrice ?? original.limitPrice,
    timeInForce: original.timeInForce,
    expiresAtMs: original.expiresAtMs,
    postOnly: edit.postOnly ?? original.postOnly,
    reduceOnly: edit.reduceOnly ?? original.reduceOnly,
    displaySize: isTooMuch ? size : wishedDisplay,
    selfTrade: original.selfTrade,
    venueFields: {
      ...original.venueFields,
      userref: edit.userref ?? notes.userref,
      feePreference: edit.feePreference ?? notes.feePreference,
    },
  };
}

interface Reserving {
  readonly side: 'buy' | 'sell';
  readonly size: string;
  readonly limitPrice: string | undefined;
}

function reserve({ side, size, limitPrice = '0' }: Reserving): string {
  return side === 'sell' ? size : multiplyDecimals(size, limitPrice);
}

/** Whether what the order that goes has reserved, and what is free, suffice for the new one. */
export function affordsEdit(
  original: EngineOrder,
  draft: OrderDraft,
  parts: { readonly pair: Pair; readonly balances: readonly EngineBalance[] },
): boolean {
  const { side } = original;
  const { base, quote } = parts.pair.instrument;
  const asset = side === 'sell' ? base : quote;
  const available = parts.balances.find((one) => one.asset === asset)?.available ?? '0';
  const freed = reserve({
    side,
    size: original.remainingSize,
    limitPrice: original.limitPrice,
  });
  const needed = reserve({ side, size: draft.size ?? '0', limitPrice: draft.limitPrice });
  return compareDecimals(needed, addDecimals(available, freed)) <= 0;
}
