/** What one connection holds, and how a request changes it. Pure but for the set it keeps. */
import { LEVEL2_PRODUCTS_MAX, type RequestChannel } from '../messages.js';

/** How a channel deals with products. */
export type ProductRule =
  /** Must name products; unknown ones are dropped without a word. */
  | 'listed'
  /** May name products; without them it covers all. */
  | 'optional'
  /** Names its own single entry in the ack. */
  | 'none';

const PRODUCT_RULES: Readonly<Record<RequestChannel, ProductRule>> = {
  level2: 'listed',
  market_trades: 'listed',
  ticker: 'listed',
  ticker_batch: 'listed',
  candles: 'listed',
  status: 'optional',
  heartbeats: 'none',
  user: 'none',
  futures_balance_summary: 'none',
};

/** What a subscribe came to: what is newly held, and whether the limit of level2 was passed. */
export interface SubscribeOutcome {
  readonly added: readonly string[];
  readonly tooMany: boolean;
}

/** The set of one connection. */
export interface Subscriptions {
  readonly isEmpty: boolean;
  holds(channel: RequestChannel, symbol: string): boolean;
  holdsChannel(channel: RequestChannel): boolean;
  subscribe(channel: RequestChannel, symbols: readonly string[] | undefined): SubscribeOutcome;
  unsubscribe(channel: RequestChannel, symbols: readonly string[] | undefined): void;
  /** Channel → list, as the ack writes it. */
  held(): ReadonlyMap<string, readonly string[]>;
}

/** How the set resolves names, and what it is allowed to hold. */
export interface SubscriptionRules {
  /** The name under which a product is served; undefined for one that is not. */
  resolve(symbol: string): string | undefined;
  readonly allSymbols: () => readonly string[];
  /** The user's id: what stands in the ack of private channels. */
  readonly userId: string;
  /** Whether a level2 request past the limit is served as far as it goes, instead of not at all. */
  readonly partialLevel2: () => boolean;
}

/** Makes the empty set of a new connection. */
export function createSubscriptions(rules: SubscriptionRules): Subscriptions {
  const channels = new Map<RequestChannel, Set<string>>();

  const resolveAll = (
    channel: RequestChannel,
    symbols: readonly string[] | undefined,
  ): readonly string[] => {
    const rule = PRODUCT_RULES[channel];
    if (rule === 'none') return [channel === 'heartbeats' ? 'heartbeats' : rules.userId];
    if (symbols === undefined) return rule === 'optional' ? rules.allSymbols() : [];
    return [...new Set(symbols.flatMap((symbol) => rules.resolve(symbol) ?? []))];
  };

  return {
    get isEmpty() {
      return channels.size === 0;
    },
    holds: (channel, symbol) => channels.get(channel)?.has(symbol) ?? false,
    holdsChannel: (channel) => channels.has(channel),

    subscribe(channel, symbols) {
      const held = channels.get(channel) ?? new Set<string>();
      const wanted = resolveAll(channel, symbols).filter((symbol) => !held.has(symbol));
      const room = channel === 'level2' ? LEVEL2_PRODUCTS_MAX - held.size : Infinity;
      const tooMany = wanted.length > room;
      if (tooMany && !rules.partialLevel2()) return { added: [], tooMany };
      const added = wanted.slice(0, room);
      for (const symbol of added) held.add(symbol);
      if (held.size > 0) channels.set(channel, held);
      return { added, tooMany };
    },

    unsubscribe(channel, symbols) {
      const held = channels.get(channel);
      if (!held) return;
      if (symbols === undefined || PRODUCT_RULES[channel] === 'none') held.clear();
      else for (const symbol of resolveAll(channel, symbols)) held.delete(symbol);
      if (held.size === 0) channels.delete(channel);
    },

    held: () => new Map([...channels].map(([channel, symbols]) => [channel, [...symbols]])),
  };
}
