import { compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { FillReport, OrderReport } from '../../model/account.js';

/** An order before and after a message; `before` is undefined where it was not known. */
export interface OrderStep {
  readonly before: OrderReport | undefined;
  readonly order: OrderReport;
}

/**
 * A fill worked out from the rise of what a venue says is filled of an order, for venues that tell
 * no fills. Several fills of the engine may be one here. Undefined where nothing rose.
 */
export function deriveFill({ before, order }: OrderStep): FillReport | undefined {
  const { filledSize, filledValue, fees } = order;
  if (filledSize === undefined) return undefined;
  const knownSize = before?.filledSize ?? '0';
  if (compareDecimals(filledSize, knownSize) <= 0) return undefined;
  const { orderId, clientOrderId, symbol, side, venueFields } = order;
  const value =
    filledValue === undefined
      ? undefined
      : subtractDecimals(filledValue, before?.filledValue ?? '0');
  const fee = fees === undefined ? undefined : subtractDecimals(fees, before?.fees ?? '0');
  return {
    fillId: `${orderId}:${filledSize}`,
    orderId,
    ...(clientOrderId !== undefined && { clientOrderId }),
    ...{ symbol, side, size: subtractDecimals(filledSize, knownSize) },
    ...(value !== undefined && { value }),
    ...(fee !== undefined && { fee }),
    filledAtMs: NaN,
    derived: true,
    venueFields,
  };
}
