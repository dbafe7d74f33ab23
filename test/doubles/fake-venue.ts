import { FrameBytes } from '../../src/model/frame-bytes.js';
import { createLevelColumns } from '../../src/book/level-columns.js';
import type { AuthFailure, AuthReaction, AuthStrategy } from '../../src/model/auth.js';
import { ProtocolError, type ErrorCode } from '../../src/model/error.js';
import { ASK, BID } from '../../src/model/levels.js';
import type { DecodedFrame, VenueMessage } from '../../src/model/message.js';
import type { OrderCommandKind, OrderEntryRule } from '../../src/model/order-entry.js';
import type {
  ChannelName,
  ChannelRule,
  Codec,
  Venue,
  VenueRequest,
} from '../../src/model/venue.js';
import { createOrderedCounterTracker } from '../../src/sequence/ordered-counter.js';

/**
 * A venue that exists in tests only. Its wire is JSON. Requests are `{ op, channel, symbols, id,
 * token? }`, with `op` one of subscribe, unsubscribe, request-snapshot and ping.
 * Frames carry `say`, and as they like `n` (the number of the row) and `at` (Unix milliseconds).
 */
export type FakeFrame = { readonly n?: number; readonly at?: number } & (
  | { readonly say: 'held'; readonly held: Readonly<Record<string, readonly string[]>> }
  | {
      readonly say: 'accepted' | 'ended';
      readonly channel: string;
      readonly symbol?: string | undefined;
      readonly id?: number | undefined;
    }
  | {
      readonly say: 'refused';
      readonly code: ErrorCode;
      readonly channel?: string;
      readonly symbol?: string;
      readonly id?: number;
    }
  | { readonly say: 'beat'; readonly counter: number }
  | {
      readonly say: 'book';
      readonly symbol: string;
      readonly whole: boolean;
      /** Price and size, as the wire spells them. */
      readonly bids: readonly (readonly [string, string])[];
      readonly asks: readonly (readonly [string, string])[];
      readonly first?: number;
      readonly last?: number;
      readonly checksum?: number;
    }
  /** Anything else, already in the shape that a codec delivers. */
  | { readonly say: 'message'; readonly channel: string; readonly message: VenueMessage }
);

/** A request as it went over the fake wire; of an order command `op` is its kind. */
export interface FakeRequest {
  readonly op: VenueRequest['kind'] | OrderCommandKind;
  readonly channel: ChannelName;
  readonly symbols: readonly string[];
  readonly id: number;
  readonly token?: string;
}

function fail(found: string): never {
  throw new ProtocolError('FRAME_INVALID', `A fake frame must carry "say"; found ${found}.`);
}

function channelOf(frame: FakeFrame): string {
  if (frame.say === 'message') return frame.channel;
  if (frame.say === 'book') return 'book';
  return frame.say === 'beat' ? 'heartbeats' : 'control';
}

export function createFakeCodec(): Codec {
  const columns = createLevelColumns();

  const decodeMessage = (frame: FakeFrame): VenueMessage => {
    switch (frame.say) {
      case 'held':
        return { type: 'subscriptions.held', held: new Map(Object.entries(frame.held)) };
      case 'accepted':
      case 'ended':
        return {
          type: `subscription.${frame.say}`,
          channel: frame.channel,
          symbol: frame.symbol,
          requestId: frame.id,
        };
      case 'refused': {
        const { channel, symbol, id: requestId } = frame;
        const words = { venueText: `no: ${frame.code}`, likelyCause: 'The test wanted it.' };
        return { type: 'request.refused', code: frame.code, ...words, channel, symbol, requestId };
      }
      case 'beat':
        return { type: 'heartbeat', counter: frame.counter, venueAtMs: frame.at ?? NaN };
      case 'book':
        columns.clear();
        for (const [price, size] of frame.bids) columns.pushText(BID, price, size);
        for (const [price, size] of frame.asks) columns.pushText(ASK, price, size);
        return {
          type: frame.whole ? 'book.snapshot' : 'book.delta',
          symbol: frame.symbol,
          venueAtMs: frame.at ?? NaN,
          columns,
          firstNumber: frame.first ?? frame.last ?? NaN,
          lastNumber: frame.last ?? NaN,
          checksum: frame.checksum ?? NaN,
        };
      case 'message':
        return frame.message;
      default:
        return { type: 'frame.skipped', kind: String((frame as { say: string }).say), reason: '' };
    }
  };

  return {
    encode(request) {
      const { kind: op, channel, symbols, requestId: id } = request;
      const body = { op, channel, symbols, id };
      return [{ body, private: CHANNELS.some((one) => one.name === channel && one.private) }];
    },
    encodeOrder({ command, requestId: id }) {
      return {
        body: { op: command.kind, channel: 'user', symbols: [], id, command },
        private: true,
      };
    },
    decode(bytes): DecodedFrame {
      const decoder = new TextDecoder('utf-8', { fatal: true });
      let frame: FakeFrame;
      try {
        const text = decoder.decode(bytes instanceof FrameBytes ? bytes.view : bytes);
        frame = JSON.parse(text) as FakeFrame;
      } catch {
        return fail('no JSON');
      }
      if (typeof frame?.say !== 'string') return fail('none');
      return {
        channel: channelOf(frame),
        number: frame.n ?? NaN,
        sentAtMs: frame.at ?? NaN,
        messages: [decodeMessage(frame)],
      };
    },
  };
}

