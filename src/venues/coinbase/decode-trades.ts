import type { Trade } from '../../model/market.js';
import { readDecimal, readWholeNumber } from '../../wire/decimals.js';
import { readList, readSymbol, readTimeMs, toObject, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { makeTrade, pushTrades, type SymbolItem } from '../../wire/market.js';
import { faultAt, type Place } from '../../wire/place.js';
import { readEventType } from './decoding.js';

/** Decodes `market_trades`: newest first on the wire, oldest first from here on. */
export function decodeTradesEvent(event: RawObject, decoding: Decoding): void {
  const { place, messages } = decoding;
  const kind = readEventType(event, decoding);
  if (kind === undefined) return;
  const items = readList(event, 'trades', place).map((raw, index) => {
    place.item = index;
    return readTrade(toObject(raw, place), place);
  });
  pushTrades(messages, kind, items.reverse());
}

function readTrade(raw: RawObject, place: Place): SymbolItem<Trade> {
  const item = makeTrade({
    tradeId: readWholeNumber(raw, 'trade_id', place),
    price: readDecimal(raw, 'price', place),
    size: readDecimal(raw, 'size', place),
    side: readTakerSide(raw['side'], place),
    tradedAtMs: readTimeMs(raw, 'time', place),
  });
  return { symbol: readSymbol(raw, 'product_id', place), item };
}

/**
 * The wire names the maker's side: SELL is a resting offer that a buyer took (recorded 2026-08: 73
 * of 78 trades stand at the touch that way). Ours is the taker's.
 */
function readTakerSide(side: unknown, place: Place): 'buy' | 'sell' {
  if (side === 'SELL') return 'buy';
  if (side === 'BUY') return 'sell';
  throw faultAt(place, 'side', ['"BUY" or "SELL"', side]);
}
