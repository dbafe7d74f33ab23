/** Whether an order is one that the venue would take, as its pages say. */
import { compareDecimals, multiplyDecimals } from '../../book/decimal-arithmetic.js';
import type { NewOrder, OrderCheckContext } from '../../model/order-entry.js';
import {
  checkAgainstInstrument,
  checkDecimals,
  checkKind,
  checkPrices,
  checkUnsaid,
  checkVenueFields,
  refuseOrder,
} from '../../wire/order-checks.js';
import type { OrderProtocol } from './order-protocols.js';
import { LIMIT_TYPES, NEEDED_PRICES, ORDER_TYPES, TRAILING_TYPES } from './order-types.js';

/** "`cl_ord_id`: 36-character UUID, 32 hexadecimal digits, or up to 18 ASCII characters". */
const CLIENT_ORDER_ID =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|[\x21-\x7e]{1,18})$/i;

/** "`display_qty`: at least a fifteenth of `order_qty`". */
const ICEBERG_PARTS_MAX = '15';

/** The first time that RFC 3339 cannot write; microseconds in the place of milliseconds pass it. */
const YEAR_10000_MS = Date.UTC(10_000, 0);

/** Throws ORDER_INVALID, naming the field that is wrong. */
export function checkOrder(
  order: NewOrder,
  context: OrderCheckContext,
  protocol: OrderProtocol,
): void {
  const { timeInForce = 'gtc', clientOrderId, venueFields } = order;
  checkKind(order, 'Kraken', ORDER_TYPES);
  if (!protocol.timesInForce.includes(timeInForce)) {
    const known = protocol.timesInForce.join(', ');
    refuseOrder('timeInForce', `There is no ${timeInForce} here; there are: ${known}.`);
  }
  checkUnsaid('Kraken', protocol.unsaid(order));
  checkPrices(order, NEEDED_PRICES);
  checkDecimals(pickDecimals(order));
  checkSize(order);
  checkTimes(order);
  checkPostOnly(order);
  if (clientOrderId !== undefined && !CLIENT_ORDER_ID.test(clientOrderId)) {
    refuseOrder(
      'clientOrderId',
      'A clientOrderId is a UUID, 32 hexadecimal digits, or up to 18 characters without spaces.',
    );
  }
  if (clientOrderId !== undefined && hasUserref(order)) {
    refuseOrder('clientOrderId', 'A clientOrderId and a userref exclude each other at Kraken.');
  }
  checkVenueFields(venueFields, protocol.ownFields);
  checkInstrument(order, context);
}

function pickDecimals({ size, value, limitPrice, stopPrice, displaySize }: Partial<NewOrder>) {
  return { size, value, limitPrice, stopPrice, displaySize };
}

function checkSize({ orderType, side, size, value, displaySize }: NewOrder): void {
  if (value !== undefined && (orderType !== 'market' || side !== 'buy')) {
    refuseOrder('value', 'Only a market buy may be for a value in the quote currency.');
  }
  if ((size === undefined) === (value === undefined)) {
    refuseOrder('size', 'An order needs a size in the base currency, or a value instead.');
  }
  if ((displaySize !== undefined) !== (orderType === 'iceberg')) {
    refuseOrder('displaySize', 'An iceberg order needs a displaySize, and no other takes one.');
  }
  if (displaySize === undefined || size === undefined) return;
  const isVisible = compareDecimals(multiplyDecimals(displaySize, ICEBERG_PARTS_MAX), size) >= 0;
  if (!isVisible || compareDecimals(displaySize, size) > 0) {
    refuseOrder('displaySize', `The displaySize is between a fifteenth of the size and all of it.`);
  }
}

function checkTimes({ orderType, timeInForce, expiresAtMs }: NewOrder): void {
  if ((timeInForce === 'gtd') !== (expiresAtMs !== undefined)) {
    refuseOrder('expiresAtMs', 'An order that is good till a date needs one, and no other does.');
  }
  if (expiresAtMs !== undefined && !isExpiry(expiresAtMs)) {
    refuseOrder(
      'expiresAtMs',
      'The time of expiry is in Unix milliseconds, in whole seconds, and before the year 10000.',
    );
  }
  if (timeInForce === 'fok' && orderType !== 'limit') {
    refuseOrder('timeInForce', 'Only limit orders can be fill-or-kill.');
  }
}

function isExpiry(atMs: number): boolean {
  return atMs > 0 && atMs < YEAR_10000_MS && atMs % 1_000 === 0;
}

function checkPostOnly({ orderType, timeInForce, postOnly }: NewOrder): void {
  if (postOnly !== true) return;
  if (!NEEDED_PRICES.limitPrice.includes(orderType)) {
    refuseOrder('postOnly', `A ${orderType} order cannot be post-only: it takes what is there.`);
  }
  if (timeInForce === 'ioc' || timeInForce === 'fok') {
    refuseOrder('postOnly', `A post-only order rests, and cannot be ${timeInForce}.`);
  }
}

function checkInstrument(order: NewOrder, context: OrderCheckContext): void {
  const instrument = context.findInstrument(order.symbol);
  if (instrument === undefined) {
    if (!context.instrumentsAreKnown) return;
    refuseOrder('symbol', `Kraken lists no "${order.symbol}"; v2 writes BTC/USD, v1 XBT/USD.`);
  }
  checkStatus(order, instrument.status);
  const isTrailing = TRAILING_TYPES.includes(order.orderType);
  const { size, displaySize } = order;
  checkAgainstInstrument(isTrailing ? { size, displaySize } : pickDecimals(order), instrument);
}

/** What a pair takes in each of its states (websocket-v2/instrument); others take their chance. */
function checkStatus({ symbol, orderType, postOnly }: NewOrder, status: string): void {
  const takesNone = ['cancel_only', 'maintenance', 'delisted', 'work_in_progress'];
  const isRefused =
    takesNone.includes(status) ||
    (status === 'limit_only' && !LIMIT_TYPES.includes(orderType)) ||
    (status === 'post_only' && postOnly !== true);
  if (isRefused) refuseOrder('symbol', `${symbol} is ${status}: such an order is not taken now.`);
}

/** The two identities exclude each other (websocket-v2/add_order). */
export function hasUserref({ venueFields = {} }: NewOrder): boolean {
  return ['order_userref', 'userref'].some((name) => Object.hasOwn(venueFields, name));
}
