import { accountFrames } from './account-fixtures.js';
import type { FrameFixture, VenueFixtures } from '../../../contract/venue.js';
import { krakenFixtures } from '../fixtures.js';

const frames: readonly FrameFixture[] = [
  {
    name: 'a book snapshot, which has no checksum',
    frame:
      '[13333337,{"as":[["5541.30000","2.50700000","1534614248.123678"]],"bs":[["5541.20000",' +
      '"301727260.79999999","1534614248.765567"],["5539.90000","0.00000005","1534614241.769870"]]}' +
      ',"book-10","XBT/USD"]',
    channel: 'book',
    messages: [
      {
        type: 'book.snapshot',
        symbol: 'XBT/USD',
        venueAtMs: 1534614248765.567,
        levels: [
          ['ask', '5541.30000', '2.50700000'],
          ['bid', '5541.20000', '301727260.79999999'],
          ['bid', '5539.90000', '0.00000005'],
        ],
        firstNumber: NaN,
        lastNumber: NaN,
        checksum: NaN,
      },
    ],
  },
  {
    name: 'an empty book',
    frame: '[1,{"as":[],"bs":[]},"book-10","XBT/USD"]',
    channel: 'book',
    messages: [{ type: 'book.snapshot', symbol: 'XBT/USD', venueAtMs: NaN, levels: [] }],
  },
  {
    name: 'a book update on both sides, in two payloads',
    frame:
      '[1920,{"a":[["0.042990","364630.28272081","1618678145.920470"]]},{"b":[["0.042990",' +
      '"0.00000000","1618678145.920708"]],"c":"4105471083"},"book-1000","SC/EUR"]',
    channel: 'book',
    messages: [
      {
        type: 'book.delta',
        symbol: 'SC/EUR',
        venueAtMs: 1618678145920.708,
        levels: [
          ['ask', '0.042990', '364630.28272081'],
          ['bid', '0.042990', '0.00000000'],
        ],
        checksum: 4105471083,
      },
    ],
  },
  {
    name: 'a level that comes back into the window',
    frame:
      '[2304,{"a":[["0.074700000","0.00000000","1690246089.516119"],["0.074738500",' +
      '"125000.00000000","1690246063.352141","r"]],"c":"2219685759"},"book-10","XDG/USD"]',
    channel: 'book',
    messages: [
      {
        type: 'book.delta',
        symbol: 'XDG/USD',
        venueAtMs: 1690246089516.119,
        levels: [
          ['ask', '0.074700000', '0.00000000'],
          ['ask', '0.074738500', '125000.00000000'],
        ],
        checksum: 2219685759,
      },
    ],
  },
  {
    name: 'trades, which have no ids',
    frame:
      '[133337,[["5541.20000","0.15850568","1534614057.321597","s","l",""],["6060.00000",' +
      '"0.02455000","1534614057.324998","b","m",""]],"trade","XBT/USD"]',
    channel: 'trades',
    messages: [
      {
        type: 'trades.update',
        symbol: 'XBT/USD',
        trades: [
          {
            tradeId: '',
            price: '5541.20000',
            size: '0.15850568',
            priceNumber: 5541.2,
            sizeNumber: 0.15850568,
            side: 'sell',
            tradedAtMs: 1534614057321.597,
          },
          { tradeId: '', price: '6060.00000', side: 'buy' },
        ],
      },
    ],
  },
  {
    name: 'a ticker',
    frame:
      '[1337,{"a":["5525.40000",1,"1.000"],"b":["5525.10000",1,"1.500"],"c":["5525.10000",' +
      '"0.00398963"],"h":["5783.00000","5784.00000"],"l":["5505.00000","5504.00000"],"o":' +
      '["5760.70000","5763.40000"],"p":["5631.44067","5653.78939"],"t":[11493,16267],"v":' +
      '["2634.11501494","3591.17907851"]},"ticker","XBT/USD"]',
    channel: 'ticker',
    messages: [
      {
        type: 'ticker.update',
        channel: 'ticker',
        symbol: 'XBT/USD',
        venueAtMs: NaN,
        ticker: {
          last: '5525.10000',
          ask: '5525.40000',
          askSize: '1.000',
          bid: '5525.10000',
          bidSize: '1.500',
          open24h: '5763.40000',
          high24h: '5784.00000',
          low24h: '5504.00000',
          volume24h: '3591.17907851',
          vwap24h: '5653.78939',
        },
      },
    ],
  },
  {
    name: 'the best prices',
    frame:
      '[1333337,["5698.40000","5700.00000","1542057299.545897","1.01234567","0.98765432"],' +
      '"spread","XBT/USD"]',
    channel: 'top-of-book',
    messages: [
      {
        type: 'ticker.update',
        channel: 'top-of-book',
        symbol: 'XBT/USD',
        venueAtMs: 1542057299545.897,
        ticker: {
          bid: '5698.40000',
          ask: '5700.00000',
          bidSize: '1.01234567',
          askSize: '0.98765432',
        },
      },
    ],
  },
  {
    name: 'a candle',
    frame:
      '[13337,["1542057314.748456","1542057360.435743","3586.70000","3586.70000","3586.60000",' +
      '"3586.60000","3586.68894","0.03373000",2],"ohlc-5","XBT/USD"]',
    channel: 'candles',
    messages: [
      {
        type: 'candles.update',
        symbol: 'XBT/USD',
        candles: [
          {
            openedAtMs: 1542057060000,
            intervalMs: 300_000,
            open: '3586.70000',
            high: '3586.70000',
            low: '3586.60000',
            close: '3586.60000',
            vwap: '3586.68894',
            volume: '0.03373000',
            tradeCount: 2,
          },
        ],
      },
    ],
  },
  {
    name: 'a heartbeat',
    frame: '{"event":"heartbeat"}',
    channel: 'heartbeats',
    messages: [{ type: 'heartbeat', counter: NaN, venueAtMs: NaN }],
  },
  {
    name: 'a pong',
    frame: '{"event":"pong","reqid":42}',
    channel: 'control',
    messages: [],
  },
  {
    name: 'the status after the handshake, with an id past 2^53',
    frame:
      '{"connectionID":18239578009413566319,"event":"systemStatus","status":"maintenance",' +
      '"version":"1.8.3"}',
    channel: 'control',
    messages: [{ type: 'venue.status', status: 'maintenance', venueStatus: 'maintenance' }],
  },
  {
    name: 'an ack',
    frame:
      '{"channelID":1664,"channelName":"book-1000","event":"subscriptionStatus","pair":' +
      '"WAVES/EUR","reqid":7,"status":"subscribed","subscription":{"depth":1000,"name":"book"}}',
    channel: 'control',
    messages: [
      { type: 'subscription.accepted', channel: 'book', symbol: 'WAVES/EUR', requestId: 7 },
    ],
  },
  {
    name: 'the end of a subscription',
    frame:
      '{"channelID":10001,"channelName":"ohlc-5","event":"subscriptionStatus","pair":"XBT/EUR",' +
      '"reqid":42,"status":"unsubscribed","subscription":{"interval":5,"name":"ohlc"}}',
    channel: 'control',
    messages: [
      { type: 'subscription.ended', channel: 'candles', symbol: 'XBT/EUR', requestId: 42 },
    ],
  },
  {
    name: 'a refusal that names channel and pair',
    frame:
      '{"errorMessage":"Subscription depth not supported","event":"subscriptionStatus","pair":' +
      '"XBT/USD","status":"error","subscription":{"depth":42,"name":"book"}}',
    channel: 'control',
    messages: [
      {
        type: 'request.refused',
        code: 'SUBSCRIPTION_REFUSED',
        channel: 'book',
        symbol: 'XBT/USD',
      },
    ],
  },
];

