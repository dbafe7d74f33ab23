// What a lost frame looks like: gaps and staleness are values in the same stream as the data.
// Run it against the simulator: npm run example -- gap-handling
import { openFeed } from 'truefeed';
import { simulate } from 'truefeed/simulator';
import { coinbase } from 'truefeed/venues/coinbase';

// An exchange of our own that drops the 60th frame of each connection.
await using exchange = await simulate({
  venues: { coinbase: {} },
  faults: { rules: [{ fault: 'drop', at: { frame: 60 } }] },
});
const { wsUrl } = exchange.venues.coinbase;

await using feed = openFeed({
  venue: coinbase({ marketUrl: wsUrl }),
  subscriptions: [{ channel: 'book', symbols: ['BTC-USD'] }],
});

for await (const event of feed.events()) {
  switch (event.type) {
    case 'sequence.gapped':
      console.log(`Frames ${event.expected} to ${event.received - 1} were lost.`);
      break;
    case 'book.staled':
      // From here on the book answers nothing: a bot that reads it cannot act on old levels.
      console.log(`${event.symbol} is stale (${event.reason}); best bid: ${String(bestBid())}`);
      break;
    case 'book.restored':
      console.log(`${event.symbol} is right again; best bid: ${String(bestBid())}`);
      break;
    default:
      continue;
  }
  if (event.type === 'book.restored') break;
}

function bestBid(): string | undefined {
  return feed.book('BTC-USD').bestBid()?.price;
}
