/**
 * What a client may ask in protocol v2, read from one message. Pure. The venue validates strictly:
 * unknown fields and numbers in quotes are refused (recorded 2024-05 and 2025-08).
 */
import { quoteNumbers } from '../../../book/number-text.js';
import type { RequestFields } from './account/order-fields.js';
import { findOrderMisfit, ORDER_KINDS } from './account/order-forms-v2.js';
import { findUnknown, isObject, parseObject, readDigits, type Fields } from './request-fields.js';
import { readSubscriptionV2, unsupportedField, type V2Subscription } from './subscription-v2.js';

/** One message, understood or not. `requestId` are the digits that the client sent. */
export type V2Request =
  | { readonly kind: 'refused'; readonly error: string; readonly echo: Echo }
  | { readonly kind: 'ping'; readonly echo: Echo }
  | {
      readonly kind: 'order';
      readonly echo: Echo;
      readonly method: string;
      readonly token: string;
      readonly fields: RequestFields;
    }
  | ({
      readonly kind: 'subscribe' | 'unsubscribe';
      readonly echo: Echo;
    } & Extract<V2Subscription, { error?: undefined }>);

/** What every answer repeats. */
export interface Echo {
  readonly method: string | undefined;
  readonly requestId: string | undefined;
}

/** Reads a message; whatever it holds, it does not throw. */
export function readV2Request(text: string, hasSymbol: (symbol: string) => boolean): V2Request {
  const message = parseObject(text);
  if (!message) return refuse({ method: undefined, requestId: undefined }, 'Malformed request');
  const { method, req_id: id } = message;
  const echo: Echo = {
    method: typeof method === 'string' ? method : undefined,
    requestId: typeof id === 'number' && Number.isInteger(id) ? readDigits(text, id) : undefined,
  };
  if (id !== undefined && echo.requestId === undefined) {
    return refuse(echo, 'Req_id field must be a number_integer');
  }
  if (echo.method === 'ping') return readPing(message, echo);
  if (echo.method === 'subscribe' || echo.method === 'unsubscribe') {
    return readSubscription(message, echo, hasSymbol);
  }
  const { method: name } = echo;
  if (name === undefined || !ORDER_KINDS.has(name)) return refuse(echo, 'Unsupported event');
  return readOrder(text, message, { echo, name });
}

/** What the fields say is read once it is known that the token is good. */
function readOrder(
  text: string,
  message: Fields,
  { echo, name }: { readonly echo: Echo; readonly name: string },
): V2Request {
  const odd = findUnknown(message, ['method', 'req_id', 'params']);
  if (odd !== undefined) return refuse(echo, unsupportedField(odd, name));
  const { params } = message;
  const token = isObject(params) ? params.token : undefined;
  if (!isObject(params) || typeof token !== 'string') return refuse(echo, 'Token(s) not found');
  const digits = parseObject(quoteNumbers(text))?.params;
  const fields = { values: params, digits: isObject(digits) ? digits : {} };
  const misfit = findOrderMisfit(fields, name);
  if (misfit !== undefined) return refuse(echo, misfit);
  return { kind: 'order', echo, method: name, token, fields };
}

function readPing(message: Fields, echo: Echo): V2Request {
  const unknown = findUnknown(message, ['method', 'req_id']);
  return unknown === undefined
    ? { kind: 'ping', echo }
    : refuse(echo, unsupportedField(unknown, 'ping'));
}

function readSubscription(
  message: Fields,
  echo: Echo,
  hasSymbol: (symbol: string) => boolean,
): V2Request {
  const method = echo.method === 'subscribe' ? 'subscribe' : 'unsubscribe';
  const odd = findUnknown(message, ['method', 'req_id', 'params']);
  if (odd !== undefined) return refuse(echo, unsupportedField(odd, method));
  const read = readSubscriptionV2(message.params, method, hasSymbol);
  return read.error === undefined ? { kind: method, echo, ...read } : refuse(echo, read.error);
}

function refuse(echo: Echo, error: string): V2Request {
  return { kind: 'refused', error, echo };
}
