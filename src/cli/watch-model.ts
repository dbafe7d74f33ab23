import type { BookState } from '../model/book.js';
import type { FeedEvent } from '../model/event.js';
import type { Level } from '../model/levels.js';
import type { FeedStatus } from '../feed/feed-options.js';
import { describeEvent, type Remark } from './event-words.js';

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
export interface Notice extends Remark {
  readonly atMs: number;
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
