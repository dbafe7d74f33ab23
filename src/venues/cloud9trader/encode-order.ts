import type { NewOrder, OrderRequest, OrderTarget } from '../../model/order-entry.js';
import type { OutgoingMessage } from '../../model/venue.js';
import { dropAbsent } from '../../wire/fields.js';
import type { RawOrderSubmission, RawRequest } from './messages.js';
import { ORDER_TYPES, TIMES_IN_FORCE, toJsonNumber } from './order-entry.js';
import { formatCorrelation } from './topics.js';

/**
 * Turns a command that was checked into its message. The id says what was asked for, as with all
 * requests here.
 */
export function encodeOrder({ command, requestId }: OrderRequest): OutgoingMessage {
  if (command.kind === 'add') {
    return submit(requestId, 'order', toSubmission(command.order));
  }
  const [target] = command.kind === 'cancel' ? command.targets : [];
  if (target === undefined) throw new RangeError(`Cloud9Trader has no way to ${command.kind}.`);
  return submit(requestId, 'cancel', toCancel(target));
}

function submit(requestId: number, what: 'order' | 'cancel', body: object): OutgoingMessage {
  const id = formatCorrelation({ requestId, topic: `submit.${what}` });
  const message: RawRequest = ['submit', what, body, id];
  return { body: message, private: true };
}

/** The symbol is the exchange's own: what stands before the last colon of ours. */
function toSubmission(order: NewOrder): RawOrderSubmission {
  const { symbol, side, orderType, timeInForce, venueFields, clientOrderId } = order;
  const colon = symbol.lastIndexOf(':');
  return {
    ...venueFields,
    broker: symbol.slice(colon + 1),
    symbol: symbol.slice(0, colon),
    side: side === 'buy' ? 'BUY' : 'SELL',
    type: need(ORDER_TYPES.get(orderType), 'orderType'),
    quantity: need(toNumber(order.size), 'size'),
    ...dropAbsent({
      limitPrice: toNumber(order.limitPrice),
      stopPrice: toNumber(order.stopPrice),
      timeInForce: timeInForce && need(TIMES_IN_FORCE.get(timeInForce), 'timeInForce'),
      clientOrderId,
    }),
  };
}

/** Ours; see README.md. Orders have ids of the venue, so that the broker need not be named. */
function toCancel({ orderId, clientOrderId }: OrderTarget): object {
  return dropAbsent({ id: orderId, clientOrderId });
}

function toNumber(decimal: string | undefined): number | undefined {
  return decimal === undefined ? undefined : need(toJsonNumber(decimal), 'number');
}

function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new RangeError(`The ${what} cannot be written.`);
  return value;
}
