import type { ChannelName, Codec } from '../../../model/venue.js';
import { createBookPool } from '../../../wire/book-pool.js';
import { NO_SCANNERS, scanBooks } from '../../../wire/frame-scan.js';
import { readCount } from '../../../wire/decimals.js';
import { describeValue } from '../../../wire/excerpt.js';
import { isObject, isSymbol, toObject, type RawObject } from '../../../wire/fields.js';
import { parseJsonDigits } from '../../../wire/frame-text.js';
import { createFrameAssembly, reportSkipped } from '../../../wire/frame.js';
import { enter, FieldFault } from '../../../wire/place.js';
import { decodeBareError } from '../decode-control.js';
import { V1_PRIVATE_CHANNELS, type V1Channel, type V1PrivateChannel } from './messages.js';
import { findV1ChannelByWireName } from './channels.js';
import { V1_ACCOUNT_DECODERS } from './decode-account.js';
import { createV1BookDecoder } from './decode-book.js';
import {
  decodeV1Candle,
  decodeV1Spread,
  decodeV1Ticker,
  decodeV1Trades,
  type V1Decoder,
} from './decode-data.js';
import { decodeV1Event } from './decode-event.js';
import { encodeV1Order } from './encode-order.js';
import { encodeV1Request, type V1EncodeOptions } from './encode.js';
import { createV1BookScanner } from './scan-book.js';

/** The number of the message that a private subscription begins with (recorded 2023-08). */
const FIRST_SEQUENCE = 1;

/** Parts of one message: id, channel, pair and payloads, of which two is all that was recorded. */
const PARTS_MAX = 16;

/** Our name of the channel that the scanner reads. */
const BOOK: ChannelName = 'book';

/** What the codec has to know of the venue's options. */
export interface KrakenV1CodecOptions extends V1EncodeOptions {
  /** False leaves out the fast scanner, for the test that compares both ways. */
  readonly scanned?: boolean;
}

/**
 * Makes a codec for protocol v1. It remembers nothing between frames; the decoded frame and its
 * level columns are reused, and so are valid until the next `decode`.
 */
export function createKrakenV1Codec(options: KrakenV1CodecOptions): Codec {
  const { scanned = true } = options;
  const pool = createBookPool();
  const assembly = createFrameAssembly('kraken-v1');
  const { decoding } = assembly;
  const scanners = [scanBooks(BOOK, createV1BookScanner(), pool)];
  const decoders: Readonly<Record<V1Channel, V1Decoder>> = {
    book: createV1BookDecoder(pool),
    trade: decodeV1Trades,
    ticker: decodeV1Ticker,
    spread: decodeV1Spread,
    ohlc: decodeV1Candle,
  };
  const { frame, place, messages } = decoding;

  function decodeData(items: readonly unknown[]): void {
    const parts = readParts(items);
    const { wireName, symbol } = parts;
    const channel = findV1ChannelByWireName(wireName);
    const name = channel?.rule.venueName;
    if (channel) frame.channel = channel.rule.name;
    if (symbol === undefined && name !== undefined && isPrivate(name)) {
      decodeAccount(items, name);
    } else if (symbol !== undefined && channel && name !== undefined && !isPrivate(name)) {
      const data = { payloads: items.slice(1, -2), symbol, option: channel.option };
      decoders[name](data, place, messages);
    } else {
      // What is not understood of a book, or of the account, may have changed it.
      const isWhole = wireName.startsWith('book') || (name !== undefined && isPrivate(name));
      if (isWhole) throw faultInName(items);
      frame.channel = symbol === undefined ? 'private' : 'unknown';
      reportSkipped(decoding, `${frame.channel}/${wireName}`, 'The channel is not decoded.');
    }
  }

  /** `[payload, channel, {"sequence":n}]`; the first of a subscription is its snapshot. */
  function decodeAccount(items: readonly unknown[], name: V1PrivateChannel): void {
    enter(place, `[${items.length - 1}]`);
    frame.number = readCount(toObject(items.at(-1), place), 'sequence', place);
    const data = { payload: items[0], isSnapshot: frame.number === FIRST_SEQUENCE };
    V1_ACCOUNT_DECODERS[name](data, decoding);
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
    encodeOrder: encodeV1Order,
    memory: assembly.memory,
    decode(bytes) {
      assembly.start();
      pool.startFrame();
      assembly.decode(bytes, scanned ? scanners : NO_SCANNERS, decodeText);
      return frame;
    },
  };
}

function isPrivate(name: V1Channel | V1PrivateChannel): name is V1PrivateChannel {
  return V1_PRIVATE_CHANNELS.some((one) => one === name);
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
