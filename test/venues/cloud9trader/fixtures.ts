import type { FrameFixture, VenueFixtures } from '../../contract/venue.js';
import { accountFrames } from './account-fixtures.js';

const SECRET = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const TIME = '2020-03-04T10:00:00.250Z';
const TIME_MS = Date.UTC(2020, 2, 4, 10, 0, 0, 250);
const SIGNATURE = '99d15a25c6d0bedb2711a73070fa1084910fd06ef23abb91b54ad5b106eb7e30';

function trade(id: string, changes: object = {}): object {
  return { id, time: TIME, price: 10002, quantity: 5, side: 'BUY', ...changes };
}

const bookFrames: readonly FrameFixture[] = [
  {
    name: 'a snapshot that answers a request, as documented',
    frame:
      '["7#order-book.XBTUSD:BitMEX",null,{"sequence":99999998,"bids":[[10002,179],[10001.5,532]],' +
      '"asks":[[10002.5,5909],[10003,1294]]}]',
    channel: 'book',
    messages: [
      {
        type: 'book.snapshot',
        symbol: 'XBTUSD:BitMEX',
        venueAtMs: NaN,
        firstNumber: 99_999_998,
        lastNumber: 99_999_998,
        checksum: NaN,
        levels: [
          ['bid', '10002', '179'],
          ['bid', '10001.5', '532'],
          ['ask', '10002.5', '5909'],
          ['ask', '10003', '1294'],
        ],
      },
    ],
  },
  {
    name: 'a change, with the digits of the wire',
    frame:
      '["order-book.BTCUSDT:Binance", {"sequence": 99999999, "bids": [[10002.10, 0]], ' +
      '"asks": [[10002.5, 1e-7], [90071992547409.93, 301727260.79999999]]}]',
    channel: 'book',
    messages: [
      {
        type: 'book.delta',
        symbol: 'BTCUSDT:Binance',
        firstNumber: 99_999_999,
        lastNumber: 99_999_999,
        levels: [
          ['bid', '10002.10', '0'],
          ['ask', '10002.5', '0.0000001'],
          ['ask', '90071992547409.93', '301727260.79999999'],
        ],
      },
    ],
  },
  {
    name: 'a change of one side, of an instrument with points and colons in its symbol',
    frame:
      '["order-book.A.B:C/D:FXCM",{"sequence":0,"asks":[[1,2]],"time":"2020-03-04T10:00:00Z"}]',
    channel: 'book',
    messages: [
      {
        type: 'book.delta',
        symbol: 'A.B:C/D:FXCM',
        venueAtMs: Date.UTC(2020, 2, 4, 10),
        lastNumber: 0,
        levels: [['ask', '1', '2']],
      },
    ],
  },
  {
    name: 'a snapshot of an empty book',
    frame: '["8#order-book.X:Y","",{"sequence":1,"bids":[],"asks":[]}]',
    channel: 'book',
    messages: [{ type: 'book.snapshot', symbol: 'X:Y', levels: [] }],
  },
];

