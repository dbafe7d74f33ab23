import type { Feed, FeedStatus } from '../../src/feed/feed-options.js';
import type { FeedEvent } from '../../src/model/event.js';
import type { Clock } from '../../src/model/runtime.js';
import type { RateLimit } from '../../src/model/venue.js';
import type { FrameNumber } from './exchanges.js';
import { Told, type ToldRules } from './told.js';
import { describeQueues, describeTop, findQueueFault, type Truth } from './truth.js';
import { FEED_LIMITS, REQUESTS_MAX, TRADE_IDS_MAX } from './venue-limits.js';
import type { NetworkWatcher } from './virtual-network.js';

/** What must never happen, and did. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
  }
}

interface WatchParts extends ToldRules {
  readonly truth: Truth;
  /** As many prices as the checksum of an order-by-order book covers. */
  readonly queueTruth: Truth;
  readonly clock: Clock;
  /** The clock by which the client signs. */
  readonly clientClock: Clock;
  /** Levels a side that are compared. */
  readonly depth: number;
  /** Dials that the venue lets through. */
  readonly dialLimit: RateLimit;
  readonly readNumber: (text: string) => FrameNumber | 'unreadable' | undefined;
}

/** Prices a side that an order-by-order book is proved at. */
export const PROVED_QUEUES = 10;

/**
 * Watches a client from outside: what goes over the network, every event, and the books as they can
 * be read. It reads frames by its own means, and compares with the exchange's own truth.
 */
export class Watch implements NetworkWatcher {
  readonly #parts: WatchParts;
  readonly #numbers = new Map<string, number>();
  readonly #dialledAtMs: number[] = [];
  readonly #versions = new Map<string, number>();
  readonly #told: Told;
  readonly #fillIds = new Set<string>();
  #awaited: { readonly row: string; readonly expected: number } | undefined;
  #feed: Feed | undefined;
  /** The first one; a thrown error would end in the client's own guards. */
  violation: Violation | undefined;
  readonly counts = new Map<FeedEvent['type'], number>();

  constructor(parts: WatchParts) {
    this.#parts = parts;
    const report = (invariant: string, detail: string) => this.#report(invariant, detail);
    this.#told = new Told({ ...parts, report });
  }

  follow(feed: Feed): void {
    this.#feed = feed;
  }

  onDialled(): void {
    const { clock, dialLimit } = this.#parts;
    const nowMs = clock.monotonicMs();
    this.#dialledAtMs.push(nowMs);
    const recent = this.#dialledAtMs.filter((atMs) => nowMs - atMs < dialLimit.windowMs);
    if (recent.length > dialLimit.count) {
      this.#report('attempts within the limit', `${recent.length} dials in ${dialLimit.windowMs}`);
    }
  }

