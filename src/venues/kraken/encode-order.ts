import { JsonNumber } from '../../model/json-number.js';
import type { JsonObject } from '../../model/message.js';
import type {
  NewOrder,
  OrderChange,
  OrderCommand,
  OrderCommandKind,
  OrderRequest,
  OrderTarget,
} from '../../model/order-entry.js';
import type { OutgoingMessage } from '../../model/venue.js';
import { dropAbsent } from '../../wire/fields.js';
import { TRAILING_TYPES } from './order-types.js';
import type { OrderMethod } from './messages.js';

const METHODS: Readonly<Record<OrderCommandKind, OrderMethod>> = {
  add: 'add_order',
  amend: 'amend_order',
  edit: 'edit_order',
  cancel: 'cancel_order',
  'cancel-all': 'cancel_all',
  'cancel-all-after': 'cancel_all_orders_after',
  'batch-add': 'batch_add',
  'batch-cancel': 'batch_cancel',
};

/** Turns a command that was checked into its message of v2; the token is the sign-in's to add. */
export function encodeOrder({ command, requestId, deadlineAtMs }: OrderRequest): OutgoingMessage {
  const params = { ...paramsOf(command), ...deadlineOf(command, deadlineAtMs) };
  const body = { method: METHODS[command.kind], params, req_id: requestId };
  return { body, private: true };
}

function paramsOf(command: OrderCommand): JsonObject {
  switch (command.kind) {
    case 'add':
      return { ...toOrder(command.order), symbol: command.order.symbol, ...validateOf(command) };
    case 'batch-add': {
      const [first] = command.orders;
      const orders = command.orders.map(toOrder);
      return { symbol: first?.symbol, orders, ...validateOf(command) };
    }
    case 'amend':
      return { ...nameTarget(command.change.target), ...toAmendment(command.change) };
    case 'edit':
      return { ...toEdit(command.change), ...validateOf(command) };
    case 'cancel':
      return listTargets(command.targets, 'order_id');
    case 'batch-cancel':
      return listTargets(command.targets, 'orders');
    case 'cancel-all':
      return {};
    case 'cancel-all-after':
      return { timeout: command.timeoutSeconds };
  }
}

/** Without the symbol, which a batch names once. */
function toOrder(order: NewOrder): JsonObject {
  return {
    order_type: order.orderType,
    side: order.side,
    ...dropAbsent({
      order_qty: toNumber(order.size),
      cash_order_qty: toNumber(order.value),
      limit_price: toNumber(order.limitPrice),
      triggers: toTriggers(order),
      time_in_force: order.timeInForce,
      expire_time: toSeconds(order.expiresAtMs),
      post_only: order.postOnly,
      reduce_only: order.reduceOnly,
      display_qty: toNumber(order.displaySize),
      cl_ord_id: order.clientOrderId,
    }),
    ...order.venueFields,
  };
}

/** A trailing stop follows the market at a distance in the quote currency. */
function toTriggers({ orderType, stopPrice }: NewOrder): JsonObject | undefined {
  if (stopPrice === undefined) return undefined;
  const priceType = TRAILING_TYPES.includes(orderType) ? 'quote' : 'static';
  return { reference: 'last', price: toNumber(stopPrice), price_type: priceType };
}

/** `symbol` is asked for where it is no crypto currency only; who names it wants it said. */
function toAmendment(change: OrderChange): JsonObject {
  return {
    ...dropAbsent({
      order_qty: toNumber(change.size),
      limit_price: toNumber(change.limitPrice),
      trigger_price: toNumber(change.stopPrice),
      display_qty: toNumber(change.displaySize),
      post_only: change.postOnly,
      symbol: change.symbol,
    }),
    ...change.venueFields,
  };
}

function toEdit(change: OrderChange): JsonObject {
  return {
    order_id: change.target.orderId,
    symbol: change.symbol,
    ...dropAbsent({
      order_qty: toNumber(change.size),
      limit_price: toNumber(change.limitPrice),
      display_qty: toNumber(change.displaySize),
      post_only: change.postOnly,
    }),
    ...change.venueFields,
  };
}

function nameTarget({ orderId, clientOrderId }: OrderTarget): JsonObject {
  return dropAbsent({ order_id: orderId, cl_ord_id: clientOrderId });
}

function listTargets(targets: readonly OrderTarget[], name: 'order_id' | 'orders'): JsonObject {
  const ids = targets.flatMap(({ orderId }) => orderId ?? []);
  const clientIds = targets.flatMap(({ clientOrderId }) => clientOrderId ?? []);
  return {
    ...(ids.length > 0 && { [name]: ids }),
    ...(clientIds.length > 0 && { cl_ord_id: clientIds }),
  };
}

/** Commands that bring no order to the engine have no deadline. */
function deadlineOf({ kind }: OrderCommand, deadlineAtMs: number | undefined): JsonObject {
  const has = kind === 'add' || kind === 'batch-add' || kind === 'amend' || kind === 'edit';
  if (!has || deadlineAtMs === undefined) return {};
  return { deadline: new Date(deadlineAtMs).toISOString() };
}

function validateOf({ validate }: { readonly validate: boolean }): JsonObject {
  return validate ? { validate: true } : {};
}

function toNumber(decimal: string | undefined): JsonNumber | undefined {
  return decimal === undefined ? undefined : new JsonNumber(decimal);
}

/** "RFC 3339, seconds". */
function toSeconds(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
