import type { DecodedFrame, VenueMessage } from '../../model/message.js';
import type { Codec } from '../../model/venue.js';
import { findChannelByWireName } from './channels.js';
import { createColumnPool } from './column-pool.js';
import { createBookDecoder } from './decode-book.js';
import { decodeCandles } from './decode-candles.js';
import { decodeBareError, decodeReply, decodeStatus } from './decode-control.js';
import { decodeInstruments } from './decode-instruments.js';
import { decodeOrdersBook } from './decode-orders-book.js';
import { decodeTickers } from './decode-tickers.js';
import { decodeTrades } from './decode-trades.js';
import { reportSkipped, type Decoding, type FrameDecoder } from './decoding.js';
import { encodeRequest, type EncodeOptions } from './encode.js';
import { describeValue, excerptText } from './excerpt.js';
import { FieldFault, isObject, type RawObject } from './fields.js';
import { parseFrame, toProtocolError, toText } from './frame-text.js';

/** A frame that the codec may change; users see it as a DecodedFrame. */
type MutableFrame = { -readonly [Field in keyof DecodedFrame]: DecodedFrame[Field] };

/** How a channel is decoded, and our name for it. */
interface ChannelDecoder {
  readonly name: string;
  readonly decode: FrameDecoder;
}

/** Channels without columns; the book's decoder owns some and is made per codec. */
const FRAME_DECODERS: readonly (readonly [string, FrameDecoder])[] = [
  ['trade', decodeTrades],
  ['ticker', decodeTickers],
  ['ohlc', decodeCandles],
  ['instrument', decodeInstruments],
  ['level3', decodeOrdersBook],
];

/** Channels that cannot be subscribed to here, and are yet known. */
const NOT_DECODED = new Set(['executions', 'balances']);

/**
 * Makes a codec for protocol v2. It remembers nothing between frames; the decoded frame and its
 * level columns are reused, and so are valid until the next `decode`.
 */
export function createKrakenCodec(options: EncodeOptions): Codec {
  const pool = createColumnPool();
  const decoders = listDecoders(createBookDecoder(pool));
  const messages: VenueMessage[] = [];
  const frame: MutableFrame = { channel: '', number: NaN, sentAtMs: NaN, messages };
  const place = { entry: '', list: '', item: 0 };
  const decoding: Decoding = { place, wireChannel: '', messages };

  function start(): void {
    messages.length = 0;
    pool.startFrame();
    Object.assign(place, { entry: '', list: '', item: 0 });
    Object.assign(frame, { channel: 'control', number: NaN, sentAtMs: NaN });
    decoding.wireChannel = '';
  }

  function decodeData(raw: RawObject, channel: string): void {
    if (channel === 'heartbeat') {
      frame.channel = 'heartbeats';
      messages.push({ type: 'heartbeat', counter: NaN, venueAtMs: NaN });
      return;
    }
    const decoder = decoders.get(channel);
    frame.channel = decoder?.name ?? excerptText(channel, 40);
    if (decoder === undefined) {
      const isKnown = NOT_DECODED.has(channel);
      const reason = isKnown ? 'The channel is not decoded yet.' : 'The channel is not known.';
      reportSkipped(decoding, channel, reason);
      return;
    }
    decoding.wireChannel = channel;
    const type = raw['type'];
    if (type === 'snapshot' || type === 'update') decoder.decode(raw, type, decoding);
    else if (typeof type === 'string') reportSkipped(decoding, type, 'The type is not known.');
    else throw new FieldFault('type', '"snapshot" or "update"', describeValue(type));
  }

  function decodeObject(raw: RawObject): void {
    const { channel, method, event } = raw;
    if (typeof channel === 'string') decodeData(raw, channel);
    else if (typeof method === 'string') {
      if (isRequest(raw)) reportSkipped(decoding, `request/${method}`, 'It is a request of ours.');
      else frame.sentAtMs = decodeReply(raw, method, decoding);
    } else if (decodeBareError(raw, decoding)) return;
    else if (typeof event === 'string') {
      reportSkipped(decoding, `event/${event}`, 'Events belong to protocol v1.');
    } else throw new FieldFault('channel', 'a text', describeValue(channel));
  }

  return {
    encode: (request) => encodeRequest(request, options),
    decode(bytes) {
      start();
      const text = toText(bytes);
      try {
        const raw = parseFrame(text);
        if (!isObject(raw)) throw new FieldFault('', 'a JSON object', describeValue(raw));
        decodeObject(raw);
      } catch (error) {
        messages.length = 0;
        throw toProtocolError(error, text, 'kraken');
      }
      return frame;
    },
  };
}

/** A request that came back, as an echo or from a recording of both directions. */
function isRequest(raw: RawObject): boolean {
  return isObject(raw['params']) && raw['success'] === undefined;
}

function listDecoders(decodeBook: FrameDecoder): ReadonlyMap<string, ChannelDecoder> {
  return new Map<string, ChannelDecoder>([
    ['status', { name: 'control', decode: decodeStatus }],
    ...[['book', decodeBook] as const, ...FRAME_DECODERS].map(
      ([wireName, decode]): [string, ChannelDecoder] => [
        wireName,
        { name: findChannelByWireName(wireName)?.name ?? wireName, decode },
      ],
    ),
  ]);
}
