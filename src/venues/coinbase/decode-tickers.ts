import { readList, readSymbol, toObject, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { readTicker, type TickerFields } from '../../wire/market.js';
import { readEventType } from './decoding.js';

/** Our field → the wire's. The touch is absent from `ticker_batch` (websocket-channels). */
const TICKER_FIELDS: TickerFields = [
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
  const { place } = decoding;
  if (readEventType(event, decoding) === undefined) return;
  const channel = decoding.wireChannel === 'ticker_batch' ? 'ticker-batch' : 'ticker';
  const list = readList(event, 'tickers', place);
  for (let index = 0; index < list.length; index += 1) {
    place.item = index;
    const raw = toObject(list[index], place);
    decoding.messages.push({
      type: 'ticker.update',
      channel,
      symbol: readSymbol(raw, 'product_id', place),
      venueAtMs: decoding.frame.sentAtMs,
      ticker: readTicker(raw, TICKER_FIELDS, place),
    });
  }
}
