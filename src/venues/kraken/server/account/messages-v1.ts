/**
 * What `openOrders` and `ownTrades` of protocol v1 tell (websocket-v1/openorders,
 * websocket-v1/owntrades; the life of a market order recorded 2023-08): a new order whole, and then
 * only what changed. All values but the client's number are texts. Pure.
 */
import type { EngineFill, EngineOrder, EngineOrderStatus } from '../../../../model/matching.js';
import { quote, writeObject, type JsonField } from '../json-text.js';
import { printDecimal } from '../number-text.js';
import type { Pair } from '../pairs.js';
import { toSeconds } from '../time-text.js';
import type { AccountMessage } from './account-message.js';
import { describeEnd, type OrderEvent } from './execution-messages.js';
import { notesOf } from './order-command.js';
import { isTriggered } from './order-draft.js';
import { describeOrder } from './order-text.js';
import { toVenueId } from './venue-ids.js';

const STATUSES: Readonly<Record<EngineOrderStatus, string>> = {
  pending: 'pending',
  untriggered: 'open',
  open: 'open',
  filled: 'closed',
  canceled: 'canceled',
  expired: 'expired',
};
const NULL = 'null';
const MS_PER_SECOND = 1_000;

function printerOf(pair: Pair | undefined) {
  const { price, size } = pair?.v1 ?? { price: 0, size: 0 };
  return {
    price: (value: string) => printDecimal(value, price),
    size: (value: string) => printDecimal(value, size),
  };
}

type Printer = ReturnType<typeof printerOf>;

function nameOfPair({ symbol }: EngineFill | EngineOrder, pair: Pair | undefined): string {
  return pair?.v1Symbol ?? symbol;
}

function userrefOf(order: EngineOrder): JsonField {
  return ['userref', notesOf(order).userref ?? '0'];
}

function quoted(value: string | undefined): string | undefined {
  return value === undefined ? undefined : quote(value);
}

/** What was executed so far. */
function describeExecuted(order: EngineOrder, print: Printer): readonly JsonField[] {
  return [
    ['vol_exec', quote(print.size(order.filledSize))],
    ['cost', quote(print.price(order.filledValue))],
    ['fee', quote(print.price(order.fees))],
    ['avg_price', quote(print.price(order.averagePrice))],
  ];
}

/** An order whole, and where it stands. */
export function describeWholeOrder(
  order: EngineOrder,
  pair: Pair | undefined,
  status = STATUSES[order.status],
): AccountMessage {
  const print = printerOf(pair);
  const { expiresAtMs, timeInForce } = order;
  const { feePreference } = notesOf(order);
  const flags = order.postOnly ? `${feePreference},post` : feePreference;
  const expires =
    expiresAtMs === undefined ? NULL : quote((expiresAtMs / MS_PER_SECOND).toFixed(6));
  const fields: readonly JsonField[] = [
    ...describeExecuted(order, print),
    ['amended', order.amended ? 'true' : undefined],
    ['cl_ord_id', quoted(order.clientOrderId)],
    ['descr', describeTerms(order, pair)],
    ['display_volume', quoted(order.displaySize && print.size(order.displaySize))],
    ['expiretm', expires],
    ['limitprice', quote(print.price(order.limitPrice ?? order.limitBy ?? '0'))],
    ['misc', quote('')],
    ['oflags', quote(flags)],
    ['opentm', quote(toSeconds(order.placedAt))],
    ['refid', NULL],
    ['starttm', NULL],
    ['status', quote(status)],
    ['stopprice', quote(print.price(order.stopPrice ?? order.trailBy ?? '0'))],
    ['timeinforce', quote(timeInForce.toUpperCase())],
    userrefOf(order),
    ['vol', quote(print.size(order.size ?? '0'))],
  ];
  return toMessage(order, 'whole', fields);
}

