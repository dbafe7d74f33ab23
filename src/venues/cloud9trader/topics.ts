import type { ChannelName } from '../../model/venue.js';
import { PRIVATE_TOPICS, type PrivateTopic, type PublicFamily } from './messages.js';

/** What a topic is about: one of our channels, and an instrument where it has one. */
export interface Topic {
  readonly channel: ChannelName;
  readonly symbol: string | undefined;
  /** The family, or the private topic itself. */
  readonly kind: PublicFamily | PrivateTopic;
}

const CHANNELS_BY_FAMILY: ReadonlyMap<string, ChannelName> = new Map<PublicFamily, ChannelName>([
  ['order-book', 'book'],
  ['trades', 'trades'],
  ['ticker', 'ticker'],
  ['price', 'top-of-book'],
]);

/** Each topic of the owner's is a channel of the same name. */
const PRIVATE_CHANNELS: ReadonlySet<string> = new Set<PrivateTopic & ChannelName>(PRIVATE_TOPICS);

function isPrivateTopic(text: string): text is PrivateTopic & ChannelName {
  return PRIVATE_CHANNELS.has(text);
}

/** Printable and short, so that a name is safe in logs and terminals. */
const INSTRUMENT_ID = /^[\x21-\x7e]{1,64}:[\x21-\x39\x3b-\x7e]{1,32}$/;

/** Whether a text is `<symbol>:<broker>`, split at the last colon: symbols may hold others. */
export function isInstrumentId(text: string): boolean {
  return INSTRUMENT_ID.test(text);
}

/** The topic of an instrument in a family. */
export function formatTopic(family: PublicFamily, symbol: string): string {
  return `${family}.${symbol}`;
}

/** Reads a topic, split at the first point: symbols may hold others. Undefined for other names. */
export function parseTopic(text: string): Topic | undefined {
  if (isPrivateTopic(text)) return { channel: text, symbol: undefined, kind: text };
  const point = text.indexOf('.');
  const family = text.slice(0, Math.max(0, point));
  const channel = CHANNELS_BY_FAMILY.get(family);
  const symbol = text.slice(point + 1);
  if (channel === undefined || !isInstrumentId(symbol)) return undefined;
  return { channel, symbol, kind: family as PublicFamily };
}

/** What one of our request ids says. */
export interface Correlation {
  readonly requestId: number;
  readonly topic: string;
}

const CORRELATION = /^(\d{1,15})#(.+)$/s;

/**
 * The id of a request: our number and the topic. The answer names the id alone, and a codec without
 * memory must still know what it holds. No topic begins with a digit, so that the two spaces, which
 * share the first element of a frame, stay apart.
 */
export function formatCorrelation({ requestId, topic }: Correlation): string {
  return `${requestId}#${topic}`;
}

/** Reads an id of ours back; undefined for any other text. */
export function parseCorrelation(text: string): Correlation | undefined {
  const [, requestId, topic] = CORRELATION.exec(text) ?? [];
  if (requestId === undefined || topic === undefined) return undefined;
  return { requestId: Number(requestId), topic };
}
