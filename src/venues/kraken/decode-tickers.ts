import type { Ticker } from '../../model/market.js';
import { forEachEntry, type Decoding, type FrameType } from './decoding.js';
import { findDecimal, findTimeMs, readSymbol, type Place, type RawObject } from './fields.js';

/** Our field → the wire's. The change is against the price 24 hours ago (websocket-v2/ticker). */
const TICKER_FIELDS: readonly (readonly [keyof Ticker, string])[] = [
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
export function decodeTickers(frame: RawObject, _type: FrameType, decoding: Decoding): void {
  forEachEntry(frame, decoding, (entry) => {
    decoding.messages.push({
      type: 'ticker.update',
      channel: 'ticker',
      symbol: readSymbol(entry, 'symbol', decoding.place),
      venueAtMs: findTimeMs(entry, 'timestamp', decoding.place),
      ticker: readTicker(entry, decoding.place),
    });
  });
}

function readTicker(entry: RawObject, place: Place): Ticker {
  const ticker: { -readonly [Field in keyof Ticker]: Ticker[Field] } = {};
  for (const [field, wireField] of TICKER_FIELDS) {
    const value = findDecimal(entry, wireField, place);
    if (value !== undefined) ticker[field] = value;
  }
  return ticker;
}
