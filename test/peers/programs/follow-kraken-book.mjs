// A user's program around node-kraken-api: keep a book, tell each state and each trade as a line of
// JSON, and stop after so many states.
import { Kraken } from 'node-kraken-api';

const { HOSTNAME, PAIR = 'XBT/USD', STATES = '40' } = process.env;
const tell = (line) => console.log(JSON.stringify(line));

const kraken = new Kraken();
// It adds `:443` to whatever stands here; behind a question mark that does no harm.
kraken.ws.pub.hostname = HOSTNAME;
kraken.ws.pub.on('error', (error) => tell({ error: error.message }));

let left = Number(STATES);
const book = kraken.ws.book({ depth: 10 });
book.on('error', (error) => tell({ error: error.message }));
book.on('snapshot', () => tell({ snapshot: true }));
book.on('mirror', ({ as: asks, bs: bids }) => {
  if (left === 0) return; // What still comes while the socket closes.
  left -= 1;
  tell({ bids, asks });
  if (left === 0) kraken.ws.pub.close().then(() => process.exit(0));
});
const trades = kraken.ws.trade();
trades.on('update', (trade) => tell({ trade }));

await book.subscribe(PAIR);
await trades.subscribe(PAIR);
