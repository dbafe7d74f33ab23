import { describe, expect, it } from 'vitest';
import { simulate } from 'truefeed/simulator';
import {
  lastAck,
  MARKET_SOCKET,
  openCoinbaseApi,
  replayBook,
  USER_SOCKET,
} from './coinbase-api-client.js';
import { findFalseStates, openServerTruth } from './server-truth.js';
import type { CoinbaseSimulator } from './simulators.js';

const SEED = 20260106;
const PRODUCT = 'ETH-USD';
const STATES = 40;

function open(keyType: 'es256' | 'ed25519' = 'es256'): Promise<CoinbaseSimulator> {
  return simulate({ venues: { coinbase: {} }, seed: SEED, keyType });
}

describe('coinbase-api on the Coinbase server half', () => {
  it('passes on every level2 update, so that the book is the one of the exchange', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, PRODUCT);
    await using client = openCoinbaseApi(exchange);
    client.peer.subscribe({ topic: 'level2', payload: { product_ids: [PRODUCT] } }, MARKET_SOCKET);
    await client.until(`${STATES} states`, () => client.updates.length >= STATES);
    const states = replayBook(client.updates, PRODUCT);
    await truth.untilBookWas(states.at(-1) ?? '');
    expect(states.length).toBeGreaterThanOrEqual(STATES);
    expect(findFalseStates(states, truth)).toEqual([]);
    expect(lastAck(client.responses)).toEqual({ level2: [PRODUCT] });
    expect(client.exceptions).toEqual([]);
  });

  it('passes on the trades that were printed', async () => {
    await using exchange = await open();
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, PRODUCT);
    await using client = openCoinbaseApi(exchange);
    client.peer.subscribe(
      { topic: 'market_trades', payload: { product_ids: [PRODUCT] } },
      MARKET_SOCKET,
    );
    await client.until('the list and five trades', () => client.updates.length > 5);
    const trades = client.updates.flatMap((one) => one.events).flatMap((event) => event.trades);
    const newest = trades.at(-1)?.trade_id ?? '';
    await truth.client.until('the newest trade', () => truth.trades().has(newest));
    for (const trade of trades) expect(trade).toEqual(truth.trades().get(trade.trade_id));
  });

  it.each(['es256', 'ed25519'] as const)(
    'signs in with a demo key of type %s and follows the orders',
    async (keyType) => {
      await using exchange = await open(keyType);
      await using client = openCoinbaseApi(exchange);
      client.peer.subscribe(['user', 'heartbeats'], USER_SOCKET);
      await client.until('both acks', () => client.responses.length === 2);
      expect(Object.keys(lastAck(client.responses))).toEqual(['heartbeats', 'user']);
      const order = {
        order_id: 'order-1',
        product_id: PRODUCT,
        order_side: 'SELL',
        status: 'OPEN',
      };
      exchange.venues.coinbase.control.changeOrders([order]);
      const orders = () =>
        client.updates
          .filter((one) => one.channel === 'user')
          .flatMap((one) => one.events)
          .flatMap((event) => event.orders);
      await client.until('the order', () => orders().length === 1);
      expect(orders()).toEqual([order]);
      expect(client.exceptions).toEqual([]);
    },
  );

  it('hears of a refused key', async () => {
    await using exchange = await open();
    await using stranger = await open();
    const { privateKey } = stranger.venues.coinbase;
    await using client = openCoinbaseApi(exchange, { privateKey });
    client.peer.subscribe('user', USER_SOCKET);
    await client.until('the refusal', () => client.exceptions.length === 1);
    expect(client.exceptions[0]).toMatchObject({ message: 'authentication failure' });
  });

  it('comes back after a reset, and its book is the one of the exchange again', async () => {
    await using exchange = await open();
    await using client = openCoinbaseApi(exchange);
    client.peer.subscribe({ topic: 'level2', payload: { product_ids: [PRODUCT] } }, MARKET_SOCKET);
    await client.until('the book', () => client.updates.length > 3);
    exchange.venues.coinbase.control.resetConnections();
    await client.until('the new socket', () => client.life.length === 3);
    expect(client.life).toEqual(['open', 'reconnect', 'open']);
    await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, PRODUCT);
    const before = client.updates.length;
    await client.until('more updates', () => client.updates.length > before + 10);
    const last = replayBook(client.updates, PRODUCT).at(-1) ?? '';
    await truth.untilBookWas(last);
  });
});
