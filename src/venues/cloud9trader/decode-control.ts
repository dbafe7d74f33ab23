import type { RefusalMessage } from '../../model/message.js';
import { describeValue, excerptText } from '../../wire/excerpt.js';
import type { Decoding } from '../../wire/frame.js';
import { FieldFault } from '../../wire/place.js';
import { explainRefusal } from './errors.js';
import { PUSHED_TOPICS } from './messages.js';
import { parseTopic, type Correlation } from './topics.js';

/** Names of topics inside a text; the longest first would not matter, they have different ends. */
const TOPIC_IN_TEXT = /\b(?:price|ticker|order-book|trades)\.[^\s"'`,;]+/;

/**
 * Decodes `["error", message]`, which answers no id. Whether the text says what it refers to is not
 * documented: where it names a topic, that is believed.
 */
export function decodeError(message: unknown, decoding: Decoding): void {
  if (typeof message !== 'string') throw new FieldFault('[1]', 'a text', describeValue(message));
  const named = TOPIC_IN_TEXT.exec(message)?.[0].replace(/[.:]+$/, '');
  decoding.messages.push(describeRefusal(message, named, undefined));
}

/** Whether the second element of an answer says that all went well; `null` is the likely form. */
export function isNoError(error: unknown): boolean {
  return error === null || error === undefined || error === '' || error === false;
}

/** Decodes the failure in `[requestId, error]`; the id says what was asked for. */
export function decodeFailure(
  error: unknown,
  { requestId, topic }: Correlation,
  decoding: Decoding,
): void {
  if (typeof error !== 'string')
    throw new FieldFault('[1]', 'a text or null', describeValue(error));
  decoding.messages.push(describeRefusal(error, topic, requestId));
}

function describeRefusal(
  text: string,
  topicName: string | undefined,
  requestId: number | undefined,
): RefusalMessage {
  const { code, likelyCause } = explainRefusal(text);
  const topic = topicName === undefined ? undefined : parseTopic(topicName);
  return {
    type: 'request.refused',
    code,
    venueText: excerptText(text) || 'no text',
    likelyCause,
    channel: topic?.channel,
    symbol: topic?.symbol,
    requestId,
  };
}

/** More of a line than anybody reads. */
const NOTICE_CHARACTERS_MAX = 1_000;

/**
 * `messages` and `logs` come unasked on a socket that was signed in; a text, of which no page says
 * the meaning (library). Returns whether it was one.
 */
export function decodeNotice(name: string, data: unknown, decoding: Decoding): boolean {
  const isPushed = PUSHED_TOPICS.some((topic) => topic === name);
  if (!isPushed || typeof data !== 'string') return false;
  decoding.frame.channel = 'notices';
  const text = excerptText(data, NOTICE_CHARACTERS_MAX);
  decoding.messages.push({ type: 'notice', kind: name === 'logs' ? 'log' : 'message', text });
  return true;
}
