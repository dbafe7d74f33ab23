import type { Trade } from '../../model/market.js';
import { readDecimal, readWholeNumber } from '../../wire/decimals.js';
import { readSymbol, readTimeMs, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { makeTrade, pushTrades, type SymbolItem, type UpdateKind } from '../../wire/market.js';
import { faultAt, type Place } from '../../wire/place.js';
import { forEachEntry } from './decoding.js';

/** Decodes `trade`: several takers' trades may share a frame, oldest first (recorded 2024-05). */
export function decodeTrades(frame: RawObject, type: UpdateKind, decoding: Decoding): void {
  const items: SymbolItem<Trade>[] = [];
  forEachEntry(frame, decoding, (entry) => items.push(readTrade(entry, decoding.place)));
  pushTrades(decoding.messages, type, items);
}

function readTrade(entry: RawObject, place: Place): SymbolItem<Trade> {
  const item = makeTrade({
    tradeId: readWholeNumber(entry, 'trade_id', place),
    price: readDecimal(entry, 'price', place),
    size: readDecimal(entry, 'qty', place),
    side: readTakerSide(entry, place),
    tradedAtMs: readTimeMs(entry, 'timestamp', place),
  });
  return { symbol: readSymbol(entry, 'symbol', place), item };
}

/** The wire names the taker's side, as we do (websocket-v2/trade). */
function readTakerSide(entry: RawObject, place: Place): 'buy' | 'sell' {
  const side = entry['side'];
  if (side === 'buy' || side === 'sell') return side;
  throw faultAt(place, 'side', ['"buy" or "sell"', side]);
}
