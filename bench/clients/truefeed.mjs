// truefeed as its users have it, every check on: sequence, exact numbers, crossed books, checksums.
import { openFeed } from 'truefeed';
import { coinbase } from 'truefeed/venues/coinbase';
import { kraken } from 'truefeed/venues/kraken';
import { createProgress } from './progress.mjs';

const VENUES = {
  coinbase: (url) => coinbase({ marketUrl: url }),
  kraken: (url, depth) => kraken({ marketUrl: url, bookDepth: depth }),
};

/**
 * `reads: 'top'` reads both best prices in each event, as exact strings; `'nothing'` counts events.
 */
export async function openClient({ venue, url, symbols, depth, reads, liveWithinMs = 60_000 }) {
  const progress = createProgress();
  const faults = [];
  let topLength = 0;
  const feed = openFeed({
    venue: VENUES[venue](url, depth),
    subscriptions: [{ channel: 'book', symbols }],
  });
  for (const type of ['book.staled', 'sequence.gapped', 'frame.refused']) {
    feed.on(type, (event) => faults.push(`${type}: ${event.detail ?? ''}`));
  }
  if (reads === 'top') {
    feed.on('book.changed', ({ kind, book }) => {
      topLength += book.bestBid().price.length + book.bestAsk().price.length;
      if (kind === 'delta') progress.add(1);
    });
  } else {
    feed.on('book.changed', ({ kind }) => {
      if (kind === 'delta') progress.add(1);
    });
  }
  await feed.whenLive({ timeoutMs: liveWithinMs });
  return {
    reached: ({ messages }) => progress.until(messages),
    best: (count) => feed.book(symbols[0]).top(count),
    facts: () => ({
      faults,
      topLength,
      checksumsVerified: feed.book(symbols[0]).evidence().checksumsVerified,
      sockets: feed.status().sessions.length,
    }),
    close: () => feed.close(),
  };
}
