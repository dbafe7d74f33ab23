/** Whether a command is one that the protocol has, in a form that it takes. */
import type {
  NewOrder,
  OrderChange,
  OrderCheckContext,
  OrderCommand,
  OrderTarget,
} from '../../model/order-entry.js';
import {
  checkAgainstInstrument,
  checkDecimals,
  checkTarget,
  checkUnsaid,
  checkVenueFields,
  refuseOrder,
} from '../../wire/order-checks.js';
import { checkOrder } from './order-check.js';
import type { OrderProtocol } from './order-protocols.js';

/** Longer ones are UUIDs, with dashes or without. */
const SHORT_NAME_MAX = 18;

const BATCH_ADD_MAX = 15;
const BATCH_CANCEL_MAX = 50;
const TIMEOUT_SECONDS_LIMIT = 86_400;

/** Throws ORDER_INVALID, naming the field that is wrong. */
export function checkCommand(
  command: OrderCommand,
  context: OrderCheckContext,
  protocol: OrderProtocol,
): void {
  const { kind } = command;
  if (!protocol.commands.includes(kind)) {
    const known = protocol.commands.join(', ');
    refuseOrder('kind', `This protocol has no ${kind}; it has: ${known}.`);
  }
  switch (kind) {
    case 'add':
      return checkOrder(command.order, context, protocol);
    case 'batch-add':
      return checkBatch(command.orders, context, protocol);
    case 'amend':
      return checkChange(command.change, context, protocol);
    case 'edit':
      return checkEdit(command.change, context, protocol);
    case 'cancel':
      return checkTargets(command.targets, [1, BATCH_CANCEL_MAX]);
    case 'batch-cancel':
      return checkTargets(command.targets, [2, BATCH_CANCEL_MAX]);
    case 'cancel-all':
      return;
    case 'cancel-all-after':
      return checkTimeout(command.timeoutSeconds);
  }
}

function checkBatch(
  orders: readonly NewOrder[],
  context: OrderCheckContext,
  protocol: OrderProtocol,
): void {
  if (orders.length < 2 || orders.length > BATCH_ADD_MAX) {
    refuseOrder('orders', `A batch holds 2 to ${BATCH_ADD_MAX} orders, not ${orders.length}.`);
  }
  if (new Set(orders.map(({ symbol }) => symbol)).size > 1) {
    refuseOrder('orders', 'All orders of a batch are of one symbol.');
  }
  for (const order of orders) checkOrder(order, context, protocol);
  const names = orders.flatMap(({ clientOrderId }) => clientOrderId ?? []);
  if (new Set(names.map(plainName)).size < names.length) {
    refuseOrder('clientOrderId', 'Orders of a batch have client order ids of their own.');
  }
}

/** A UUID is the same with and without dashes, and in any case. */
function plainName(clientOrderId: string): string {
  return clientOrderId.length > SHORT_NAME_MAX
    ? clientOrderId.replaceAll('-', '').toLowerCase()
    : clientOrderId;
}

function checkChange(
  change: OrderChange,
  context: OrderCheckContext,
  protocol: OrderProtocol,
): void {
  const { target, symbol, size, limitPrice, stopPrice, displaySize, postOnly } = change;
  checkTarget(target);
  checkDecimals({ size, limitPrice, stopPrice, displaySize });
  const changed = [size, limitPrice, stopPrice, displaySize, postOnly, change.venueFields];
  if (changed.every((one) => one === undefined)) {
    refuseOrder('change', 'Nothing is to be changed: give a size, a price or another field.');
  }
  checkVenueFields(change.venueFields, [...protocol.ownFields, ...protocol.ownChangeFields]);
  const instrument = symbol === undefined ? undefined : context.findInstrument(symbol);
  if (instrument) checkAgainstInstrument({ size, limitPrice, stopPrice, displaySize }, instrument);
}

/** "No `cl_ord_id`, no triggered or one-triggers-other orders". */
function checkEdit(change: OrderChange, context: OrderCheckContext, protocol: OrderProtocol): void {
  const { target, symbol, stopPrice } = change;
  if (target.orderId === undefined) {
    refuseOrder('target', 'An edit names the order by its orderId: it gets another one by it.');
  }
  if (symbol === undefined) refuseOrder('symbol', 'An edit needs the symbol of the order.');
  if (context.findOrder(target)?.clientOrderId !== undefined) {
    refuseOrder('target', 'An order with a client order id cannot be edited: amend it.');
  }
  if (stopPrice !== undefined) {
    refuseOrder('stopPrice', 'A triggered order cannot be edited: amend it.');
  }
  checkUnsaid('Kraken', protocol.unsaidOfEdit(change));
  checkChange(change, context, protocol);
}

function checkTargets(
  targets: readonly OrderTarget[],
  [least, most]: readonly [number, number],
): void {
  if (targets.length < least || targets.length > most) {
    refuseOrder('targets', `One message cancels ${least} to ${most} orders.`);
  }
  targets.forEach(checkTarget);
}

function checkTimeout(timeoutSeconds: number): void {
  const isWhole = Number.isSafeInteger(timeoutSeconds);
  if (isWhole && timeoutSeconds >= 0 && timeoutSeconds < TIMEOUT_SECONDS_LIMIT) return;
  refuseOrder(
    'timeoutSeconds',
    `The timeout is a whole number of seconds below ${TIMEOUT_SECONDS_LIMIT}; 0 calls it off.`,
  );
}
