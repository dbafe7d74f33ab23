import { describe, expect, it } from 'vitest';
import { simulate } from 'truefeed/simulator';
import { openCcxtKraken } from './ccxt-kraken-client.js';
import type { KrakenSimulator } from './simulators.js';

const SYMBOL = 'BTC/USD';

function tradingOf(exchange: KrakenSimulator) {
  const { trading } = exchange.venues.kraken.control;
  if (!trading) throw new Error('A synthetic market takes orders.');
  return trading;
}

describe('ccxt places orders on the Kraken server half, protocol v2', () => {
  it('is told of an order that it places, sees it in the account, and cancels it', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: 20261126 });
    await using client = await openCcxtKraken(exchange);
    const { peer } = client;
    await peer.loadMarkets();
    const { market, account } = tradingOf(exchange);
    const watched = peer.watchOrders(SYMBOL);
    const placed = await peer.createOrderWs(SYMBOL, 'limit', 'buy', 0.01, 20_000);
    const [reported] = await watched;
    expect(reported?.id).toBe(placed.id);
    expect(reported).toMatchObject({ symbol: SYMBOL, side: 'buy', price: 20_000, amount: 0.01 });
    expect(market.openOrders(account)).toMatchObject([{ size: '0.01', limitPrice: '20000' }]);
    // Later reports name no symbol, and ccxt passes them on to nobody who asked for one.
    const ended = peer.watchOrders();
    await peer.cancelOrderWs(placed.id ?? '');
    expect(market.openOrders(account)).toEqual([]);
    const last = (await ended).findLast(({ id }) => id === placed.id);
    expect(['open', 'canceled']).toContain(last?.status);
  });

  it('sees its own fills, at the prices of the engine', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: 20261126 });
    await using client = await openCcxtKraken(exchange);
    const { peer } = client;
    await peer.loadMarkets();
    const { market, account } = tradingOf(exchange);
    const watched = peer.watchMyTrades(SYMBOL);
    await peer.createOrderWs(SYMBOL, 'market', 'buy', 0.001);
    const [fill] = await watched;
    const [truth] = market.fills(account);
    expect(fill?.price).toBe(Number(truth?.price));
    expect(fill?.amount).toBe(0.001);
  });
});