function refusal(errorMessage: string): string {
  return JSON.stringify({ errorMessage, event: 'subscriptionStatus', status: 'error' });
}

/** What the contract suite needs to know of protocol v1. */
export const krakenV1Fixtures: VenueFixtures = {
  ...krakenFixtures,
  frames: [...frames, ...accountFrames],
  refusals: [
    { frame: refusal('Already subscribed'), code: 'SUBSCRIPTION_HELD' },
    { frame: refusal('Currency pair not in ISO 4217-A3 format foo'), code: 'SYMBOL_UNKNOWN' },
    { frame: refusal('Pair(s) not found'), code: 'SYMBOL_UNKNOWN' },
    { frame: refusal('Subscription ohlc interval not supported'), code: 'SUBSCRIPTION_REFUSED' },
    { frame: refusal('Exceeded msg rate'), code: 'RATE_LIMITED' },
    { frame: '{"errorMessage":"Malformed request","event":"error"}', code: 'VENUE_REFUSED' },
    {
      frame: '{"event":"error","errorMessage":"Exceeded msg rate","reqid":42}',
      code: 'RATE_LIMITED',
    },
    { frame: '{"Error":"Exceeded msg rate"}', code: 'RATE_LIMITED' },
  ],
  unknownFrames: [
    '{"event":"ofTomorrowStatus","status":"ok","txid":"ONPNXH-KMKMU-F4MR5V"}',
    '{"channelName":"ofTomorrow","event":"subscriptionStatus","status":"subscribed"}',
    '[[{"OGTT3Y-C6I3P-XRI6HX":{"status":"closed"}}],"ofTomorrow",{"sequence":59342}]',
    '[1,{"a":1},"tomorrow","XBT/USD"]',
  ],
  invalidFrames: [
    { frame: '[[{"O1":{"status":"open"}}],"openOrders",{"number":1}]', path: '[2].sequence' },
    { frame: '[[{"O1":7}],"openOrders",{"sequence":2}]', path: '[0][0].O1' },
    { frame: '[[7],"ownTrades",{"sequence":2}]', path: '[0][0]' },
    { frame: '[[{"T1":{"vol":"1"}}],"ownTrades",{"sequence":2}]', path: '[0][0].ordertxid' },
    { frame: '[1,[],"openOrders","XBT/USD"]', path: '[2]' },
    { frame: '{"event":[7]}', path: 'event' },
    { frame: '{"event":"systemStatus"}', path: 'status' },
    { frame: '{"event":"error"}', path: 'errorMessage' },
    { frame: '[1,{"a":[]},"book-10",null]', path: '[3]' },
    { frame: '[1,{"a":[]},"book-of-tomorrow","XBT/USD"]', path: '[2]' },
    { frame: '[1,{"a":[]},"book-10",{"sequence":1}]', path: '[2]' },
    { frame: '[1,{"c":"1"},"book-10","XBT/USD"]', path: '[1]' },
    { frame: '[1,{"as":[]},"book-10","XBT/USD"]', path: '[1]' },
    { frame: '[1,{"a":[["1","1","1.5"]],"c":"-1"},"book-10","XBT/USD"]', path: '[1].c' },
    {
      frame: '[1,{"a":[["1","1","1.5"]]},{"b":[["1","1","1.5"],["1","x","1.5"]]},"book-10","A/B"]',
      path: '[2].b[1][1]',
    },
    { frame: '[1,[["1","2","3.5","x","l",""]],"trade","XBT/USD"]', path: '[1][0][3]' },
    { frame: '[1,["1","2","3","4"],"spread","XBT/USD"]', path: '[1]' },
    { frame: '[1,{"a":["1",1,"1"]},"ticker","XBT/USD"]', path: '[1].c' },
    { frame: '[1,["1","2","3","4","5","6","7","8",2],"ohlc","XBT/USD"]', path: '[2]' },
    { frame: '[1,["1","2","3","4","5","6","7","8",[2]],"ohlc-5","XBT/USD"]', path: '[1][8]' },
    { frame: '[1,["1","2","3","4","5","6","7","8",""],"ohlc-5","XBT/USD"]', path: '[1][8]' },
  ],
  validSymbols: ['XBT/USD', 'XDG/USD', 'ETH/EUR'],
  invalidSymbols: [
    { symbol: 'BTC/USD', says: '"XBT/USD"' },
    { symbol: 'DOGE/USD', says: '"XDG/USD"' },
    { symbol: 'XXBTZEUR', says: '"XBT/EUR"' },
    { symbol: '', says: 'empty' },
  ],
  aliases: [{ symbol: 'XBT/USD', channel: 'book', canonical: 'XBT/USD' }],
};
