import { openFeed, type FeedOptions } from '../../src/index.js';
import { simulate, type SimulateOptions } from '../../src/simulator/index.js';
import type { ExchangeControl } from '../../src/simulator/exchange-control.js';
import { cloud9trader } from '../../src/venues/cloud9trader/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { kraken } from '../../src/venues/kraken/index.js';
import { connectRaw, type RawClient } from './raw-client.js';

export const VENUES = ['coinbase', 'kraken', 'cloud9trader'] as const;
export type ProbedVenue = (typeof VENUES)[number];

/** A running exchange, and how to speak with it, whichever venue it is. */
export interface Probe extends AsyncDisposable {
  readonly control: ExchangeControl;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly caPem: string | undefined;
  /** Its client as users have it, and the channel that needs a key. */
  readonly client: Pick<FeedOptions, 'venue' | 'endpoints' | 'credentials'>;
  readonly accountChannel: string;
  readonly dial: () => Promise<RawClient>;
  /** Asks for one busy book. */
  readonly askBook: (client: RawClient) => void;
  readonly isSnapshot: (text: string) => boolean;
  readonly isUpdate: (text: string) => boolean;
  /** How many levels a snapshot has. */
  readonly countLevels: (text: string) => number;
}

type Speech = Pick<Probe, 'askBook' | 'isSnapshot' | 'isUpdate' | 'countLevels'>;

interface BookFrame {
  readonly events: readonly [{ readonly updates: readonly unknown[] }];
  readonly data: readonly [
    { readonly bids: readonly unknown[]; readonly asks: readonly unknown[] },
  ];
}

const SPEECHES: Readonly<Record<ProbedVenue, Speech>> = {
  coinbase: {
    askBook: (client) => client.subscribe('level2', ['BTC-USD']),
    isSnapshot: (text) => text.includes('l2_data') && text.includes('"type":"snapshot"'),
    isUpdate: (text) => text.includes('l2_data') && text.includes('"type":"update"'),
    countLevels: (text) => (JSON.parse(text) as BookFrame).events[0].updates.length,
  },
  kraken: {
    askBook: (client) =>
      client.send({
        method: 'subscribe',
        params: { channel: 'book', symbol: ['BTC/USD'], depth: 100 },
      }),
    isSnapshot: (text) => text.startsWith('{"channel":"book","type":"snapshot"'),
    isUpdate: (text) => text.startsWith('{"channel":"book","type":"update"'),
    countLevels: (text) => {
      const [{ bids, asks }] = (JSON.parse(text) as BookFrame).data;
      return bids.length + asks.length;
    },
  },
  cloud9trader: {
    askBook(client) {
      client.send('["subscribe","order-book.BTCUSD:Binance"]');
      client.send('["request","order-book.BTCUSD:Binance","r1"]');
    },
    isSnapshot: (text) => text.startsWith('["r1",null,'),
    isUpdate: (text) => text.startsWith('["order-book.'),
    countLevels: (text) => {
      const [, , book] = JSON.parse(text) as [string, null, BookFrame['data'][0]];
      return book.bids.length + book.asks.length;
    },
  },
};

async function open(venue: ProbedVenue, options: Omit<SimulateOptions, 'venues'>) {
  switch (venue) {
    case 'coinbase': {
      const exchange = await simulate({ ...options, venues: { coinbase: {} } });
      const { keyName, privateKey, userWsUrl: user, ...facts } = exchange.venues.coinbase;
      const endpoints = { market: facts.wsUrl, user };
      const credentials = { keyName, privateKey };
      const client = { venue: coinbase(), endpoints, credentials };
      return { exchange, facts, accountChannel: 'user', client };
    }
    case 'kraken': {
      const exchange = await simulate({ ...options, venues: { kraken: {} } });
      const { key, secret, wsAuthUrl: authUrl, ...facts } = exchange.venues.kraken;
      const { wsUrl: marketUrl, restUrl } = facts;
      const client = {
        venue: kraken({ marketUrl, authUrl, restUrl }),
        credentials: { key, secret },
      };
      return { exchange, facts, accountChannel: 'balances', client };
    }
    case 'cloud9trader': {
      const exchange = await simulate({ ...options, venues: { cloud9trader: {} } });
      const { key, secret, ...facts } = exchange.venues.cloud9trader;
      const client = { venue: cloud9trader({ url: facts.wsUrl }), credentials: { key, secret } };
      return { exchange, facts, accountChannel: 'orders', client };
    }
  }
}

/** Starts an exchange of a venue with these rules. */
export async function probe(
  venue: ProbedVenue,
  rules: readonly object[] = [],
  options: Omit<SimulateOptions, 'venues'> = {},
): Promise<Probe> {
  const { exchange, facts, ...rest } = await open(venue, { ...options, faults: { rules } });
  const { caPem } = exchange;
  return {
    ...SPEECHES[venue],
    ...rest,
    wsUrl: facts.wsUrl,
    restUrl: facts.restUrl,
    caPem,
    control: facts.control,
    dial: () => connectRaw(facts.wsUrl, caPem === undefined ? {} : { ca: caPem }),
    [Symbol.asyncDispose]: () => exchange.close(),
  };
}

/** Signs in as users do; returns what the client says of it: `accepted`, or the error's code. */
export async function signIn({ client, accountChannel }: Probe): Promise<string> {
  await using feed = openFeed({ ...client, subscriptions: [{ channel: accountChannel }] });
  for await (const event of feed.events()) {
    if (event.type === 'auth.accepted') return 'accepted';
    if (event.type === 'auth.refused') return event.error.code;
  }
  return 'ended';
}
