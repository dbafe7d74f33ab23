import type { FillPatch, OrderPatch, OrderStatus } from '../../../model/account.js';
import { findDecimal, readDecimal } from '../../../wire/decimals.js';
import {
  copyFields,
  dropAbsent,
  findText,
  isAbsent,
  isObject,
  isSymbol,
  readSymbol,
  readText,
  toList,
  toObject,
  type RawObject,
} from '../../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../../wire/frame.js';
import { enter, faultAt, type Place } from '../../../wire/place.js';
import type { V1PrivateChannel } from './messages.js';
import { parseSecondsMs } from '../times.js';

/** A private message: its payload, and whether it is the first one, which is the snapshot. */
export interface V1AccountData {
  readonly payload: unknown;
  readonly isSnapshot: boolean;
}

/** Decodes one private channel. */
export type V1AccountDecoder = (data: V1AccountData, decoding: Decoding) => void;

/** Decoders by the wire's name of the channel. */
export const V1_ACCOUNT_DECODERS: Readonly<Record<V1PrivateChannel, V1AccountDecoder>> = {
  openOrders: decodeOpenOrders,
  ownTrades: decodeOwnTrades,
};

/** The venue's states → ours (websocket-v1/openorders); an order that is done is `closed`. */
const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['pending', 'pending'],
  ['open', 'open'],
  ['closed', 'filled'],
  ['canceled', 'canceled'],
  ['expired', 'expired'],
]);

/** Hands on each entry of a list of objects with a single key, which is an id. */
function forEachOfAccount(
  { payload }: V1AccountData,
  { place }: Decoding,
  take: (id: string, raw: RawObject) => void,
): void {
  enter(place, '[0]');
  const list = toList(payload, place);
  list.forEach((item, index) => {
    place.item = index;
    for (const [id, raw] of Object.entries(toObject(item, place))) {
      if (!isSymbol(id)) throw faultAt(place, '', ['an id', id]);
      if (!isObject(raw)) throw faultAt(place, id, ['an object', raw]);
      take(id, raw);
    }
  });
}

/** First whole, then only what changed, maybe without a status (recorded 2023-08). */
function decodeOpenOrders(data: V1AccountData, decoding: Decoding): void {
  const orders: OrderPatch[] = [];
  forEachOfAccount(data, decoding, (orderId, raw) => {
    const status = readStatus(raw, decoding);
    if (status !== undefined) orders.push(readOrder(orderId, raw, { status, decoding }));
  });
  const type = data.isSnapshot ? 'orders.snapshot' : 'orders.update';
  decoding.messages.push({ type, orders, complete: true });
}

/** Undefined for a state that is not known; nothing where none is said. */
function readStatus(
  raw: RawObject,
  decoding: Decoding,
): Pick<OrderPatch, 'status' | 'venueStatus'> | undefined {
  const venueStatus = findText(raw, 'status', decoding.place);
  if (venueStatus === undefined) return {};
  const status = STATUSES.get(venueStatus);
  if (status !== undefined) return { status, venueStatus };
  reportSkipped(decoding, `openOrders/status:${venueStatus}`, 'The order status is not known.');
  return undefined;
}

function readOrder(
  orderId: string,
  raw: RawObject,
  context: {
    readonly status: Pick<OrderPatch, 'status' | 'venueStatus'>;
    readonly decoding: Decoding;
  },
): OrderPatch {
  const { place } = context.decoding;
  const { descr } = raw;
  const about = isObject(descr) ? readDescription(descr, place) : {};
  const flags = findText(raw, 'oflags', place);
  const found = {
    clientOrderId: findText(raw, 'cl_ord_id', place),
    timeInForce: findText(raw, 'timeinforce', place)?.toLowerCase(),
    size: findDecimal(raw, 'vol', place),
    limitPrice: findPositive(raw, 'limitprice', place),
    stopPrice: findPositive(raw, 'stopprice', place),
    displaySize: findPositive(raw, 'display_volume', place),
    averagePrice: findPositive(raw, 'avg_price', place),
    filledSize: findDecimal(raw, 'vol_exec', place),
    filledValue: findDecimal(raw, 'cost', place),
    fees: findDecimal(raw, 'fee', place),
    postOnly: flags === undefined ? undefined : flags.split(',').includes('post'),
    reason: findText(raw, 'cancel_reason', place),
    createdAtMs: findSeconds(raw, 'opentm', place),
    expiresAtMs: findSeconds(raw, 'expiretm', place),
  };
  return {
    orderId,
    ...about,
    ...context.status,
    ...dropAbsent(found),
    venueFields: copyFields(raw),
  };
}

/** Pair, side and type stand in the description, which comes with the whole order only. */
function readDescription(
  descr: RawObject,
  place: Place,
): Pick<OrderPatch, 'symbol' | 'side' | 'orderType'> {
  const orderType = findText(descr, 'ordertype', place);
  return {
    symbol: readSymbol(descr, 'pair', place),
    side: readSide(descr, place),
    ...(orderType !== undefined && { orderType }),
  };
}

/** The latest 50 come with each subscription: history, or what was missed. */
function decodeOwnTrades(data: V1AccountData, decoding: Decoding): void {
  const fills: FillPatch[] = [];
  forEachOfAccount(data, decoding, (fillId, raw) => {
    fills.push(readFill(fillId, raw, decoding.place));
  });
  // The order of the wire is on no page; older ones have to be told first.
  fills.sort((left, right) => left.filledAtMs - right.filledAtMs);
  const type = data.isSnapshot ? 'fills.snapshot' : 'fills.update';
  decoding.messages.push({ type, fills, complete: true });
}

function readFill(fillId: string, raw: RawObject, place: Place): FillPatch {
  const found = {
    clientOrderId: findText(raw, 'cl_ord_id', place),
    value: findDecimal(raw, 'cost', place),
    fee: findDecimal(raw, 'fee', place),
  };
  return {
    fillId,
    orderId: readText(raw, 'ordertxid', place),
    symbol: readSymbol(raw, 'pair', place),
    side: readSide(raw, place),
    size: readDecimal(raw, 'vol', place),
    price: readDecimal(raw, 'price', place),
    ...dropAbsent(found),
    filledAtMs: findSeconds(raw, 'time', place) ?? NaN,
    venueFields: copyFields(raw),
  };
}

function readSide(raw: RawObject, place: Place): 'buy' | 'sell' {
  const side = raw['type'];
  if (side === 'buy' || side === 'sell') return side;
  throw faultAt(place, 'type', ['"buy" or "sell"', side]);
}

/** Zero stands where a price does not apply. */
function findPositive(raw: RawObject, name: string, place: Place): string | undefined {
  const value = findDecimal(raw, name, place);
  return value === undefined || /^-?[0.]*$/.test(value) ? undefined : value;
}

/** Seconds with a fraction, as text; zero and null stand for "not applicable". */
function findSeconds(raw: RawObject, name: string, place: Place): number | undefined {
  const value = raw[name];
  if (isAbsent(value)) return undefined;
  const timeMs = typeof value === 'string' ? parseSecondsMs(value) : NaN;
  if (Number.isNaN(timeMs)) throw faultAt(place, name, ['a time in seconds, in quotes', value]);
  return timeMs === 0 ? undefined : timeMs;
}
