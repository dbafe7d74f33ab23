import type { Candle } from '../../model/market.js';
import { groupBySymbol, readEventType, type Decoding } from './decoding.js';
import {
  faultAt,
  readDecimal,
  readList,
  readProduct,
  readWholeNumber,
  toObject,
  type RawObject,
} from './fields.js';
import { CANDLE_INTERVAL_MS } from './messages.js';

/**
 * Decodes `candles`. There are holes where nothing traded, so that a start is never computed from a
 * position; no candle is marked as closed.
 */
export function decodeCandlesEvent(event: RawObject, decoding: Decoding): void {
  const type = readEventType(event, decoding);
  if (type === undefined) return;
  const list = readList(event, 'candles', decoding.place);
  const items = list.map((raw, index) => {
    decoding.place.item = index;
    return readCandle(toObject(raw, decoding.place), decoding);
  });
  groupBySymbol(items, (symbol, candles) => {
    candles.sort((a, b) => a.openedAtMs - b.openedAtMs);
    decoding.messages.push({
      type: type === 'snapshot' ? 'candles.snapshot' : 'candles.update',
      symbol,
      candles,
    });
  });
}

function readCandle(raw: RawObject, decoding: Decoding): { symbol: string; item: Candle } {
  const place = decoding.place;
  const openedAtMs = Number(readWholeNumber(raw, 'start', place)) * 1000;
  if (!Number.isSafeInteger(openedAtMs)) {
    throw faultAt(place, 'start', ['Unix seconds', raw['start']]);
  }
  return {
    symbol: readProduct(raw, 'product_id', place),
    item: {
      openedAtMs,
      intervalMs: CANDLE_INTERVAL_MS,
      open: readDecimal(raw, 'open', place),
      high: readDecimal(raw, 'high', place),
      low: readDecimal(raw, 'low', place),
      close: readDecimal(raw, 'close', place),
      volume: readDecimal(raw, 'volume', place),
    },
  };
}
