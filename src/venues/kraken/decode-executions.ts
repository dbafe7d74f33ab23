import type { FillPatch, OrderPatch, OrderStatus } from '../../model/account.js';
import { findDecimal, readDecimal } from '../../wire/decimals.js';
import {
  copyFields,
  dropAbsent,
  findText,
  findTimeMs,
  isObject,
  isSymbol,
  readText,
  type RawObject,
} from '../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../wire/frame.js';
import type { UpdateKind } from '../../wire/market.js';
import { faultAt, type Place } from '../../wire/place.js';
import { forEachEntry } from './decoding.js';

/** The venue's states → ours (websocket-v2/executions). */
const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['pending_new', 'pending'],
  ['new', 'open'],
  ['partially_filled', 'open'],
  ['filled', 'filled'],
  ['canceled', 'canceled'],
  ['expired', 'expired'],
]);

const EXEC_TYPES: ReadonlySet<string> = new Set([
  'pending_new',
  'new',
  'trade',
  'filled',
  'canceled',
  'expired',
  'amended',
  'restated',
  'status',
  'iceberg_refill',
]);

/**
 * Decodes `executions`: what happened to orders, and fills. After `pending_new` the frames are
 * deltas without symbol, side and often without the client's id (recorded 2024-05 to 2025-02): they
 * are passed on as what they are. A snapshot holds the open orders, and the latest fills of orders
 * that may be long over: those entries are no news of their orders.
 */
export function decodeExecutions(frame: RawObject, type: UpdateKind, decoding: Decoding): void {
  const orders: OrderPatch[] = [];
  const fills: FillPatch[] = [];
  forEachEntry(frame, decoding, (entry) => {
    const { place } = decoding;
    const execType = readText(entry, 'exec_type', place);
    if (!EXEC_TYPES.has(execType)) {
      reportSkipped(decoding, `exec_type:${execType}`, 'The type of execution is not known.');
    }
    const isFill = execType === 'trade';
    if (isFill) fills.push(readFill(entry, place));
    if (isFill && type === 'snapshot') return;
    const order = readOrder(entry, decoding);
    if (order !== undefined) orders.push(order);
  });
  const kind = type === 'snapshot' ? 'snapshot' : 'update';
  if (kind === 'snapshot' || orders.length > 0) {
    decoding.messages.push({ type: `orders.${kind}`, orders, complete: true });
  }
  if (kind === 'update' && fills.length === 0) return;
  // The order of the wire is on no page; older ones have to be told first.
  fills.sort((left, right) => left.filledAtMs - right.filledAtMs);
  decoding.messages.push({ type: `fills.${kind}`, fills, complete: true });
}

function readOrder(entry: RawObject, decoding: Decoding): OrderPatch | undefined {
  const { place } = decoding;
  const orderId = readOrderId(entry, place);
  const venueStatus = readText(entry, 'order_status', place);
  const status = STATUSES.get(venueStatus);
  if (status === undefined) {
    reportSkipped(decoding, `order_status:${venueStatus}`, 'The order status is not known.');
    return undefined;
  }
  const isFirst = entry['exec_type'] === 'pending_new';
  const timestamp = findTime(entry, 'timestamp', place);
  const found = {
    clientOrderId: findText(entry, 'cl_ord_id', place),
    symbol: findSymbol(entry),
    side: findSide(entry, place),
    orderType: findText(entry, 'order_type', place),
    timeInForce: findText(entry, 'time_in_force', place)?.toLowerCase(),
    size: findDecimal(entry, 'order_qty', place),
    limitPrice: findPositive(entry, 'limit_price', place),
    stopPrice: findTrigger(entry, place),
    displaySize: findDecimal(entry, 'display_qty', place),
    averagePrice: findPositive(entry, 'avg_price', place),
    filledSize: findDecimal(entry, 'cum_qty', place),
    filledValue: findDecimal(entry, 'cum_cost', place),
    postOnly: findFlag(entry, 'post_only', place),
    reduceOnly: findFlag(entry, 'reduce_only', place),
    reason: findText(entry, 'reason', place) ?? findText(entry, 'cancel_reason', place),
    createdAtMs: isFirst ? timestamp : undefined,
    expiresAtMs: findTime(entry, 'expire_time', place),
  };
  return { orderId, status, venueStatus, ...dropAbsent(found), venueFields: copyFields(entry) };
}

/** `trade` entries name symbol and side, also in updates (recorded 2024-05). */
function readFill(entry: RawObject, place: Place): FillPatch {
  const [fee] = readFees(entry, place);
  const found = {
    clientOrderId: findText(entry, 'cl_ord_id', place),
    symbol: findSymbol(entry),
    side: findSide(entry, place),
    value: findDecimal(entry, 'cost', place),
    fee: fee?.size,
    feeAsset: fee?.asset,
    liquidity: findLiquidity(entry),
    tradeId: findText(entry, 'trade_id', place),
  };
  return {
    fillId: readText(entry, 'exec_id', place),
    orderId: readOrderId(entry, place),
    size: readDecimal(entry, 'last_qty', place),
    price: readDecimal(entry, 'last_price', place),
    ...dropAbsent(found),
    filledAtMs: findTimeMs(entry, 'timestamp', place),
    venueFields: copyFields(entry),
  };
}

function readFees(
  entry: RawObject,
  place: Place,
): readonly { readonly asset: string | undefined; readonly size: string | undefined }[] {
  const fees = entry['fees'];
  if (fees === undefined || fees === null) return [];
  if (!Array.isArray(fees)) throw faultAt(place, 'fees', ['a list', fees]);
  return (fees as unknown[]).filter(isObject).map((fee) => ({
    asset: findText(fee, 'asset', place),
    size: findDecimal(fee, 'qty', place),
  }));
}

function readOrderId(entry: RawObject, place: Place): string {
  const orderId = entry['order_id'];
  if (isSymbol(orderId)) return orderId;
  throw faultAt(place, 'order_id', ['an order id', orderId]);
}

function findSymbol(entry: RawObject): string | undefined {
  const symbol = entry['symbol'];
  return isSymbol(symbol) ? symbol : undefined;
}

function findSide(entry: RawObject, place: Place): 'buy' | 'sell' | undefined {
  const side = entry['side'];
  if (side === undefined || side === 'buy' || side === 'sell') return side;
  throw faultAt(place, 'side', ['"buy" or "sell"', side]);
}

function findLiquidity(entry: RawObject): 'maker' | 'taker' | undefined {
  const liquidity = entry['liquidity_ind'];
  if (liquidity === 'm') return 'maker';
  return liquidity === 't' ? 'taker' : undefined;
}

function findFlag(entry: RawObject, name: string, place: Place): boolean | undefined {
  const value = entry[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw faultAt(place, name, ['true or false', value]);
}

/** Deprecated twins of prices are sent as 0.0 where they do not apply. */
function findPositive(entry: RawObject, name: string, place: Place): string | undefined {
  const value = findDecimal(entry, name, place);
  return value === undefined || /^-?[0.]*$/.test(value) ? undefined : value;
}

/** `triggers.price`, which `stop_price` stood for before. */
function findTrigger(entry: RawObject, place: Place): string | undefined {
  const triggers = entry['triggers'];
  const own = isObject(triggers) ? findPositive(triggers, 'price', place) : undefined;
  return own ?? findPositive(entry, 'stop_price', place);
}

function findTime(entry: RawObject, name: string, place: Place): number | undefined {
  const timeMs = findTimeMs(entry, name, place);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
