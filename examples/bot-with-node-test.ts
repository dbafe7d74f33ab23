// Orders, tested with node:test against an exchange whose market one moves oneself.
// Run it: npm run example -- bot-with-node-test
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFeed } from 'truefeed';
import { simulate } from 'truefeed/simulator';
import { kraken } from 'truefeed/venues/kraken';

await test('a resting order is filled when the market comes to it', async () => {
  await using exchange = await simulate({
    // A quiet market of one pair, which does nothing by itself for an hour.
    market: {
      symbols: [{ base: 'BTC', quote: 'USD', price: '65000.0', everyMs: 3_600_000, levels: 20 }],
    },
    venues: { kraken: {} },
  });
  const { wsUrl, wsAuthUrl, restUrl, key, secret, control } = exchange.venues.kraken;

  await using feed = openFeed({
    venue: kraken({ marketUrl: wsUrl, authUrl: wsAuthUrl, restUrl }),
    credentials: { key, secret },
    subscriptions: [{ channel: 'executions' }],
  });
  const orders = feed.openOrderEntry();
  await feed.whenLive();

  const outcome = await orders.addOrder({
    symbol: 'BTC/USD',
    side: 'buy',
    orderType: 'limit',
    size: '0.01',
    limitPrice: '60000.0',
  });
  assert.equal(outcome.kind, 'acknowledged', JSON.stringify(outcome));

  // Drive: the market falls to the order's price, and somebody sells.
  control.market?.move('BTC/USD', '59990.0');
  control.market?.trade('BTC/USD', 'sell', '0.01');

  // Assert, at the exchange and in the bot.
  await control.until('the order is filled', () => control.orders[0]?.status === 'filled');
  assert.equal(control.orders[0]?.filledSize, '0.01');
  assert.ok(control.messages.some(({ text }) => text.includes('"add_order"')));
});
