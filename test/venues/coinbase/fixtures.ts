import { generateKeyPairSync } from 'node:crypto';
import type { FrameFixture, VenueFixtures } from '../../contract/venue.js';
import { userFrames } from './user-fixtures.js';

const SENT = '2026-09-30T02:39:53.690696234Z';
const SENT_AT_MS = Date.UTC(2026, 8, 30, 2, 39, 53, 690) + 0.696234;

/** An enveloped frame of one event, as the market host writes it. */
export function envelope(channel: string, event: unknown, number = 1): string {
  return JSON.stringify({ channel, timestamp: SENT, sequence_num: number, events: [event] });
}

/** One level of an l2_data event, in the venue's field order. */
export function rawLevel(side: string, price: string, size: string): Record<string, string> {
  return {
    side,
    event_time: '2026-09-30T02:39:53.495541Z',
    price_level: price,
    new_quantity: size,
  };
}

const BOOK_AT_MS = Date.UTC(2026, 8, 30, 2, 39, 53, 495) + 0.541;

const bookFrames: readonly FrameFixture[] = [
  {
    name: 'a book snapshot',
    frame: envelope('l2_data', {
      type: 'snapshot',
      product_id: 'BTC-USD',
      updates: [
        rawLevel('bid', '65083.66', '0.20371215'),
        rawLevel('bid', '0.01', '301727260.79999999'),
        rawLevel('offer', '65083.67', '0.24290402'),
        rawLevel('offer', '123456789012345678901.123456789', '1505'),
      ],
    }),
    channel: 'book',
    number: 1,
    messages: [
      {
        type: 'book.snapshot',
        symbol: 'BTC-USD',
        venueAtMs: BOOK_AT_MS,
        levels: [
          ['bid', '65083.66', '0.20371215'],
          ['bid', '0.01', '301727260.79999999'],
          ['ask', '65083.67', '0.24290402'],
          ['ask', '123456789012345678901.123456789', '1505'],
        ],
        firstNumber: NaN,
        lastNumber: NaN,
        checksum: NaN,
      },
    ],
  },
  {
    name: 'two book events in one frame, each with columns of its own',
    frame: JSON.stringify({
      channel: 'l2_data',
      client_id: '',
      timestamp: SENT,
      sequence_num: 0,
      events: ['BTC-USD', 'ETH-USD'].map((product_id, index) => ({
        type: 'update',
        product_id,
        updates: [rawLevel('ask', `${index + 1}.5`, '0')],
      })),
    }),
    channel: 'book',
    number: 0,
    messages: [
      { type: 'book.delta', symbol: 'BTC-USD', levels: [['ask', '1.5', '0']] },
      { type: 'book.delta', symbol: 'ETH-USD', levels: [['ask', '2.5', '0']] },
    ],
  },
];

function rawTrade(product: string, id: string, side: string): Record<string, string> {
  return {
    product_id: product,
    trade_id: id,
    price: '83320.66',
    size: '0.0041608',
    time: '2026-09-30T02:39:59.416138Z',
    side,
  };
}

