// The clients of a soak: what each follows, and what is counted of it.
import { openFeed } from '../../dist/index.js';
import { cloud9trader } from '../../dist/venues/cloud9trader/index.js';
import { coinbase } from '../../dist/venues/coinbase/index.js';
import { kraken, krakenV1 } from '../../dist/venues/kraken/index.js';

const ORDER_EVERY_MS = 3_000;

function describeFeeds({ coinbase: c, kraken: k, cloud9trader: n }) {
  const krakenKey = { key: k.key, secret: k.secret };
  const marketOf = (symbols) => ['book', 'trades'].map((channel) => ({ channel, symbols }));
  return {
    coinbase: {
      served: 'coinbase',
      venue: coinbase({ marketUrl: c.wsUrl, userUrl: c.userWsUrl }),
      credentials: { keyName: c.keyName, privateKey: c.privateKey },
      subscriptions: [...marketOf(['BTC-USD', 'ETH-USD']), { channel: 'user' }],
    },
    kraken: {
      served: 'kraken',
      venue: kraken({ marketUrl: k.wsUrl, authUrl: k.wsAuthUrl, restUrl: k.restUrl }),
      credentials: krakenKey,
      subscriptions: [...marketOf(['BTC/USD', 'ETH/USD']), { channel: 'executions' }],
      order: {
        symbol: 'BTC/USD',
        side: 'buy',
        orderType: 'limit',
        size: '0.01',
        limitPrice: '9000',
      },
    },
    'kraken v1': {
      served: 'kraken',
      venue: krakenV1({ marketUrl: k.wsV1Url, authUrl: k.wsV1AuthUrl, restUrl: k.restUrl }),
      credentials: krakenKey,
      subscriptions: [...marketOf(['XBT/USD', 'ETH/USD']), { channel: 'orders' }],
      marketNames: { 'XBT/USD': 'BTC/USD' },
    },
    cloud9trader: {
      served: 'cloud9trader',
      venue: cloud9trader({ url: n.wsUrl }),
      credentials: { key: n.key, secret: n.secret },
      subscriptions: marketOf(['BTCUSD:Binance', 'ETHUSD:Binance']),
    },
  };
}

/** Orders that rest and are taken back, one after the other; what came of them is counted. */
function startOrders(feed, order, outcomes) {
  const entry = feed.openOrderEntry();
  const count = (kind) => outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
  let isStopped = false;
  let timer;
  async function placeAndCancel() {
    const placed = await entry.addOrder(order);
    count(`order ${placed.kind}`);
    if (placed.kind === 'unknown') count(`order unknown, then ${(await placed.settled).kind}`);
    if (placed.kind === 'acknowledged') {
      count(`cancel ${(await entry.cancelOrder({ orderId: placed.orderId })).kind}`);
    }
    if (!isStopped) timer = setTimeout(() => void placeAndCancel(), ORDER_EVERY_MS);
  }
  void placeAndCancel();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** Opens all of them. `notLiveMs` has how long each book and account was not live, each time. */
export function openFeeds(venues) {
  return Object.entries(describeFeeds(venues)).map(([name, plan]) => {
    const notLiveMs = [];
    const outcomes = new Map();
    const { order, served, marketNames = {}, ...options } = plan;
    let failed = 0;
    const feed = openFeed({
      ...options,
      onEvent(event) {
        if ('notLiveMs' in event) notLiveMs.push(event.notLiveMs);
        if (event.type === 'book.failed') failed += 1;
      },
    });
    const stopOrders = order ? startOrders(feed, order, outcomes) : () => undefined;
    const symbols = options.subscriptions[0].symbols;
    return {
      name,
      served,
      marketNames,
      symbols,
      feed,
      notLiveMs,
      outcomes,
      stopOrders,
      get failed() {
        return failed;
      },
      books: () => symbols.map((symbol) => feed.book(symbol)),
    };
  });
}