const PUBLIC = { private: false, endpoints: ['market'], snapshotOnSubscribe: true } as const;
const PRIVATE = {
  private: true,
  endpoints: ['user', 'market'],
  snapshotOnSubscribe: true,
} as const;

const CHANNELS: readonly ChannelRule[] = [
  { ...PUBLIC, name: 'book', venueName: 'bk', symbols: 'required', maxSymbolsPerSocket: 3 },
  { ...PUBLIC, name: 'orders-book', venueName: 'ob', symbols: 'required' },
  { ...PUBLIC, name: 'trades', venueName: 'tr', symbols: 'required', expectedCadenceMs: 60_000 },
  { ...PUBLIC, name: 'ticker', venueName: 'ti', symbols: 'required' },
  { ...PUBLIC, name: 'candles', venueName: 'ca', symbols: 'required' },
  { ...PUBLIC, name: 'status', venueName: 'st', symbols: 'optional' },
  {
    ...PUBLIC,
    name: 'heartbeats',
    venueName: 'hb',
    symbols: 'none',
    endpoints: ['market', 'user'],
    snapshotOnSubscribe: false,
  },
  {
    ...PRIVATE,
    name: 'user',
    venueName: 'us',
    symbols: 'optional',
    supplies: ['orders', 'fills', 'positions'],
    latestFills: 5,
  },
  { ...PRIVATE, name: 'balances', venueName: 'ba', symbols: 'none', supplies: ['balances'] },
];

export interface FakeCredentials {
  readonly key: string;
}

/** A strategy that counts what it was asked for. Hooks given here replace its own. */
export interface FakeAuth extends AuthStrategy {
  readonly failures: AuthFailure[];
  readonly decorated: number;
}

/** Signs each private message with `key/count`; `reactions` answers `classify` in order. */
export function createFakeAuth(
  key = 'key',
  reactions: readonly AuthReaction[] = [],
  hooks: Partial<AuthStrategy> = {},
): FakeAuth {
  const failures: AuthFailure[] = [];
  let decorated = 0;
  return {
    family: 'per-message',
    failures,
    get decorated() {
      return decorated;
    },
    decorate(message) {
      decorated += 1;
      return { ...message, token: `${key}/${decorated}` };
    },
    classify(failure) {
      failures.push(failure);
      return reactions[failures.length - 1] ?? 'retry';
    },
    ...hooks,
  };
}

/** Takes every command and refuses none; an answer is due within two seconds. */
export const FAKE_ORDER_ENTRY: OrderEntryRule = {
  channel: 'user',
  commands: ['add', 'amend', 'cancel', 'cancel-all', 'cancel-all-after', 'batch-add'],
  answerMeans: 'accepted',
  answeredPerTarget: ['cancel'],
  answerTimeoutMs: 2_000,
  createClientOrderId: (random) => `id-${Math.floor(random.fraction() * 1e9)}`,
  check: () => undefined,
};

/** `A-ALIAS` is another name of `A`; symbols are capitals, digits and dashes. */
export function createFakeVenue(
  changes: Partial<Venue<FakeCredentials>> = {},
): Venue<FakeCredentials> {
  return {
    id: 'fake',
    title: 'Fake venue',
    endpoints: [
      { name: 'market', url: 'wss://market.fake.test/' },
      { name: 'user', url: 'wss://user.fake.test/', maxSocketsPerUser: 1 },
    ],
    channels: CHANNELS,
    acknowledges: 'set',
    limits: {
      connects: { count: 8, windowMs: 1_000 },
      messages: { count: 8, windowMs: 1_000 },
      subscribeWithinMs: 5_000,
      maxFrameBytes: 16 * 2 ** 20,
    },
    liveness: { heartbeatChannel: 'heartbeats', silentAfterMs: 5_000 },
    backoff: { firstMs: 1_000, maxMs: 30_000, leastMs: 100 },
    sequence: {
      scope: 'connection',
      lastBeforeFirst: -1,
      createTracker: createOrderedCounterTracker,
      tradeIdsContiguous: true,
    },
    book: { depth: 'whole', verifiedDepth: 'none', recovery: ['resubscribe', 'reconnect'] },
    ordersBook: { depth: 'whole', verifiedDepth: 'none', recovery: ['resubscribe', 'reconnect'] },
    symbols: {
      canonical: (symbol) => symbol.replace(/-ALIAS$/, ''),
      explainInvalid: (symbol) =>
        /^[A-Z0-9-]+$/.test(symbol) ? undefined : `"${symbol}" must be capitals, digits or dashes.`,
    },
    orderEntry: FAKE_ORDER_ENTRY,
    createCodec: createFakeCodec,
    createAuth: (credentials) => createFakeAuth(credentials.key),
    ...changes,
  };
}