const marketFrames: readonly FrameFixture[] = [
  {
    name: 'trades of two products, newest first',
    frame: envelope('market_trades', {
      type: 'update',
      trades: [
        rawTrade('BTC-USD', '1100253573', 'SELL'),
        rawTrade('ETH-USD', '77', 'SELL'),
        rawTrade('BTC-USD', '1100253572', 'BUY'),
      ],
    }),
    channel: 'trades',
    number: 1,
    messages: [
      {
        type: 'trades.update',
        symbol: 'BTC-USD',
        trades: [
          { tradeId: '1100253572', side: 'sell' },
          {
            tradeId: '1100253573',
            price: '83320.66',
            size: '0.0041608',
            priceNumber: 83320.66,
            sizeNumber: 0.0041608,
            side: 'buy',
            tradedAtMs: Date.UTC(2026, 8, 30, 2, 39, 59, 416) + 0.138,
          },
        ],
      },
      { type: 'trades.update', symbol: 'ETH-USD', trades: [{ tradeId: '77', side: 'buy' }] },
    ],
  },
  {
    name: 'a snapshot of no trades',
    frame: envelope('market_trades', { type: 'snapshot', trades: [] }),
    channel: 'trades',
    number: 1,
    messages: [],
  },
  {
    name: 'a ticker',
    frame: envelope('ticker', {
      type: 'snapshot',
      tickers: [
        {
          type: 'ticker',
          product_id: 'BTC-USD',
          price: '65086.18',
          volume_24_h: '2867.54532609',
          low_24_h: '64675.22',
          high_24_h: '65252.99',
          low_52_w: '57717.55',
          high_52_w: '126296',
          price_percent_chg_24_h: '-0.09601107287722',
          best_bid: '65083.66',
          best_ask: '65083.67',
          best_bid_quantity: '0.20371215',
          best_ask_quantity: '0.24290402',
        },
      ],
    }),
    channel: 'ticker',
    number: 1,
    messages: [
      {
        type: 'ticker.update',
        channel: 'ticker',
        symbol: 'BTC-USD',
        venueAtMs: SENT_AT_MS,
        ticker: {
          last: '65086.18',
          bid: '65083.66',
          ask: '65083.67',
          bidSize: '0.20371215',
          askSize: '0.24290402',
          high24h: '65252.99',
          low24h: '64675.22',
          volume24h: '2867.54532609',
          changePercent24h: '-0.09601107287722',
          high52w: '126296',
          low52w: '57717.55',
        },
      },
    ],
  },
  {
    name: 'a batched ticker without the touch',
    frame: envelope('ticker_batch', {
      type: 'update',
      tickers: [{ type: 'ticker', product_id: 'ETH-USD', price: '1919.44', best_bid: '' }],
    }),
    channel: 'ticker-batch',
    number: 1,
    messages: [
      {
        type: 'ticker.update',
        channel: 'ticker-batch',
        symbol: 'ETH-USD',
        ticker: { last: '1919.44' },
      },
    ],
  },
  {
    name: 'candles',
    frame: envelope('candles', {
      type: 'snapshot',
      candles: ['1786309500', '1786309200'].map((start) => ({
        start,
        high: '1919.6',
        low: '1919.27',
        open: '1919.58',
        close: '1919.42',
        volume: '46.258414',
        product_id: 'ETH-USD',
      })),
    }),
    channel: 'candles',
    number: 1,
    messages: [
      {
        type: 'candles.snapshot',
        symbol: 'ETH-USD',
        candles: [
          { openedAtMs: 1_786_309_200_000 },
          {
            openedAtMs: 1_786_309_500_000,
            intervalMs: 300_000,
            open: '1919.58',
            high: '1919.6',
            low: '1919.27',
            close: '1919.42',
            volume: '46.258414',
          },
        ],
      },
    ],
  },
  {
    name: 'the state of a product',
    frame: envelope('status', {
      type: 'snapshot',
      products: [
        {
          product_type: 'SPOT',
          id: 'BTC-USD',
          base_currency: 'BTC',
          quote_currency: 'USD',
          base_increment: '0.00000001',
          quote_increment: '0.01',
          display_name: 'BTC/USD',
          status: 'online',
          status_message: '',
          min_market_funds: '1',
        },
      ],
    }),
    channel: 'status',
    number: 1,
    messages: [
      {
        type: 'instruments.snapshot',
        instruments: [
          {
            symbol: 'BTC-USD',
            base: 'BTC',
            quote: 'USD',
            status: 'online',
            kind: 'SPOT',
            displayName: 'BTC/USD',
            priceIncrement: '0.01',
            sizeIncrement: '0.00000001',
            minCost: '1',
          },
        ],
      },
    ],
  },
];

