import type { OutgoingMessage, VenueRequest } from '../../model/venue.js';
import { findChannel, type CoinbaseChannelRule } from './channels.js';
import type { RawRequest } from './messages.js';

/** Products in one message; 100 on one socket are known to work, the message limit is not known. */
const PRODUCTS_PER_MESSAGE_MAX = 100;

/**
 * Turns a request into messages, one channel each (websocket-overview). The venue has no request
 * for a snapshot and no ping of its own: those yield nothing.
 */
export function encodeRequest(request: VenueRequest): readonly OutgoingMessage[] {
  if (request.kind !== 'subscribe' && request.kind !== 'unsubscribe') return [];
  const rule = findChannel(request.channel);
  if (rule === undefined) throw new RangeError(`Coinbase has no channel "${request.channel}".`);
  if (rule.symbols === 'required' && request.symbols.length === 0) {
    // An unsubscribe without products would drop the whole channel.
    throw new RangeError(`The channel "${request.channel}" needs at least one symbol.`);
  }
  const type = request.kind;
  if (rule.symbols === 'none' || request.symbols.length === 0) {
    return [toMessage({ type, channel: rule.venueName }, rule)];
  }
  const messages: OutgoingMessage[] = [];
  for (let from = 0; from < request.symbols.length; from += PRODUCTS_PER_MESSAGE_MAX) {
    const products = request.symbols.slice(from, from + PRODUCTS_PER_MESSAGE_MAX);
    messages.push(toMessage({ type, product_ids: products, channel: rule.venueName }, rule));
  }
  return messages;
}

/**
 * Tokens go where they are needed and nowhere else: a bad one on a public channel is refused too
 * (reported 2026-09), which would cost data that anyone may have.
 */
function toMessage(body: RawRequest, rule: CoinbaseChannelRule): OutgoingMessage {
  return { body: { ...body }, private: rule.private };
}
