import { describe, expect, it } from 'vitest';
import type { MarketTrade } from '../../../../src/model/exchange.js';
import type { Ticker } from '../../../../src/model/market.js';
import { kraken, krakenV1 } from '../../../../src/venues/kraken/index.js';
import {
  bookChange,
  connectFake,
  ladder,
  openScripted,
  openSynthetic,
  type FakeClient,
} from './server-harness.js';
import { issueToken } from './token-call.js';

const TICKER: Ticker = {
  last: '65843.7',
  bid: '65843.7',
  bidSize: '12.31628629',
  ask: '65843.8',
  askSize: '0.31232',
  volume24h: '4182.59447976',
  vwap24h: '64223.4',
  low24h: '61325.4',
  high24h: '66450',
  open24h: '61629.9',
  change24h: '-4213.8',
  changePercent24h: '-6.83715',
};

function trade(id: number, price: string, seconds: number): MarketTrade {
  const time = `2026-08-09T21:00:${String(seconds).padStart(2, '0')}.25Z`;
  return { tradeId: String(id), price, size: '0.5', side: 'sell', time };
}

function subscribe(client: FakeClient, params: object): void {
  client.ask({ method: 'subscribe', params });
}

function subscribeV1(client: FakeClient, subscription: object): void {
  client.ask({ event: 'subscribe', pair: ['XBT/USD'], subscription });
}

function openMarket() {
  const opened = openScripted();
  opened.tell({ type: 'ticker.changed', symbol: 'BTC/USD', ticker: TICKER });
  const client = connectFake(opened.server);
  const old = connectFake(opened.server, { path: '/' });
  const tellTrades = (...trades: MarketTrade[]): void => {
    opened.tell({ type: 'trades.printed', symbol: 'BTC/USD', trades: trades.reverse() });
  };
  const tellTicker = (ticker: Ticker): void => {
    opened.tell({ type: 'ticker.changed', symbol: 'BTC/USD', ticker });
  };
  return { ...opened, client, old, tellTrades, tellTicker };
}

