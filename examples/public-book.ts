// Follow the order book of two products: no key needed.
// Run it against the simulator: npm run example -- public-book
// Run it against the exchange:  npm run example -- public-book --live
import { openFeed } from 'truefeed';
import { coinbase } from 'truefeed/venues/coinbase';

const address = process.env.COINBASE_WS_URL;

await using feed = openFeed({
  venue: coinbase(address ? { marketUrl: address } : {}),
  subscriptions: [{ channel: 'book', symbols: ['BTC-USD', 'ETH-USD'] }],
});

let printed = 0;
for await (const event of feed.events({ whenFull: 'conflate' })) {
  if (event.type === 'session.closed') console.log(event.error.message); // and it dials again
  if (event.type === 'book.staled') console.log(`${event.symbol} is stale: ${event.detail}`);
  if (event.type !== 'book.changed') continue;
  const bid = event.book.bestBid();
  const ask = event.book.bestAsk();
  if (!bid || !ask) continue;
  console.log(`${event.symbol} ${bid.size} @ ${bid.price} | ${ask.price} @ ${ask.size}`);
  printed += 1;
  if (printed === 10) break;
}
