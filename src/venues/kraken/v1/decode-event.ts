import { isObject, isSymbol, readText, type RawObject } from '../../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../../wire/frame.js';
import { decodeBareError, readMaxCount, toRefusal, toVenueStatus } from '../decode-control.js';
import { findRequestId } from '../decoding.js';
import { findRefusedSymbol } from '../refusals.js';
import { findV1ChannelByWireName } from './channels.js';
import { decodeV1OrderStatus, isV1OrderStatus } from './decode-order.js';

/** Decodes an event message; returns whether it was a heartbeat. */
export function decodeV1Event(frame: RawObject, event: string, decoding: Decoding): boolean {
  switch (event) {
    case 'heartbeat':
      decoding.messages.push({ type: 'heartbeat', counter: NaN, venueAtMs: NaN });
      return true;
    case 'pong':
      return false;
    case 'systemStatus':
      decoding.messages.push(toVenueStatus(readText(frame, 'status', decoding.place)));
      return false;
    case 'subscriptionStatus':
      decodeSubscriptionStatus(frame, decoding);
      return false;
    case 'error':
      // The text must be there; an error without one says nothing that could be acted on.
      readText(frame, 'errorMessage', decoding.place);
      decodeBareError(frame, decoding);
      return false;
    default:
      if (isV1OrderStatus(event)) decodeV1OrderStatus(frame, decoding);
      else reportSkipped(decoding, `event/${event}`, 'The event is not known.');
      return false;
  }
}

/** One for each pair. A refusal names the channel in `subscription` only (recorded in the docs). */
function decodeSubscriptionStatus(frame: RawObject, decoding: Decoding): void {
  const { place, messages } = decoding;
  const status = readText(frame, 'status', place);
  const symbol = isSymbol(frame['pair']) ? frame['pair'] : undefined;
  const requestId = findRequestId(frame, 'reqid');
  const wireName = readWireName(frame);
  const channel = findV1ChannelByWireName(wireName)?.rule.name;
  if (status === 'error') {
    const text = readText(frame, 'errorMessage', place);
    const named = symbol ?? findRefusedSymbol(text);
    messages.push({ ...toRefusal(text), channel, symbol: named, requestId });
  } else if (channel === undefined) {
    reportSkipped(decoding, `ack/${wireName}`, 'An ack names a channel that is not decoded.');
  } else if (status === 'subscribed' || status === 'unsubscribed') {
    const { subscription } = frame;
    const maxCount = isObject(subscription) ? readMaxCount(subscription) : undefined;
    if (maxCount !== undefined) messages.push({ type: 'order-limits.told', maxCount });
    const type = status === 'subscribed' ? 'subscription.accepted' : 'subscription.ended';
    messages.push({ type, channel, symbol, requestId });
  } else reportSkipped(decoding, `ack/${status}`, 'The status of a subscription is not known.');
}

function readWireName(frame: RawObject): string {
  const { channelName, subscription } = frame;
  if (typeof channelName === 'string') return channelName;
  const name = isObject(subscription) ? subscription['name'] : undefined;
  return typeof name === 'string' ? name : '';
}
