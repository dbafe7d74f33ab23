import { FrameBytes } from '../../src/model/frame-bytes.js';
import type { Codec } from '../../src/model/venue.js';
import { createCloud9TraderCodec } from '../../src/venues/cloud9trader/codec.js';
import * as cloud9trader from '../../src/venues/cloud9trader/scan-book.js';
import { createCoinbaseCodec } from '../../src/venues/coinbase/codec.js';
import * as coinbase from '../../src/venues/coinbase/scan-book.js';
import * as coinbaseTrades from '../../src/venues/coinbase/scan-trades.js';
import { createKrakenCodec } from '../../src/venues/kraken/codec.js';
import * as kraken from '../../src/venues/kraken/scan-book.js';
import { createOrdersBookScanner } from '../../src/venues/kraken/scan-orders-book.js';
import * as krakenTrades from '../../src/venues/kraken/scan-trades.js';
import { createKrakenV1Codec } from '../../src/venues/kraken/v1/codec.js';
import { createV1BookScanner } from '../../src/venues/kraken/v1/scan-book.js';
import { createBookPool, type BookPool } from '../../src/wire/book-pool.js';
import { createFrameAssembly } from '../../src/wire/frame.js';
import {
  scanBooks,
  scanFrame,
  scanOrdersBooks,
  scanTrades,
  type BookScanner,
  type FrameScanner,
} from '../../src/wire/frame-scan.js';

/** A scanner beside the codec that it must agree with, and frames that it takes. */
export interface ScanSubject {
  readonly name: string;
  /** Whether the scanner takes a frame by itself. */
  readonly isScanned: (frame: Uint8Array) => boolean;
  readonly scanning: Codec;
  readonly ordinary: Codec;
  readonly frames: readonly string[];
}

/** `create` is given the pool of its books. */
function takes(create: (pool: BookPool) => FrameScanner) {
  const assembly = createFrameAssembly('test');
  const { decoding } = assembly;
  const pool = createBookPool();
  const scanners = [create(pool)];
  return (frame: Uint8Array): boolean => {
    assembly.start();
    pool.startFrame();
    return scanFrame(FrameBytes.of(frame), scanners, decoding);
  };
}

function takesBooks(create: () => BookScanner) {
  return takes((pool) => scanBooks('book', create(), pool));
}

const TIME = '2026-08-09T02:39:53.495541Z';
const coinbaseLevel = (side: string, price: string, size: string): string =>
  `{"side":"${side}","event_time":"${TIME}","price_level":"${price}","new_quantity":"${size}"}`;
const coinbaseFrame = (type: string, levels: readonly string[], head = ''): string =>
  `{"channel":"l2_data",${head}"timestamp":"2026-08-09T02:39:53.5Z","sequence_num":17,` +
  `"events":[{"type":"${type}","product_id":"BTC-USD","updates":[${levels.join(',')}]}]}`;

const COINBASE_FRAMES: readonly string[] = [
  coinbaseFrame('update', [
    coinbaseLevel('bid', '65083.66', '0.20371215'),
    coinbaseLevel('offer', '65083.67', '0'),
    coinbaseLevel('offer', '138991023.41', '1'),
  ]),
  coinbaseFrame('snapshot', []),
  coinbaseFrame('snapshot', [
    coinbaseLevel('bid', '123456789012345678901.5', '301727260.79999999'),
  ]),
  coinbaseFrame('update', [coinbaseLevel('bid', '0.01', '0')], '"client_id":"",'),
];

const krakenFrame = (type: string, sides: string, end = `,"timestamp":"${TIME}"`): string =>
  `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD",${sides},` +
  `"checksum":2175437505${end}}]}`;

