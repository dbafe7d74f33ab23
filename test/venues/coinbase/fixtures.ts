import { generateKeyPairSync } from 'node:crypto';
import type { VenueFixtures } from '../../contract/venue.js';
import {
  bookFrames,
  controlFrames,
  envelope,
  marketFrames,
  rawLevel,
  rawTrade,
  SENT,
} from './market-fixtures.js';
import { userFrames } from './user-fixtures.js';

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
    envelope('status', { type: 'delisting', product_id: 'BTC-USD' }),
    envelope('toString', {}),
    envelope('\u001b[31m__proto__', {}),
    '{"channel":"news","text":"no number and no events"}',
    '{"type":"info","message":"hello"}',
  ],
  invalidFrames: [
    ['', '[1,2]'],
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
    ['events[0].type', envelope('l2_data', { type: 'checksum', product_id: 'BTC-USD' })],
    ['events[0].type', envelope('level2', { type: 'patch', product_id: 'BTC-USD', updates: [] })],
    ['events[0].product_id', envelope('l2_data', { type: 'update', updates: [] })],
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
