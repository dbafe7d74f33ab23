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

async function openSecure(rule: object) {
  const venues = { coinbase: {}, kraken: {}, cloud9trader: {} };
  const exchange = await simulate({ venues, tls: true, seed: 1 });
  for (const { control } of Object.values(exchange.venues)) control.addFault(rule as never);
  return exchange;
}

type Secure = Awaited<ReturnType<typeof openSecure>>;

function chooseVenue({ venues }: Secure, venue: SimulatedVenue): FeedOptions['venue'] {
  switch (venue) {
    case 'coinbase':
      return coinbase({ marketUrl: venues.coinbase.wsUrl });
    case 'kraken':
      return kraken({ marketUrl: venues.kraken.wsUrl });
    case 'kraken-v1':
      return krakenV1({ marketUrl: venues.kraken.wsV1Url });
    case 'cloud9trader':
      return cloud9trader({ url: venues.cloud9trader.wsUrl });
  }
}

/** What a client makes of the certificate of a real server, until its first word about it. */
export async function playTlsCell(venue: SimulatedVenue, cell: Cell): Promise<PlayedCell> {
  const [act] = cell.acts;
  if (!act || !('rule' in act)) throw new Error('A cell of TLS has one rule.');
  await using exchange = await openSecure(act.rule);
  const symbols = [SYMBOLS[venue]];
  const said: string[] = [];
  await using feed = openFeed({
    venue: chooseVenue(exchange, venue),
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
