import ccxt from 'ccxt';
import { describe, expect, it } from 'vitest';
import { simulate, type Simulator } from 'truefeed/simulator';
import { bookText, findFalseStates, openServerTruth, type NumberLevel } from './server-truth.js';

const SEED = 20260105;
const BOOKS = 40;
const TRADES = 25;

type CcxtCoinbase = InstanceType<typeof ccxt.pro.coinbase>;

/** An exchange of ccxt that talks to the simulator only; ends with its scope. */
async function openCcxt(exchange: Simulator, signedIn = false) {
  const { wsUrl, restUrl, keyName, privateKey } = exchange.venues.coinbase;
  const peer = new ccxt.pro.coinbase({
    enableRateLimit: false,
    ...(signedIn ? { apiKey: keyName, secret: privateKey } : {}),
  });
  const api = peer.urls.api as Record<string, string>;
  api.ws = wsUrl;
  api.rest = restUrl;
  await peer.loadHttpProxyAgent();
  return { peer, [Symbol.asyncDispose]: () => peer.close() };
}

function open(): Promise<Simulator> {
  return simulate({ venues: { coinbase: {} }, seed: SEED });
}

async function collectBooks(peer: CcxtCoinbase, symbol: string): Promise<string[]> {
  const states: string[] = [];
  while (states.length < BOOKS) {
    const { bids, asks } = await peer.watchOrderBook(symbol);
    states.push(bookText(bids as NumberLevel[], asks as NumberLevel[]));
  }
  return states;
}

describe('ccxt on the Coinbase server half', () => {
  it('loads currencies, markets and their steps over REST', async () => {
    await using exchange = await open();
    await using ccxtCoinbase = await openCcxt(exchange);
    const markets = await ccxtCoinbase.peer.loadMarkets();
    expect(markets['BTC/USD']).toMatchObject({
      id: 'BTC-USD',
      type: 'spot',
      precision: { price: 0.01, amount: 0.00000001 },
    });
    expect(markets['BTC/USDC']).toMatchObject({ id: 'BTC-USDC', info: { alias: 'BTC-USD' } });
    expect(Object.values(markets).every((one) => one?.spot)).toBe(true);
    expect(ccxtCoinbase.peer.currencies).toHaveProperty('BTC');
    expect(ccxtCoinbase.peer.currencies).toHaveProperty('USD');
  });

  it('reports whole books that the exchange went through, each and in order', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'BTC-USD');
    await using ccxtCoinbase = await openCcxt(exchange);
    const states = await collectBooks(ccxtCoinbase.peer, 'BTC/USD');
    await truth.untilBookWas(states.at(-1) ?? '');
    expect(new Set(states).size).toBeGreaterThan(BOOKS / 2);
    expect(findFalseStates(states, truth)).toEqual([]);
  });

  it('reports the book of the -USD product to those who ask for -USDC', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'ETH-USD');
    await using ccxtCoinbase = await openCcxt(exchange);
    const { bids, asks } = await ccxtCoinbase.peer.watchOrderBook('ETH/USDC');
    const state = bookText(bids as NumberLevel[], asks as NumberLevel[]);
    await truth.untilBookWas(state);
  });

  it('reports the trades that were printed, with their ids, prices and sizes', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'BTC-USD');
    await using ccxtCoinbase = await openCcxt(exchange);
    const seen = new Map<string, object>();
    while (seen.size < 100 + TRADES) {
      for (const one of await ccxtCoinbase.peer.watchTrades('BTC/USD')) {
        seen.set(one.id ?? '', { price: one.price, size: one.amount, side: one.side });
      }
    }
    const last = [...seen.keys()].at(-1) ?? '';
    await truth.client.until('the last trade', () => truth.trades().has(last));
    for (const [id, trade] of seen) {
      const { price, size, side } = truth.trades().get(id) ?? {};
      expect(trade).toEqual({
        price: Number(price),
        size: Number(size),
        side: side?.toLowerCase(),
      });
    }
  });

  it('reports the ticker with the best prices', async () => {
    await using exchange = await open();
    await using ccxtCoinbase = await openCcxt(exchange);
    const ticker = await ccxtCoinbase.peer.watchTicker('BTC/USD');
    expect(ticker.bid).toBeGreaterThan(0);
    expect(ticker.ask).toBeGreaterThan(ticker.bid ?? Infinity);
  });

  it('signs in with the demo key and follows the orders', async () => {
    await using exchange = await open();
    await using ccxtCoinbase = await openCcxt(exchange, true);
    await ccxtCoinbase.peer.loadMarkets();
    const order = {
      order_id: 'order-1',
      client_order_id: 'mine-1',
      product_id: 'BTC-USD',
      order_side: 'BUY',
      order_type: 'Limit',
      limit_price: '65000.01',
      cumulative_quantity: '0',
      leaves_quantity: '0.5',
      status: 'OPEN',
      creation_time: '2026-01-05T12:00:00.000000Z',
    };
    const next = ccxtCoinbase.peer.watchOrders();
    await next;
    const changed = ccxtCoinbase.peer.watchOrders();
    exchange.control.changeOrders([order]);
    expect(await changed).toMatchObject([
      { id: 'order-1', symbol: 'BTC/USD', side: 'buy', price: 65000.01, status: 'open' },
    ]);
    const filled = ccxtCoinbase.peer.watchOrders();
    exchange.control.changeOrders([{ ...order, status: 'FILLED', leaves_quantity: '0' }]);
    expect(await filled).toMatchObject([{ id: 'order-1', status: 'closed' }]);
  });
});
