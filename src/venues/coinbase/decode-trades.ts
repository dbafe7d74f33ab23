import type { Trade } from '../../model/market.js';
import { groupBySymbol, readEventType, type Decoding } from './decoding.js';
import {
  faultAt,
  readDecimal,
  readList,
  readProduct,
  readTimeMs,
  readWholeNumber,
  toObject,
  type RawObject,
} from './fields.js';

/** Decodes `market_trades`: newest first on the wire, oldest first from here on. */
export function decodeTradesEvent(event: RawObject, decoding: Decoding): void {
  const type = readEventType(event, decoding);
  if (type === undefined) return;
  const list = readList(event, 'trades', decoding.place);
  const items = list.map((raw, index) => {
    decoding.place.item = index;
    return readTrade(toObject(raw, decoding.place), decoding);
  });
  groupBySymbol(items.reverse(), (symbol, trades) => {
    if (!isOldestFirst(trades)) trades.sort(compareTradeIds);
    decoding.messages.push({
      type: type === 'snapshot' ? 'trades.snapshot' : 'trades.update',
      symbol,
      trades,
    });
  });
}

function readTrade(raw: RawObject, decoding: Decoding): { symbol: string; item: Trade } {
  const place = decoding.place;
  const price = readDecimal(raw, 'price', place);
  const size = readDecimal(raw, 'size', place);
  return {
    symbol: readProduct(raw, 'product_id', place),
    item: {
      tradeId: readWholeNumber(raw, 'trade_id', place),
      price,
      size,
      priceNumber: Number(price),
      sizeNumber: Number(size),
      side: readTakerSide(raw['side'], decoding),
      tradedAtMs: readTimeMs(raw, 'time', place),
    },
  };
}

/**
 * The wire names the maker's side: SELL is a resting offer that a buyer took (recorded 2026-08: 73
 * of 78 trades stand at the touch that way). Ours is the taker's.
 */
function readTakerSide(side: unknown, decoding: Decoding): 'buy' | 'sell' {
  if (side === 'SELL') return 'buy';
  if (side === 'BUY') return 'sell';
  throw faultAt(decoding.place, 'side', ['"BUY" or "SELL"', side]);
}

function isOldestFirst(trades: readonly Trade[]): boolean {
  return trades.every((trade, index) => {
    const before = trades[index - 1];
    return before === undefined || compareTradeIds(before, trade) <= 0;
  });
}

/** Trade ids are whole numbers that may one day pass 2^53. */
function compareTradeIds(a: Trade, b: Trade): number {
  const [idA, idB] = [BigInt(a.tradeId), BigInt(b.tradeId)];
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}