const controlFrames: readonly FrameFixture[] = [
  {
    name: 'a heartbeat',
    frame: envelope('heartbeats', {
      current_time: '2026-09-30 02:37:15.057778606 +0000 UTC m=+21697.195984854',
      heartbeat_counter: 21697,
    }),
    channel: 'heartbeats',
    number: 1,
    messages: [
      {
        type: 'heartbeat',
        counter: 21697,
        venueAtMs: Date.UTC(2026, 8, 30, 2, 37, 15, 57) + 0.778606,
      },
    ],
  },
  {
    name: 'a heartbeat with its counter in quotes and its time in RFC 3339',
    frame: envelope('heartbeats', {
      current_time: '2026-09-30T02:37:15Z',
      heartbeat_counter: '0',
    }),
    channel: 'heartbeats',
    number: 1,
    messages: [{ type: 'heartbeat', counter: 0, venueAtMs: Date.UTC(2026, 8, 30, 2, 37, 15) }],
  },
  {
    name: 'an ack of everything that is held',
    frame: envelope('subscriptions', {
      subscriptions: {
        futures_balance_summary: ['123'],
        heartbeats: ['heartbeats'],
        level2: ['BTC-USD', 'ETH-USD'],
        market_trades: ['BTC-USD'],
        status: ['status'],
        ticker: [],
        ticker_batch: ['ETH-USD'],
        user: ['3e625b74-1c4e-5967-ad38-4d26f30d4439'],
      },
    }),
    channel: 'control',
    number: 1,
    messages: [
      {
        type: 'subscriptions.held',
        held: {
          balances: [],
          heartbeats: [],
          book: ['BTC-USD', 'ETH-USD'],
          trades: ['BTC-USD'],
          status: [],
          'ticker-batch': ['ETH-USD'],
          user: [],
        },
      },
    ],
  },
  {
    name: 'an ack of nothing',
    frame: envelope('subscriptions', { subscriptions: {} }),
    channel: 'control',
    number: 1,
    messages: [{ type: 'subscriptions.held', held: {} }],
  },
];

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';

function makeCredentials(): ReturnType<VenueFixtures['makeCredentials']> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'sec1', format: 'pem' }) as string;
  const body = pem.split('\n').slice(1, -2);
  const d = privateKey.export({ format: 'jwk' }).d ?? '';
  const keyName = 'organizations/one/apiKeys/two';
  return { credentials: { keyName, privateKey: pem }, secrets: [...body, d] };
}

