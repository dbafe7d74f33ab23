/** What the engine refuses of an order for its own form. Pure. */
import { compareDecimals, isMultipleOf, multiplyDecimals } from '../../book/decimal-arithmetic.js';
import type { ListedInstrument } from '../../model/exchange.js';
import type { EngineOrderRequest, EngineRefusal } from '../../model/matching.js';
import { isPositive, toShortest } from './amounts.js';
import {
  canRest,
  followsWithLimit,
  hasLimit,
  isTaken,
  isTrailing,
  isTriggered,
} from './order-terms.js';

/** Steps of an instrument that names none. */
const STEP_DEFAULT = '0.000000000001';
/** Digits before the point, so that products of prices and sizes can still be added. */
const WHOLE_DIGITS_MAX = 24;
/** An iceberg has at most so many parts: each is a trade of its own. */
const PARTS_MAX = '1000';

/** States of an instrument, in lower case with dashes, and which orders they let in. */
const STATES: Readonly<Record<string, (request: EngineOrderRequest) => boolean>> = {
  maintenance: none,
  'cancel-only': none,
  delisted: none,
  'work-in-progress': none,
  offline: none,
  internal: none,
  disabled: none,
  closed: none,
  halted: none,
  'post-only': ({ postOnly }) => postOnly,
  'limit-only': hasLimit,
  'reduce-only': ({ reduceOnly }) => reduceOnly,
};

function none(): boolean {
  return false;
}

/** The smallest part of the base currency that is traded. */
export function stepOf({ sizeIncrement }: ListedInstrument): string {
  return sizeIncrement ?? STEP_DEFAULT;
}

/** The request with every number in the shortest form. Throws RangeError for what is no number. */
export function normalize(request: EngineOrderRequest): EngineOrderRequest {
  const { size, value, limitPrice, stopPrice, trailBy, limitBy, displaySize } = request;
  const prices = { limitPrice, stopPrice, trailBy, limitBy };
  const given = Object.entries({ size, value, displaySize, ...prices });
  const short = given.flatMap(([name, number]) =>
    number === undefined ? [] : [[name, toShortest(number)] as const],
  );
  return { ...request, ...Object.fromEntries(short) };
}

/** A normalized request; undefined where nothing is wrong with it. */
export function checkForm(
  request: EngineOrderRequest,
  instrument: ListedInstrument,
): EngineRefusal | undefined {
  const { value, orderType, side, timeInForce, postOnly, displaySize } = request;
  const state = instrument.status.toLowerCase().replaceAll('_', '-');
  if (STATES[state]?.(request) === false) return 'market-closed';
  if (!isTaken(request) || timeInForce === 'opg') return 'type-unsupported';
  if (value !== undefined && (orderType !== 'market' || side !== 'buy')) return 'type-unsupported';
  if (postOnly && !canRest(request)) return 'type-unsupported';
  if (request.limitBy !== undefined && !followsWithLimit(request)) return 'type-unsupported';
  if ((orderType === 'iceberg') !== (displaySize !== undefined)) return 'type-unsupported';
  return checkPrices(request, instrument) ?? checkSizes(request, instrument);
}

function checkPrices(
  request: EngineOrderRequest,
  { priceIncrement = STEP_DEFAULT }: ListedInstrument,
): EngineRefusal | undefined {
  const { limitPrice, stopPrice, trailBy, limitBy } = request;
  const hasStop = isTriggered(request) && !isTrailing(request);
  const needed = [
    ...(hasLimit(request) ? [limitBy ?? limitPrice] : []),
    ...(hasStop ? [stopPrice] : []),
    ...(isTrailing(request) ? [trailBy] : []),
  ];
  if (!needed.every((price) => isPositive(price) && isInReach(price))) return 'price-invalid';
  const given = [limitPrice, stopPrice, trailBy, limitBy].filter((price) => price !== undefined);
  return given.every((price) => isMultipleOf(price, priceIncrement)) ? undefined : 'price-off-tick';
}

function checkSizes(
  request: EngineOrderRequest,
  instrument: ListedInstrument,
): EngineRefusal | undefined {
  const { size, value, limitPrice, stopPrice, displaySize } = request;
  const { minSize, minCost } = instrument;
  if (size === undefined || value !== undefined) {
    if (size !== undefined || !isPositive(value)) return 'size-below-minimum';
    if (!isInReach(value)) return 'insufficient-funds';
    return isBelow(value, minCost) ? 'value-below-minimum' : undefined;
  }
  for (const one of [size, displaySize]) {
    if (one === undefined) continue;
    if (!isPositive(one)) return 'size-below-minimum';
    if (!isMultipleOf(one, stepOf(instrument))) return 'size-off-step';
    if (isBelow(one, minSize)) return 'size-below-minimum';
  }
  if (!isInReach(size)) return 'insufficient-funds';
  if (displaySize !== undefined) {
    if (compareDecimals(displaySize, size) > 0) return 'size-below-minimum';
    if (isBelow(multiplyDecimals(displaySize, PARTS_MAX), size)) return 'size-below-minimum';
  }
  const price = hasLimit(request) ? limitPrice : stopPrice;
  return price !== undefined && isWorthless(size, price, minCost)
    ? 'value-below-minimum'
    : undefined;
}

/** Whether a size at a price is worth less than an instrument asks for. */
export function isWorthless(size: string, price: string, minCost: string | undefined): boolean {
  return isBelow(multiplyDecimals(size, price), minCost);
}

function isBelow(decimal: string, least: string | undefined): boolean {
  return least !== undefined && compareDecimals(decimal, least) < 0;
}

function isInReach(decimal: string): boolean {
  return (decimal.split('.')[0] ?? '').length <= WHOLE_DIGITS_MAX;
}
