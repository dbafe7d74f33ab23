/** Requests as clients send them; `TOKEN` stands for one that is good. */
import { BTC } from '../../venues/cloud9trader/server/server-harness.js';
import { LIMIT_BUY } from '../../venues/kraken/server/trader-harness.js';

const toTexts = (messages: readonly unknown[]): string[] =>
  messages.map((message) => JSON.stringify(message));

/** Coinbase's; the token of the test's server is `good`. */
export const COINBASE: readonly string[] = toTexts([
  { type: 'subscribe', channel: 'level2', product_ids: ['BTC-USD', 'BTC-USDC'] },
  { type: 'subscribe', channel: 'market_trades', product_ids: ['BTC-USD'] },
  { type: 'subscribe', channel: 'ticker', product_ids: ['BTC-USD'], jwt: 'good' },
  { type: 'subscribe', channel: 'user', jwt: 'good' },
  { type: 'subscribe', channel: 'heartbeats' },
  { type: 'subscribe', channel: 'status', product_ids: null },
  { type: 'unsubscribe', channel: 'level2', product_ids: ['BTC-USD'] },
]);

const OID = 'OAAAAA-AAAAA-AAAAAA';

/** Kraken's v2. */
export function krakenV2Requests(): string[] {
  const token = 'TOKEN';
  return toTexts([
    { method: 'ping', req_id: 1 },
    { method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth: 10 }, req_id: 2 },
    { method: 'subscribe', params: { channel: 'level3', symbol: ['BTC/USD'], depth: 10, token } },
    { method: 'subscribe', params: { channel: 'ohlc', symbol: ['BTC/USD'], interval: 5 } },
    { method: 'subscribe', params: { channel: 'ticker', symbol: ['BTC/USD'], snapshot: false } },
    { method: 'subscribe', params: { channel: 'instrument' } },
    { method: 'subscribe', params: { channel: 'executions', snap_orders: true, token } },
    { method: 'unsubscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth: 10 } },
    { method: 'add_order', params: { ...LIMIT_BUY, token }, req_id: 9 },
    {
      method: 'add_order',
      params: {
        order_type: 'stop-loss',
        side: 'sell',
        order_qty: 1,
        symbol: 'BTC/USD',
        token,
        triggers: { price: 5, reference: 'last', price_type: 'static' },
      },
    },
    { method: 'amend_order', params: { order_id: OID, order_qty: 1, limit_price: 5, token } },
    { method: 'edit_order', params: { order_id: OID, symbol: 'BTC/USD', order_qty: 1, token } },
    { method: 'cancel_order', params: { order_id: [OID], token } },
    { method: 'cancel_all', params: { token } },
    { method: 'cancel_all_orders_after', params: { timeout: 5, token } },
    { method: 'batch_add', params: { symbol: 'BTC/USD', orders: [LIMIT_BUY, LIMIT_BUY], token } },
    { method: 'batch_cancel', params: { orders: [OID, OID], token } },
  ]);
}

/** Kraken's v1. */
export function krakenV1Requests(): string[] {
  const token = 'TOKEN';
  const pair = ['XBT/USD'];
  return toTexts([
    { event: 'ping', reqid: 1 },
    { event: 'subscribe', pair, subscription: { name: 'book', depth: 10 }, reqid: 2 },
    { event: 'subscribe', pair, subscription: { name: 'ohlc', interval: 5 } },
    { event: 'subscribe', pair, subscription: { name: 'spread' } },
    { event: 'subscribe', subscription: { name: 'openOrders', token } },
    { event: 'unsubscribe', pair, subscription: { name: 'book', depth: 10 } },
    {
      event: 'addOrder',
      token,
      ordertype: 'limit',
      type: 'buy',
      pair: 'XBT/USD',
      volume: '1',
      price: '5',
      oflags: 'post',
      expiretm: '0',
      userref: '5',
      reqid: 3,
    },
    { event: 'amendOrder', token, txid: OID, volume: '1', post_only: true },
    { event: 'editOrder', token, orderid: OID, pair: 'XBT/USD', volume: '1', newuserref: '5' },
    { event: 'cancelOrder', token, txid: [OID] },
    { event: 'cancelAll', token },
    { event: 'cancelAllOrdersAfter', token, timeout: 5 },
  ]);
}

/** Cloud9Trader's. */
export const CLOUD9TRADER: readonly string[] = toTexts([
  ['subscribe', `order-book.${BTC}`],
  ['request', `trades.${BTC}`, 'id 1'],
  ['request', 'orders', 'id 2'],
  ['subscribe', 'executions'],
  ['unsubscribe', `order-book.${BTC}`],
  [
    'submit',
    'order',
    {
      broker: 'Binance',
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      quantity: 0.5,
      limitPrice: 99.5,
      timeInForce: 'GTC',
      clientOrderId: 'mine-1',
    },
    'id 3',
  ],
  ['submit', 'cancel', { clientOrderId: 'mine-1' }, 'id 4'],
]);
