// A bot, tested with vitest against an exchange that misbehaves on command.
// Run it: npx vitest run examples/bot-with-vitest.test.ts
import { expect, it } from 'vitest';
import { openFeed, type Feed } from 'truefeed';
import { simulate } from 'truefeed/simulator';
import { kraken } from 'truefeed/venues/kraken';

/** The bot under test: what it would bid, at every change of its book. */
function runBot(feed: Feed): string[] {
  const bids: string[] = [];
  const book = feed.book('BTC/USD');
  const think = (): void => void bids.push(book.bestBid()?.price ?? 'none');
  feed.on('book.changed', think);
  feed.on('book.staled', think);
  return bids;
}

it('bids nothing while its book is wrong, and bids again when it is right', async () => {
  // An exchange of its own for each test, on a free port; it ends with the block.
  await using exchange = await simulate({ venues: { kraken: {} } });
  const { wsUrl, restUrl, control } = exchange.venues.kraken;
  await using feed = openFeed({
    venue: kraken({ marketUrl: wsUrl, restUrl }),
    subscriptions: [{ channel: 'book', symbols: ['BTC/USD'] }],
  });
  const bids = runBot(feed);
  await feed.whenLive();

  // Drive: the next update of the book carries a wrong checksum.
  control.addFault({ fault: 'wrong-checksum', at: { channel: 'book', kind: 'update' } });

  // Assert: it fell silent, and then it was right again.
  await control.until('the bot falls silent', () => bids.includes('none'));
  const isSilentAt = bids.indexOf('none');
  await control.until('the bot bids again', () =>
    bids.slice(isSilentAt).some((one) => one !== 'none'),
  );
  expect(feed.book('BTC/USD').bestBid()?.price).toBe(bids.at(-1));

  // And the fault was met: a test that provoked nothing proves nothing.
  expect(control.faults[0]?.strikes).toBe(1);
});
