/** Frames as the server halves write them, on virtual time. */
import * as cloud9trader from '../venues/cloud9trader/server/server-harness.js';
import * as coinbase from '../venues/coinbase/server/server-harness.js';
import { openTrader } from '../venues/kraken/server/trader-harness.js';
import { LIMIT_BUY } from '../venues/kraken/server/trader-harness.js';
import * as kraken from '../venues/kraken/server/server-harness.js';

const LISTENED_MS = 3_000;
const FRAME_CHARACTERS_MAX = 6_000;
const FRAMES_MAX = 40;

function choose(texts: readonly string[]): string[] {
  const short = texts.filter((text) => text.length <= FRAME_CHARACTERS_MAX);
  return [...short.slice(0, FRAMES_MAX / 2), ...short.slice(-FRAMES_MAX / 2)];
}

async function serveCoinbase(): Promise<string[]> {
  const { time, server } = coinbase.openSynthetic(7);
  const client = coinbase.connectFake(server);
  for (const channel of ['level2', 'market_trades', 'ticker', 'candles', 'status', 'heartbeats']) {
    client.ask({ type: 'subscribe', channel, product_ids: ['BTC-USD'] });
  }
  await time.advance(LISTENED_MS);
  server.close();
  return choose(client.texts);
}

async function serveKraken(): Promise<string[]> {
  const { time, server } = kraken.openSynthetic(7);
  const client = kraken.connectFake(server);
  for (const channel of ['book', 'trade', 'ticker', 'ohlc']) {
    client.ask(kraken.subscribeV2({ channel, symbol: ['BTC/USD'] }, 1));
  }
  await time.advance(LISTENED_MS);
  server.close();
  const { trader, server: desk } = openTrader();
  trader.subscribe('executions', { snap_orders: true });
  trader.subscribe('balances');
  trader.call('add_order', LIMIT_BUY, 5);
  trader.call('cancel_all', {}, 6);
  desk.close();
  return [...choose(client.texts), ...choose(trader.texts)];
}

async function serveKrakenV1(): Promise<string[]> {
  const { time, server } = kraken.openSynthetic(7);
  const client = kraken.connectFake(server, { path: '/' });
  for (const name of ['book', 'trade', 'ticker', 'ohlc', 'spread']) {
    client.ask({ event: 'subscribe', pair: ['XBT/USD'], subscription: { name } });
  }
  await time.advance(LISTENED_MS);
  server.close();
  return choose(client.texts);
}

function serveCloud9Trader(): string[] {
  const { server, market, connect } = cloud9trader.openServer();
  const client = connect({ signed: true });
  for (const topic of ['order-book', 'trades', 'price', 'ticker']) {
    client.ask('subscribe', `${topic}.${cloud9trader.BTC}`);
    client.ask('request', `${topic}.${cloud9trader.BTC}`, `${topic} 1`);
  }
  for (const topic of ['orders', 'executions', 'balances', 'positions']) {
    client.ask('subscribe', topic);
  }
  market.move(cloud9trader.BTC, 'bid', ['99.5', '2']);
  market.trade(cloud9trader.BTC, 't-1');
  server.close();
  return choose(client.texts);
}

/** By the name of the protocol. */
export async function serveFrames(): Promise<Readonly<Record<string, readonly string[]>>> {
  return {
    coinbase: await serveCoinbase(),
    kraken: await serveKraken(),
    'kraken-v1': await serveKrakenV1(),
    cloud9trader: serveCloud9Trader(),
  };
}
