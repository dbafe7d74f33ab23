import type { OrderResult } from '../../../model/message.js';
import { dropAbsent, isSymbol, readText, type RawObject } from '../../../wire/fields.js';
import type { Decoding } from '../../../wire/frame.js';
import { parseTimeMs } from '../../../wire/times.js';
import { findRequestId } from '../decoding.js';
import { toOrderRefusal } from '../decode-order.js';
import { V1_ORDER_EVENTS } from '../messages.js';

const STATUS = 'Status';

/** Whether an event answers an order. */
export function isV1OrderStatus(event: string): boolean {
  return V1_ORDER_EVENTS.some((one) => `${one}${STATUS}` === event);
}

/** Decodes `addOrderStatus` and its siblings (websocket-v1/addorder …). */
export function decodeV1OrderStatus(frame: RawObject, decoding: Decoding): void {
  const { place, messages } = decoding;
  const isOk = readText(frame, 'status', place) === 'ok';
  const result = isOk
    ? readResult(frame)
    : { ...toOrderRefusal(readText(frame, 'errorMessage', place)), ...readNames(frame) };
  const requestId = findRequestId(frame, 'reqid');
  messages.push({ type: 'order.answered', requestId, results: [result] });
}

function readResult(frame: RawObject): OrderResult {
  const { originaltxid, count, triggerTime } = frame;
  return {
    ok: true,
    ...readNames(frame),
    ...dropAbsent({
      originalOrderId: isSymbol(originaltxid) ? originaltxid : undefined,
      count: typeof count === 'string' && /^\d{1,9}$/.test(count) ? Number(count) : undefined,
      // "0" where it was called off: no time.
      triggersAtMs: typeof triggerTime === 'string' ? parseTimeMs(triggerTime) : undefined,
    }),
  };
}

function readNames(frame: RawObject): { orderId?: string; clientOrderId?: string } {
  const { txid, cl_ord_id: clientOrderId } = frame;
  return dropAbsent({
    orderId: isSymbol(txid) ? txid : undefined,
    clientOrderId: isSymbol(clientOrderId) ? clientOrderId : undefined,
  });
}
