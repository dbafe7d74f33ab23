import { quoteNumbers } from '../../book/number-text.js';
import { ProtocolError } from '../../model/error.js';
import type { DecodedFrame, VenueMessage } from '../../model/message.js';
import type { Codec } from '../../model/venue.js';
import { ACCOUNT_DECODERS } from './decode-account.js';
import { createBookDecoder } from './decode-book.js';
import { decodeError, decodeFailure, isNoError } from './decode-control.js';
import { decodePrice, decodeTicker, decodeTrades } from './decode-market.js';
import { reportSkipped, type Decoding, type TopicDecoder } from './decoding.js';
import { encodeRequest } from './encode.js';
import { describeValue, excerptName, excerptText } from './excerpt.js';
import { FieldFault } from './fields.js';
import { ERROR_CHANNEL, INSTRUCTIONS, PUSHED_TOPICS, type PublicFamily } from './messages.js';
import { parseCorrelation, parseTopic, type Topic } from './topics.js';

const CONTROL = 'control';

/** A frame that the codec may change; users see it as a DecodedFrame. */
type MutableFrame = { -readonly [Field in keyof DecodedFrame]: DecodedFrame[Field] };

/**
 * Makes a codec. It remembers nothing between frames, not even what was asked for: the id of a
 * request says that. The decoded frame and its level columns are reused, and so are valid until the
 * next `decode`. Books alone carry numbers, one row for each instrument; frames have none.
 */
export function createCloud9TraderCodec(): Codec {
  const decoders: Readonly<Record<PublicFamily, TopicDecoder>> = {
    'order-book': createBookDecoder(),
    trades: decodeTrades,
    ticker: decodeTicker,
    price: decodePrice,
  };
  const messages: VenueMessage[] = [];
  const frame: MutableFrame = { channel: CONTROL, number: NaN, sentAtMs: NaN, messages };
  const place = { element: '', list: '', item: 0 };
  const decoding: Decoding = { place, messages };

  function decodeTopic(topic: Topic, data: unknown, isAnswer: boolean): void {
    frame.channel = topic.channel;
    place.element = isAnswer ? '[2]' : '[1]';
    const { kind, symbol } = topic;
    if (symbol !== undefined) decoders[kind as PublicFamily]({ data, symbol, isAnswer }, decoding);
    else ACCOUNT_DECODERS[kind as keyof typeof ACCOUNT_DECODERS]({ data, isAnswer }, decoding);
  }

  function decodeAnswer(elements: readonly unknown[], id: string): boolean {
    const correlation = parseCorrelation(id);
    if (correlation === undefined) return false;
    const [, error, data] = elements;
    const topic = parseTopic(correlation.topic);
    if (!isNoError(error)) decodeFailure(error, correlation, decoding);
    else if (topic !== undefined) decodeTopic(topic, data, true);
    else reportSkipped(decoding, `answer/${correlation.topic}`, 'The topic is not known.');
    return true;
  }

  function decodeElements(elements: readonly unknown[]): void {
    const name = elements[0];
    if (typeof name !== 'string') throw new FieldFault('[0]', 'a text', describeValue(name));
    if (decodeAnswer(elements, name)) return;
    if (name === ERROR_CHANNEL) return decodeError(elements[1], decoding);
    const topic = parseTopic(name);
    if (topic !== undefined) return decodeTopic(topic, elements[1], false);
    frame.channel = excerptName(name);
    reportSkipped(decoding, nameKind(name), explainUnknown(name));
  }

  return {
    encode: encodeRequest,
    decode(bytes) {
      messages.length = 0;
      Object.assign(place, { element: '', list: '', item: 0 });
      frame.channel = CONTROL;
      const text = toText(bytes);
      try {
        decodeElements(parseElements(text));
      } catch (error) {
        messages.length = 0;
        throw toProtocolError(error, text);
      }
      return frame;
    },
  };
}

const INSTRUCTION_NAMES: readonly string[] = INSTRUCTIONS;
const PUSHED_NAMES: readonly string[] = PUSHED_TOPICS;

/** A new kind is reported once, so that the instrument must not be a part of it. */
function nameKind(name: string): string {
  const point = name.indexOf('.');
  return point > 0 ? `${name.slice(0, point)}.*` : name;
}

function explainUnknown(name: string): string {
  if (INSTRUCTION_NAMES.includes(name)) return 'It is a request of ours that came back.';
  if (PUSHED_NAMES.includes(name)) return 'It is a text for people, which is not passed on.';
  return 'The channel is not known.';
}

/** Bytes that are no UTF-8 become replacement characters, and so no number and no known name. */
function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** A JSON list whose numbers are texts: see book/number-text.ts. */
function parseElements(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(quoteNumbers(text));
  } catch {
    // The parser's own text quotes the frame unmasked, so that it is not passed on.
    throw new FieldFault('$', 'JSON', `"${excerptText(text, 60)}"`);
  }
  if (Array.isArray(value)) return value;
  throw new FieldFault('$', 'a JSON list', describeValue(value));
}

/** Only a FieldFault says something about the frame; anything else is a bug and stays one. */
function toProtocolError(error: unknown, text: string): unknown {
  if (!(error instanceof FieldFault)) return error;
  const { path, expected, received } = error;
  const what = path === '$' ? 'A frame ($)' : `The element ${path} of a frame`;
  return new ProtocolError(
    'FRAME_INVALID',
    `${what} should be ${expected} but is ${received}. If this repeats, record the session and ` +
      'report the frame: the venue may have changed its protocol, or a proxy may be in the way.',
    { facts: { venue: 'cloud9trader', path, expected, received, frame: excerptText(text) } },
  );
}
