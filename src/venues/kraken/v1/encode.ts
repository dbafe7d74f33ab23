import type { OutgoingMessage, VenueRequest } from '../../../model/venue.js';
import { BOOK_DEPTHS } from '../messages.js';
import { type RawV1Request } from './messages.js';
import { findV1Channel, type V1ChannelRule } from './channels.js';

/** Symbols in one message; as many as of v2. */
const SYMBOLS_PER_MESSAGE_MAX = 250;

/** What the requests of one venue object always say. */
export interface V1EncodeOptions {
  readonly bookDepth: number;
  readonly candleMinutes: number;
}

/** Turns a request into messages of v1. There is no request for a snapshot: that yields nothing. */
export function encodeV1Request(
  request: VenueRequest,
  options: V1EncodeOptions,
): readonly OutgoingMessage[] {
  const { kind, channel, symbols, requestId } = request;
  if (kind === 'request-snapshot') return [];
  if (kind === 'ping') return [toMessage({ event: 'ping', reqid: requestId })];
  const rule = findV1Channel(channel);
  if (rule === undefined) throw new RangeError(`Kraken v1 has no channel "${channel}".`);
  if (rule.symbols === 'none') {
    const isOrders = rule.venueName === 'openOrders' && kind === 'subscribe';
    const subscription = { name: rule.venueName, ...(isOrders && { ratecounter: true }) };
    return [toMessage({ event: kind, reqid: requestId, subscription }, true)];
  }
  if (symbols.length === 0) {
    throw new RangeError(`The channel "${channel}" needs at least one symbol.`);
  }
  const subscription = {
    name: rule.venueName,
    ...optionsOf(rule.venueName, request.depth ?? options.bookDepth, options),
  };
  const messages: OutgoingMessage[] = [];
  for (let from = 0; from < symbols.length; from += SYMBOLS_PER_MESSAGE_MAX) {
    const pair = symbols.slice(from, from + SYMBOLS_PER_MESSAGE_MAX);
    messages.push(toMessage({ event: kind, reqid: requestId, pair, subscription }));
  }
  return messages;
}

function optionsOf(
  channel: V1ChannelRule['venueName'],
  depth: number,
  options: V1EncodeOptions,
): { depth?: number; interval?: number } {
  switch (channel) {
    case 'book':
      if ((BOOK_DEPTHS as readonly number[]).includes(depth)) return { depth };
      throw new RangeError(
        `The depth ${depth} is not offered; choose one of ${BOOK_DEPTHS.join(', ')}.`,
      );
    case 'ohlc':
      return { interval: options.candleMinutes };
    case 'trade':
    case 'ticker':
    case 'spread':
    case 'openOrders':
    case 'ownTrades':
      return {};
  }
}

function toMessage(body: RawV1Request, isPrivate = false): OutgoingMessage {
  return { body: { ...body }, private: isPrivate };
}
