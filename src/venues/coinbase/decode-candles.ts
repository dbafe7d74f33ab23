import type { Candle } from '../../model/market.js';
import { readDecimal, readWholeNumber } from '../../wire/decimals.js';
import { readList, readSymbol, toObject, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { pushCandles, type SymbolItem } from '../../wire/market.js';
import { faultAt, type Place } from '../../wire/place.js';
import { readEventType } from './decoding.js';
import { CANDLE_INTERVAL_MS } from './messages.js';

/**
 * Decodes `candles`. There are holes where nothing traded, so that a start is never computed from a
 * position; no candle is marked as closed.
 */
export function decodeCandlesEvent(event: RawObject, decoding: Decoding): void {
  const { place, messages } = decoding;
  const kind = readEventType(event, decoding);
  if (kind === undefined) return;
  const items = readList(event, 'candles', place).map((raw, index) => {
    place.item = index;
    return readCandle(toObject(raw, place), place);
  });
  pushCandles(messages, kind, items);
}

function readCandle(raw: RawObject, place: Place): SymbolItem<Candle> {
  const openedAtMs = Number(readWholeNumber(raw, 'start', place)) * 1000;
  if (!Number.isSafeInteger(openedAtMs)) {
    throw faultAt(place, 'start', ['Unix seconds', raw['start']]);
  }
  return {
    symbol: readSymbol(raw, 'product_id', place),
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