  onSent(_connection: number, text: string): void {
    const token = /"jwt":"[^".]+\.([^".]+)\./.exec(text)?.[1];
    if (token === undefined) return;
    const claims = JSON.parse(Buffer.from(token, 'base64url').toString()) as { exp: number };
    const { clock, clientClock } = this.#parts;
    // Signed by the venue's time or by the client's own, which may be set far apart.
    const leftMs = claims.exp * 1000 - Math.min(clock.nowMs(), clientClock.nowMs());
    if (leftMs < 0) this.#report('no credential after its end', `it ended ${-leftMs} ms ago`);
  }

  onDelivered(connection: number, text: string): void {
    this.#awaited = undefined;
    const read = this.#parts.readNumber(text);
    if (read === 'unreadable') {
      const row = `${connection} connection`;
      this.#numbers.set(row, (this.#numbers.get(row) ?? -1) + 1);
    }
    if (!read || read === 'unreadable') return;
    const row = `${connection} ${read.row}`;
    const last = this.#numbers.get(row);
    const isNewRow = read.number <= 1 && read.row !== 'connection';
    if (last !== undefined && read.number > last + 1 && !isNewRow) {
      this.#awaited = { row, expected: last + 1 };
    }
    if (last === undefined || read.number > last || isNewRow) this.#numbers.set(row, read.number);
  }

  onRead(_connection: number, text: string): void {
    const awaited = this.#awaited;
    // Also where a frame could not be read at all: what it may have said is not trusted any more.
    if (!awaited || !this.#isTrusted(awaited.row)) return;
    const detail = `${awaited.expected} of ${awaited.row} did not come before ${text.slice(0, 80)}`;
    this.#report('no number lost in silence', detail);
  }

  onEvent(event: FeedEvent): void {
    const { type, symbol } = event;
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    // What cannot be read at all says so by itself.
    if (type === 'sequence.gapped' || type === 'frame.refused') this.#awaited = undefined;
    if (type === 'book.changed') this.#checkBook(symbol);
    if (type === 'orders-book.changed') this.#checkQueues(symbol);
    this.#told.onEvent(event);
    if (type === 'fill.printed') {
      const { fillId, orderId } = event.fill;
      this.#once(this.#fillIds, `fill ${orderId} ${fillId}`);
    }
  }

  /** Every live book is right, and none is older than the venue's signs of life allow. */
  checkBooks({ books }: FeedStatus, allowedMs: number): void {
    for (const { channel, symbol, state } of books) {
      const version = this.#versions.get(`${channel} ${symbol}`);
      if (state.status !== 'live' || version === undefined) continue;
      if (channel === 'book') this.#checkBook(symbol);
      else this.#checkQueues(symbol);
      const { truth, queueTruth } = this.#parts;
      const ageMs = (channel === 'book' ? truth : queueTruth).book(symbol).ageMs(version);
      if (ageMs > allowedMs) this.#report('a live book is current', `${symbol} is ${ageMs} ms old`);
    }
  }

  /** Nothing grows beyond its bound, whatever does not come. */
  checkHeld({ held, books, streams }: FeedStatus): void {
    const tradeStreams = streams.filter(({ channel }) => channel === 'trades').length;
    const { maxBufferedDeltas, maxTradeHoles, maxRememberedReports } = FEED_LIMITS;
    const idsOfOne = this.#parts.countsTrades ? maxTradeHoles : TRADE_IDS_MAX;
    const bounds = {
      deltas: books.length * maxBufferedDeltas,
      tradeIds: tradeStreams * idsOfOne,
      reports: 4 * maxRememberedReports,
      requests: REQUESTS_MAX,
      events: 0,
    };
    for (const [name, bound] of Object.entries(bounds)) {
      const count = held[name as keyof typeof held];
      if (count > bound) this.#report('nothing grows without bound', `${count} ${name} are held`);
    }
  }

  /** Whether the client says that it is current with what the row is about. */
  #isTrusted(row: string): boolean {
    const feed = this.#feed;
    if (!feed) return false;
    if (row.endsWith('balances')) return feed.balances.state.status === 'live';
    if (!row.endsWith('connection')) return feed.orders.state.status === 'live';
    return feed.status().books.some(({ state }) => state.status === 'live');
  }

  #checkBook(symbol: string): void {
    const book = this.#feed?.book(symbol);
    if (!book || book.state.status !== 'live') return;
    this.#checkVersion('book', symbol, describeTop(book.top(this.#parts.depth)));
  }

  /** What is proved of an order-by-order book: each price's sum, and the order of each queue. */
  #checkQueues(symbol: string): void {
    const book = this.#feed?.ordersBook(symbol);
    if (!book || book.state.status !== 'live') return;
    const queues = book.top(PROVED_QUEUES);
    const fault = findQueueFault(queues);
    if (fault !== undefined) this.#report('a queue is in order', `${symbol} has ${fault}`);
    this.#checkVersion('orders-book', symbol, describeQueues(queues));
  }

  #checkVersion(channel: string, symbol: string, text: string): void {
    const key = `${channel} ${symbol}`;
    const { truth, queueTruth, clock } = this.#parts;
    const book = (channel === 'book' ? truth : queueTruth).book(symbol);
    const version = book.find(text, this.#versions.get(key) ?? 0);
    if (version !== undefined) {
      this.#versions.set(key, version);
      return;
    }
    // A change that comes late takes its level back: without numbers nothing shows it. How long
    // that lasts is limited as the age of any book is.
    if (!this.#parts.keepsOrder && book.find(text, 0) !== undefined) return;
    const atMs = Math.round(clock.monotonicMs());
    this.#report('a live book is right', `at ${atMs} ${key} has ${book.explain(text)}`);
  }

  /** What shows only once all is over. */
  checkTrades(): void {
    this.#told.checkTrades();
  }

  #once(seen: Set<string>, key: string): void {
    if (seen.has(key)) this.#report('nothing is told twice', key);
    seen.add(key);
  }

  #report(invariant: string, detail: string): void {
    this.violation ??= new Violation(invariant, detail);
  }
}