const marketFrames: readonly FrameFixture[] = [
  {
    name: 'a price',
    frame: JSON.stringify([
      'price.EUR/USD:FXCM',
      { time: TIME, instrumentId: 'EUR/USD:FXCM', bid: 1.11342, ask: 1.11351, open: true },
    ]),
    channel: 'top-of-book',
    messages: [
      {
        type: 'ticker.update',
        channel: 'top-of-book',
        symbol: 'EUR/USD:FXCM',
        venueAtMs: TIME_MS,
        ticker: { bid: '1.11342', ask: '1.11351' },
      },
    ],
  },
  {
    name: 'a price that answers a request',
    frame: '["9#price.EUR/USD:FXCM",null,{"bid":1.10,"ask":1.2,"open":false}]',
    channel: 'top-of-book',
    messages: [{ type: 'ticker.update', venueAtMs: NaN, ticker: { bid: '1.10', ask: '1.2' } }],
  },
  {
    name: 'an answer without data: nothing is known yet',
    frame: '["9#price.EUR/USD:FXCM",null,null]',
    channel: 'top-of-book',
    messages: [],
  },
  {
    name: 'a ticker',
    frame: JSON.stringify([
      'ticker.BTCUSDT:Binance',
      {
        symbol: 'BTCUSDT',
        time: TIME,
        priceChange: -12.5,
        priceChangePercent: -0.125,
        currentDayClose: 10000,
        open: 10012.5,
        high: 10100,
        low: 9900,
        volume: 1234.5,
        vwap: 10001,
        bid: 9999.5,
        ask: 10000.5,
        bidQuantity: 1,
        askQuantity: 2,
        tradesCount: 99,
      },
    ]),
    channel: 'ticker',
    messages: [
      {
        type: 'ticker.update',
        channel: 'ticker',
        symbol: 'BTCUSDT:Binance',
        venueAtMs: TIME_MS,
        ticker: {
          last: '10000',
          bid: '9999.5',
          ask: '10000.5',
          bidSize: '1',
          askSize: '2',
          open24h: '10012.5',
          high24h: '10100',
          low24h: '9900',
          volume24h: '1234.5',
          vwap24h: '10001',
          change24h: '-12.5',
          changePercent24h: '-0.125',
        },
      },
    ],
  },
  {
    name: 'a ticker of which the broker fills in little',
    frame: '["ticker.X:Y",{"symbol":"X","time":"2020-03-04T10:00:00Z","high":null}]',
    channel: 'ticker',
    messages: [{ type: 'ticker.update', ticker: {} }],
  },
  {
    name: 'trades, oldest first',
    frame: JSON.stringify(['trades.BTCUSD:Bitfinex', [trade('1'), trade('b-2', { side: 'SELL' })]]),
    channel: 'trades',
    messages: [
      {
        type: 'trades.update',
        symbol: 'BTCUSD:Bitfinex',
        trades: [
          {
            tradeId: '1',
            price: '10002',
            size: '5',
            priceNumber: 10002,
            sizeNumber: 5,
            side: 'buy',
            tradedAtMs: TIME_MS,
          },
          { tradeId: 'b-2', side: 'sell' },
        ],
      },
    ],
  },
  {
    name: 'recent trades in the wrong order',
    frame: JSON.stringify([
      '3#trades.BTCUSD:Bitfinex',
      null,
      [trade('2'), trade('1', { time: '2020-03-04T09:59:59Z' })],
    ]),
    channel: 'trades',
    messages: [{ type: 'trades.snapshot', trades: [{ tradeId: '1' }, { tradeId: '2' }] }],
  },
];

const book = (fields: string): string => `["order-book.X:Y",{${fields}}]`;
const trades = (changes: object): string =>
  JSON.stringify(['trades.X:Y', [trade('1'), trade('2', changes)]]);

