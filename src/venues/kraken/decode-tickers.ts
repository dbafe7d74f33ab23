import { findTimeMs, readSymbol, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { readTicker, type TickerFields, type UpdateKind } from '../../wire/market.js';
import { forEachEntry } from './decoding.js';

/** Our field → the wire's. The change is against the price 24 hours ago (websocket-v2/ticker). */
const TICKER_FIELDS: TickerFields = [
  ['last', 'last'],
  ['bid', 'bid'],
  ['ask', 'ask'],
  ['bidSize', 'bid_qty'],
  ['askSize', 'ask_qty'],
  ['high24h', 'high'],
  ['low24h', 'low'],
  ['volume24h', 'volume'],
  ['vwap24h', 'vwap'],
  ['change24h', 'change'],
  ['changePercent24h', 'change_pct'],
];

/** Decodes `ticker`; snapshot and update have one shape, the time is absent from older frames. */
export function decodeTickers(frame: RawObject, _type: UpdateKind, decoding: Decoding): void {
  forEachEntry(frame, decoding, (entry) => {
    decoding.messages.push({
      type: 'ticker.update',
      channel: 'ticker',
      symbol: readSymbol(entry, 'symbol', decoding.place),
      venueAtMs: findTimeMs(entry, 'timestamp', decoding.place),
      ticker: readTicker(entry, TICKER_FIELDS, decoding.place),
    });
  });
}
