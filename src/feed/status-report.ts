import type { Account } from './account/account.js';
import type { BookReport, FeedCounters, HeldCounts, StreamReport } from './feed-options.js';
import type { FeedStream } from './feed-stream.js';
import type { RunningCounters } from './feed-tools.js';

/** One stream as plain data. */
export function reportStream(stream: FeedStream, session: string | undefined): StreamReport {
  return {
    channel: stream.rule.name,
    symbol: stream.symbol ?? '',
    requestedNames: [...stream.names],
    session,
    status: stream.status,
    messages: stream.messages,
    lastMessageAtMs: stream.messages > 0 ? stream.lastMessageAtMs : undefined,
    silent: stream.isSilent,
    error: stream.error,
  };
}

/** A book as plain data, once for each name it was asked for under. */
export function reportBooks(stream: FeedStream, session: string | undefined): BookReport[] {
  const { book, recovery, rule, symbol } = stream;
  if (!book || symbol === undefined) return [];
  return [...stream.names].map((name) => ({
    channel: rule.name,
    symbol: name,
    canonicalSymbol: symbol,
    session,
    state: book.state,
    evidence: book.evidence(),
    recoveryAttempts: recovery?.attempts ?? 0,
    unrecovered: recovery?.failed ?? false,
  }));
}

interface Holders {
  readonly streams: Iterable<FeedStream>;
  readonly links: Iterable<{ readonly unansweredCount: number }>;
  readonly account: Account;
  /** In the queues of iterators. */
  readonly events: number;
}

/** How much is kept at this moment. */
export function reportHeld({ streams, links, account, events }: Holders): HeldCounts {
  const { orders, fills, balances, positions } = account;
  const held = { deltas: 0, tradeIds: 0, requests: 0, events };
  for (const { book, trades } of streams) {
    held.deltas += book?.deltasWaiting ?? 0;
    held.tradeIds += trades?.size ?? 0;
  }
  for (const { unansweredCount } of links) held.requests += unansweredCount;
  return { ...held, reports: orders.size + fills.size + balances.size + positions.size };
}

/** The counters of a feed at this moment. */
export function reportCounters(
  counters: RunningCounters,
  streams: Iterable<FeedStream>,
  consumers: { readonly eventsDropped: number; readonly listenerFailures: number },
): FeedCounters {
  let bookNotLiveMs = 0;
  for (const { book } of streams) bookNotLiveMs += book?.evidence().notLiveMs ?? 0;
  return { ...counters, ...consumers, bookNotLiveMs };
}