/** What the contract suite has to know of Coinbase. */
export const coinbaseFixtures: VenueFixtures = {
  frames: [...bookFrames, ...marketFrames, ...controlFrames, ...userFrames],
  refusals: [
    ['authentication failure', 'AUTH_REFUSED'] as const,
    ['too many L2 streams requested in a single session', 'SUBSCRIPTION_LIMIT'] as const,
    ['rate limit exceeded', 'RATE_LIMITED'] as const,
    ['failure to subscribe', 'SUBSCRIPTION_REFUSED'] as const,
    ['Failed to subscribe', 'SUBSCRIPTION_REFUSED'] as const,
    ['something that nobody has seen yet', 'VENUE_REFUSED'] as const,
  ].map(([message, code]) => ({ frame: JSON.stringify({ type: 'error', message }), code })),
  unknownFrames: [
    envelope('l3_data', { type: 'snapshot', orders: [] }),
    envelope('l2_data', { type: 'checksum', product_id: 'BTC-USD' }),
    envelope('toString', {}),
    envelope('\u001b[31m__proto__', {}),
    '{"channel":"news","text":"no number and no events"}',
    '{"type":"info","message":"hello"}',
  ],
  invalidFrames: [
    ['$', '[1,2]'],
    ['channel', '{}'],
    ['channel', '{"channel":7,"type":"info"}'],
    ['message', '{"type":"error","message":7}'],
    ['sequence_num', '{"channel":"status","timestamp":"2026-09-30T02:39:53Z","events":[]}'],
    ['sequence_num', envelope('ticker', {}, -1)],
    ['sequence_num', envelope('ticker', {}, 1.5)],
    ['sequence_num', envelope('ticker', {}, 2 ** 53)],
    ['timestamp', envelope('ticker', {}).replace(SENT, 'yesterday')],
    ['events', '{"channel":"ticker","sequence_num":0}'],
    ['events[0]', envelope('ticker', 'text')],
    ['events[0].type', envelope('ticker', {})],
    ['events[0].tickers', envelope('ticker', { type: 'update' })],
    ['events[0].tickers[0]', envelope('ticker', { type: 'update', tickers: [null] })],
    ['events[0].updates', envelope('l2_data', { type: 'update', product_id: 'BTC-USD' })],
    ['events[0].product_id', envelope('l2_data', { type: 'update', product_id: 'A\nB' })],
    ['events[0].subscriptions', envelope('subscriptions', {})],
    ['events[0].subscriptions.level2', envelope('subscriptions', { subscriptions: { level2: 1 } })],
    ['events[0].heartbeat_counter', envelope('heartbeats', { heartbeat_counter: '1.5' })],
    ...(
      [
        ['side', { side: 'buy' }],
        ['price_level', { price_level: '1e3' }],
        ['price_level', { price_level: 65083.66 }],
        ['price_level', { price_level: '-1' }],
        ['price_level', { price_level: '01' }],
        ['price_level', { price_level: '9'.repeat(100) }],
        ['new_quantity', { new_quantity: '.5' }],
        ['new_quantity', { new_quantity: undefined }],
        ['event_time', { event_time: '2026-02-30T00:00:00Z' }],
      ] as const
    ).map(([field, change]) => [
      `events[0].updates[1].${field}`,
      envelope('l2_data', {
        type: 'update',
        product_id: 'BTC-USD',
        updates: [rawLevel('bid', '1', '1'), { ...rawLevel('offer', '2', '1'), ...change }],
      }),
    ]),
    ...(
      [
        ['side', { side: 'TAKER' }],
        ['trade_id', { trade_id: 'abc' }],
        ['trade_id', { trade_id: 5 }],
        ['price', { price: '' }],
        ['time', { time: '' }],
        ['product_id', { product_id: '' }],
      ] as const
    ).map(([field, change]) => [
      `events[0].trades[0].${field}`,
      envelope('market_trades', {
        type: 'update',
        trades: [{ ...rawTrade('BTC-USD', '1', 'BUY'), ...change }],
      }),
    ]),
  ].map(([path, frame]) => ({ path: path!, frame: frame! })),
  secretFrames: [
    { frame: `{"type":"subscribe","channel":7,"jwt":"${TOKEN}"}`, secret: 'c2lnbmF0dXJl' },
    { frame: `{"jwt":"${TOKEN}`, secret: 'eyJzdWIi' },
    { frame: `proxy said: ${TOKEN}`, secret: 'c2lnbmF0dXJl' },
    { frame: `"{\\"jwt\\":\\"secret-text\\"}"`, secret: 'secret-text' },
    { frame: `{"channel":["x"],"api_key":"secret-text"}`, secret: 'secret-text' },
    { frame: envelope('ticker', { type: 7 }).replace('7', `["${TOKEN}"]`), secret: 'eyJzdWIi' },
  ],
  validSymbols: ['BTC-USD', 'ETH-USD', 'BTC-PERP-INTX', 'BIT-28JUN24-CDE', '00-USD', 'EURC-USDC'],
  invalidSymbols: [
    { symbol: '', says: 'BTC-USD' },
    { symbol: 'BTC/USD', says: '"BTC-USD"' },
    { symbol: 'btc-usd', says: '"BTC-USD"' },
    { symbol: 'XBT/USD', says: '"BTC-USD"' },
    { symbol: 'XBT-USD', says: '"BTC-USD"' },
    { symbol: 'BTCUSD', says: '"BTC-USD"' },
    { symbol: 'ethusdc', says: '"ETH-USDC"' },
    { symbol: 'XXBTZUSD', says: '"BTC-USD"' },
    { symbol: 'BTC_USD', says: '"BTC-USD"' },
    { symbol: ' BTC-USD', says: '"BTC-USD"' },
    { symbol: 'bitcoin', says: 'not a Coinbase product id' },
    { symbol: '\u001b[31m', says: 'not a Coinbase product id' },
  ],
  aliases: [
    { symbol: 'BTC-USDC', channel: 'book', canonical: 'BTC-USD' },
    { symbol: 'BTC-USDC', channel: 'trades', canonical: 'BTC-USD' },
    { symbol: 'BTC-USDC', channel: 'user', canonical: 'BTC-USDC' },
    { symbol: 'USDT-USDC', channel: 'book', canonical: 'USDT-USDC' },
    { symbol: 'BTC-USD', channel: 'book', canonical: 'BTC-USD' },
    { symbol: 'BTC-USDT', channel: 'book', canonical: 'BTC-USDT' },
  ],
  makeCredentials,
  badCredentials: [
    {
      name: 'a key that is no key',
      credentials: { keyName: 'organizations/one/apiKeys/two', privateKey: 'not-a-private-key' },
      secrets: ['not-a-private-key'],
    },
    {
      name: 'an empty key',
      credentials: { keyName: 'organizations/one/apiKeys/two', privateKey: '' },
      secrets: [],
    },
  ],
};
