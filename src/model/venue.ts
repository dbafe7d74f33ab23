import type { AccountPart } from './account.js';
import type { AuthStrategy } from './auth.js';
import type { FrameBytes } from './frame-bytes.js';
import type { BookUnits } from './levels.js';
import type { OrderQueues } from './orders-book.js';
import type { DecodedFrame, JsonMessage } from './message.js';
import type { OrderEntryRule, OrderRequest } from './order-entry.js';
import type { Runtime } from './runtime.js';
import type { Tracker } from './tracker.js';

/** A channel in the vocabulary that all venues share. */
export type ChannelName =
  | 'book'
  /** Order by order, in queue order. */
  | 'orders-book'
  | 'trades'
  | 'ticker'
  | 'ticker-batch'
  /** The best bid and ask, without the day's figures. */
  | 'top-of-book'
  | 'candles'
  | 'status'
  | 'heartbeats'
  /** Orders and whatever else of the account the venue tells with them. */
  | 'user'
  | 'orders'
  /** Fills, and orders too where the venue tells both in one. */
  | 'executions'
  | 'balances'
  | 'positions'
  /** Lines that the venue writes to the owner of the account. */
  | 'notices';

/** What the venue's channel needs and promises. */
export interface ChannelRule {
  readonly name: ChannelName;
  /** The venue's own name, for people who know the venue. */
  readonly venueName: string;
  /** Names of other venues under which a person may look for it, too. */
  readonly aliases?: readonly ChannelName[];
  /**
   * The parts of the account that it tells, none by default. A complete snapshot of the first one
   * named says that the snapshot of all of them is complete.
   */
  readonly supplies?: readonly AccountPart[];
  /** Tells sums of what is filled of orders, and no fills: they are worked out from the sums. */
  readonly derivesFills?: boolean;
  /** How many of the latest fills come with a subscription; absent where that is not known. */
  readonly latestFills?: number;
  readonly symbols: 'required' | 'optional' | 'none';
  readonly private: boolean;
  /** Names of the endpoints that serve it, the preferred one first; the others are fail-over. */
  readonly endpoints: readonly string[];
  /** A stream that is quiet for longer than this is reported; absent where quiet is normal. */
  readonly expectedCadenceMs?: number;
  /** Whether a fresh snapshot follows a new subscription, so that a loss can be healed by it. */
  readonly snapshotOnSubscribe: boolean;
  readonly maxSymbolsPerSocket?: number;
}

/** An address that the venue serves. */
export interface Endpoint {
  readonly name: string;
  readonly url: string;
  /** How many sockets one user may hold there; absent where there is no such rule. */
  readonly maxSocketsPerUser?: number;
}

/** At most `count` in any `windowMs`. */
export interface RateLimit {
  readonly count: number;
  readonly windowMs: number;
}

/** How many messages a venue takes, and how much of what some of them cost. */
export interface MessageLimit extends RateLimit {
  /** Of the sum of `OutgoingMessage.cost`. */
  readonly costs?: RateLimit;
}

/** What the venue tolerates from one client, and how large its frames may be. */
export interface VenueLimits {
  readonly connects: RateLimit;
  readonly messages: MessageLimit;
  /** The first subscription is due this soon after opening; absent where there is no such rule. */
  readonly subscribeWithinMs?: number;
  readonly maxFrameBytes: number;
}

/** How a live socket is told from a dead one. */
export interface LivenessRule {
  /** Subscribed on every socket by itself, where the venue has such a channel. */
  readonly heartbeatChannel?: ChannelName;
  /** No heartbeat (or, without that channel, no frame) for this long: the socket is dead. */
  readonly silentAfterMs: number;
  /** A request of the venue's own to keep the socket open. */
  readonly pingEveryMs?: number;
  /**
   * Whether an answer to a ping of the WebSocket protocol is a sign of life too. For venues without
   * a heartbeat and without a ping of their own, where a quiet market would look like a dead
   * socket.
   */
  readonly pongProvesLife?: boolean;
}

/**
 * Full jitter: the delay is uniform between 0 and `min(maxMs, firstMs * 2^n)`, at least `leastMs`.
 */
export interface BackoffRule {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly leastMs: number;
}

/** What the venue numbers, and how. */
export interface SequenceRule {
  /**
   * What one row of numbers covers. With `channel` each channel that is taken as a whole has its
   * own, which begins anew with each subscription; frames without a number are of no row.
   */
  readonly scope: 'connection' | 'channel' | 'symbol' | 'none';
  /** The number before the first one of a row; absent where a row may start anywhere. */
  readonly lastBeforeFirst?: number;
  createTracker(): Tracker;
  /** Whether trade ids are whole numbers without holes, symbol by symbol. */
  readonly tradeIdsContiguous: boolean;
}

