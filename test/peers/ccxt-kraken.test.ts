import { describe, expect, it } from 'vitest';
import { simulate } from 'truefeed/simulator';
import { nextKrakenBook, openCcxtKraken } from './ccxt-kraken-client.js';
import { openV2Truth } from './kraken-truth.js';
import { findFalseStates } from './server-truth.js';
import type { KrakenSimulator } from './simulators.js';

const SEED = 20260107;
const BOOKS = 40;
const TRADES_MORE = 5;

function open(): Promise<KrakenSimulator> {
  return simulate({ venues: { kraken: {} }, seed: SEED });
}

describe('ccxt on the Kraken server half, protocol v2', () => {
  it('loads assets and pairs over REST', async () => {
    await using exchange = await open();
    await using client = await openCcxtKraken(exchange);
    const markets = await client.peer.loadMarkets();
    expect(markets['BTC/USD']).toMatchObject({ spot: true, info: { wsname: 'XBT/USD' } });
    expect(markets['BTC/USD']?.precision.price).toBeGreaterThan(0);
  });

  it.each([10, 100])('reports books of depth %d that the exchange went through', async (depth) => {
    await using exchange = await open();
    const pair = { pair: 'BTC/USD', depth };
    await using truth = await openV2Truth(exchange.venues.kraken.wsUrl, pair);
    await using client = await openCcxtKraken(exchange);
    const states: string[] = [];
    while (states.length < BOOKS) {
      states.push(await nextKrakenBook(client.peer, 'BTC/USD', depth));
    }
    await truth.untilBookWas(states.at(-1) ?? '');
    expect(new Set(states).size).toBeGreaterThan(BOOKS / 2);
    expect(findFalseStates(states, truth)).toEqual([]);
  });

  it('reports the trades that were printed, with their ids, prices, sizes and sides', async () => {
    await using exchange = await open();
    const pair = { pair: 'BTC/USD', depth: 10 };
    await using truth = await openV2Truth(exchange.venues.kraken.wsUrl, pair);
    await using client = await openCcxtKraken(exchange);
    const seen = new Map<string, object>();
    let listed = Infinity;
    while (seen.size < listed + TRADES_MORE) {
      for (const { id = '', price, amount: size, side } of await client.peer.watchTrades(
        'BTC/USD',
      )) {
        seen.set(String(id), { id: String(id), price, size, side });
      }
      listed = Math.min(listed, seen.size);
    }
    const byId = (): Map<string, object> => new Map(truth.trades().map((one) => [one.id, one]));
    const last = [...seen.keys()].at(-1) ?? '';
    await truth.until('the last trade', () => byId().has(last));
    for (const [id, trade] of seen) expect(trade).toEqual(byId().get(id));
  });

  it('reports the ticker with the best prices', async () => {
    await using exchange = await open();
    await using client = await openCcxtKraken(exchange);
    const ticker = await client.peer.watchTicker('BTC/USD');
    expect(ticker.bid).toBeGreaterThan(0);
    expect(ticker.ask).toBeGreaterThan(ticker.bid ?? Infinity);
  });

  it('reports candles', async () => {
    await using exchange = await open();
    await using client = await openCcxtKraken(exchange);
    const candles = await client.peer.watchOHLCV('BTC/USD', '1m');
    const [openedAtMs, first, high, low, close] = candles.at(-1) ?? [];
    expect(Number(openedAtMs) % 60_000).toBe(0);
    expect(high).toBeGreaterThanOrEqual(Math.max(Number(first), Number(close)));
    expect(low).toBeLessThanOrEqual(Math.min(Number(first), Number(close)));
  });

  it('takes a token with the demo key: REST signature, nonce and all', async () => {
    await using exchange = await open();
    await using client = await openCcxtKraken(exchange);
    expect(await client.peer.authenticate()).toMatch(/^[\w+/]{43}$/);
  });

  it('is refused a token with another secret', async () => {
    await using exchange = await open();
    await using client = await openCcxtKraken(exchange);
    client.peer.secret = Buffer.alloc(64, 1).toString('base64');
    await expect(client.peer.authenticate()).rejects.toThrow('EAPI:Invalid signature');
  });
});
