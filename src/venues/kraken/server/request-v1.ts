/**
 * What a client may ask in protocol v1, read from one message. Pure. The texts of refusals are
 * those that clients list, as in `subscription-v1.ts`.
 */
import { V1_ORDER_KINDS } from './account/read-order-v1.js';
import { isObject, parseObject, readDigits, type Fields } from './request-fields.js';
import { readSubscriptionV1, type V1Subscription } from './subscription-v1.js';

/** One message, understood or not. `requestId` are the digits that the client sent. */
export type V1Request =
  | { readonly kind: 'error'; readonly error: string; readonly requestId: string | undefined }
  | { readonly kind: 'ping'; readonly requestId: string | undefined }
  | {
      readonly kind: 'order';
      readonly event: string;
      readonly requestId: string | undefined;
      readonly token: string | undefined;
      readonly fields: Fields;
    }
  | ({
      readonly kind: 'subscribe' | 'unsubscribe';
      readonly requestId: string | undefined;
    } & V1Subscription);

/** Reads a message; whatever it holds, it does not throw. `findSymbol` gives the market's name. */
export function readV1Request(
  text: string,
  findSymbol: (v1Symbol: string) => string | undefined,
): V1Request {
  const message = parseObject(text);
  if (!message) return { kind: 'error', error: 'Malformed request', requestId: undefined };
  const { event, reqid: id } = message;
  const requestId =
    typeof id === 'number' && Number.isInteger(id) ? readDigits(text, id) : undefined;
  const fail = (error: string): V1Request => ({ kind: 'error', error, requestId });
  if (id !== undefined && requestId === undefined) return fail('Malformed request');
  if (event === undefined) return fail('Event(s) not found');
  if (event === 'ping') return { kind: 'ping', requestId };
  const { subscription, pair, token: own } = message;
  if (typeof event === 'string' && V1_ORDER_KINDS.has(event)) {
    const token = typeof own === 'string' ? own : undefined;
    return { kind: 'order', event, requestId, token, fields: message };
  }
  if (event !== 'subscribe' && event !== 'unsubscribe') return fail('Unsupported event');
  if (!isObject(subscription)) return fail('Subscription field must be an object');
  return { kind: event, requestId, ...readSubscriptionV1(subscription, pair, findSymbol) };
}
