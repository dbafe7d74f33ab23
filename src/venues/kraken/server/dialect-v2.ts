/** Protocol v2's side of a conversation. */
import { readOrderV2 } from './account/read-order-v2.js';
import { ORDER_KINDS } from './account/order-forms-v2.js';
import { writeRepliesV2 } from './account/write-replies-v2.js';
import type { RequestRefusal } from './faults.js';
import {
  plainFrame,
  replyFrame,
  type AnswerTimes,
  type Dialect,
  type DialectRequest,
} from './dialect.js';
import { encodeError } from './encode-v1.js';
import {
  encodeAck,
  encodePong,
  encodeRefusal,
  encodeStatus,
  HEARTBEAT,
  type ReplyParts,
} from './encode-v2.js';
import type { PairTable } from './pairs.js';
import { parseObject } from './request-fields.js';
import { readV2Request, type Echo, type V2Request } from './request-v2.js';
import type { ServerFrame } from './server-frame.js';
import type { Channel, Topic } from './topic.js';

/** What the venue adds to acks: what will end one day (recorded 2024-05). */
const WARNINGS: Readonly<Partial<Record<Channel, readonly string[]>>> = {
  ohlc: ['timestamp is deprecated, use interval_begin'],
  instrument: ['tick_size is deprecated, use price_increment'],
  executions: [
    'cancel_reason is deprecated, use reason',
    'stop_price is deprecated, use triggers.price',
    'trigger is deprecated use triggers.reference',
    'triggered_price is deprecated use triggers.last_price',
  ],
};

const OPTION_NAMES: Readonly<Partial<Record<Channel, string>>> = {
  book: 'depth',
  level3: 'depth',
  ticker: 'event_trigger',
  ohlc: 'interval',
};

type Subscription = Extract<V2Request, { kind: 'subscribe' | 'unsubscribe' }>;
type Order = Extract<V2Request, { kind: 'order' }>;

/** Makes the dialect of one server; `maxRateCount` is the limit of its accounts. */
export function createV2Dialect(pairs: PairTable, maxRateCount: number): Dialect {
  const hasSymbol = (symbol: string): boolean => pairs.bySymbol(symbol) !== undefined;
  return {
    protocol: 'v2',
    heartbeat: plainFrame('heartbeat', 'heartbeat', HEARTBEAT),
    status: (system, connectionId) =>
      plainFrame(
        'status',
        'status',
        encodeStatus(system, system === 'maintenance' ? undefined : connectionId),
      ),
    read(text, times) {
      const request = readV2Request(text, hasSymbol);
      const { echo } = request;
      switch (request.kind) {
        case 'ping':
          return answered(plainFrame('pong', 'pong', encodePong(partsOf(echo, times))));
        case 'refused':
          return answered(refusal(echo, times, { error: request.error }));
        case 'order':
          return order(request, pairs, times);
        case 'subscribe':
        case 'unsubscribe':
          return subscription(request, times, maxRateCount);
      }
    },
    refuseUnread(text, refused, times) {
      const message = parseObject(text);
      const { method, req_id: id } = message ?? {};
      const echo: Echo = {
        method: typeof method === 'string' ? method : undefined,
        requestId: Number.isSafeInteger(id) ? String(id) : undefined,
      };
      return refuseAs(refused, echo, times);
    },
  };
}

function order(
  { echo, method, token, fields }: Order,
  pairs: PairTable,
  times: AnswerTimes,
): DialectRequest {
  const { symbol: named } = fields.values;
  const symbol = typeof named === 'string' ? named : '';
  const context = { findPair: (name: string) => pairs.bySymbol(name), nowMs: times.nowMs };
  const kind = ORDER_KINDS.get(method) ?? 'add';
  return {
    kind: 'order',
    method,
    symbol,
    token,
    read: () => readOrderV2(fields, method, context),
    answer: (answer) =>
      writeRepliesV2(kind, answer, partsOf(echo, times)).map((text) =>
        replyFrame({ method, symbol }, text),
      ),
  };
}

function subscription(
  request: Subscription,
  times: AnswerTimes,
  maxRateCount: number,
): DialectRequest {
  const { kind, echo, channel, wishes, options, token } = request;
  return {
    kind,
    wishes,
    options,
    token,
    acknowledge(topic, symbol) {
      const fields = resultOf(request, topic, symbol);
      if (kind === 'subscribe' && channel === 'executions') {
        fields.push(
          ['maxratecount', String(maxRateCount)],
          ['snap_orders', String(options.snapOrders)],
          ['snap_trades', String(options.snapTrades)],
        );
      }
      const result = fields.sort(([left], [right]) => (left < right ? -1 : 1));
      const text = encodeAck(partsOf(echo, times), result);
      return { kind: 'ack', channel, symbol, isDeep: false, text };
    },
    refuse: (error, { symbol }) => refusal(echo, times, { error, symbol, channel }),
  };
}

/** The ack's result; a number stays one. */
function resultOf(
  { kind, options }: Subscription,
  { channel, option }: Topic,
  symbol: string,
): [string, string | undefined][] {
  const isSubscribe = kind === 'subscribe';
  const warnings = WARNINGS[channel];
  const optionName = OPTION_NAMES[channel];
  // Of level3 no ack was seen that tells the depth (recorded 2024-05).
  const isOptionTold = optionName !== undefined && channel !== 'level3';
  // What `executions` begins with is told by other words.
  const isSnapshotTold = isSubscribe && channel !== 'executions';
  const fields: [string, string | undefined][] = [
    ['channel', JSON.stringify(channel)],
    ['snapshot', isSnapshotTold ? String(options.snapshot) : undefined],
    ['symbol', symbol === '' ? undefined : JSON.stringify(symbol)],
    ['warnings', isSubscribe && warnings ? JSON.stringify(warnings) : undefined],
  ];
  if (isOptionTold) {
    fields.push([optionName, channel === 'ticker' ? JSON.stringify(option) : option]);
  }
  return fields;
}

function answered(frame: ServerFrame): DialectRequest {
  return { kind: 'answered', frames: [frame] };
}

function partsOf({ method, requestId }: Echo, { timeIn, timeOut }: AnswerTimes): ReplyParts {
  return { method, requestId, timeIn, timeOut: timeOut() };
}

interface RefusalParts {
  readonly error: string;
  readonly symbol?: string | undefined;
  readonly channel?: string;
}

function refusal(echo: Echo, times: AnswerTimes, parts: RefusalParts): ServerFrame {
  const { error, symbol, channel = '' } = parts;
  const text = encodeRefusal(partsOf(echo, times), error, symbol || undefined);
  return { kind: 'refusal', channel, symbol: symbol ?? '', isDeep: false, text };
}

/** Sources differ on the envelope of `Exceeded msg rate`: FAQ, older docs, tests of clients. */
function refuseAs({ text, as }: RequestRefusal, echo: Echo, times: AnswerTimes): ServerFrame {
  if (as === 'bare') return plainFrame('refusal', '', JSON.stringify({ Error: text }));
  if (as === 'event') return plainFrame('refusal', '', encodeError(text, echo.requestId));
  return refusal(echo, times, { error: text });
}
