import type { OrderReport, OrderStatus } from '../../model/account.js';
import { findDecimal } from '../../wire/decimals.js';
import {
  copyFields,
  dropAbsent,
  findText,
  findTimeMs,
  isAbsent,
  readSymbol,
  readText,
  toObject,
  type RawObject,
} from '../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../wire/frame.js';
import { faultAt, type Place } from '../../wire/place.js';
import { NO_TIME } from './messages.js';

/**
 * The venue's states → ours (user channel; the two with QUEUED beside CANCEL_QUEUED are known from
 * the REST interface only).
 */
const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['PENDING', 'pending'],
  ['QUEUED', 'pending'],
  ['OPEN', 'open'],
  ['EDIT_QUEUED', 'open'],
  ['FILLED', 'filled'],
  ['CANCEL_QUEUED', 'cancel-queued'],
  ['CANCELLED', 'canceled'],
  ['EXPIRED', 'expired'],
  ['FAILED', 'rejected'],
]);

const SIDES: ReadonlyMap<unknown, 'buy' | 'sell'> = new Map([
  ['BUY', 'buy'],
  ['SELL', 'sell'],
]);

/** Reads a list of orders that `place` points into. An order in an unknown state is reported. */
export function readOrders(list: readonly unknown[], decoding: Decoding): OrderReport[] {
  const orders: OrderReport[] = [];
  for (let index = 0; index < list.length; index += 1) {
    decoding.place.item = index;
    const raw = toObject(list[index], decoding.place);
    const venueStatus = readText(raw, 'status', decoding.place);
    const status = STATUSES.get(venueStatus);
    if (status !== undefined) orders.push(readOrder(raw, { status, venueStatus }, decoding.place));
    else reportSkipped(decoding, `status:${venueStatus}`, 'The order status is not known.');
  }
  return orders;
}

/** All fields but ids, side, product and status are optional: in 2023 most were not sent. */
function readOrder(
  raw: RawObject,
  status: Pick<OrderReport, 'status' | 'venueStatus'>,
  place: Place,
): OrderReport {
  const side = SIDES.get(raw['order_side']);
  if (side === undefined)
    throw faultAt(place, 'order_side', ['"BUY" or "SELL"', raw['order_side']]);
  const found = {
    clientOrderId: findText(raw, 'client_order_id', place),
    orderType: toWords(findText(raw, 'order_type', place)),
    timeInForce: toWords(findText(raw, 'time_in_force', place)),
    limitPrice: findPositive(raw, 'limit_price', place),
    stopPrice: findPositive(raw, 'stop_price', place),
    averagePrice: findPositive(raw, 'avg_price', place),
    filledSize: findDecimal(raw, 'cumulative_quantity', place),
    filledValue: findDecimal(raw, 'filled_value', place),
    remainingSize: findDecimal(raw, 'leaves_quantity', place),
    fees: findDecimal(raw, 'total_fees', place),
    postOnly: findFlag(raw, 'post_only', place),
    reason: findReason(raw, place),
    createdAtMs: findCreation(raw, place),
  };
  return {
    orderId: readText(raw, 'order_id', place),
    symbol: readSymbol(raw, 'product_id', place),
    side,
    ...status,
    ...dropAbsent(found),
    venueFields: copyFields(raw),
  };
}

/** The spelling of an enumeration varies (`Limit`, `LIMIT`, `STOP_LIMIT`, `LIMIT_ORDER_TYPE`). */
function toWords(text: string | undefined): string | undefined {
  const words = text
    ?.replace(/_ORDER_TYPE$/i, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/[_\s]+/g, '-')
    .toLowerCase();
  return words?.startsWith('unknown') === true ? undefined : words;
}

/** The flag is a text on the wire. */
function findFlag(raw: RawObject, name: string, place: Place): boolean | undefined {
  const value = raw[name];
  if (isAbsent(value)) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw faultAt(place, name, ['"true" or "false"', value]);
}

/** The reject reason is spelled with a capital R on the wire and without in the documentation. */
function findReason(raw: RawObject, place: Place): string | undefined {
  return (
    findText(raw, 'reject_Reason', place) ??
    findText(raw, 'reject_reason', place) ??
    findText(raw, 'cancel_reason', place)
  );
}

function findCreation(raw: RawObject, place: Place): number | undefined {
  if (raw['creation_time'] === NO_TIME) return undefined;
  const createdAtMs = findTimeMs(raw, 'creation_time', place);
  return Number.isNaN(createdAtMs) ? undefined : createdAtMs;
}

/** A decimal above zero; the venue writes '' or "0" where a price does not apply. */
export function findPositive(from: RawObject, name: string, place: Place): string | undefined {
  const value = findDecimal(from, name, place);
  return value === undefined || /^-?[0.]*$/.test(value) ? undefined : value;
}
