// ccxt pro as its documentation shows it: a loop around `watchOrderBook`. Markets are set by hand,
// so that nothing is asked by HTTP.
import ccxt from 'ccxt';
import { createProgress } from './progress.mjs';

const MARKET = {
  coinbase: { id: 'BTC-USD', symbol: 'BTC/USD' },
  kraken: { id: 'XXBTZUSD', symbol: 'BTC/USD' },
};

function createExchange({ venue, url, checksum }) {
  const exchange = new ccxt.pro[venue]({ enableRateLimit: false });
  const facts = { base: 'BTC', quote: 'USD', type: 'spot', spot: true, active: true };
  exchange.setMarkets([exchange.safeMarketStructure({ ...MARKET[venue], ...facts })]);
  if (venue === 'coinbase') exchange.urls.api.ws = url;
  else {
    exchange.urls.api.ws.publicV2 = url;
    exchange.options.watchOrderBook = { checksum };
  }
  return exchange;
}

/** `checksum` switches on the check that ccxt leaves off (Kraken). */
export async function openClient(options) {
  const exchange = createExchange(options);
  const { symbol } = MARKET[options.venue];
  const progress = createProgress();
  const depth = options.venue === 'kraken' ? [options.depth] : [];
  await exchange.loadHttpProxyAgent();
  let book = await exchange.watchOrderBook(symbol, ...depth);
  let failure;
  let isOpen = true;
  const follow = async () => {
    while (isOpen) {
      book = await exchange.watchOrderBook(symbol, ...depth);
      if (book.timestamp !== undefined) progress.set(book.timestamp);
    }
  };
  follow().catch((error) => {
    if (!isOpen) return;
    failure = `${error.constructor.name}: ${error.message}`;
    process.send({ kind: 'failed', failure });
  });
  const toLevel = ([price, size]) => ({ price: String(price), size: String(size) });
  return {
    reached: ({ atMs }) => progress.until(atMs),
    best: (count) => ({
      bids: book.bids.slice(0, count).map(toLevel),
      asks: book.asks.slice(0, count).map(toLevel),
    }),
    facts: () => ({ failure }),
    close() {
      isOpen = false;
      return exchange.close();
    },
  };
}
