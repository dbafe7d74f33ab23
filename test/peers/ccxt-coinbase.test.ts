import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulate } from 'truefeed/simulator';
import {
  recordingAbsent,
  recordingPath,
  skipReason,
  type WireFrame,
} from '../end-to-end/recorded-truth.js';
import { nextBook, openCcxtCoinbase, type CcxtCoinbase } from './ccxt-coinbase-client.js';
import { findFalseStates, openServerTruth, PlainBook } from './server-truth.js';
import type { CoinbaseSimulator } from './simulators.js';

const SEED = 20260105;
const BOOKS = 40;
/** A new subscriber gets as many old ones. */
const TRADES_LISTED = 100;
const TRADES_MORE = 15;

const ORDER = {
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

function open(): Promise<CoinbaseSimulator> {
  return simulate({ venues: { coinbase: {} }, seed: SEED });
}

/** The plainest reading of the recording, to its end. */
function readFinalBook(product: string): string {
  const book = new PlainBook();
  for (const line of readFileSync(recordingPath, 'utf8').trimEnd().split('\n')) {
    const { dir, data } = JSON.parse(line) as { dir: string; data: string };
    if (dir !== 'recv') continue;
    const { channel, events } = JSON.parse(data) as WireFrame;
    for (const event of channel === 'l2_data' ? events : []) {
      if (event.product_id === product) book.apply(event);
    }
  }
  return book.text();
}

async function collectBooks(peer: CcxtCoinbase, symbol: string): Promise<string[]> {
  const states: string[] = [];
  while (states.length < BOOKS) states.push((await nextBook(peer, symbol)).text);
  return states;
}

describe('ccxt on the Coinbase server half', () => {
  it('loads currencies, markets and their steps over REST', async () => {
    await using exchange = await open();
    await using client = await openCcxtCoinbase(exchange);
    const markets = await client.peer.loadMarkets();
    expect(markets['BTC/USD']).toMatchObject({
      id: 'BTC-USD',
      type: 'spot',
      precision: { price: 0.01, amount: 0.00000001 },
    });
    expect(markets['BTC/USDC']).toMatchObject({ id: 'BTC-USDC', info: { alias: 'BTC-USD' } });
    expect(Object.values(markets).every((one) => one?.spot)).toBe(true);
    expect(client.peer.currencies).toHaveProperty('BTC');
    expect(client.peer.currencies).toHaveProperty('USD');
  });

  it('reports whole books that the exchange went through, each and in order', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'BTC-USD');
    await using client = await openCcxtCoinbase(exchange);
    const states = await collectBooks(client.peer, 'BTC/USD');
    await truth.untilBookWas(states.at(-1) ?? '');
    expect(new Set(states).size).toBeGreaterThan(BOOKS / 2);
    expect(findFalseStates(states, truth)).toEqual([]);
  });

  it('reports the book of the -USD product to those who ask for -USDC', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'ETH-USD');
    await using client = await openCcxtCoinbase(exchange);
    await truth.untilBookWas((await nextBook(client.peer, 'ETH/USDC')).text);
  });

  it('reports the trades that were printed, with their ids, prices and sizes', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'BTC-USD');
    await using client = await openCcxtCoinbase(exchange);
    const seen = new Map<string, object>();
    while (seen.size < TRADES_LISTED + TRADES_MORE) {
      for (const one of await client.peer.watchTrades('BTC/USD')) {
        seen.set(one.id ?? '', { price: one.price, size: one.amount, side: one.side });
      }
    }
    const last = [...seen.keys()].at(-1) ?? '';
    await truth.client.until('the last trade', () => truth.trades().has(last));
    for (const [id, trade] of seen) {
      const { price, size, side } = truth.trades().get(id) ?? {};
      // The side is the wire's, so the maker's: what ccxt makes of it is its own affair.
      expect(trade).toEqual({
        price: Number(price),
        size: Number(size),
        side: side?.toLowerCase(),
      });
    }
  });

  it('reports the ticker with the best prices', async () => {
    await using exchange = await open();
    await using client = await openCcxtCoinbase(exchange);
    const ticker = await client.peer.watchTicker('BTC/USD');
    expect(ticker.bid).toBeGreaterThan(0);
    expect(ticker.ask).toBeGreaterThan(ticker.bid ?? Infinity);
  });

  it('signs in with the demo key and follows the orders', async () => {
    await using exchange = await open();
    await using client = await openCcxtCoinbase(exchange, { signedIn: true });
    await client.peer.watchOrders();
    const changed = client.peer.watchOrders();
    exchange.venues.coinbase.control.changeOrders([ORDER]);
    expect(await changed).toMatchObject([
      { id: 'order-1', symbol: 'BTC/USD', side: 'buy', price: 65000.01, status: 'open' },
    ]);
    const filled = client.peer.watchOrders();
    exchange.venues.coinbase.control.changeOrders([
      { ...ORDER, status: 'FILLED', leaves_quantity: '0' },
    ]);
    expect(await filled).toMatchObject([{ id: 'order-1', status: 'closed' }]);
  });

  it('is refused with a key that the exchange does not know', async () => {
    await using exchange = await open();
    await using stranger = await open();
    await using client = await openCcxtCoinbase(stranger, { signedIn: true });
    (client.peer.urls.api as Record<string, string>).ws = exchange.venues.coinbase.wsUrl;
    await expect(client.peer.watchOrders()).rejects.toThrow('authentication failure');
  });

  it.skipIf(recordingAbsent)(
    `ends a recorded session with the book that the exchange has then${skipReason}`,
    async () => {
      await using exchange = await simulate({
        venues: { coinbase: {} },
        from: recordingPath,
        speed: 40,
      });
      await using client = await openCcxtCoinbase(exchange);
      const finalBook = readFinalBook('BTC-USD');
      let book = '';
      while (book !== finalBook) book = (await nextBook(client.peer, 'BTC/USD')).text;
      expect(client.peer.orderbooks['BTC/USD']?.bids?.length).toBeGreaterThan(100);
    },
  );
});