const KRAKEN_FRAMES: readonly string[] = [
  krakenFrame('update', '"bids":[],"asks":[{"price":64525.3,"qty":0.00309336}]'),
  krakenFrame(
    'update',
    '"bids":[{"price":64524.0,"qty":0.00000000},{"price":64521.2,"qty":0.00200000}],"asks":[]',
  ),
  krakenFrame(
    'update',
    '"bids":[{"price":1,"qty":123456789012345678901.5}],"asks":[{"price":2.5,"qty":7}]',
  ),
  krakenFrame('snapshot', '"bids":[{"price":1.5,"qty":2}],"asks":[{"price":2.5,"qty":7}]', ''),
  krakenFrame('snapshot', '"bids":[],"asks":[]'),
];

const v1Level = (price: string, size: string, ...mark: string[]): string =>
  JSON.stringify([price, size, '1618678133.365913', ...mark]);

const V1_FRAMES: readonly string[] = [
  `[992,{"b":[${v1Level('354.15000000', '5.00000000')}],"c":"2583817756"},"book-1000","XMR/USD"]`,
  `[0,{"a":[${v1Level('354.15', '0.00000000')},${v1Level('1', '2', 'r')}],"c":"7"},` +
    '"book-10","XBT/USD"]',
  `[12,{"a":[${v1Level('354.15', '5')}]},{"b":[${v1Level('1', '2')}],"c":"0"},"book-25","XBT/USD"]`,
  '[12,{"a":[],"c":"4294967295"},"book-25","XBT/USD"]',
];

const CLOUD9TRADER_FRAMES: readonly string[] = [
  '["order-book.XBTUSD:BitMEX",{"sequence":99999998,"bids":[[10002,179],[10001.5,532]],"asks":[]}]',
  '["order-book.EUR/USD:FXCM",{"sequence":0,"bids":[],"asks":[[1.23456,0]]}]',
  '["order-book.A.B:C",{"sequence":7,"bids":[[0.00000001,12345678901234567890.5]],"asks":[[1,1]]}]',
];

const coinbaseTrade = (id: string, price: string, side: string): string =>
  '{"product_id":"BTC-USD",' +
  `"trade_id":"${id}","price":"${price}","size":"0.5",` +
  `"time":"${TIME}","side":"${side}"}`;
const coinbaseTradesFrame = (type: string, trades: readonly string[], head = ''): string =>
  `{"channel":"market_trades",${head}"timestamp":"2026-08-09T02:39:53.5Z","sequence_num":2,` +
  `"events":[{"type":"${type}","trades":[${trades.join(',')}]}]}`;

const COINBASE_TRADES: readonly string[] = [
  coinbaseTradesFrame('update', [
    coinbaseTrade('22381691', '2375.56', 'BUY'),
    coinbaseTrade('22381690', '2375.5', 'SELL'),
  ]),
  coinbaseTradesFrame('snapshot', [], '"client_id":"",'),
  coinbaseTradesFrame('snapshot', [
    coinbaseTrade('9', '0.00000000000000000000000001', 'BUY'),
    coinbaseTrade('10', '123456789012345678901.5', 'SELL').replace('BTC', 'ETH'),
    coinbaseTrade('8', '1', 'SELL'),
  ]),
];

const krakenTrade = (id: string, price: string, side: string): string =>
  '{"symbol":"BTC/USD",' +
  `"side":"${side}","price":${price},"qty":0.01919415,` +
  `"ord_type":"market","trade_id":${id},"timestamp":"${TIME}"}`;
const krakenTradesFrame = (type: string, ...trades: readonly string[]): string =>
  `{"channel":"trade","type":"${type}","data":[${trades.join(',')}]}`;

const KRAKEN_TRADES: readonly string[] = [
  krakenTradesFrame('update', krakenTrade('70635251', '68466.9', 'sell')),
  krakenTradesFrame(
    'snapshot',
    krakenTrade('2', '68466.90', 'buy'),
    krakenTrade('1', '123456789012345678901.5', 'sell').replace('BTC', 'ETH'),
    krakenTrade('1', '0.00000000000000000000000001', 'sell'),
  ),
];

