import type { OrderResult } from '../../../model/message.js';
import { readText, type RawObject } from '../../../wire/fields.js';
import type { Decoding } from '../../../wire/frame.js';
import { findRequestId } from '../decoding.js';
import { readOrderNames, readOutcome, toOrderRefusal } from '../decode-order.js';
import { V1_ORDER_EVENTS } from './messages.js';

const STATUS = 'Status';

/** Whether an event answers an order. */
export function isV1OrderStatus(event: string): boolean {
  return V1_ORDER_EVENTS.some((one) => `${one}${STATUS}` === event);
}

/** Decodes `addOrderStatus` and its siblings (websocket-v1/addorder …). */
export function decodeV1OrderStatus(frame: RawObject, decoding: Decoding): void {
  const { place, messages } = decoding;
  const isOk = readText(frame, 'status', place) === 'ok';
  const names = readOrderNames(frame, 'txid');
  const result: OrderResult = isOk
    ? { ok: true, ...names, ...readOutcome(frame, 'originaltxid') }
    : { ...toOrderRefusal(readText(frame, 'errorMessage', place)), ...names };
  const requestId = findRequestId(frame, 'reqid');
  messages.push({ type: 'order.answered', requestId, results: [result] });
}
