import { accountFrames } from './account-fixtures.js';
import type { FrameFixture, VenueFixtures } from '../../contract/venue.js';

/** A key's secret made of 64 zero bytes: well formed and of no use to anyone. */
export const THROW_AWAY_SECRET = Buffer.alloc(64).toString('base64');

const TOKEN = 'xeAQ/RCChBYNVh53sTv1yZ5H4wIbwDF20PiHtTF+4UI';

const dataFrames: readonly FrameFixture[] = [
  {
    name: 'a book snapshot, with every zero of the wire and numbers no double holds',
    frame:
      '{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":66788.0,' +
      '"qty":3.20000000},{"price":0.1,"qty":301727260.79999999}],"asks":[{"price":66788.1,"qty":' +
      '1.67939137},{"price":886110000000.00,"qty":5}],"checksum":2330500275}]}',
    channel: 'book',
    messages: [
      {
        type: 'book.snapshot',
        symbol: 'BTC/USD',
        venueAtMs: NaN,
        levels: [
          ['bid', '66788.0', '3.20000000'],
          ['bid', '0.1', '301727260.79999999'],
          ['ask', '66788.1', '1.67939137'],
          ['ask', '886110000000.00', '5'],
        ],
        firstNumber: NaN,
        lastNumber: NaN,
        checksum: 2330500275,
      },
    ],
  },
  {
    name: 'a book update with a delete, one price twice, and a price with an exponent',
    frame:
      '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[{"price":' +
      '64525.3,"qty":0.00000000},{"price":64525.3,"qty":1.23479983},{"price":1e-08,"qty":1}],' +
      '"checksum":4294967295,"timestamp":"2026-07-19T17:54:39.784623Z"}]}',
    channel: 'book',
    messages: [
      {
        type: 'book.delta',
        symbol: 'BTC/USD',
        venueAtMs: Date.UTC(2026, 6, 19, 17, 54, 39, 784) + 0.623,
        levels: [
          ['ask', '64525.3', '0.00000000'],
          ['ask', '64525.3', '1.23479983'],
          ['ask', '0.00000001', '1'],
        ],
        checksum: 4294967295,
      },
    ],
  },
  {
    name: 'an order-by-order book snapshot',
    frame:
      '{"channel":"level3","type":"snapshot","data":[{"symbol":"BTC/USD","checksum":1361442827,' +
      '"bids":[{"order_id":"OZYA6B-OE3BH-YJ4PY5","limit_price":66579.2,"order_qty":1.35137590,' +
      '"timestamp":"2024-05-19T18:55:20.910159752Z"}],"asks":[]}]}',
    channel: 'orders-book',
    messages: [
      {
        type: 'orders-book.snapshot',
        symbol: 'BTC/USD',
        venueAtMs: NaN,
        checksum: 1361442827,
        orders: [
          {
            side: 'bid',
            change: 'add',
            orderId: 'OZYA6B-OE3BH-YJ4PY5',
            price: '66579.2',
            size: '1.35137590',
            placedAtMs: Date.UTC(2024, 4, 19, 18, 55, 20, 910) + 0.159752,
          },
        ],
      },
    ],
  },
  {
    name: 'trades, oldest first whatever the order of the wire',
    frame:
      '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"sell","price":' +
      '68500.0,"qty":0.00483192,"ord_type":"limit","trade_id":70635300,"timestamp":' +
      '"2024-05-27T12:43:11.798009Z"},{"symbol":"BTC/USD","side":"buy","price":68499.9,"qty":' +
      '0.01044920,"ord_type":"market","trade_id":70635299,"timestamp":' +
      '"2024-05-27T12:43:11.798009Z"}]}',
    channel: 'trades',
    messages: [
      {
        type: 'trades.update',
        symbol: 'BTC/USD',
        trades: [
          {
            tradeId: '70635299',
            price: '68499.9',
            size: '0.01044920',
            priceNumber: 68499.9,
            sizeNumber: 0.0104492,
            side: 'buy',
            tradedAtMs: Date.UTC(2024, 4, 27, 12, 43, 11, 798) + 0.009,
          },
          { tradeId: '70635300', price: '68500.0', size: '0.00483192', side: 'sell' },
        ],
      },
    ],
  },
  {
    name: 'a ticker with a falling price',
    frame:
      '{"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":65843.7,"bid_qty":' +
      '12.31628620,"ask":65843.8,"ask_qty":0.31232000,"last":65843.7,"volume":4182.59447976,' +
      '"vwap":64223.4,"low":61325.4,"high":66450.0,"change":-4213.8,"change_pct":-6.84}]}',
    channel: 'ticker',
    messages: [
      {
        type: 'ticker.update',
        channel: 'ticker',
        symbol: 'BTC/USD',
        venueAtMs: NaN,
        ticker: {
          last: '65843.7',
          bid: '65843.7',
          bidSize: '12.31628620',
          ask: '65843.8',
          askSize: '0.31232000',
          volume24h: '4182.59447976',
          vwap24h: '64223.4',
          low24h: '61325.4',
          high24h: '66450.0',
          change24h: '-4213.8',
          changePercent24h: '-6.84',
        },
      },
    ],
  },
  {
    name: 'candles',
    frame:
      '{"channel":"ohlc","type":"snapshot","timestamp":"2024-05-17T11:21:16.318303322Z","data":[' +
      '{"symbol":"ETH/USD","open":3027.80,"high":3027.80,"low":3026.13,"close":3026.13,"trades":9' +
      ',"volume":13.31603062,"vwap":3027.01,"interval_begin":"2024-05-17T11:12:00.000000000Z",' +
      '"interval":5,"timestamp":"2024-05-17T11:17:00.000000Z"}]}',
    channel: 'candles',
    messages: [
      {
        type: 'candles.snapshot',
        symbol: 'ETH/USD',
        candles: [
          {
            openedAtMs: Date.UTC(2024, 4, 17, 11, 12),
            intervalMs: 300_000,
            open: '3027.80',
            high: '3027.80',
            low: '3026.13',
            close: '3026.13',
            volume: '13.31603062',
            vwap: '3027.01',
            tradeCount: 9,
          },
        ],
      },
    ],
  },
  {
    name: 'instruments, with an increment that has an exponent',
    frame:
      '{"channel":"instrument","type":"update","data":{"assets":[{"id":"USD","status":"enabled"}],' +
      '"pairs":[{"symbol":"EUR/USD","base":"EUR","quote":"USD","status":"online","qty_precision":8' +
      ',"qty_increment":1E-8,"price_precision":5,"cost_precision":5,"marginable":true,' +
      '"has_index":true,"cost_min":"0.5","tick_size":0.00001,"price_increment":0.00001,"qty_min":' +
      '0.50}]}}',
    channel: 'status',
    messages: [
      {
        type: 'instruments.update',
        instruments: [
          {
            symbol: 'EUR/USD',
            base: 'EUR',
            quote: 'USD',
            status: 'online',
            priceIncrement: '0.00001',
            sizeIncrement: '0.00000001',
            minSize: '0.50',
            minCost: '0.5',
          },
        ],
      },
    ],
  },
];

