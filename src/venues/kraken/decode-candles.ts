import type { Candle } from '../../model/market.js';
import { readCount, readDecimal } from '../../wire/decimals.js';
import { readSymbol, readTimeMs, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { pushCandles, type SymbolItem, type UpdateKind } from '../../wire/market.js';
import { faultAt, type Place } from '../../wire/place.js';
import { forEachEntry } from './decoding.js';

const MS_PER_MINUTE = 60_000;

/** Decodes `ohlc`. Nothing comes where nothing is traded, and no candle is marked as closed. */
export function decodeCandles(frame: RawObject, type: UpdateKind, decoding: Decoding): void {
  const items: SymbolItem<Candle>[] = [];
  forEachEntry(frame, decoding, (entry) => items.push(readCandle(entry, decoding.place)));
  pushCandles(decoding.messages, type, items);
}

/** The candle's own `timestamp` is its end and deprecated; the beginning is what counts. */
function readCandle(entry: RawObject, place: Place): SymbolItem<Candle> {
  const intervalMs = readCount(entry, 'interval', place) * MS_PER_MINUTE;
  if (!Number.isSafeInteger(intervalMs) || intervalMs === 0) {
    throw faultAt(place, 'interval', ['minutes', entry['interval']]);
  }
  return {
    symbol: readSymbol(entry, 'symbol', place),
    item: {
      openedAtMs: readTimeMs(entry, 'interval_begin', place),
      intervalMs,
      open: readDecimal(entry, 'open', place),
      high: readDecimal(entry, 'high', place),
      low: readDecimal(entry, 'low', place),
      close: readDecimal(entry, 'close', place),
      volume: readDecimal(entry, 'volume', place),
      vwap: readDecimal(entry, 'vwap', place),
      tradeCount: readCount(entry, 'trades', place),
    },
  };
}
