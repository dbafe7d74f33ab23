import type { ChannelName, Codec } from '../../model/venue.js';
import { createBookPool } from '../../wire/book-pool.js';
import { NO_SCANNERS, scanBooks, scanOrdersBooks, scanTrades } from '../../wire/frame-scan.js';
import { readCount } from '../../wire/decimals.js';
import { describeValue, excerptText } from '../../wire/excerpt.js';
import { isObject, type RawObject } from '../../wire/fields.js';
import { parseJsonDigits } from '../../wire/frame-text.js';
import { createFrameAssembly, reportSkipped } from '../../wire/frame.js';
import { FieldFault } from '../../wire/place.js';
import { findChannelByWireName } from './channels.js';
import { decodeBalances } from './decode-balances.js';
import { createBookDecoder } from './decode-book.js';
import { decodeCandles } from './decode-candles.js';
import { decodeBareError, decodeReply, decodeStatus } from './decode-control.js';
import { decodeExecutions } from './decode-executions.js';
import { decodeInstruments } from './decode-instruments.js';
import { decodeOrdersBook } from './decode-orders-book.js';
import { decodeTickers } from './decode-tickers.js';
import { decodeTrades } from './decode-trades.js';
import type { FrameDecoder } from './decoding.js';
import { encodeOrder } from './encode-order.js';
import { encodeRequest, type EncodeOptions } from './encode.js';
import { createBookScanner } from './scan-book.js';
import { createOrdersBookScanner } from './scan-orders-book.js';
import { createTradeScanner } from './scan-trades.js';

/** Our names of the channels that scanners read. */
const BOOK: ChannelName = 'book';
const TRADES: ChannelName = 'trades';
const ORDERS_BOOK: ChannelName = 'orders-book';

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
  ['executions', decodeExecutions],
  ['balances', decodeBalances],
];

/**
 * Channels of which nothing is passed over: what is not understood may have changed any book, or
 * the account.
 */
const WHOLE_CHANNELS: ReadonlySet<string> = new Set<ChannelName>([
  'book',
  'orders-book',
  'executions',
  'balances',
]);

/** What the codec has to know of the venue's options. */
export interface KrakenCodecOptions extends EncodeOptions {
  /** False leaves out the fast scanner, for the test that compares both ways. */
  readonly scanned?: boolean;
}

/**
 * Makes a codec for protocol v2. It remembers nothing between frames; the decoded frame and its
 * level columns are reused, and so are valid until the next `decode`.
 */
export function createKrakenCodec(options: KrakenCodecOptions): Codec {
  const { scanned = true } = options;
  const pool = createBookPool();
  const assembly = createFrameAssembly('kraken');
  const { decoding } = assembly;
  const scanners = [
    scanBooks(BOOK, createBookScanner(), pool),
    scanTrades(TRADES, createTradeScanner(), { newestFirst: false }),
    scanOrdersBooks(ORDERS_BOOK, createOrdersBookScanner()),
  ];
  const decoders = listDecoders(createBookDecoder(pool));
  const { frame, messages } = decoding;

  function decodeData(raw: RawObject, channel: string): void {
    if (channel === 'heartbeat') {
      frame.channel = 'heartbeats';
      messages.push({ type: 'heartbeat', counter: NaN, venueAtMs: NaN });
      return;
    }
    const decoder = decoders.get(channel);
    frame.channel = decoder?.name ?? excerptText(channel, 40);
    if (decoder === undefined) {
      reportSkipped(decoding, channel, 'The channel is not known.');
      return;
    }
    decoding.wireChannel = channel;
    if (raw['sequence'] !== undefined) frame.number = readCount(raw, 'sequence', decoding.place);
    const type = raw['type'];
    if (type === 'snapshot' || type === 'update') decoder.decode(raw, type, decoding);
    else if (typeof type === 'string' && !WHOLE_CHANNELS.has(decoder.name)) {
      reportSkipped(decoding, type, 'The type is not known.');
    } else throw new FieldFault('type', '"snapshot" or "update"', describeValue(type));
  }

  function decodeText(text: string): void {
    const raw = parseJsonDigits(text);
    if (!isObject(raw)) throw new FieldFault('', 'a JSON object', describeValue(raw));
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
    encodeOrder,
    memory: assembly.memory,
    decode(bytes) {
      assembly.start();
      pool.startFrame();
      assembly.decode(bytes, scanned ? scanners : NO_SCANNERS, decodeText);
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
