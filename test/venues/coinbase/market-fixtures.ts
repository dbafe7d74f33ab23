import type { FrameFixture } from '../../contract/venue.js';

/** When every frame of these fixtures was sent. */
export const SENT = '2026-09-30T02:39:53.690696234Z';
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

/** Frames of the book. */
export const bookFrames: readonly FrameFixture[] = [
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

/** One trade of a market_trades event, in the venue's field order. */
export function rawTrade(product: string, id: string, side: string): Record<string, string> {
  return {
    product_id: product,
    trade_id: id,
    price: '83320.66',
    size: '0.0041608',
    time: '2026-09-30T02:39:59.416138Z',
    side,
  };
}

/** Frames of the other public channels. */
export const marketFrames: readonly FrameFixture[] = [
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

/** Heartbeats and acks. */
export const controlFrames: readonly FrameFixture[] = [
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
