/** Protocol v2's side of a conversation. */
import type { RequestRefusal } from './faults.js';
import { plainFrame, type AnswerTimes, type Dialect, type DialectRequest } from './dialect.js';
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
import { parseObject, readV2Request, type Echo, type V2Request } from './request-v2.js';
import type { ServerFrame } from './server-frame.js';
import type { Channel, Topic } from './topic.js';

/** The counter of an account of the highest tier (recorded 2024-05). */
const RATE_COUNT_MAX = 180;

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

/** Makes the dialect of one server. */
export function createV2Dialect(pairs: PairTable): Dialect {
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
        case 'order': {
          const answer = (error: string): ServerFrame => refusal(echo, times, { error });
          return { kind: 'order', token: request.token, answer };
        }
        case 'subscribe':
        case 'unsubscribe':
          return subscription(request, times);
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

function subscription(request: Subscription, times: AnswerTimes): DialectRequest {
  const { kind, echo, channel, wishes, snapshot, token } = request;
  return {
    ...{ kind, wishes, snapshot, token },
    acknowledge(topic, symbol) {
      const result = resultOf(request, topic, symbol);
      const text = encodeAck(partsOf(echo, times), result);
      return { kind: 'ack', channel, symbol, isDeep: false, text };
    },
    refuse: (error, { symbol }) => refusal(echo, times, { error, symbol, channel }),
  };
}

/** The ack's result, keys in alphabetical order; a number stays one. */
function resultOf(
  { kind, snapshot }: Subscription,
  { channel, option }: Topic,
  symbol: string,
): [string, string | undefined][] {
  const isSubscribe = kind === 'subscribe';
  const warnings = WARNINGS[channel];
  const optionName = OPTION_NAMES[channel];
  // Of level3 no ack was seen that tells the depth (recorded 2024-05).
  const isOptionTold = optionName !== undefined && channel !== 'level3';
  const fields: [string, string | undefined][] = [
    ['channel', JSON.stringify(channel)],
    ['maxratecount', isSubscribe && channel === 'executions' ? String(RATE_COUNT_MAX) : undefined],
    ['snapshot', isSubscribe ? String(snapshot) : undefined],
    ['symbol', symbol === '' ? undefined : JSON.stringify(symbol)],
    ['warnings', isSubscribe && warnings ? JSON.stringify(warnings) : undefined],
  ];
  if (isOptionTold) {
    fields.push([optionName, channel === 'ticker' ? JSON.stringify(option) : option]);
  }
  return fields.sort(([left], [right]) => (left < right ? -1 : 1));
}

function answered(frame: ServerFrame): DialectRequest {
  return { kind: 'answered', frame };
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
