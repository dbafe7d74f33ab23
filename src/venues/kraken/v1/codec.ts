import type { DecodedFrame, VenueMessage } from '../../../model/message.js';
import type { Codec } from '../../../model/venue.js';
import { createColumnPool } from '../column-pool.js';
import { decodeBareError } from '../decode-control.js';
import { reportSkipped, type Decoding } from '../decoding.js';
import { describeValue } from '../excerpt.js';
import { FieldFault, isObject, isSymbol, type RawObject } from '../fields.js';
import { parseFrame, toProtocolError, toText } from '../frame-text.js';
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

/** A frame that the codec may change; users see it as a DecodedFrame. */
type MutableFrame = { -readonly [Field in keyof DecodedFrame]: DecodedFrame[Field] };

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
  const messages: VenueMessage[] = [];
  const frame: MutableFrame = { channel: '', number: NaN, sentAtMs: NaN, messages };
  const place = { entry: '', list: '', item: 0 };
  const decoding: Decoding = { place, wireChannel: '', messages };

  function start(): void {
    messages.length = 0;
    pool.startFrame();
    Object.assign(place, { entry: '', list: '', item: 0 });
    Object.assign(frame, { channel: 'control', number: NaN, sentAtMs: NaN });
  }

  function decodeData(items: readonly unknown[]): void {
    const parts = readParts(items);
    const channel = findV1ChannelByWireName(parts.wireName);
    if (parts.symbol === undefined || channel === undefined) {
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

  return {
    encode: (request) => encodeV1Request(request, options),
    decode(bytes) {
      start();
      const text = toText(bytes);
      try {
        const raw = parseFrame(text);
        if (isObject(raw)) decodeObject(raw);
        else decodeData(raw);
      } catch (error) {
        messages.length = 0;
        throw toProtocolError(error, text, 'kraken-v1');
      }
      return frame;
    },
  };
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