describe('ticker', () => {
  it('comes with each trade, printed with the decimals of the pair', () => {
    const { client, tellTrades, tellTicker } = openMarket();
    subscribe(client, { channel: 'ticker', symbol: ['BTC/USD'] });
    expect(client.take().at(-1)).toBe(
      '{"channel":"ticker","type":"snapshot","data":[{"symbol":"BTC/USD","bid":65843.7,' +
        '"bid_qty":12.31628629,"ask":65843.8,"ask_qty":0.31232000,"last":65843.7,' +
        '"volume":4182.59447976,"vwap":64223.4,"low":61325.4,"high":66450.0,"change":-4213.8,' +
        '"change_pct":-6.84,"timestamp":"2026-08-09T21:00:00.000000Z"}]}',
    );
    tellTicker({ bid: '65843.6' });
    expect(client.take()).toEqual([]);
    tellTrades(trade(1, '65843.6', 1));
    tellTicker({ last: '65843.6' });
    expect(client.take()[0]).toContain('"type":"update","data":[{"symbol":"BTC/USD","bid":65843.6');
  });

  it('comes with each change of the best prices for those who ask for that', () => {
    const { client, tellTicker } = openMarket();
    subscribe(client, { channel: 'ticker', symbol: ['BTC/USD'], event_trigger: 'bbo' });
    client.take();
    tellTicker({ bid: '65843.6' });
    tellTicker({ volume24h: '4182.6' });
    expect(client.take()).toHaveLength(1);
  });

  it('has arrays of today and 24 hours in v1, and a spread beside it', () => {
    const { old, tellTrades, tellTicker } = openMarket();
    subscribeV1(old, { name: 'ticker' });
    subscribeV1(old, { name: 'spread' });
    old.take();
    tellTrades(trade(1, '65843.6', 1));
    tellTicker({ last: '65843.6', ask: '65843.9' });
    expect(old.take().map((text) => text.replace(/^\[\d+/, '[1'))).toEqual([
      '[1,{"a":["65843.90000",0,"0.312"],"b":["65843.70000",12,"12.316"],' +
        '"c":["65843.60000","0.50000000"],"v":["4182.59447976","4182.59447976"],' +
        '"p":["64223.40000","64223.40000"],"t":[2,2],"l":["61325.40000","61325.40000"],' +
        '"h":["66450.00000","66450.00000"],"o":["61629.90000","61629.90000"]},"ticker","XBT/USD"]',
      '[1,["65843.70000","65843.90000","1786309200.000000","12.31628629","0.31232000"],' +
        '"spread","XBT/USD"]',
    ]);
  });
});

describe('trade', () => {
  it('begins with the last 50 and goes on without a hole, oldest first', () => {
    const { client, tellTrades } = openMarket();
    const ids = Array.from({ length: 60 }, (_, index) => index + 1);
    tellTrades(...ids.map((id) => trade(id, '65843.6', 1)));
    subscribe(client, { channel: 'trade', symbol: ['BTC/USD'] });
    tellTrades(trade(61, '65843.6', 2), trade(62, '65843', 2));
    const seen = client
      .take()
      .flatMap((text) => [...text.matchAll(/"trade_id":(\d+)/g)].map(([, id]) => Number(id)));
    expect(seen).toEqual([...ids.slice(10), 61, 62]);
  });

  it('is written as the venue writes it, in both protocols', () => {
    const { client, old, tellTrades } = openMarket();
    subscribe(client, { channel: 'trade', symbol: ['BTC/USD'], snapshot: false });
    subscribeV1(old, { name: 'trade' });
    client.take();
    old.take();
    tellTrades(trade(70635251, '68466.9', 1), trade(70635253, '68467', 2));
    expect(client.take()[0]).toContain(
      '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"sell",' +
        '"price":68466.9,"qty":0.50000000,"ord_type":"limit","trade_id":70635251,' +
        '"timestamp":"2026-08-09T21:00:01.250000Z"},{"symbol":"BTC/USD","side":"sell",' +
        '"price":68467.0,',
    );
    expect(old.take()[0]).toMatch(
      /^\[\d+,\[\["68466\.90000","0\.50000000","1786309201\.250000","s","l",""\],\["68467\.00000",.*"m",""\]\],"trade","XBT\/USD"\]$/,
    );
  });
});

describe('ohlc', () => {
  it('grows with each trade and begins anew with the interval', () => {
    const { client, old, tellTrades } = openMarket();
    tellTrades(trade(1, '100', 1));
    subscribe(client, { channel: 'ohlc', symbol: ['BTC/USD'], interval: 5 });
    subscribeV1(old, { name: 'ohlc', interval: 5 });
    expect(client.take()[2]).toContain(
      '"data":[{"symbol":"BTC/USD","open":100.0,"high":100.0,"low":100.0,"close":100.0,' +
        '"trades":1,"volume":0.50000000,"vwap":100.0,' +
        '"interval_begin":"2026-08-09T21:00:00.000000000Z","interval":5,' +
        '"timestamp":"2026-08-09T21:05:00.000000Z"}]',
    );
    old.take();
    tellTrades(trade(2, '103', 2), trade(3, '102', 3));
    expect(client.take()).toEqual([
      '{"channel":"ohlc","type":"update","timestamp":"2026-08-09T21:00:00.000000000Z",' +
        '"data":[{"symbol":"BTC/USD","open":100.0,"high":103.0,"low":100.0,"close":102.0,' +
        '"trades":3,"volume":1.50000000,"vwap":101.6,' +
        '"interval_begin":"2026-08-09T21:00:00.000000000Z","interval":5,' +
        '"timestamp":"2026-08-09T21:05:00.000000Z"}]}',
    ]);
    expect(old.take()[0]).toMatch(
      /^\[\d+,\["1786309203\.250000","1786309500\.000000","100\.00000","103\.00000","100\.00000","102\.00000","101\.60000","1\.50000000",3\],"ohlc-5","XBT\/USD"\]$/,
    );
    tellTrades({ ...trade(4, '99', 4), time: '2026-08-09T21:05:00.5Z' });
    expect(client.take()[0]).toContain(
      '"open":99.0,"high":99.0,"low":99.0,"close":99.0,"trades":1',
    );
  });

  it('comes in several lengths on one connection', () => {
    const { client } = openMarket();
    subscribe(client, { channel: 'ohlc', symbol: ['BTC/USD'], interval: 1 });
    subscribe(client, { channel: 'ohlc', symbol: ['BTC/USD'], interval: 60 });
    expect(client.texts.filter((text) => text.includes('"success":true'))).toHaveLength(2);
  });
});

describe('instrument', () => {
  it('tells precisions and increments, and what changes', () => {
    const { client, tell } = openMarket();
    subscribe(client, { channel: 'instrument' });
    const [snapshot] = client.take().slice(-1);
    expect(snapshot).toContain(
      '{"channel":"instrument","type":"snapshot","data":{"assets":[{"id":',
    );
    expect(snapshot).toContain(
      '{"symbol":"DOGE/USD","base":"DOGE","quote":"USD","status":"online","qty_precision":8,' +
        '"qty_increment":0.00000001,"price_precision":7,',
    );
    expect(snapshot).toContain('"tick_size":0.0000001,"price_increment":0.0000001,');
    expect(snapshot).toContain('"price_precision":0,');
    const changed = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', status: 'cancel_only' };
    tell({ type: 'instruments.changed', instruments: [{ ...changed, aliases: [] }] });
    const [update] = client.take();
    expect(update).toContain('"type":"update"');
    expect(update).toContain('"status":"cancel_only"');
    expect(update).not.toContain('DOGE');
  });
});

describe('the engine', () => {
  it('walks from maintenance back to online, and the id is absent while it is down', async () => {
    const { client, old, server, time } = openMarket();
    client.take();
    old.take();
    server.walkStatus(1_000);
    server.walkStatus(1_000);
    await time.advance(10_000);
    const systems = client
      .take()
      .map((text) => [/"system":"(\w+)"/.exec(text)?.[1], text.includes('connection_id')]);
    expect(systems).toEqual([
      ['maintenance', false],
      ['cancel_only', true],
      ['post_only', true],
      ['online', true],
    ]);
    expect(old.take().map((text) => /"status":"(\w+)"/.exec(text)?.[1])).toEqual([
      'maintenance',
      'cancel_only',
      'post_only',
      'online',
    ]);
  });
});

describe('what the random market tells', () => {
  it('is read without a complaint by the client half, in both protocols', async () => {
    const { server, time } = openSynthetic(9);
    const symbol = ['BTC/USD', 'GST/EUR', 'BTC/JPY', 'USDG/USD', 'DOGE/USD'];
    const client = connectFake(server, { path: '/auth/v2' });
    for (const channel of ['book', 'ticker', 'trade', 'ohlc'])
      subscribe(client, { channel, symbol });
    subscribe(client, { channel: 'level3', symbol, token: issueToken(server) });
    subscribe(client, { channel: 'instrument' });
    const old = connectFake(server, { path: '/' });
    for (const name of ['book', 'ticker', 'trade', 'ohlc', 'spread']) {
      const pair = ['XBT/USD', 'GST/EUR', 'XBT/JPY', 'USDG/USD', 'XDG/USD'];
      old.ask({ event: 'subscribe', pair, subscription: { name } });
    }
    await time.advance(20_000);
    const types = (venue: ReturnType<typeof kraken>, texts: readonly string[]): Set<string> => {
      const codec = venue.createCodec();
      return new Set(
        texts.flatMap((text) => codec.decode(Buffer.from(text)).messages.map(({ type }) => type)),
      );
    };
    const [v2, v1] = [types(kraken(), client.texts), types(krakenV1(), old.texts)];
    for (const type of ['book.snapshot', 'book.delta', 'trades.update', 'ticker.update'] as const) {
      expect(v1).toContain(type);
      expect(v2).toContain(type);
    }
    expect([...v1, ...v2]).not.toContain('request.refused');
    expect([...v1, ...v2]).not.toContain('frame.skipped');
  });

  it('has trade ids without a hole', async () => {
    const { server, time } = openSynthetic(2);
    const client = connectFake(server);
    subscribe(client, { channel: 'trade', symbol: ['BTC/USD'] });
    await time.advance(30_000);
    const ids = client.texts.flatMap((text) =>
      [...text.matchAll(/"trade_id":(\d+)/g)].map(([, id]) => Number(id)),
    );
    expect(ids.length).toBeGreaterThan(100);
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
  });
});

describe('books before the market has one', () => {
  it('are acknowledged, and their snapshot comes when there is one', () => {
    const { client, tell } = openMarket();
    subscribe(client, { channel: 'book', symbol: ['BTC/USD'] });
    expect(client.take().slice(1)).toHaveLength(1);
    tell(ladder('BTC/USD', 3));
    tell(bookChange('BTC/USD', ['bid 100 9']));
    expect(client.take().map((text) => /"type":"(\w+)"/.exec(text)?.[1])).toEqual([
      'snapshot',
      'update',
    ]);
  });
});