const controlFrames: readonly FrameFixture[] = [
  {
    name: 'a heartbeat',
    frame: '{"channel":"heartbeat"}',
    channel: 'heartbeats',
    messages: [{ type: 'heartbeat', counter: NaN, venueAtMs: NaN }],
  },
  {
    name: 'the status after the handshake, with an id past 2^53',
    frame:
      '{"channel":"status","data":[{"api_version":"v2","connection_id":12393906104898154338,' +
      '"system":"online","version":"2.0.4"}],"type":"update"}',
    channel: 'control',
    messages: [{ type: 'venue.status', status: 'online', venueStatus: 'online' }],
  },
  {
    name: 'a status without an id',
    frame:
      '{"channel":"status","data":[{"api_version":"v2","system":"cancel_only","version":"2.0.6"}],' +
      '"type":"update"}',
    channel: 'control',
    messages: [{ type: 'venue.status', status: 'cancel-only', venueStatus: 'cancel_only' }],
  },
  {
    name: 'a pong, which has no success',
    frame:
      '{"method":"pong","req_id":1,"time_in":"2024-05-20T11:08:49.272922Z","time_out":' +
      '"2024-05-20T11:08:49.272940Z"}',
    channel: 'control',
    messages: [],
  },
  {
    name: 'an ack with warnings',
    frame:
      '{"method":"subscribe","req_id":121,"result":{"channel":"ohlc","interval":60,"snapshot":true' +
      ',"symbol":"ETH/USD","warnings":["timestamp is deprecated, use interval_begin"]},"success":' +
      'true,"time_in":"2024-05-19T19:06:57.002983Z","time_out":"2024-05-19T19:06:57.003037Z"}',
    channel: 'control',
    messages: [
      {
        type: 'subscription.accepted',
        channel: 'candles',
        symbol: 'ETH/USD',
        requestId: 121,
      },
    ],
  },
  {
    name: 'an ack of a channel without symbols',
    frame:
      '{"method":"subscribe","req_id":0,"result":{"channel":"instrument","snapshot":true},' +
      '"success":true,"time_in":"2024-05-19T19:44:43.264430Z","time_out":' +
      '"2024-05-19T19:44:43.264464Z"}',
    channel: 'control',
    messages: [
      { type: 'subscription.accepted', channel: 'status', symbol: undefined, requestId: 0 },
    ],
  },
  {
    name: 'the end of a subscription',
    frame:
      '{"method":"unsubscribe","req_id":9,"result":{"channel":"book","depth":10,"symbol":' +
      '"BTC/USD"},"success":true,"time_in":"2024-05-19T16:27:13.694962Z","time_out":' +
      '"2024-05-19T16:27:13.695006Z"}',
    channel: 'control',
    messages: [{ type: 'subscription.ended', channel: 'book', symbol: 'BTC/USD', requestId: 9 }],
  },
  {
    name: 'a refusal that names its symbol',
    frame:
      '{"error":"Currency pair not supported WWW/USD","method":"subscribe","req_id":4,"success":' +
      'false,"symbol":"WWW/USD","time_in":"2025-08-26T00:09:18.071184Z","time_out":' +
      '"2025-08-26T00:09:18.071225Z"}',
    channel: 'control',
    messages: [
      {
        type: 'request.refused',
        code: 'SYMBOL_UNKNOWN',
        venueText: 'Currency pair not supported WWW/USD',
        symbol: 'WWW/USD',
        requestId: 4,
      },
    ],
  },
];

