import type { TruefeedError } from '../model/error.js';
import type { ChannelRule } from '../model/venue.js';
import type { Subscription } from '../model/session.js';
import { AccountSource } from './account/account-source.js';
import type { BookHandle } from './book-stream.js';
import type { FeedTools } from './feed-tools.js';
import { createLevelBookStream, type LevelBookStream } from './level-book.js';
import { createOrdersBookStream, type OrdersBookStream } from './orders-book.js';
import type { PlacedStream } from './placement.js';
import { RECOVERY_START, type RecoveryState } from './recovery.js';
import { nameStream } from './subscription-check.js';
import type { Trusted } from './trust.js';
import { createTradeMemory, type TradeMemory } from './trade-memory.js';

/** One channel of one symbol, or of none: what a socket delivers and what recovery heals. */
export interface FeedStream extends PlacedStream {
  readonly rule: ChannelRule;
  /** Levels or prices a side that were asked for; the venue's own choice where undefined. */
  readonly depth: number | undefined;
  /** Names under which events go out; empty where the channel is taken as a whole. */
  readonly names: Set<string>;
  /** The book of either kind that the stream keeps. */
  readonly book: BookHandle | undefined;
  /** The same by its kind. */
  readonly levelBook: LevelBookStream | undefined;
  readonly ordersBook: OrdersBookStream | undefined;
  readonly trades: TradeMemory | undefined;
  /** The parts of the account that the stream tells. */
  readonly account: AccountSource | undefined;
  /** Whatever of these loses its trust with the stream. */
  readonly trusted: Trusted | undefined;
  /** Undefined where a new subscription brings nothing that would heal a loss. */
  recovery: RecoveryState | undefined;
  status: 'pending' | 'accepted' | 'refused';
  error: TruefeedError | undefined;
  /** Sockets that were too full for it, one after the other. */
  moves: number;
  messages: number;
  /** NaN before the first: a field that has always been a number is written without an object. */
  lastMessageAtMs: number;
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
  const key = nameStream(rule.name, symbol);
  const { levelBook, ordersBook } = createBooks(tools, wanted);
  const book = levelBook ?? ordersBook;
  const isHealed = book !== undefined || rule.snapshotOnSubscribe;
  const isOfAccount = (rule.supplies?.length ?? 0) > 0;
  const account = isOfAccount ? new AccountSource(tools, { key, rule, symbol }) : undefined;
  const contiguous = tools.venue.sequence.tradeIdsContiguous;
  return {
    key,
    symbol,
    rule,
    depth,
    names: new Set(),
    book,
    levelBook,
    ordersBook,
    account,
    trusted: book ?? account,
    trades:
      rule.name === 'trades'
        ? createTradeMemory({ contiguous, maxHoles: tools.limits.maxTradeHoles })
        : undefined,
    recovery: isHealed ? RECOVERY_START : undefined,
    status: 'pending',
    error: undefined,
    moves: 0,
    messages: 0,
    lastMessageAtMs: NaN,
    heardAtMs: tools.runtime.clock.monotonicMs(),
    isSilent: false,
  };
}

function createBooks(
  tools: FeedTools,
  { rule, symbol, depth }: Pick<FeedStream, 'rule' | 'symbol' | 'depth'>,
): Pick<FeedStream, 'levelBook' | 'ordersBook'> {
  const { ordersBook } = tools.venue;
  if (symbol === undefined) return { levelBook: undefined, ordersBook: undefined };
  return {
    levelBook: rule.name === 'book' ? createLevelBookStream(tools, symbol, depth) : undefined,
    ordersBook:
      rule.name === 'orders-book' && ordersBook
        ? createOrdersBookStream(tools, { rule: ordersBook, symbol, depth })
        : undefined,
  };
}

/** The stream as a session knows it. */
export function asSubscription(stream: FeedStream): Subscription {
  const { rule, symbol, depth } = stream;
  return { channel: rule.name, symbol, ...(depth === undefined ? {} : { depth }) };
}

/** Whether the stream delivers what it should: what `whenLive` waits for. */
export function isDelivering(stream: FeedStream): boolean {
  const { trusted, book, rule, status } = stream;
  // An account of which no snapshot comes is never known to be whole.
  const becomesLive = trusted !== undefined && (book !== undefined || rule.snapshotOnSubscribe);
  return becomesLive ? trusted.isLive : status === 'accepted';
}
