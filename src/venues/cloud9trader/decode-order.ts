import type { OrderResult } from '../../model/message.js';
import { describeValue, excerptText } from '../../wire/excerpt.js';
import { dropAbsent, findText, isObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { enter, FieldFault } from '../../wire/place.js';
import { isNoError } from './decode-control.js';
import { explainOrderRefusal } from './errors.js';
import type { Correlation } from './topics.js';

/** How the topic in an id of ours begins where a submission was asked for. */
const SUBMIT_TOPIC = 'submit.';

/** Whether an answer is to a submission. */
export function isOrderAnswer({ topic }: Correlation): boolean {
  return topic.startsWith(SUBMIT_TOPIC);
}

/**
 * Decodes `[requestId, error, order]`, where `order` repeats what was submitted
 * (submitting-orders). It says that the order was forwarded, and nothing of the exchange's mind.
 */
export function decodeOrderAnswer(
  elements: readonly unknown[],
  { requestId }: Correlation,
  decoding: Decoding,
): void {
  const [, error, order] = elements;
  const result = isNoError(error) ? readForwarded(order, decoding) : readRefusal(error);
  decoding.messages.push({ type: 'order.answered', requestId, results: [result] });
}

function readForwarded(order: unknown, { place }: Decoding): OrderResult {
  if (!isObject(order)) return { ok: true };
  enter(place, '[2]');
  const named = {
    orderId: findText(order, 'id', place),
    clientOrderId: findText(order, 'clientOrderId', place),
  };
  return { ok: true, ...dropAbsent(named) };
}

function readRefusal(error: unknown): OrderResult {
  if (typeof error !== 'string')
    throw new FieldFault('[1]', 'a text or null', describeValue(error));
  return {
    ok: false,
    ...explainOrderRefusal(error),
    venueText: excerptText(error) || 'no text',
  };
}
