import type { Codec } from '../../../model/venue.js';
import { createColumnPool } from '../../../wire/column-pool.js';
import { describeValue } from '../../../wire/excerpt.js';
import { isObject, isSymbol, type RawObject } from '../../../wire/fields.js';
import { parseJsonDigits } from '../../../wire/frame-text.js';
import { createFrameAssembly, reportSkipped } from '../../../wire/frame.js';
import { FieldFault } from '../../../wire/place.js';
import { decodeBareError } from '../decode-control.js';
import type { V1Channel } from '../messages.js';
import { findV1ChannelByWireName } from './channels.js';
import { createV1BookDecoder } from './decode-book.js';
import {
  decodeV1Candle,
  decodeV1Spread,
  decodeV1Ticker,
  decodeV1Trades,
  type V1Decoder,
} from './decode-data.js';
import { decodeV1Event } from './decode-event.js';
import { encodeV1Request, type V1EncodeOptions } from './encode.js';

/** Parts of one message: id, channel, pair and payloads, of which two is all that was recorded. */
const PARTS_MAX = 16;

/**
 * Makes a codec for protocol v1. It remembers nothing between frames; the decoded frame and its
 * level columns are reused, and so are valid until the next `decode`.
 */
export function createKrakenV1Codec(options: V1EncodeOptions): Codec {
  const pool = createColumnPool();
  const decoders: Readonly<Record<V1Channel, V1Decoder>> = {
    book: createV1BookDecoder(pool),
    trade: decodeV1Trades,
    ticker: decodeV1Ticker,
    spread: decodeV1Spread,
    ohlc: decodeV1Candle,
  };
  const assembly = createFrameAssembly('kraken-v1');
  const { decoding } = assembly;
  const { frame, place, messages } = decoding;

  function decodeData(items: readonly unknown[]): void {
    const parts = readParts(items);
    const channel = findV1ChannelByWireName(parts.wireName);
    if (parts.symbol === undefined || channel === undefined) {
      // What is not understood of a book may have changed it.
      if (parts.wireName.startsWith('book')) throw faultInName(items);
      frame.channel = parts.symbol === undefined ? 'private' : 'unknown';
      reportSkipped(decoding, `${frame.channel}/${parts.wireName}`, 'The channel is not decoded.');
      return;
    }
    const { rule, option } = channel;
    frame.channel = rule.name;
    const data = { payloads: items.slice(1, -2), symbol: parts.symbol, option };
    decoders[rule.venueName](data, place, messages);
  }

  function decodeObject(raw: RawObject): void {
    const { event } = raw;
    if (typeof event === 'string') {
      if (decodeV1Event(raw, event, decoding)) frame.channel = 'heartbeats';
    } else if (!decodeBareError(raw, decoding)) {
      throw new FieldFault('event', 'a text', describeValue(event));
    }
  }

  function decodeText(text: string): void {
    const raw = parseJsonDigits(text);
    if (isObject(raw)) decodeObject(raw);
    else decodeData(raw);
  }

  return {
    encode: (request) => encodeV1Request(request, options),
    decode(bytes) {
      assembly.start();
      pool.startFrame();
      assembly.decodeText(bytes, decodeText);
      return frame;
    },
  };
}

function faultInName(items: readonly unknown[]): FieldFault {
  const name = items.at(-2);
  return new FieldFault(`[${items.length - 2}]`, 'a channel and a pair', describeValue(name));
}

/** Channel and pair, from the end; a private message ends in `{"sequence":n}` and has no pair. */
function readParts(items: readonly unknown[]): { wireName: string; symbol: string | undefined } {
  const symbol = items.at(-1);
  const wireName = items.at(-2);
  if (isObject(symbol) && typeof wireName === 'string') return { wireName, symbol: undefined };
  if (!isSymbol(symbol)) {
    throw new FieldFault(`[${items.length - 1}]`, 'a pair', describeValue(symbol));
  }
  if (typeof wireName === 'string' && items.length >= 4 && items.length <= PARTS_MAX) {
    return { wireName, symbol };
  }
  throw new FieldFault('', 'a list of id, payloads, channel and pair', describeValue(items));
}
