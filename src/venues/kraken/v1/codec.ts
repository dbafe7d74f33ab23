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

/** Payloads of one message; two is all that was ever recorded. */
const PAYLOADS_MAX = 16;

/** A frame that the codec may change; users see it as a DecodedFrame. */
type MutableFrame = { -readonly [Field in keyof DecodedFrame]: DecodedFrame[Field] };

/**
 * Makes a codec for protocol v1. It remembers nothing between frames; the decoded frame and its level
 * columns are reused, and so are valid until the next `decode`.
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
    const symbol = items.at(-1);
    const wireName = items.at(-2);
    if (isObject(symbol) && typeof wireName === 'string') {
      // Private messages end in `{"sequence":n}`.
      frame.channel = 'private';
      reportSkipped(decoding, `private/${wireName}`, 'The channel is not decoded.');
      return;
    }
    const last = items.length - 1;
    if (!isSymbol(symbol)) throw new FieldFault(`[${last}]`, 'a pair', describeValue(symbol));
    if (typeof wireName !== 'string' || items.length < 4 || items.length > PAYLOADS_MAX) {
      throw new FieldFault('', 'a list of id, payloads, channel and pair', describeValue(items));
    }
    const channel = findV1ChannelByWireName(wireName);
    if (channel === undefined) {
      frame.channel = 'unknown';
      reportSkipped(decoding, wireName, 'The channel is not known.');
      return;
    }
    const { rule, option } = channel;
    frame.channel = rule.name;
    decoders[rule.venueName]({ payloads: items.slice(1, -2), symbol, option }, place, messages);
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
