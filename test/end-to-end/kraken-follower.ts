import { openFeed } from '../../src/feed/feed.js';
import type { Feed, FeedOptions, FeedSubscription } from '../../src/feed/feed-options.js';
import type { FeedEvent } from '../../src/model/event.js';
import { simulate, type KrakenExchangeOptions, type Simulator } from '../../src/simulator/index.js';
import { kraken, krakenV1, type KrakenCredentials } from '../../src/venues/kraken/index.js';
import type { FaultRule } from '../../src/venues/kraken/server/fault-rules.js';

const PATIENCE_MS = 40_000;
/** A feed and the exchange that it follows. */
export interface Following extends AsyncDisposable {
  readonly exchange: Simulator<{ kraken: KrakenExchangeOptions }>;
  readonly feed: Feed;
  readonly events: readonly FeedEvent[];
  /** Everything that left on any socket. */
  readonly sent: readonly string[];
  /** Waits until something is true; fails after the time allowed. */
  until(what: string, isTrue: () => boolean): Promise<void>;
}

/** What may differ from a feed of v2, signed in with the demo key, with nothing that goes wrong. */
export interface FollowOptions {
  readonly rules?: readonly FaultRule[];
  readonly isV1?: boolean;
  readonly credentials?: KrakenCredentials;
  readonly recovery?: FeedOptions['recovery'];
  readonly exchangeOptions?: KrakenExchangeOptions;
  /** How long `until` waits. */
  readonly patienceMs?: number;
}

/** The client half on real sockets to the server half. */
export async function follow(
  subscriptions: readonly FeedSubscription[],
  { rules = [], isV1 = false, credentials, recovery, ...others }: FollowOptions = {},
): Promise<Following> {
  const { exchangeOptions = {}, patienceMs = PATIENCE_MS } = others;
  const exchange = await simulate({ venues: { kraken: exchangeOptions }, faults: { rules } });
  const { wsUrl, wsAuthUrl, wsL3Url, wsV1Url, restUrl, key, secret } = exchange.venues.kraken;
  const events: FeedEvent[] = [];
  const sent: string[] = [];
  const waiters = new Set<() => void>();
  const feed = openFeed({
    venue: isV1
      ? krakenV1({ marketUrl: wsV1Url, restUrl })
      : kraken({ marketUrl: wsUrl, authUrl: wsAuthUrl, level3Url: wsL3Url, restUrl }),
    credentials: credentials ?? { key, secret },
    subscriptions,
    recovery,
    tap: { onFrameReceived: () => undefined, onFrameSent: (_, text) => void sent.push(text) },
    onEvent(event) {
      events.push(event);
      for (const waiter of waiters) waiter();
    },
  });
  return {
    exchange,
    feed,
    events,
    sent,
    until: (what, isTrue) =>
      new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (!isTrue()) return;
          clearTimeout(timer);
          waiters.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          waiters.delete(check);
          const said = new Set(events.map(({ type, symbol }) => `${type} ${symbol}`));
          reject(new Error(`Waited for ${what}; came: ${[...said].join(', ')}.`));
        }, patienceMs);
        waiters.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      await feed.close();
      await exchange.close();
    },
  };
}

/** How many events of a type came, of one symbol or of all. */
export function count(run: Following, type: FeedEvent['type'], symbol?: string): number {
  const isMeant = (one: FeedEvent): boolean =>
    one.type === type && (symbol === undefined || one.symbol === symbol);
  return run.events.filter(isMeant).length;
}
