/** How clients name orders, in either protocol. Pure. */
import type { OrderName } from './order-command.js';
import { isClientOrderId, readUserref, wrongArgument } from './order-fields.js';

const ORDER_ID = /^[A-Z0-9]{6}-[A-Z0-9]{5}-[A-Z0-9]{6}$/;

/** One of a list of `cl_ord_id`. */
export function readClientName(clientOrderId: string): OrderName {
  if (!isClientOrderId(clientOrderId)) throw wrongArgument('cl_ord_id');
  return { clientOrderId };
}

/** One of a list in which the venue's ids and the client's own numbers stand together. */
export function readIdOrUserref(text: string, field: string): OrderName {
  return ORDER_ID.test(text) ? { orderId: text } : { userref: readUserref(text, field) };
}