/** How the venue's book behaves. */
export interface BookRule {
  /** How many levels a side a subscriber gets that names no depth; `whole` is all of them. */
  readonly depth: 'whole' | number;
  /** The depths a subscriber may choose from; absent where there is no choice. */
  readonly depths?: readonly number[];
  /** How deep the venue's proof goes: every level, the best N a side, or not at all. */
  readonly verifiedDepth: 'whole' | 'none' | number;
  /**
   * The checksum that the venue sends beside its books, made of ours: of the levels as they are
   * after the message, cut to the depth, in units at the decimals of the wire. Absent where there
   * is none.
   */
  readonly computeChecksum?: (levels: BookUnits) => number;
  /** Means of recovery, the cheapest first. */
  readonly recovery: readonly RecoveryMeans[];
}

/** How the venue's order-by-order book behaves; depths count prices a side. */
export interface OrdersBookRule extends Omit<BookRule, 'computeChecksum'> {
  /** As for a book of levels, over the orders in their queues. */
  readonly computeChecksum?: (queues: OrderQueues) => number;
}

/** Ways back to a right book, named by what they ask of the venue. */
export type RecoveryMeans = 'request-snapshot' | 'resubscribe' | 'reconnect';

/**
 * How the venue answers a subscription: with the whole set it holds (`set`), one by one (`each`),
 * or not at all (`none`). There, data is the proof: a subscription counts as accepted once
 * something of it comes, or once the time for a refusal is over, and as ended once it is asked for.
 */
export type AcknowledgementStyle = 'set' | 'each' | 'none';

/**
 * What we ask of a venue. Where the venue sends a snapshot only when it is asked for one, the codec
 * makes that a part of `subscribe`, so that no other message comes between. `symbols` are in the
 * venue's spelling; empty where a channel takes none.
 */
export interface VenueRequest {
  readonly kind: 'subscribe' | 'unsubscribe' | 'request-snapshot' | 'ping';
  readonly channel: ChannelName;
  readonly symbols: readonly string[];
  readonly requestId: number;
  /** Levels a side, for books of a venue that offers a choice; its own default where absent. */
  readonly depth?: number | undefined;
}

/** A message ready to be signed and sent. */
export interface OutgoingMessage {
  readonly body: JsonMessage;
  /** Whether the strategy's `decorate` is due; a list is sent as it is. */
  readonly private: boolean;
  /** What the venue counts of it beside the message itself; nothing where it is absent. */
  readonly cost?: number;
}

/** Requests → frames, frames → meaning. Pure: no memory between frames but reused buffers. */
export interface Codec {
  encode(request: VenueRequest): readonly OutgoingMessage[];
  /** One command as one message; there where the venue takes orders on its sockets. */
  encodeOrder?(request: OrderRequest): OutgoingMessage;
  /**
   * Throws ProtocolError FRAME_INVALID, naming the field, what was expected and what came; never
   * anything else, also where the frame is no UTF-8. An unknown kind is a `frame.skipped` message,
   * not an error.
   */
  decode(frame: Uint8Array | FrameBytes): DecodedFrame;
  /**
   * Frames that come into this memory are read where they are; others may be copied. It is lent to
   * all sockets of a thread, each until its bytes are decoded.
   */
  readonly memory?: Uint8Array | undefined;
}

/** How symbols are spelled and which spellings are one and the same instrument. */
export interface SymbolRule {
  /** The name under which the venue answers on this channel; most symbols map to themselves. */
  canonical(symbol: string, channel: ChannelName): string;
  /** A sentence that says what is wrong with the spelling, or undefined. */
  explainInvalid(symbol: string): string | undefined;
}

/** What a strategy may use of the world. */
export type AuthTools = Pick<Runtime, 'clock' | 'timers' | 'random' | 'http'>;

/**
 * Everything shared code needs to know of a venue; a venue folder exports a factory of it. All of
 * it
 * is data or pure but `createAuth`.
 */
export interface Venue<Credentials = unknown> {
  readonly id: string;
  readonly title: string;
  readonly endpoints: readonly Endpoint[];
  readonly channels: readonly ChannelRule[];
  readonly acknowledges: AcknowledgementStyle;
  readonly limits: VenueLimits;
  readonly liveness: LivenessRule;
  readonly backoff: BackoffRule;
  readonly sequence: SequenceRule;
  readonly book: BookRule;
  /** Absent where the venue shows no orders. */
  readonly ordersBook?: OrdersBookRule;
  readonly symbols: SymbolRule;
  /** Absent where the venue takes no orders on its sockets. */
  readonly orderEntry?: OrderEntryRule;
  /** Where it takes them instead: a sentence for a person who looks for them here. */
  readonly ordersElsewhere?: string;
  createCodec(): Codec;
  /** Throws KeyError for credentials that cannot be used. */
  createAuth(credentials: Credentials, tools: AuthTools): AuthStrategy;
}
