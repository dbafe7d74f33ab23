import { compareDecimals, isMultipleOf, multiplyDecimals } from '../../book/decimal-arithmetic.js';
import type { ListedInstrument } from '../../model/exchange.js';
import type { EngineOrderRequest, EngineRefusal } from '../../model/matching.js';
import { hasLimit, isTrailing, isTriggered, TAKEN_TYPES } from './live-order.js';

/** States of an instrument in which nothing can be placed, whichever venue writes them. */
const CLOSED: ReadonlySet<string> = new Set([
  ...['maintenance', 'cancel_only', 'delisted', 'work_in_progress', 'offline', 'internal'],
  ...['disabled', 'CLOSED'],
]);

/** What the engine refuses for the order's own form; undefined where nothing is wrong with it. */
export function checkForm(
  request: EngineOrderRequest,
  instrument: ListedInstrument,
): EngineRefusal | undefined {
  const { size, value, orderType, side, timeInForce } = request;
  if (CLOSED.has(instrument.status)) return 'market-closed';
  if (!TAKEN_TYPES.includes(orderType) || timeInForce === 'opg') return 'type-unsupported';
  if (value !== undefined && (orderType !== 'market' || side !== 'buy')) return 'type-unsupported';
  if (request.postOnly && !hasLimit(request)) return 'type-unsupported';
  return checkPrices(request, instrument) ?? checkSize(size, value, { request, instrument });
}

function isPositive(decimal: string | undefined): decimal is string {
  return decimal !== undefined && compareDecimals(decimal, '0') > 0;
}

function checkPrices(
  request: EngineOrderRequest,
  { priceIncrement }: ListedInstrument,
): EngineRefusal | undefined {
  const { limitPrice, stopPrice, trailBy } = request;
  if (hasLimit(request) && !isPositive(limitPrice)) return 'price-invalid';
  if (isTrailing(request) && !isPositive(trailBy)) return 'price-invalid';
  if (isTriggered(request) && !isTrailing(request) && !isPositive(stopPrice)) {
    return 'price-invalid';
  }
  for (const price of [limitPrice, stopPrice]) {
    if (price === undefined || priceIncrement === undefined) continue;
    if (!isMultipleOf(price, priceIncrement)) return 'price-off-tick';
  }
  return undefined;
}

function checkSize(
  size: string | undefined,
  value: string | undefined,
  about: { readonly request: EngineOrderRequest; readonly instrument: ListedInstrument },
): EngineRefusal | undefined {
  const { sizeIncrement, minSize, minCost } = about.instrument;
  const { limitPrice } = about.request;
  if (size === undefined) {
    if (!isPositive(value)) return 'size-below-minimum';
    const isSmall = minCost !== undefined && compareDecimals(value, minCost) < 0;
    return isSmall ? 'value-below-minimum' : undefined;
  }
  if (!isPositive(size)) return 'size-below-minimum';
  if (sizeIncrement !== undefined && !isMultipleOf(size, sizeIncrement)) return 'size-off-step';
  if (minSize !== undefined && compareDecimals(size, minSize) < 0) return 'size-below-minimum';
  if (minCost === undefined || limitPrice === undefined) return undefined;
  const isSmall = compareDecimals(multiplyDecimals(size, limitPrice), minCost) < 0;
  return isSmall ? 'value-below-minimum' : undefined;
}
