import type { ChannelName, Codec } from '../../model/venue.js';
import { createBookPool } from '../../wire/book-pool.js';
import { NO_SCANNERS, scanBooks } from '../../wire/frame-scan.js';
import { describeValue, excerptName } from '../../wire/excerpt.js';
import { parseJsonDigits } from '../../wire/frame-text.js';
import { createFrameAssembly, reportSkipped } from '../../wire/frame.js';
import { enter, FieldFault } from '../../wire/place.js';
import { ACCOUNT_DECODERS } from './decode-account.js';
import { createBookDecoder } from './decode-book.js';
import { decodeError, decodeFailure, decodeNotice, isNoError } from './decode-control.js';
import { decodePrice, decodeTicker, decodeTrades } from './decode-market.js';
import { decodeOrderAnswer, isOrderAnswer } from './decode-order.js';
import type { TopicDecoder } from './decoding.js';
import { encodeRequest } from './encode.js';
import { encodeOrder } from './encode-order.js';
import { ERROR_CHANNEL, INSTRUCTIONS, type PublicFamily } from './messages.js';
import { createBookScanner } from './scan-book.js';
import { parseCorrelation, parseTopic, type Topic } from './topics.js';

/** Our name of the channel that the scanner reads. */
const BOOK: ChannelName = 'book';

/** What may differ from the codec as it is. */
export interface Cloud9TraderCodecOptions {
  /** False leaves out the fast scanner, for the test that compares both ways. */
  readonly scanned?: boolean;
}

/**
 * Makes a codec. It remembers nothing between frames, not even what was asked for: the id of a
 * request says that. The decoded frame and its level columns are reused, and so are valid until the
 * next `decode`. Books alone carry numbers, one row for each instrument; frames have none.
 */
export function createCloud9TraderCodec({ scanned = true }: Cloud9TraderCodecOptions = {}): Codec {
  const pool = createBookPool();
  const assembly = createFrameAssembly('cloud9trader');
  const { decoding } = assembly;
  const scanners = [scanBooks(BOOK, createBookScanner(), pool)];
  const decoders: Readonly<Record<PublicFamily, TopicDecoder>> = {
    'order-book': createBookDecoder(pool),
    trades: decodeTrades,
    ticker: decodeTicker,
    price: decodePrice,
  };
  const { frame, place } = decoding;

  function decodeTopic(topic: Topic, data: unknown, isAnswer: boolean): void {
    frame.channel = topic.channel;
    enter(place, isAnswer ? '[2]' : '[1]');
    const { kind, symbol } = topic;
    if (symbol !== undefined) decoders[kind as PublicFamily]({ data, symbol, isAnswer }, decoding);
    else ACCOUNT_DECODERS[kind as keyof typeof ACCOUNT_DECODERS]({ data, isAnswer }, decoding);
  }

  function decodeAnswer(elements: readonly unknown[], id: string): boolean {
    const correlation = parseCorrelation(id);
    if (correlation === undefined) return false;
    if (isOrderAnswer(correlation)) {
      decodeOrderAnswer(elements, correlation, decoding);
      return true;
    }
    const [, error, data] = elements;
    const topic = parseTopic(correlation.topic);
    if (!isNoError(error)) decodeFailure(error, correlation, decoding);
    else if (topic !== undefined) decodeTopic(topic, data, true);
    else passOver(correlation.topic, `answer/${correlation.topic}`, 'The topic is not known.');
    return true;
  }

  function passOver(topic: string, kind: string, reason: string): void {
    // What is not understood of a book may have changed it.
    if (BOOK_TOPIC.test(topic)) {
      throw new FieldFault('[0]', 'a topic that names an instrument', describeValue(topic));
    }
    reportSkipped(decoding, kind, reason);
  }

  function decodeText(text: string): void {
    const elements = parseJsonDigits(text);
    if (!isList(elements)) throw new FieldFault('', 'a JSON list', describeValue(elements));
    const name = elements[0];
    if (typeof name !== 'string') throw new FieldFault('[0]', 'a text', describeValue(name));
    if (decodeAnswer(elements, name)) return;
    if (name === ERROR_CHANNEL) return decodeError(elements[1], decoding);
    const topic = parseTopic(name);
    if (topic !== undefined) return decodeTopic(topic, elements[1], false);
    if (decodeNotice(name, elements[1], decoding)) return;
    frame.channel = excerptName(name);
    passOver(name, nameKind(name), explainUnknown(name));
  }

  return {
    encode: encodeRequest,
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

/** Books and whatever else the venue may one day say of them. */
const BOOK_TOPIC = /^order-book(?:[.-]|$)/;

const INSTRUCTION_NAMES: readonly string[] = INSTRUCTIONS;

/** A new kind is reported once, so that the instrument must not be a part of it. */
function nameKind(name: string): string {
  const point = name.indexOf('.');
  return point > 0 ? `${name.slice(0, point)}.*` : name;
}

function explainUnknown(name: string): string {
  if (INSTRUCTION_NAMES.includes(name)) return 'It is a request of ours that came back.';
  return 'The channel is not known.';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
