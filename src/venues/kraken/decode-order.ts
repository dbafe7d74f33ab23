import type { OrderFacts, OrderResult } from '../../model/message.js';
import { describeValue, excerptText } from '../../wire/excerpt.js';
import { dropAbsent, isObject, isSymbol, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { FieldFault } from '../../wire/place.js';
import { parseTimeMs } from '../../wire/times.js';
import { findRequestId } from './decoding.js';
import { ORDER_METHODS } from './messages.js';
import { explainRefusal } from './refusals.js';

/** Whether a reply is to an order method. */
export function isOrderMethod(method: string): boolean {
  return ORDER_METHODS.some((one) => one === method);
}

/**
 * Decodes the reply to an order method (websocket-v2/add_order and its siblings). `batch_add`
 * answers with a list in the order of the request; `batch_cancel` counts beside the result, and has
 * none (recorded 2024-05), or in it (docs).
 */
export function decodeOrderReply(reply: RawObject, decoding: Decoding): void {
  const { error, success, result } = reply;
  const results: OrderResult[] = [];
  if (success === false || typeof error === 'string') results.push(readRefusal(reply));
  else if (success !== true) {
    throw new FieldFault('success', 'true or false', describeValue(success));
  } else if (Array.isArray(result)) results.push(...result.map(readResult));
  else results.push({ ...readResult(result ?? {}), ...readCanceled(reply) });
  decoding.messages.push({
    type: 'order.answered',
    requestId: findRequestId(reply, 'req_id'),
    results,
  });
}

/** A refusal in the venue's words, cut and masked, with what they mean. */
export function toOrderRefusal(venueText: string): OrderResult {
  const { code, likelyCause } = explainRefusal(venueText);
  return { ok: false, code, venueText: excerptText(venueText), likelyCause };
}

function readRefusal(from: RawObject): OrderResult {
  const { error } = from;
  if (typeof error !== 'string' || error === '') {
    throw new FieldFault('error', 'a text', describeValue(error));
  }
  return { ...toOrderRefusal(error), ...readNames(from) };
}

/** How one order of a batch is refused is on no page: an element with `error` is taken as that. */
function readResult(result: unknown): OrderResult {
  if (!isObject(result)) throw new FieldFault('result', 'an object', describeValue(result));
  if (typeof result['error'] === 'string') return readRefusal(result);
  return {
    ok: true,
    ...readNames(result),
    ...readOutcome(result, 'original_order_id'),
    ...dropAbsent({
      warnings: readWarnings(result['warnings']),
    }),
  };
}

function readNames(from: RawObject): Pick<OrderFacts, 'orderId' | 'clientOrderId'> {
  return readOrderNames(from, 'order_id');
}

/** The ids in a reply, of which the venue's own has another name in each protocol. */
export function readOrderNames(
  from: RawObject,
  idName: 'order_id' | 'txid',
): Pick<OrderFacts, 'orderId' | 'clientOrderId'> {
  const { [idName]: orderId, cl_ord_id: clientOrderId } = from;
  return dropAbsent({
    orderId: isSymbol(orderId) ? orderId : undefined,
    clientOrderId: isSymbol(clientOrderId) ? clientOrderId : undefined,
  });
}

/** What a reply says beside ids: the order replaced, the orders counted, the time of a timer. */
export function readOutcome(
  from: RawObject,
  originalName: 'original_order_id' | 'originaltxid',
): Pick<OrderFacts, 'originalOrderId' | 'count' | 'triggersAtMs'> {
  const { [originalName]: originalOrderId, count, triggerTime } = from;
  return dropAbsent({
    originalOrderId: isSymbol(originalOrderId) ? originalOrderId : undefined,
    count: readCountOf(count),
    // "0" where it was called off: no time (websocket-v1).
    triggersAtMs: typeof triggerTime === 'string' ? parseTimeMs(triggerTime) : undefined,
  });
}

function readCanceled(reply: RawObject): { count?: number } {
  return dropAbsent({ count: readCountOf(reply['orders_cancelled']) });
}

function readCountOf(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function readWarnings(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return (value as unknown[])
    .filter((one) => typeof one === 'string')
    .map((one) => excerptText(one));
}
