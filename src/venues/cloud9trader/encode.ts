import type { OutgoingMessage, VenueRequest } from '../../model/venue.js';
import { findChannel, type Cloud9TraderChannelRule } from './channels.js';
import type { RawRequest } from './messages.js';
import { formatCorrelation, formatTopic } from './topics.js';

/**
 * Turns a request into messages, one topic each (message-structure). A snapshot comes only when it
 * is asked for, and is due "at the same time as" the subscription (order-book): both go out
 * together, the subscription first, so that no change falls between the two. It is asked for with
 * an id, without which it could not be told from a change on the same topic.
 */
export function encodeRequest(request: VenueRequest): readonly OutgoingMessage[] {
  const { kind } = request;
  if (kind === 'ping') return [];
  const rule = findChannel(request.channel);
  if (rule === undefined) throw new RangeError(`Cloud9Trader has no channel "${request.channel}".`);
  return listTopics(request, rule).flatMap((topic) => {
    const ask: RawRequest = ['request', topic, formatCorrelation({ ...request, topic })];
    if (kind === 'request-snapshot') return [toMessage(ask, rule)];
    const change: RawRequest = [kind, topic];
    const asks = kind === 'subscribe' && rule.snapshotOnSubscribe;
    return asks ? [toMessage(change, rule), toMessage(ask, rule)] : [toMessage(change, rule)];
  });
}

function listTopics(request: VenueRequest, rule: Cloud9TraderChannelRule): readonly string[] {
  const { family, topic } = rule;
  if (family === undefined) return topic === undefined ? [] : [topic];
  if (request.symbols.length === 0) {
    throw new RangeError(`The channel "${request.channel}" needs at least one symbol.`);
  }
  return request.symbols.map((symbol) => formatTopic(family, symbol));
}

function toMessage(body: RawRequest, rule: Cloud9TraderChannelRule): OutgoingMessage {
  return { body, private: rule.private };
}
