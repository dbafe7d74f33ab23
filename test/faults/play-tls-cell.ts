import { openFeed } from '../../src/feed/feed.js';
import type { FeedOptions } from '../../src/feed/feed-options.js';
import { simulate } from '../../src/simulator/index.js';
import { cloud9trader } from '../../src/venues/cloud9trader/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { kraken, krakenV1 } from '../../src/venues/kraken/index.js';
import type { SimulatedVenue } from '../simulation/exchanges.js';
import { labelEvent } from './event-labels.js';
import type { Cell } from './matrix-row.js';
import type { PlayedCell } from './play-cell.js';

const SYMBOLS: Readonly<Record<SimulatedVenue, string>> = {
  coinbase: 'BTC-USD',
  kraken: 'BTC/USD',
  'kraken-v1': 'XBT/USD',
  cloud9trader: 'BTCUSD:Binance',
};

interface Secure {
  readonly exchange: AsyncDisposable & { readonly caPem: string | undefined };
  readonly venue: FeedOptions['venue'];
}

/** The exchange of one venue with TLS, and a venue of the client's that dials it. */
async function openSecure(venue: SimulatedVenue, rule: object): Promise<Secure> {
  const options = { tls: true, seed: 1 } as const;
  const faults = { rules: [rule as never] };
  switch (venue) {
    case 'coinbase': {
      const exchange = await simulate({ ...options, venues: { coinbase: {} }, faults });
      return { exchange, venue: coinbase({ marketUrl: exchange.venues.coinbase.wsUrl }) };
    }
    case 'kraken':
    case 'kraken-v1': {
      const exchange = await simulate({ ...options, venues: { kraken: {} }, faults });
      const { wsUrl, wsV1Url } = exchange.venues.kraken;
      const isV1 = venue === 'kraken-v1';
      return {
        exchange,
        venue: isV1 ? krakenV1({ marketUrl: wsV1Url }) : kraken({ marketUrl: wsUrl }),
      };
    }
    case 'cloud9trader': {
      const exchange = await simulate({ ...options, venues: { cloud9trader: {} }, faults });
      return { exchange, venue: cloud9trader({ url: exchange.venues.cloud9trader.wsUrl }) };
    }
  }
}

/** What a client makes of the certificate of a real server, until its first word about it. */
export async function playTlsCell(venue: SimulatedVenue, cell: Cell): Promise<PlayedCell> {
  const [act] = cell.acts;
  if (!act || !('rule' in act)) throw new Error('A cell of TLS has one rule.');
  const opened = await openSecure(venue, act.rule);
  await using exchange = opened.exchange;
  const symbols = [SYMBOLS[venue]];
  const said: string[] = [];
  await using feed = openFeed({
    venue: opened.venue,
    subscriptions: [{ channel: 'book', symbols }],
    caPem: exchange.caPem,
  });
  await new Promise<void>((resolve) => {
    feed.on('session.closed', (event) => {
      // Whoever gives up says that no attempt follows.
      if (event.retryInMs === undefined) said.push(labelEvent(event) ?? '');
      resolve();
    });
  });
  const states = feed.status().books.map(({ state }) => state.status);
  return { said, states, liveMs: null, violation: undefined };
}
