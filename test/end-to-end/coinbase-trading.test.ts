import { expect, it, vi } from 'vitest';
import { addDecimals } from '../../src/book/decimal-arithmetic.js';
import { openFeed } from '../../src/feed/feed.js';
import { simulate } from '../../src/simulator/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';

const WAIT = { timeout: 40_000 };

it('orders of a Coinbase user are matched, and seen on the socket and in the market', async () => {
  await using exchange = await simulate({ venues: { coinbase: {} }, seed: 5 });
  const { wsUrl, userWsUrl, keyName, privateKey, control } = exchange.venues.coinbase;
  await using feed = openFeed({
    venue: coinbase(),
    endpoints: { market: wsUrl, user: userWsUrl },
    credentials: { keyName, privateKey },
    subscriptions: [{ channel: 'user' }, { channel: 'book', symbols: ['BTC-USD'] }],
  });
  await feed.whenLive({ timeoutMs: 40_000 });
  expect(() => feed.openOrderEntry()).toThrow('takes no orders on its sockets');
  const { market, account } = control.trading!;
  const buy = { symbol: 'BTC-USD', side: 'buy', orderType: 'market', size: '0.01' } as const;
  const taken = control.placeOrder({ ...buy, clientOrderId: 'taker' });
  expect(taken).toMatchObject({ ok: true, order: { status: 'filled' } });
  const rest = { ...buy, orderType: 'limit', limitPrice: '1000', size: '2' } as const;
  control.placeOrder({ ...rest, clientOrderId: 'maker' });

  await vi.waitFor(() => {
    expect(feed.orders.findByClientId('taker')?.status).toBe('filled');
    expect(feed.orders.findByClientId('maker')?.status).toBe('open');
  }, WAIT);
  const nameOf = (clientOrderId: string) => feed.orders.findByClientId(clientOrderId)?.orderId;
  const names = control.orders.map(({ venueOrderId }) => venueOrderId);
  expect(names).toEqual([nameOf('taker'), nameOf('maker')]);
  const filled = (sizes: readonly { readonly size: string }[]): string =>
    sizes.map(({ size }) => size).reduce(addDecimals, '0');
  expect(filled(feed.fills.all())).toBe(filled(market.fills(account)));
  // Others see it: the order rests in the book that everybody gets.
  await vi.waitFor(() => expect(feed.book('BTC-USD').sizeAt('bid', '1000')).toBe('2'), WAIT);

  control.resetConnections();
  control.cancelOrder({ clientOrderId: 'maker' });
  await vi.waitFor(() => {
    expect(feed.orders.state.status).toBe('live');
    expect(feed.orders.open()).toEqual([]);
    expect(feed.book('BTC-USD').state.status).toBe('live');
    expect(feed.book('BTC-USD').sizeAt('bid', '1000')).toBeUndefined();
  }, WAIT);
  expect(market.openOrders(account)).toEqual([]);
});
