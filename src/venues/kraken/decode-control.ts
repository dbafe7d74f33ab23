import type { VenueStatus } from '../../model/market.js';
import type { RefusalMessage, VenueStatusMessage } from '../../model/message.js';
import { describeValue, excerptText } from '../../wire/excerpt.js';
import { findTimeMs, isObject, isSymbol, readText, type RawObject } from '../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../wire/frame.js';
import type { UpdateKind } from '../../wire/market.js';
import { FieldFault } from '../../wire/place.js';
import { findChannelByWireName } from './channels.js';
import { decodeOrderReply, isOrderMethod } from './decode-order.js';
import { findRequestId, forEachEntry } from './decoding.js';
import { explainRefusal, findRefusedSymbol } from './refusals.js';

/** The venue's words for its engine → ours. */
const ENGINE_STATUSES: ReadonlyMap<string, VenueStatus> = new Map([
  ['online', 'online'],
  ['maintenance', 'maintenance'],
  ['cancel_only', 'cancel-only'],
  ['post_only', 'post-only'],
  ['limit_only', 'limit-only'],
]);

/** What the venue says of its engine, under our name and its own. */
export function toVenueStatus(venueStatus: string): VenueStatusMessage {
  const status = ENGINE_STATUSES.get(venueStatus) ?? 'other';
  return { type: 'venue.status', status, venueStatus: excerptText(venueStatus, 40) };
}

/**
 * Decodes `status`, which comes by itself. Its `connection_id` is past 2^53 and of no use to us.
 */
export function decodeStatus(frame: RawObject, _type: UpdateKind, decoding: Decoding): void {
  forEachEntry(frame, decoding, (entry) => {
    decoding.messages.push(toVenueStatus(readText(entry, 'system', decoding.place)));
  });
}

/** Decodes a reply; returns when the venue sent it, NaN where it does not say. */
export function decodeReply(reply: RawObject, method: string, decoding: Decoding): number {
  const sentAtMs = findTimeMs(reply, 'time_out', decoding.place);
  // A pong has no `success` (recorded 2024-05) and says nothing more.
  if (method === 'pong') return sentAtMs;
  if (isOrderMethod(method)) {
    decodeOrderReply(reply, decoding);
    return sentAtMs;
  }
  const success = reply['success'];
  if (success === false || typeof reply['error'] === 'string') decodeRefusal(reply, decoding);
  else if (method !== 'subscribe' && method !== 'unsubscribe') {
    reportSkipped(decoding, `reply/${method}`, 'It answers a method that truefeed does not use.');
  } else if (success === true) decodeAck(reply, method, decoding);
  else throw new FieldFault('success', 'true or false', describeValue(success));
  return sentAtMs;
}

/** `warnings` announce what will end one day; they change nothing today and are passed over. */
function decodeAck(reply: RawObject, method: string, decoding: Decoding): void {
  const result = reply['result'];
  if (!isObject(result)) throw new FieldFault('result', 'an object', describeValue(result));
  const channel = result['channel'];
  if (typeof channel !== 'string') {
    throw new FieldFault('result.channel', 'a text', describeValue(channel));
  }
  const rule = findChannelByWireName(channel);
  if (rule === undefined) {
    reportSkipped(decoding, `ack/${channel}`, 'An ack names a channel that is not decoded.');
    return;
  }
  const symbol = result['symbol'];
  if (symbol !== undefined ? !isSymbol(symbol) : rule.symbols === 'required') {
    throw new FieldFault('result.symbol', 'a symbol', describeValue(symbol));
  }
  const maxCount = readMaxCount(result);
  if (maxCount !== undefined) decoding.messages.push({ type: 'order-limits.told', maxCount });
  decoding.messages.push({
    type: method === 'subscribe' ? 'subscription.accepted' : 'subscription.ended',
    channel: rule.name,
    symbol: isSymbol(symbol) ? symbol : undefined,
    requestId: findRequestId(reply, 'req_id'),
  });
}

/** `maxratecount` of the engine, which comes with the account's orders; an odd one says nothing. */
export function readMaxCount({ maxratecount }: RawObject): number | undefined {
  const isCount = typeof maxratecount === 'string' && /^[1-9]\d{0,8}$/.test(maxratecount);
  return isCount ? Number(maxratecount) : undefined;
}

/** A refused request leaves the socket open and silent: `success` is all there is to see. */
function decodeRefusal(reply: RawObject, decoding: Decoding): void {
  const text = reply['error'];
  if (typeof text !== 'string' || text === '') {
    throw new FieldFault('error', 'a text', describeValue(text));
  }
  // A refusal of all symbols at once was seen with "*" in the place of a symbol.
  const named = isSymbol(reply['symbol']) && reply['symbol'] !== '*' ? reply['symbol'] : undefined;
  decoding.messages.push({
    ...toRefusal(text),
    symbol: named ?? findRefusedSymbol(text),
    requestId: findRequestId(reply, 'req_id'),
  });
}

/** A refusal in the venue's words, cut and masked, with what they mean. */
export function toRefusal(venueText: string): RefusalMessage {
  const { code, likelyCause } = explainRefusal(venueText);
  return { type: 'request.refused', code, venueText: excerptText(venueText), likelyCause };
}

/**
 * A refusal without a method: `{"Error":"Exceeded msg rate"}` by the FAQ, and v1's
 * `{"event":"error", "errorMessage":…,"reqid":42}`, which the shared front end may send on either
 * protocol. Returns whether it was one.
 */
export function decodeBareError(frame: RawObject, decoding: Decoding): boolean {
  const texts = [frame['Error'], frame['errorMessage'], frame['error']];
  const text = texts.find((one) => typeof one === 'string' && one !== '');
  if (typeof text !== 'string') return false;
  const requestId = findRequestId(frame, 'reqid') ?? findRequestId(frame, 'req_id');
  decoding.messages.push({ ...toRefusal(text), requestId });
  return true;
}
