import type { ChannelName, Codec } from '../../model/venue.js';
import { createBookPool } from '../../wire/book-pool.js';
import { NO_SCANNERS, scanBooks, scanTrades } from '../../wire/frame-scan.js';
import { describeValue, excerptText } from '../../wire/excerpt.js';
import { findTimeMs, isObject, toObject, type RawObject } from '../../wire/fields.js';
import { parseJson } from '../../wire/frame-text.js';
import { createFrameAssembly, reportSkipped } from '../../wire/frame.js';
import { enter, FieldFault } from '../../wire/place.js';
import { findChannelByWireName } from './channels.js';
import { createBookDecoder } from './decode-book.js';
import { createBookScanner } from './scan-book.js';
import { createTradeScanner } from './scan-trades.js';
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
import type { EventDecoder } from './decoding.js';
import { encodeRequest } from './encode.js';
import { LEVEL2_DATA_CHANNEL } from './messages.js';

/** More events than this in a frame are not data; one is all that was ever recorded. */
const EVENTS_PER_FRAME_MAX = 1_000;

/** Our names of the channels that the codec itself has to tell apart. */
const BOOK: ChannelName = 'book';
const TRADES: ChannelName = 'trades';

/** What the codec has to know of the venue's options. */
export interface CodecOptions {
  /** Whether `sequence_num` counts per symbol, so that books carry it. */
  readonly numberedBySymbol: boolean;
  /** False leaves out the fast scanner, for the test that compares both ways. */
  readonly scanned?: boolean;
}

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
  const { numberedBySymbol: numbered, scanned = true } = options;
  const pool = createBookPool();
  const decoders = listDecoders(createBookDecoder({ pool, numbered }));
  const assembly = createFrameAssembly('coinbase');
  const { decoding } = assembly;
  const scanners = [
    scanBooks(BOOK, createBookScanner({ numbered }), pool),
    scanTrades(TRADES, createTradeScanner(), { newestFirst: true }),
  ];
  const { frame, place } = decoding;

  function decodeEnvelope(raw: RawObject, channel: string): void {
    const decoder = decoders.get(channel);
    frame.channel = decoder?.name ?? excerptText(channel, 40);
    // Frames that we pass over are counted as well: a hole would be reported otherwise.
    frame.number = readNumber(raw, decoder !== undefined);
    frame.sentAtMs = findTimeMs(raw, 'timestamp', place);
    if (decoder === undefined) {
      reportSkipped(decoding, channel, 'The channel is not known.');
      return;
    }
    decoding.wireChannel = channel;
    const events = readEvents(raw);
    for (let index = 0; index < events.length; index += 1) {
      enter(place, `events[${index}]`);
      decoder.decode(toObject(events[index], place), decoding);
    }
  }

  function decodeText(text: string): void {
    const raw = parseJson(text);
    if (!isObject(raw)) throw new FieldFault('', 'a JSON object', describeValue(raw));
    const { channel, type } = raw;
    if (type === 'error') decodeErrorFrame(raw, decoding);
    else if (typeof channel === 'string') decodeEnvelope(raw, channel);
    else if (typeof type === 'string' && channel === undefined) {
      reportSkipped(decoding, `type:${type}`, 'The frame type is not known.');
    } else throw new FieldFault('channel', 'a text', describeValue(channel));
  }

  return {
    encode: encodeRequest,
    memory: assembly.memory,
    decode(bytes) {
      assembly.start();
      pool.startFrame();
      assembly.decode(bytes, scanned ? scanners : NO_SCANNERS, decodeText);
      return frame;
    },
  };
}

function listDecoders(decodeBook: EventDecoder): ReadonlyMap<string, ChannelDecoder> {
  return new Map<string, ChannelDecoder>([
    [LEVEL2_DATA_CHANNEL, { name: BOOK, decode: decodeBook }],
    // The name in requests; data never came under it, and must not be passed over if it does.
    ['level2', { name: BOOK, decode: decodeBook }],
    ['subscriptions', { name: 'control', decode: decodeSubscriptionsEvent }],
    ...EVENT_DECODERS.map(([wireName, decode]): [string, ChannelDecoder] => [
      wireName,
      { name: findChannelByWireName(wireName)?.name ?? wireName, decode },
    ]),
  ]);
}

function readNumber(raw: RawObject, required: boolean): number {
  const number = raw['sequence_num'];
  if (number === undefined && !required) return NaN;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new FieldFault('sequence_num', 'a whole number from 0 to 2^53 - 1', describeValue(number));
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