/** What the contract suite has to know of Cloud9Trader. */
export const cloud9traderFixtures: VenueFixtures = {
  frames: [...bookFrames, ...marketFrames, ...accountFrames],
  refusals: [
    { frame: '["error","Unknown topic \\"order-book.X:Y\\""]', code: 'SUBSCRIPTION_REFUSED' },
    { frame: '["7#order-book.X:Y","No such instrument"]', code: 'SUBSCRIPTION_REFUSED' },
    { frame: '["7#orders","Not authorised",null]', code: 'AUTH_PERMISSION_DENIED' },
    { frame: '["error","Too many messages"]', code: 'RATE_LIMITED' },
    { frame: '["error","Too many topics on this socket"]', code: 'SUBSCRIPTION_LIMIT' },
    { frame: '["7#trades.X:Y","The broker timed out"]', code: 'VENUE_UNAVAILABLE' },
    { frame: '["error","something that nobody has seen yet"]', code: 'VENUE_REFUSED' },
    { frame: '["error",""]', code: 'VENUE_REFUSED' },
  ],
  unknownFrames: [
    '["candles.X:Y",[]]',
    '["connected"]',
    '["__proto__",{}]',
    '["constructor"]',
    '["aB3xZ/0",null,{}]',
    '["7#candles.X:Y",null,{}]',
    '["subscribe","price.X:Y"]',
    '["\\u001b[31m",1]',
    '[""]',
  ],
  invalidFrames: [
    ['', '{}'],
    ['', '"order-book.X:Y"'],
    ['[0]', '["order-book.nobroker",{}]'],
    ['[0]', '["order-book",{}]'],
    ['[0]', '["7#order-book.nobroker",null,{}]'],
    ['[0]', '[]'],
    ['[0]', '[null]'],
    ['[0]', '[{}]'],
    ['[1]', '["error"]'],
    ['[1]', '["error",{"message":"x"}]'],
    ['[1]', '["7#price.X:Y",{"message":"x"}]'],
    ['[1]', '["order-book.X:Y"]'],
    ['[1]', '["order-book.X:Y",[]]'],
    ['[1].sequence', book('"bids":[]')],
    ['[1].sequence', book('"sequence":-1')],
    ['[1].sequence', book('"sequence":1.5')],
    ['[1].sequence', book('"sequence":9007199254740992')],
    ['[1].bids', book('"sequence":1,"bids":{}')],
    ['[1].bids[0]', book('"sequence":1,"bids":[7]')],
    ['[1].bids[0]', book('"sequence":1,"bids":[{"price":1}]')],
    ['[1].bids[1][0]', book('"sequence":1,"bids":[[1,2],[-1,2]]')],
    ['[1].bids[0][0]', book('"sequence":1,"bids":[[null,2]]')],
    ['[1].asks[0][1]', book('"sequence":1,"asks":[[1]]')],
    ['[1].asks[0][1]', book('"sequence":1,"asks":[[1,"x"]]')],
    ['[1].time', book('"sequence":1,"time":"yesterday"')],
    ['[2].asks', '["1#order-book.X:Y",null,{"sequence":1,"bids":[]}]'],
    ['[2]', '["1#order-book.X:Y",null,null]'],
    ['[2]', '["1#order-book.X:Y",null]'],
    ['[1].bid', '["price.X:Y",{"ask":1}]'],
    ['[1].ask', '["price.X:Y",{"bid":1,"ask":true}]'],
    ['[1].high', '["ticker.X:Y",{"high":"much"}]'],
    ['[1]', '["trades.X:Y",{"id":"1"}]'],
    ['[1][1].id', trades({ id: '' })],
    ['[1][1].side', trades({ side: 1 })],
    ['[1][1].price', trades({ price: null })],
    ['[1][1].time', trades({ time: '2020-02-30T00:00:00Z' })],
    ['[1][0].status', '["orders",[{"id":"1"}]]'],
    ['[1]', '["orders",{}]'],
    ['[1][0]', '["balances",[1]]'],
  ].map(([path, frame]) => ({ path: path!, frame: frame! })),
  secretFrames: [
    { frame: `["orders",{"secret":"secret-text"}]`, secret: 'secret-text' },
    { frame: `["x-c9t-signature","${SIGNATURE}"`, secret: SIGNATURE },
    { frame: `HTTP/1.1 502\r\nx-c9t-signature: ${SIGNATURE}`, secret: SIGNATURE },
    { frame: `"{\\"secret\\":\\"${SECRET}\\"}"`, secret: SECRET },
    { frame: `["price.X:Y","${SECRET}"]`, secret: SECRET },
  ],
  validSymbols: ['BTCUSDT:Binance', 'EUR/USD:FXCM', 'XBTUSD:BitMEX', 'A.B:C:Somewhere'],
  invalidSymbols: [
    { symbol: '', says: 'BTCUSDT:Binance' },
    { symbol: 'BTCUSDT', says: 'names no broker' },
    { symbol: 'BTCUSDT:binance', says: '"BTCUSDT:Binance"' },
    { symbol: ' BTCUSDT:Binance', says: '"BTCUSDT:Binance"' },
    { symbol: 'order-book.BTCUSDT:Binance', says: '"BTCUSDT:Binance"' },
    { symbol: ':Binance', says: 'not an instrument' },
    { symbol: 'BTC USD:Binance', says: 'not an instrument' },
    { symbol: '\u001b[31m', says: 'names no broker' },
  ],
  aliases: [{ symbol: 'EUR/USD:FXCM', channel: 'book', canonical: 'EUR/USD:FXCM' }],
  makeCredentials: () => ({ credentials: { key: 'PUBKEY', secret: SECRET }, secrets: [SECRET] }),
  badCredentials: [
    {
      name: 'a secret that is no base64',
      credentials: { key: 'PUBKEY', secret: 'not-a-secret!' },
      secrets: ['not-a-secret!'],
    },
    { name: 'an empty secret', credentials: { key: 'PUBKEY', secret: '' }, secrets: [] },
    { name: 'an empty key', credentials: { key: '', secret: SECRET }, secrets: [SECRET] },
  ],
};
