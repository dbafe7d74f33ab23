import { ProtocolError } from '../../model/error.js';
import type { DecodedFrame, VenueMessage } from '../../model/message.js';
import type { ChannelName, Codec } from '../../model/venue.js';
import { findChannelByWireName } from './channels.js';
import { createBookDecoder } from './decode-book.js';
import { decodeCandlesEvent } from './decode-candles.js';
import {
  decodeErrorFrame,
  decodeHeartbeatEvent,
  decodeSubscriptionsEvent,
} from './decode-control.js';
import { decodeStatusEvent } from './decode-status.js';
import { decodeTickersEvent } from './decode-tickers.js';
import { decodeTradesEvent } from './decode-trades.js';
import { decodeBalancesEvent, decodeUserEvent } from './decode-user.js';
import { reportSkipped, type Decoding, type EventDecoder } from './decoding.js';
import { encodeRequest } from './encode.js';
import { describeValue, excerptText } from './excerpt.js';
import { FieldFault, isObject, toObject, type RawObject } from './fields.js';
import { LEVEL2_DATA_CHANNEL } from './messages.js';
import { parseTimeMs } from './times.js';

/** More events than this in a frame are not data; one is all that was ever recorded. */
const EVENTS_PER_FRAME_MAX = 1_000;

/** Our names of the channels that the codec itself has to tell apart. */
const BOOK: ChannelName = 'book';
const CONTROL = 'control';

/** What the codec has to know of the venue's options. */
export interface CodecOptions {
  /** Whether `sequence_num` counts per symbol, so that books carry it. */
  readonly numberedBySymbol: boolean;
  /** False leaves out the fast scanner, for the test that compares both ways. */
  readonly scanned?: boolean;
}

/** A frame that the codec may change; users see it as a DecodedFrame. */
type MutableFrame = { -readonly [Field in keyof DecodedFrame]: DecodedFrame[Field] };

/** How a data channel is decoded, and our name for it. */
interface ChannelDecoder {
  readonly name: string;
  readonly decode: EventDecoder;
}

/**
 * Channels without a memory of their own; the book's decoder owns columns and is made per codec.
 */
const EVENT_DECODERS: readonly (readonly [string, EventDecoder])[] = [
  ['market_trades', decodeTradesEvent],
  ['ticker', decodeTickersEvent],
  ['ticker_batch', decodeTickersEvent],
  ['candles', decodeCandlesEvent],
  ['status', decodeStatusEvent],
  ['heartbeats', decodeHeartbeatEvent],
  ['user', decodeUserEvent],
  ['futures_balance_summary', decodeBalancesEvent],
];

/**
 * Makes a codec. It remembers nothing between frames; the decoded frame and its level columns are
 * reused, and so are valid until the next `decode`.
 */
export function createCoinbaseCodec(options: CodecOptions): Codec {
  const books = createBookDecoder({ numbered: options.numberedBySymbol });
  const decoders = listDecoders(books.decodeEvent);
  const messages: VenueMessage[] = [];
  const frame: MutableFrame = { channel: CONTROL, number: NaN, sentAtMs: NaN, messages };
  const place = { event: 0, list: '', item: 0 };
  const decoding: Decoding = { place, wireChannel: '', sentAtMs: NaN, number: NaN, messages };

  function decodeEnvelope(raw: RawObject, channel: string): void {
    const decoder = decoders.get(channel);
    frame.channel = decoder?.name ?? excerptText(channel, 40);
    // Frames that we pass over are counted as well: a hole would be reported otherwise.
    decoding.number = readNumber(raw, decoder !== undefined);
    decoding.sentAtMs = readSentAt(raw);
    if (decoder === undefined) {
      reportSkipped(decoding, channel, 'The channel is not known.');
      return;
    }
    decoding.wireChannel = channel;
    const events = readEvents(raw);
    for (let index = 0; index < events.length; index += 1) {
      place.event = index;
      place.list = '';
      decoder.decode(toObject(events[index], place), decoding);
    }
  }

  function decodeObject(raw: RawObject): void {
    const channel = raw['channel'];
    if (raw['type'] === 'error') decodeErrorFrame(raw, decoding);
    else if (typeof channel === 'string') decodeEnvelope(raw, channel);
    else if (typeof raw['type'] === 'string' && channel === undefined) {
      reportSkipped(decoding, `type:${raw['type']}`, 'The frame type is not known.');
    } else throw new FieldFault('channel', 'a text', describeValue(channel));
  }

  function decodeText(text: string): void {
    frame.channel = CONTROL;
    decoding.wireChannel = '';
    decoding.number = decoding.sentAtMs = NaN;
    try {
      decodeObject(parseObject(text));
    } catch (error) {
      messages.length = 0;
      throw toProtocolError(error, text);
    }
  }

  return {
    encode: encodeRequest,
    decode(bytes) {
      messages.length = 0;
      books.startFrame();
      // Most frames by far are books in the one spelling that the scanner knows.
      if (options.scanned !== false && books.scanFrame(bytes, decoding)) frame.channel = BOOK;
      else decodeText(toText(bytes));
      frame.number = decoding.number;
      frame.sentAtMs = decoding.sentAtMs;
      return frame;
    },
  };
}

function listDecoders(decodeBook: EventDecoder): ReadonlyMap<string, ChannelDecoder> {
  return new Map<string, ChannelDecoder>([
    [LEVEL2_DATA_CHANNEL, { name: BOOK, decode: decodeBook }],
    ['subscriptions', { name: CONTROL, decode: decodeSubscriptionsEvent }],
    ...EVENT_DECODERS.map(([wireName, decode]): [string, ChannelDecoder] => [
      wireName,
      { name: findChannelByWireName(wireName)?.name ?? wireName, decode },
    ]),
  ]);
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function parseObject(text: string): RawObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own text quotes the frame unmasked, so that it is not passed on.
    throw new FieldFault('$', 'JSON', `"${excerptText(text, 60)}"`);
  }
  if (isObject(value)) return value;
  throw new FieldFault('$', 'a JSON object', describeValue(value));
}

function readNumber(raw: RawObject, required: boolean): number {
  const number = raw['sequence_num'];
  if (number === undefined && !required) return NaN;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new FieldFault('sequence_num', 'a whole number from 0 to 2^53 - 1', describeValue(number));
}

function readSentAt(raw: RawObject): number {
  const text = raw['timestamp'];
  if (text === undefined) return NaN;
  const sentAtMs = typeof text === 'string' ? parseTimeMs(text) : NaN;
  if (!Number.isNaN(sentAtMs)) return sentAtMs;
  throw new FieldFault('timestamp', 'an RFC 3339 time in UTC', describeValue(text));
}

function readEvents(raw: RawObject): readonly unknown[] {
  const events = raw['events'];
  if (Array.isArray(events) && events.length <= EVENTS_PER_FRAME_MAX) return events;
  throw new FieldFault(
    'events',
    `a list of at most ${EVENTS_PER_FRAME_MAX}`,
    describeValue(events),
  );
}

/** Only a FieldFault says something about the frame; anything else is a bug and stays one. */
function toProtocolError(error: unknown, text: string): unknown {
  if (!(error instanceof FieldFault)) return error;
  const { path, expected, received } = error;
  const what = path === '$' ? 'A frame ($)' : `The field ${path} of a frame`;
  return new ProtocolError(
    'FRAME_INVALID',
    `${what} should be ${expected} but is ${received}. If this repeats, record the session and ` +
      'report the frame: the venue may have changed its protocol, or a proxy may be in the way.',
    { facts: { venue: 'coinbase', path, expected, received, frame: excerptText(text) } },
  );
}
