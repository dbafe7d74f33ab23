import type { Candle } from '../../model/market.js';
import { forEachEntry, groupBySymbol, type Decoding, type FrameType } from './decoding.js';
import {
  faultAt,
  readCount,
  readDecimal,
  readSymbol,
  readTimeMs,
  type Place,
  type RawObject,
} from './fields.js';

const MS_PER_MINUTE = 60_000;

/** Decodes `ohlc`. Nothing comes where nothing is traded, and no candle is marked as closed. */
export function decodeCandles(frame: RawObject, type: FrameType, decoding: Decoding): void {
  const items: { symbol: string; item: Candle }[] = [];
  forEachEntry(frame, decoding, (entry) => items.push(readCandle(entry, decoding.place)));
  groupBySymbol(items, (symbol, candles) => {
    candles.sort((a, b) => a.openedAtMs - b.openedAtMs);
    decoding.messages.push({
      type: type === 'snapshot' ? 'candles.snapshot' : 'candles.update',
      symbol,
      candles,
    });
  });
}

/** The candle's own `timestamp` is its end and deprecated; the beginning is what counts. */
function readCandle(entry: RawObject, place: Place): { symbol: string; item: Candle } {
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
