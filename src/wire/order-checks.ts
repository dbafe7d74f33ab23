/** Checks of an order before it leaves that are the same at every venue. */
import { compareDecimals, isMultipleOf, multiplyDecimals } from '../book/decimal-arithmetic.js';
import { ConfigError } from '../model/error.js';
import type { Instrument } from '../model/market.js';
import type { NewOrder, OrderTarget, OrderType } from '../model/order-entry.js';
import { isPlainDecimal } from './decimals.js';

/** Kinds of order that need a field, or that take none of it. */
export interface PriceNeeds {
  readonly limitPrice: readonly OrderType[];
  readonly stopPrice: readonly OrderType[];
}

/** Throws ORDER_INVALID, naming the field. */
export function refuseOrder(field: string, sentence: string): never {
  throw new ConfigError('ORDER_INVALID', sentence, { facts: { field } });
}

/** A side and a kind of order that the venue takes. */
export function checkKind(
  { side, orderType }: Pick<NewOrder, 'side' | 'orderType'>,
  venueTitle: string,
  taken: readonly OrderType[],
): void {
  if (side !== 'buy' && side !== 'sell') refuseOrder('side', 'The side is buy or sell.');
  if (taken.includes(orderType)) return;
  refuseOrder(
    'orderType',
    `${venueTitle} takes no ${orderType} orders; it takes: ${taken.join(', ')}.`,
  );
}

/** Exactly one of the two names. */
export function checkTarget({ orderId, clientOrderId }: OrderTarget): void {
  const named = [orderId, clientOrderId].filter((one) => one !== undefined);
  if (named.length !== 1 || named[0] === '') {
    refuseOrder('target', 'An order is named by its orderId or its clientOrderId, one of the two.');
  }
}

/** Plain decimals above zero, as texts; what is absent is left alone. */
export function checkDecimals(decimals: Readonly<Record<string, string | undefined>>): void {
  for (const [name, decimal] of Object.entries(decimals)) {
    if (decimal === undefined) continue;
    if (!isPlainDecimal(decimal) || compareDecimals(decimal, '0') <= 0) {
      refuseOrder(name, `The ${name} is a plain decimal above zero, as text.`);
    }
  }
}

/** A price on an order that trades at any price is a mistake that would cost money. */
export function checkPrices(
  { orderType, limitPrice, stopPrice }: NewOrder,
  needed: PriceNeeds,
  taken: PriceNeeds = needed,
): void {
  for (const [name, price] of Object.entries({ limitPrice, stopPrice })) {
    const field = name as keyof PriceNeeds;
    if (price === undefined && needed[field].includes(orderType)) {
      refuseOrder(name, `A ${orderType} order needs a ${name}.`);
    }
    if (price !== undefined && !taken[field].includes(orderType)) {
      refuseOrder(name, `A ${orderType} order takes no ${name}.`);
    }
  }
}

/** What a venue has no field for must not be asked for: it would be lost on the way. */
export function checkUnsaid(venueTitle: string, unsaid: Readonly<Record<string, unknown>>): void {
  const asked = Object.entries(unsaid).find(([, one]) => one !== undefined && one !== false);
  if (asked === undefined) return;
  refuseOrder(
    asked[0],
    `${venueTitle} documents no field for ${asked[0]} here; what you know of one goes into ` +
      'venueFields.',
  );
}

/** Fields that have a word of their own must not be written over. */
export function checkVenueFields(
  venueFields: Readonly<Record<string, unknown>> | undefined,
  own: readonly string[],
): void {
  const taken = Object.keys(venueFields ?? {}).find((name) => own.includes(name));
  if (taken === undefined) return;
  refuseOrder('venueFields', `"${taken}" has a word of its own here: leave it out of venueFields.`);
}

/** Sizes and prices against the increments and minimums that the venue announced. */
export function checkAgainstInstrument(
  decimals: {
    readonly size?: string | undefined;
    readonly limitPrice?: string | undefined;
    readonly stopPrice?: string | undefined;
    readonly displaySize?: string | undefined;
  },
  instrument: Instrument,
): void {
  const { symbol, priceIncrement, sizeIncrement, minSize, minCost } = instrument;
  const { size, limitPrice, stopPrice, displaySize } = decimals;
  for (const [name, price] of Object.entries({ limitPrice, stopPrice })) {
    checkStep(name, price, { increment: priceIncrement, symbol });
  }
  for (const [name, one] of Object.entries({ size, displaySize })) {
    checkStep(name, one, { increment: sizeIncrement, symbol });
  }
  if (size !== undefined && minSize !== undefined && compareDecimals(size, minSize) < 0) {
    refuseOrder('size', `The smallest order of ${symbol} is ${minSize}; this is ${size}.`);
  }
  if (size === undefined || limitPrice === undefined || minCost === undefined) return;
  const cost = multiplyDecimals(size, limitPrice);
  if (compareDecimals(cost, minCost) < 0) {
    refuseOrder('size', `An order of ${symbol} costs at least ${minCost}; this one ${cost}.`);
  }
}

function checkStep(
  name: string,
  decimal: string | undefined,
  { increment, symbol }: { readonly increment: string | undefined; readonly symbol: string },
): void {
  if (decimal === undefined || increment === undefined) return;
  if (compareDecimals(increment, '0') <= 0 || isMultipleOf(decimal, increment)) return;
  refuseOrder(name, `The ${name} of ${symbol} goes in steps of ${increment}; ${decimal} is none.`);
}
