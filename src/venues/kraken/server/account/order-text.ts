/** Orders in a sentence, as protocol v1 describes them. Pure. */
import type { EngineOrder } from '../../../../model/matching.js';
import { isTrailing } from './order-draft.js';

/** How prices and sizes are printed, and what stands in the place of a price. */
export interface SentencePrinter {
  readonly noPrice: string;
  readonly price: (value: string) => string;
  readonly size: (value: string) => string;
}

/**
 * `buy 0.01770000 XBTUSD @ limit 4000`, and of a trigger `sell … @ stop loss 90 -> limit 89`; what
 * precedes the sign is the caller's name for the pair.
 */
export function describeOrder(
  order: EngineOrder,
  pairName: string,
  print: SentencePrinter,
): string {
  const { side, size, value, limitPrice, limitBy, stopPrice, trailBy, orderType } = order;
  const amount = size === undefined ? (value ?? '0') : print.size(size);
  const words = orderType.replace(/-limit$/, '').replaceAll('-', ' ');
  const trigger = stopPrice ?? trailBy;
  const distance =
    limitBy === undefined ? '' : `${side === 'buy' ? '+' : '-'}${print.price(limitBy)}`;
  const limit = limitPrice === undefined ? distance : print.price(limitPrice);
  const prices =
    trigger === undefined
      ? limit || print.noPrice
      : `${isTrailing(orderType) ? '+' : ''}${print.price(trigger)}` +
        (limit === '' ? '' : ` -> limit ${limit}`);
  return `${side} ${amount} ${pairName} @ ${words} ${prices}`.trimEnd();
}
