import type { TruefeedError } from '../model/error.js';
import type { ChannelRule } from '../model/venue.js';
import type { Subscription } from '../model/session.js';
import { BookStream } from './book-stream.js';
import type { FeedTools } from './feed-tools.js';
import type { PlacedStream } from './placement.js';
import { RECOVERY_START, type RecoveryState } from './recovery.js';
import { nameStream } from './subscription-check.js';
import { createTradeMemory, type TradeMemory } from './trade-memory.js';

/** One channel of one symbol, or of none: what a socket delivers and what recovery heals. */
export interface FeedStream extends PlacedStream {
  readonly rule: ChannelRule;
  /** Levels a side that were asked for; the venue's own choice where undefined. */
  readonly depth: number | undefined;
  /** Names under which events go out; empty where the channel is taken as a whole. */
  readonly names: Set<string>;
  readonly book: BookStream | undefined;
  readonly trades: TradeMemory | undefined;
  /** Undefined where a new subscription brings nothing that would heal a loss. */
  recovery: RecoveryState | undefined;
  status: 'pending' | 'accepted' | 'refused';
  error: TruefeedError | undefined;
  /** Sockets that were too full for it, one after the other. */
  moves: number;
  messages: number;
  lastMessageAtMs: number | undefined;
  /** By the clock that never goes back; when it was subscribed, until the first message. */
  heardAtMs: number;
  isSilent: boolean;
}

/** A stream that no socket carries yet. */
export function createFeedStream(
  tools: FeedTools,
  wanted: Pick<FeedStream, 'rule' | 'symbol' | 'depth'>,
): FeedStream {
  const { rule, symbol, depth } = wanted;
  const isBook = rule.name === 'book' && symbol !== undefined;
  const isHealed = isBook || rule.snapshotOnSubscribe;
  const contiguous = tools.venue.sequence.tradeIdsContiguous;
  return {
    key: nameStream(rule.name, symbol),
    symbol,
    rule,
    depth,
    names: new Set(),
    book: isBook ? new BookStream(tools, symbol, depth) : undefined,
    trades:
      rule.name === 'trades'
        ? createTradeMemory({ contiguous, maxHoles: tools.limits.maxTradeHoles })
        : undefined,
    recovery: isHealed ? RECOVERY_START : undefined,
    status: 'pending',
    error: undefined,
    moves: 0,
    messages: 0,
    lastMessageAtMs: undefined,
    heardAtMs: tools.runtime.clock.monotonicMs(),
    isSilent: false,
  };
}

/** The stream as a session knows it. */
export function asSubscription(stream: FeedStream): Subscription {
  const { rule, symbol, depth } = stream;
  return { channel: rule.name, symbol, ...(depth === undefined ? {} : { depth }) };
}

/** Whether the stream delivers what it should: what `whenLive` waits for. */
export function isDelivering(stream: FeedStream): boolean {
  return stream.book ? stream.book.isLive : stream.status === 'accepted';
}