const level3Order = (id: string, price: string, event?: string): string =>
  `{${event === undefined ? '' : `"event":"${event}",`}"order_id":"${id}",` +
  `"limit_price":${price},"order_qty":1.35137590,"timestamp":"2024-05-19T18:55:20.910159752Z"}`;

const LEVEL3_FRAMES: readonly string[] = [
  '{"channel":"level3","type":"snapshot","data":[{"symbol":"BTC/USD","checksum":1361442827,' +
    `"bids":[${level3Order('OZYA6B-OE3BH-YJ4PY5', '66579.2')}],"asks":[],"timestamp":"${TIME}"}]}`,
  '{"channel":"level3","type":"update","data":[{"checksum":2143854316,' +
    `"timestamp":"${TIME}","symbol":"BTC/USD","bids":[${level3Order('O1', '1.50', 'delete')},` +
    `${level3Order('O2', '2', 'add')}],"asks":[${level3Order('O3', '66566.9', 'modify')}]}]}`,
];

const KRAKEN_OPTIONS = { bookDepth: 10, candleMinutes: 1, tickerTrigger: 'trades' } as const;

/** Every scanner of a book; frames are spelled as the venues spell them. */
export const SCAN_SUBJECTS: readonly ScanSubject[] = [
  {
    name: 'Coinbase l2_data',
    isScanned: takesBooks(() => coinbase.createBookScanner({ numbered: true })),
    scanning: createCoinbaseCodec({ numberedBySymbol: true }),
    ordinary: createCoinbaseCodec({ numberedBySymbol: true, scanned: false }),
    frames: COINBASE_FRAMES,
  },
  {
    name: 'Kraken v2 book',
    isScanned: takesBooks(kraken.createBookScanner),
    scanning: createKrakenCodec(KRAKEN_OPTIONS),
    ordinary: createKrakenCodec({ ...KRAKEN_OPTIONS, scanned: false }),
    frames: KRAKEN_FRAMES,
  },
  {
    name: 'Coinbase market_trades',
    isScanned: takes(() =>
      scanTrades('trades', coinbaseTrades.createTradeScanner(), { newestFirst: true }),
    ),
    scanning: createCoinbaseCodec({ numberedBySymbol: false }),
    ordinary: createCoinbaseCodec({ numberedBySymbol: false, scanned: false }),
    frames: COINBASE_TRADES,
  },
  {
    name: 'Kraken v2 trade',
    isScanned: takes(() =>
      scanTrades('trades', krakenTrades.createTradeScanner(), { newestFirst: false }),
    ),
    scanning: createKrakenCodec(KRAKEN_OPTIONS),
    ordinary: createKrakenCodec({ ...KRAKEN_OPTIONS, scanned: false }),
    frames: KRAKEN_TRADES,
  },
  {
    name: 'Kraken v2 level3',
    isScanned: takes(() => scanOrdersBooks('orders-book', createOrdersBookScanner())),
    scanning: createKrakenCodec(KRAKEN_OPTIONS),
    ordinary: createKrakenCodec({ ...KRAKEN_OPTIONS, scanned: false }),
    frames: LEVEL3_FRAMES,
  },
  {
    name: 'Kraken v1 book',
    isScanned: takesBooks(createV1BookScanner),
    scanning: createKrakenV1Codec(KRAKEN_OPTIONS),
    ordinary: createKrakenV1Codec({ ...KRAKEN_OPTIONS, scanned: false }),
    frames: V1_FRAMES,
  },
  {
    name: 'Cloud9Trader order-book',
    isScanned: takesBooks(cloud9trader.createBookScanner),
    scanning: createCloud9TraderCodec(),
    ordinary: createCloud9TraderCodec({ scanned: false }),
    frames: CLOUD9TRADER_FRAMES,
  },
];

/** The subject of that name. */
export function subjectOf(name: string): ScanSubject {
  const subject = SCAN_SUBJECTS.find((one) => one.name === name);
  if (!subject) throw new Error(`There is no scanner of ${name}.`);
  return subject;
}