/** `price` is the trigger where there is one, and the limit then stands in `price2`. */
function describeTerms(order: EngineOrder, pair: Pair | undefined): string {
  const print = printerOf(pair);
  const { limitPrice = order.limitBy ?? '0', stopPrice, trailBy, orderType } = order;
  const trigger = stopPrice ?? trailBy;
  const [price, price2] = trigger === undefined ? [limitPrice, '0'] : [trigger, limitPrice];
  const pairName = nameOfPair(order, pair);
  return writeObject([
    ['close', NULL],
    ['leverage', NULL],
    ['order', quote(describeOrder(order, pairName, { ...print, noPrice: print.price('0') }))],
    ['ordertype', quote(orderType)],
    ['pair', quote(pairName)],
    ['price', quote(print.price(price))],
    ['price2', quote(print.price(price2))],
    ['type', quote(order.side)],
  ]);
}

function toMessage(order: EngineOrder, type: string, fields: readonly JsonField[]): AccountMessage {
  return { symbol: order.symbol, type, fields, id: toVenueId('O', order.orderId) };
}

/** What `openOrders` tells of an event; nothing where it shows no change. */
export function describeOrderChange(
  event: OrderEvent,
  pair: Pair | undefined,
): AccountMessage | undefined {
  const { order, type } = event;
  const print = printerOf(pair);
  switch (type) {
    case 'order.accepted':
      return describeWholeOrder(order, pair, STATUSES.pending);
    case 'order.opened':
      return toMessage(order, type, [['status', '"open"'], userrefOf(order)]);
    case 'order.triggered':
      return toMessage(order, type, [['misc', quote(wordOfTrigger(order))], userrefOf(order)]);
    case 'order.filled':
      return toMessage(order, type, [...describeExecuted(order, print), userrefOf(order)]);
    case 'order.amended':
      return toMessage(order, type, describeAmended(order, print));
    case 'order.completed':
      return toMessage(order, type, describeEnded(order, 'filled', print));
    case 'order.expired':
      return toMessage(order, type, describeEnded(order, 'expired', print));
    case 'order.canceled': {
      const reason: JsonField = ['cancel_reason', quote(describeEnd(order))];
      return toMessage(order, type, [...describeEnded(order, 'canceled', print), reason]);
    }
  }
}

/** "Stopped" by a price that went against the order, "touched" by one it waited for. */
function wordOfTrigger({ orderType }: EngineOrder): string {
  if (!isTriggered(orderType)) return '';
  return orderType.startsWith('take-profit') ? 'touched' : 'stopped';
}

function describeAmended(order: EngineOrder, print: Printer): readonly JsonField[] {
  const { size, limitPrice, stopPrice, displaySize } = order;
  return [
    ['amended', 'true'],
    ['amend_reason', '"User requested"'],
    ['vol', quoted(size && print.size(size))],
    ['limitprice', quoted(limitPrice && print.price(limitPrice))],
    ['stopprice', quoted(stopPrice && print.price(stopPrice))],
    ['display_volume', quoted(displaySize && print.size(displaySize))],
    ['lastupdated', quote(toSeconds(order.changedAt))],
    userrefOf(order),
  ];
}

function describeEnded(
  order: EngineOrder,
  status: EngineOrderStatus,
  print: Printer,
): readonly JsonField[] {
  return [
    ['lastupdated', quote(toSeconds(order.changedAt))],
    ['status', quote(STATUSES[status])],
    ...describeExecuted(order, print),
    userrefOf(order),
  ];
}

/** One trade of `ownTrades`; of an order that is long over less may be known. */
export function describeOwnTrade(
  fill: EngineFill,
  order: EngineOrder | undefined,
  pair: Pair | undefined,
): AccountMessage {
  const print = printerOf(pair);
  const fields: readonly JsonField[] = [
    ['cl_ord_id', quoted(order?.clientOrderId)],
    ['cost', quote(print.price(fill.value))],
    ['fee', quote(print.price(fill.fee))],
    ['margin', quote(print.price('0'))],
    ['ordertxid', quote(toVenueId('O', fill.orderId))],
    ['ordertype', quoted(order?.orderType)],
    ['pair', quote(nameOfPair(fill, pair))],
    ['postxid', quote(toVenueId('T', `${fill.orderId}/position`))],
    ['price', quote(print.price(fill.price))],
    ['time', quote(toSeconds(fill.time))],
    ['type', quote(fill.side)],
    order ? userrefOf(order) : ['userref', undefined],
    ['vol', quote(print.size(fill.size))],
  ];
  return { symbol: fill.symbol, type: 'trade', fields, id: toVenueId('T', fill.fillId) };
}
