import type { Ticker } from '../../model/market.js';
import { readEventType, type Decoding } from './decoding.js';
import { findDecimal, readList, readProduct, toObject, type RawObject } from './fields.js';

/** Our field → the wire's. The touch is absent from `ticker_batch` (websocket-channels). */
const TICKER_FIELDS: readonly (readonly [keyof Ticker, string])[] = [
  ['last', 'price'],
  ['bid', 'best_bid'],
  ['ask', 'best_ask'],
  ['bidSize', 'best_bid_quantity'],
  ['askSize', 'best_ask_quantity'],
  ['high24h', 'high_24_h'],
  ['low24h', 'low_24_h'],
  ['volume24h', 'volume_24_h'],
  ['changePercent24h', 'price_percent_chg_24_h'],
  ['high52w', 'high_52_w'],
  ['low52w', 'low_52_w'],
];

/**
 * Decodes `ticker` and `ticker_batch`. A ticker has no time of its own: the frame's stands for it.
 */
export function decodeTickersEvent(event: RawObject, decoding: Decoding): void {
  if (readEventType(event, decoding) === undefined) return;
  const channel = decoding.wireChannel === 'ticker_batch' ? 'ticker-batch' : 'ticker';
  const list = readList(event, 'tickers', decoding.place);
  for (let index = 0; index < list.length; index += 1) {
    decoding.place.item = index;
    const raw = toObject(list[index], decoding.place);
    decoding.messages.push({
      type: 'ticker.update',
      channel,
      symbol: readProduct(raw, 'product_id', decoding.place),
      venueAtMs: decoding.sentAtMs,
      ticker: readTicker(raw, decoding),
    });
  }
}

function readTicker(raw: RawObject, decoding: Decoding): Ticker {
  const ticker: { -readonly [Field in keyof Ticker]: Ticker[Field] } = {};
  for (const [field, wireField] of TICKER_FIELDS) {
    const value = findDecimal(raw, wireField, decoding.place);
    if (value !== undefined) ticker[field] = value;
  }
  return ticker;
}
