import type { JsonObject } from '../../../model/message.js';
import type {
  NewOrder,
  OrderChange,
  OrderCommand,
  OrderRequest,
  OrderTarget,
} from '../../../model/order-entry.js';
import type { OutgoingMessage } from '../../../model/venue.js';
import { dropAbsent } from '../../../wire/fields.js';
import type { V1OrderEvent } from './messages.js';
import { TRAILING_TYPES } from '../order-types.js';

/** Turns a command that was checked into its message of v1, in which all numbers are texts. */
export function encodeV1Order(request: OrderRequest): OutgoingMessage {
  const { command, requestId, deadlineAtMs } = request;
  const deadline = deadlineAtMs === undefined ? undefined : new Date(deadlineAtMs).toISOString();
  const body = { ...fieldsOf(command, deadline), reqid: requestId };
  return { body, private: true };
}

function fieldsOf(command: OrderCommand, deadline: string | undefined): JsonObject {
  switch (command.kind) {
    case 'add': {
      const { order, validate } = command;
      return event('addOrder', { ...toOrder(order), deadline, validate: flag(validate) });
    }
    case 'amend':
      return event('amendOrder', { ...toAmendment(command.change), deadline });
    case 'edit': {
      const { change, validate } = command;
      return event('editOrder', { ...toEdit(change), deadline, validate: flag(validate) });
    }
    case 'cancel':
      return event('cancelOrder', listTargets(command.targets));
    case 'cancel-all':
      return event('cancelAll', {});
    case 'cancel-all-after':
      return event('cancelAllOrdersAfter', { timeout: command.timeoutSeconds });
    case 'batch-add':
    case 'batch-cancel':
      throw new RangeError(`Kraken v1 has no ${command.kind}.`);
  }
}

function event(name: V1OrderEvent, fields: JsonObject): JsonObject {
  return { event: name, ...dropAbsent(fields) };
}

/** `validate` is a text, and any text at all means yes. */
function flag(isOn: boolean): string | undefined {
  return isOn ? 'true' : undefined;
}

function toOrder(order: NewOrder): JsonObject {
  const { expiresAtMs } = order;
  return {
    ordertype: order.orderType,
    type: order.side,
    pair: order.symbol,
    volume: order.size,
    ...toPrices(order),
    timeinforce: order.timeInForce?.toUpperCase(),
    expiretm: expiresAtMs === undefined ? undefined : String(expiresAtMs / 1_000),
    oflags: order.postOnly === true ? 'post' : undefined,
    reduce_only: order.reduceOnly,
    cl_ord_id: order.clientOrderId,
    ...order.venueFields,
  };
}

/** `price` is the limit, or the trigger where there is one; `price2` is then the limit. */
function toPrices({ orderType, side, limitPrice, stopPrice }: NewOrder): JsonObject {
  if (stopPrice === undefined) return { price: limitPrice };
  if (!TRAILING_TYPES.includes(orderType)) return { price: stopPrice, price2: limitPrice };
  // Distances, which a sign marks as such: to the market, and of the limit beyond the trigger.
  const limitBy =
    limitPrice === undefined ? undefined : `${side === 'buy' ? '+' : '-'}${limitPrice}`;
  return { price: `+${stopPrice}`, price2: limitBy };
}

function toAmendment(change: OrderChange): JsonObject {
  const { target, symbol, size, limitPrice, stopPrice, displaySize, postOnly } = change;
  return {
    txid: target.orderId,
    cl_ord_id: target.clientOrderId,
    pair: symbol,
    volume: size,
    limit_price: limitPrice,
    trigger_price: stopPrice,
    display_volume: displaySize,
    post_only: postOnly,
    ...change.venueFields,
  };
}

function toEdit(change: OrderChange): JsonObject {
  const { target, symbol, size, limitPrice, postOnly } = change;
  return {
    orderid: target.orderId,
    pair: symbol,
    volume: size,
    price: limitPrice,
    oflags: postOnly === true ? 'post' : undefined,
    ...change.venueFields,
  };
}

function listTargets(targets: readonly OrderTarget[]): JsonObject {
  const ids = targets.flatMap(({ orderId }) => orderId ?? []);
  const clientIds = targets.flatMap(({ clientOrderId }) => clientOrderId ?? []);
  return {
    txid: ids.length > 0 ? ids : undefined,
    cl_ord_id: clientIds.length > 0 ? clientIds : undefined,
  };
}