/** A refused request in the words of v2. */
function refusal(error: string, method = 'subscribe'): string {
  const times = { time_in: '2024-05-19T19:58:40.170724Z', time_out: '2024-05-19T19:58:40.170758Z' };
  return JSON.stringify({ error, method, req_id: 0, success: false, ...times });
}

/** What the contract suite needs to know of protocol v2. */
export const krakenFixtures: VenueFixtures = {
  frames: [...dataFrames, ...accountFrames, ...controlFrames],
  refusals: [
    { frame: refusal('Currency pair not supported XBT/USD'), code: 'SYMBOL_UNKNOWN' },
    { frame: refusal('Already subscribed'), code: 'SUBSCRIPTION_HELD' },
    { frame: refusal('Subscription not found', 'unsubscribe'), code: 'SUBSCRIPTION_IGNORED' },
    { frame: refusal('Subscription depth not supported'), code: 'SUBSCRIPTION_REFUSED' },
    { frame: refusal('ESession:Invalid session'), code: 'AUTH_SESSION_INVALID' },
    { frame: refusal('EGeneral:Permission denied'), code: 'AUTH_PERMISSION_DENIED' },
    { frame: refusal('Token(s) not found'), code: 'VENUE_REFUSED' },
    { frame: refusal('Limit_price field must be a number_float'), code: 'VENUE_REFUSED' },
    { frame: refusal('EService:Market in cancel_only mode'), code: 'VENUE_UNAVAILABLE' },
    { frame: refusal('words that nobody has reported'), code: 'VENUE_REFUSED' },
    { frame: refusal('Exceeded msg rate'), code: 'RATE_LIMITED' },
    { frame: '{"Error":"Exceeded msg rate"}', code: 'RATE_LIMITED' },
    {
      frame: '{"event":"error","errorMessage":"Exceeded msg rate","reqid":42}',
      code: 'RATE_LIMITED',
    },
    {
      frame: '{"method":"subscribe","success":false,"error":"Exceeded msg rate","symbol":"*"}',
      code: 'RATE_LIMITED',
    },
  ],
  unknownFrames: [
    '{"channel":"a channel of tomorrow","type":"update","data":{}}',
    '{"channel":"ticker","type":"tomorrow","data":[]}',
    '{"method":"subscribe","success":true,"result":{"channel":"of tomorrow","snapshot":true}}',
    '{"method":"of_tomorrow","req_id":0,"result":{"order_id":"OPS23M-VS41G-DDE5Z2"},"success":true}',
    '{"method":"amend_order","params":{"order_qty":5.1,"token":"aToken"},"req_id":0}',
    '{"event":"systemStatus","status":"online"}',
  ],
  invalidFrames: [
    { frame: '{"channel":[7]}', path: 'channel' },
    { frame: '{"channel":"book","data":[]}', path: 'type' },
    { frame: '{"channel":"book","type":"tomorrow","data":[]}', path: 'type' },
    { frame: '{"channel":"level3","type":"tomorrow","data":[]}', path: 'type' },
    {
      frame: '{"channel":"book","type":"update","data":[{"checksum":1,"bids":[],"asks":[]}]}',
      path: 'data[0].symbol',
    },
    { frame: '{"channel":"book","type":"update"}', path: 'data' },
    { frame: '{"channel":"book","type":"update","data":[7]}', path: 'data[0]' },
    {
      frame: '{"channel":"book","type":"update","data":[{"symbol":"A/B","checksum":1,"bids":[]}]}',
      path: 'data[0].asks',
    },
    {
      frame:
        '{"channel":"book","type":"update","data":[{"symbol":"A/B","checksum":1,"bids":' +
        '[{"price":1,"qty":1},{"price":-1,"qty":1}],"asks":[]}]}',
      path: 'data[0].bids[1].price',
    },
    {
      frame:
        '{"channel":"book","type":"update","data":[{"symbol":"A/B","checksum":4294967296,"bids":' +
        '[],"asks":[]}]}',
      path: 'data[0].checksum',
    },
    {
      frame: '{"channel":"status","type":"update","data":[{"version":"2.0.4"}]}',
      path: 'data[0].system',
    },
    {
      frame: '{"channel":"instrument","type":"snapshot","data":{"pairs":[{"symbol":"A/B"}]}}',
      path: 'data.pairs[0].base',
    },
    { frame: '{"method":"subscribe","success":true}', path: 'result' },
  ],
  secretFrames: [
    {
      frame: `{"method":"subscribe","success":"no","params":7,"token":"${TOKEN}"}`,
      secret: TOKEN,
    },
    { frame: `{"method":"subscribe","params":{"token":"${TOKEN.slice(0, 20)}`, secret: 'xeAQ/RCC' },
    { frame: `<html>${TOKEN}</html>`, secret: TOKEN },
  ],
  validSymbols: ['BTC/USD', 'DOGE/USD', 'ETH2.S/ETH', 'AAPLx/USD', '1INCH/EUR'],
  invalidSymbols: [
    { symbol: 'XBT/USD', says: '"BTC/USD"' },
    { symbol: 'XDG/EUR', says: '"DOGE/EUR"' },
    { symbol: 'btc/usd', says: '"BTC/USD"' },
    { symbol: 'BTC-USD', says: '"BTC/USD"' },
    { symbol: 'XXBTZUSD', says: '"BTC/USD"' },
    { symbol: 'BTCUSD', says: '"BTC/USD"' },
    { symbol: '', says: 'empty' },
    { symbol: 'BTC', says: 'not a Kraken pair' },
    { symbol: '\u001b[2J', says: 'not a Kraken pair' },
  ],
  aliases: [{ symbol: 'BTC/USD', channel: 'book', canonical: 'BTC/USD' }],
  makeCredentials: () => ({
    credentials: { key: 'a-key', secret: THROW_AWAY_SECRET },
    secrets: [THROW_AWAY_SECRET],
  }),
  badCredentials: [
    { name: 'an empty key', credentials: { key: '', secret: THROW_AWAY_SECRET }, secrets: [] },
    {
      name: 'a secret that is not base64',
      credentials: { key: 'a-key', secret: 'not base64 at all!' },
      secrets: ['not base64 at all!'],
    },
  ],
};
