/** Protocol v1's side of a conversation. */
import { BOOK_DEPTHS, CANDLE_MINUTES } from '../messages.js';
import type { DeskAnswer } from './account/order-command.js';
import { readOrderV1 } from './account/read-order-v1.js';
import { writeRepliesV1 } from './account/write-replies-v1.js';
import {
  plainFrame,
  replyFrame,
  type AnswerTimes,
  type Dialect,
  type DialectRequest,
} from './dialect.js';
import {
  encodeError,
  encodePong,
  encodeSubscriptionStatus,
  encodeSystemStatus,
  HEARTBEAT,
  toChannelId,
  toChannelName,
  type SubscriptionStatusParts,
} from './encode-v1.js';
import type { PairTable } from './pairs.js';
import { parseObject } from './request-fields.js';
import { readV1Request, type V1Request } from './request-v1.js';
import type { ServerFrame } from './server-frame.js';
import type { Topic } from './topic.js';

type Subscription = Extract<V1Request, { kind: 'subscribe' | 'unsubscribe' }>;
type Order = Extract<V1Request, { kind: 'order' }>;

const NO_TOKEN: DeskAnswer = { kind: 'refused', error: 'Token(s) not found' };

/** Makes the dialect of one server; `maxRateCount` is the limit of its accounts. */
export function createV1Dialect(pairs: PairTable, maxRateCount: number): Dialect {
  const findSymbol = (v1Symbol: string): string | undefined => pairs.byV1Symbol(v1Symbol)?.symbol;
  return {
    protocol: 'v1',
    heartbeat: plainFrame('heartbeat', 'heartbeat', HEARTBEAT),
    status: (system, connectionId) =>
      plainFrame('status', 'status', encodeSystemStatus(system, connectionId)),
    read(text, times) {
      const request = readV1Request(text, findSymbol);
      switch (request.kind) {
        case 'ping':
          return answered(plainFrame('pong', 'pong', encodePong(request.requestId)));
        case 'error':
          return answered(errorFrame(request.error, request.requestId));
        case 'order':
          return order(request, pairs, times);
        case 'subscribe':
        case 'unsubscribe':
          return subscription(request, pairs, maxRateCount);
      }
    },
    refuseUnread(text, refused) {
      const { reqid: id } = parseObject(text) ?? {};
      const requestId = Number.isSafeInteger(id) ? String(id) : undefined;
      if (refused.as !== 'bare') return errorFrame(refused.text, requestId);
      return plainFrame('refusal', '', JSON.stringify({ Error: refused.text }));
    },
  };
}

function order(request: Order, pairs: PairTable, { nowMs }: AnswerTimes): DialectRequest {
  const { event, requestId, token, fields } = request;
  const symbol = typeof fields.pair === 'string' ? fields.pair : '';
  const answer = (given: DeskAnswer): readonly ServerFrame[] =>
    writeRepliesV1(given, { event, requestId, pairs }).map((text) =>
      replyFrame({ method: event, symbol }, text),
    );
  if (token === undefined) return { kind: 'answered', frames: answer(NO_TOKEN) };
  const context = { findPair: (name: string) => pairs.byV1Symbol(name), nowMs };
  const read = () => readOrderV1(fields, event, context);
  return { kind: 'order', method: event, symbol, token, read, answer };
}

function subscription(
  request: Subscription,
  pairs: PairTable,
  maxRateCount: number,
): DialectRequest {
  const { kind, wishes, token, requestId, options } = request;
  const limitOf = ({ channel }: Topic) =>
    kind === 'subscribe' && channel === 'openOrders' ? { maxratecount: maxRateCount } : {};
  const status = kind === 'subscribe' ? 'subscribed' : 'unsubscribed';
  return {
    kind,
    wishes,
    token,
    options,
    acknowledge(topic, symbol) {
      const pair = pairs.bySymbol(topic.symbol);
      const channelName = toChannelName(topic.channel, topic.option);
      const parts: SubscriptionStatusParts = {
        channelID: pair && toChannelId(pair, topic.channel, optionIndexOf(topic)),
        channelName,
        status,
        subscription: { ...limitOf(topic), ...describe(topic) },
        pair: symbol || undefined,
      };
      const text = encodeSubscriptionStatus(parts, requestId);
      return { kind: 'ack', channel: topic.channel, symbol, isDeep: false, text };
    },
    refuse(errorMessage, { symbol, topic }) {
      const shown = topic ? describe(topic) : request.subscription;
      const parts = { errorMessage, pair: symbol || undefined, status: 'error' } as const;
      const text = encodeSubscriptionStatus({ ...parts, subscription: shown }, requestId);
      return {
        kind: 'refusal',
        channel: topic?.channel ?? '',
        symbol: symbol ?? '',
        isDeep: false,
        text,
      };
    },
  };
}

/** `{"depth":1000,"name":"book"}`, keys in alphabetical order (recorded 2021-04). */
function describe({ channel, option }: Topic): Readonly<Record<string, unknown>> {
  if (channel === 'book') return { depth: Number(option), name: channel };
  return channel === 'ohlc' ? { interval: Number(option), name: channel } : { name: channel };
}

function optionIndexOf({ channel, option }: Topic): number {
  const options: readonly number[] = channel === 'ohlc' ? CANDLE_MINUTES : BOOK_DEPTHS;
  return option === '' ? 0 : Math.max(0, options.indexOf(Number(option)));
}

function answered(frame: ServerFrame): DialectRequest {
  return { kind: 'answered', frames: [frame] };
}

function errorFrame(error: string, requestId: string | undefined): ServerFrame {
  return plainFrame('refusal', '', encodeError(error, requestId));
}
