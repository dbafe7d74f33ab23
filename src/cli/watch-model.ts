import type { BookState } from '../model/book.js';
import type { FeedEvent, FeedEventOf } from '../model/event.js';
import type { Level } from '../model/levels.js';
import type { FeedStatus } from '../feed/feed-options.js';
import { countWords } from './count-text.js';
import { formatDuration } from './duration.js';
import type { Tone } from './paint.js';

const TRADES_KEPT = 40;
const NOTICES_KEPT = 30;

/** How the sign-in of the feed stands. */
export type SignInState =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'accepted'; readonly atMs: number; readonly renewals: number }
  | { readonly kind: 'refused'; readonly text: string; readonly final: boolean };

export interface ShownTrade {
  readonly tradedAtMs: number;
  readonly price: string;
  readonly size: string;
  readonly side: 'buy' | 'sell';
}

/** Something a person should know, with the time it happened. */
export interface Notice {
  readonly atMs: number;
  readonly text: string;
  readonly tone: Tone;
}

export interface ShownBook {
  readonly symbol: string;
  readonly state: BookState;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** One moment of a feed, as the view shows it. Plain data: the view is a function of it. */
export interface WatchMoment {
  readonly venue: string;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly signIn: SignInState;
  readonly status: FeedStatus;
  readonly books: readonly ShownBook[];
  readonly trades: ReadonlyMap<string, readonly ShownTrade[]>;
  readonly tradeCount: number;
  readonly orderCount: number;
  readonly notices: readonly Notice[];
}

/** What is remembered of the events between two pictures; everything in it is bounded. */
export interface WatchMemory {
  readonly signIn: SignInState;
  readonly trades: ReadonlyMap<string, readonly ShownTrade[]>;
  readonly tradeCount: number;
  readonly orderCount: number;
  readonly notices: readonly Notice[];
  /** Takes one event in; returns the notice it was worth, if any. */
  take(event: FeedEvent): Notice | undefined;
}

function nameOf(event: { readonly channel: string; readonly symbol: string }): string {
  return event.symbol === '' ? event.channel : `${event.channel} ${event.symbol}`;
}

/** A symbol stands for its book of levels; the other kind is named. */
function nameBook({ type, symbol }: Pick<FeedEvent, 'type' | 'symbol'>): string {
  return type.startsWith('orders-book.') ? `orders-book ${symbol}` : symbol;
}

/** That a connection was lost stands in a line of its own, with the reason. */
function describeStaleness(event: FeedEventOf<'book.staled' | 'orders-book.staled'>): string {
  const detail = event.reason === 'connection-lost' ? '' : `: ${event.detail}`;
  return `${nameBook(event)} is stale (${event.reason})${detail}`;
}

/** The sentence that an event is worth to a person watching; most are worth none. */
export function describeEvent(event: FeedEvent): { text: string; tone: Tone } | undefined {
  switch (event.type) {
    case 'session.opened':
      return { text: `connected to ${event.url}`, tone: 'good' };
    case 'session.closed': {
      const retry =
        event.retryInMs === undefined
          ? 'no further attempt'
          : `next attempt in ${formatDuration(event.retryInMs)}`;
      return { text: `connection lost: ${event.error.message} (${retry})`, tone: 'bad' };
    }
    case 'auth.accepted':
      return { text: 'sign-in accepted', tone: 'good' };
    case 'auth.renewed':
      return { text: `credential renewed: ${event.reason}`, tone: 'dim' };
    case 'auth.refused':
      return { text: `sign-in refused: ${event.error.message}`, tone: 'bad' };
    case 'book.staled':
    case 'orders-book.staled':
      return { text: describeStaleness(event), tone: 'bad' };
    case 'book.restored':
    case 'orders-book.restored': {
      const after = formatDuration(event.notLiveMs);
      return { text: `${nameBook(event)} is live again after ${after}`, tone: 'good' };
    }
    case 'book.failed':
    case 'orders-book.failed':
      return { text: `${nameBook(event)} does not recover: ${event.error.message}`, tone: 'bad' };
    case 'sequence.gapped':
      return {
        text: `${countWords(event.missing, 'frame')} lost, number ${event.expected} the first`,
        tone: 'warning',
      };
    case 'trades.gapped':
      return {
        text: `${event.symbol}: ${countWords(event.missing, 'trade')} missing`,
        tone: 'warning',
      };
    case 'subscription.refused':
      return {
        text: `${nameOf(event)} refused: ${event.error.message}`,
        tone: 'bad',
      };
    case 'stream.silenced':
      return {
        text:
          event.silentMs === 0
            ? `${nameOf(event)} speaks again`
            : `${nameOf(event)} silent for ${formatDuration(event.silentMs)}`,
        tone: 'warning',
      };
    case 'frame.refused':
      return { text: `unreadable frame: ${event.error.message}`, tone: 'warning' };
    case 'events.dropped':
      return { text: `${event.dropped} events left out: the screen is behind`, tone: 'warning' };
    case 'order.changed':
      if (event.snapshot) return undefined;
      return {
        text: `order ${event.order.symbol} ${event.order.side} is ${event.order.status}`,
        tone: 'plain',
      };
    case 'order.vanished':
      return {
        text: `order ${event.order.symbol} ${event.order.side} ended unheard: ask the venue how`,
        tone: 'bad',
      };
    default:
      return undefined;
  }
}

function nextSignIn(state: SignInState, event: FeedEvent): SignInState {
  switch (event.type) {
    case 'auth.accepted':
      return {
        kind: 'accepted',
        atMs: event.receivedAtMs,
        renewals: state.kind === 'accepted' ? state.renewals : 0,
      };
    case 'auth.renewed':
      return state.kind === 'accepted' ? { ...state, renewals: state.renewals + 1 } : state;
    case 'auth.refused':
      return { kind: 'refused', text: event.error.message, final: event.final };
    default:
      return state;
  }
}

export function createWatchMemory(signsIn: boolean): WatchMemory {
  let signIn: SignInState = { kind: signsIn ? 'pending' : 'not-asked' };
  let tradeCount = 0;
  let orderCount = 0;
  const trades = new Map<string, ShownTrade[]>();
  const notices: Notice[] = [];

  const keepTrade = (symbol: string, trade: ShownTrade): void => {
    const kept = trades.get(symbol) ?? [];
    kept.push({
      tradedAtMs: trade.tradedAtMs,
      price: trade.price,
      size: trade.size,
      side: trade.side,
    });
    if (kept.length > TRADES_KEPT) kept.shift();
    trades.set(symbol, kept);
  };

  return {
    get signIn() {
      return signIn;
    },
    get tradeCount() {
      return tradeCount;
    },
    get orderCount() {
      return orderCount;
    },
    trades,
    notices,
    take(event) {
      signIn = nextSignIn(signIn, event);
      if (event.type === 'trade.printed') {
        tradeCount += 1;
        keepTrade(event.symbol, event);
      }
      if (event.type === 'trades.listed') {
        for (const trade of event.trades.slice(-TRADES_KEPT)) keepTrade(event.symbol, trade);
      }
      if (event.type === 'order.changed') orderCount += 1;
      const described = describeEvent(event);
      if (!described) return undefined;
      const notice = { atMs: event.receivedAtMs, ...described };
      notices.push(notice);
      if (notices.length > NOTICES_KEPT) notices.shift();
      return notice;
    },
  };
}
