import type { Codec } from '../../src/model/venue.js';
import type { BookScanner } from '../../src/wire/book-scan.js';
import { createCloud9TraderCodec } from '../../src/venues/cloud9trader/codec.js';
import * as cloud9trader from '../../src/venues/cloud9trader/scan.js';
import { createCoinbaseCodec } from '../../src/venues/coinbase/codec.js';
import * as coinbase from '../../src/venues/coinbase/scan.js';
import { createKrakenCodec } from '../../src/venues/kraken/codec.js';
import * as kraken from '../../src/venues/kraken/scan.js';
import { createKrakenV1Codec } from '../../src/venues/kraken/v1/codec.js';
import { createV1BookScanner } from '../../src/venues/kraken/v1/scan.js';

/** A scanner beside the codec that it must agree with, and frames that it takes. */
export interface ScanSubject {
  readonly name: string;
  readonly scanner: BookScanner;
  readonly scanning: Codec;
  readonly ordinary: Codec;
  readonly frames: readonly string[];
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

const KRAKEN_OPTIONS = { bookDepth: 10, candleMinutes: 1, tickerTrigger: 'trades' } as const;

/** Every scanner of a book; frames are spelled as the venues spell them. */
export const SCAN_SUBJECTS: readonly ScanSubject[] = [
  {
    name: 'Coinbase l2_data',
    scanner: coinbase.createBookScanner({ numbered: true }),
    scanning: createCoinbaseCodec({ numberedBySymbol: true }),
    ordinary: createCoinbaseCodec({ numberedBySymbol: true, scanned: false }),
    frames: COINBASE_FRAMES,
  },
  {
    name: 'Kraken v2 book',
    scanner: kraken.createBookScanner(),
    scanning: createKrakenCodec(KRAKEN_OPTIONS),
    ordinary: createKrakenCodec({ ...KRAKEN_OPTIONS, scanned: false }),
    frames: KRAKEN_FRAMES,
  },
  {
    name: 'Kraken v1 book',
    scanner: createV1BookScanner(),
    scanning: createKrakenV1Codec(KRAKEN_OPTIONS),
    ordinary: createKrakenV1Codec({ ...KRAKEN_OPTIONS, scanned: false }),
    frames: V1_FRAMES,
  },
  {
    name: 'Cloud9Trader order-book',
    scanner: cloud9trader.createBookScanner(),
    scanning: createCloud9TraderCodec(),
    ordinary: createCloud9TraderCodec({ scanned: false }),
    frames: CLOUD9TRADER_FRAMES,
  },
];
