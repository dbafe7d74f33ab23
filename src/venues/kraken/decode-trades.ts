import type { Trade } from '../../model/market.js';
import { forEachEntry, groupBySymbol, type Decoding, type FrameType } from './decoding.js';
import {
  faultAt,
  readDecimal,
  readSymbol,
  readTimeMs,
  readWholeNumber,
  type Place,
  type RawObject,
} from './fields.js';

/** Decodes `trade`: several takers' trades may share a frame, oldest first (recorded 2024-05). */
export function decodeTrades(frame: RawObject, type: FrameType, decoding: Decoding): void {
  const items: { symbol: string; item: Trade }[] = [];
  forEachEntry(frame, decoding, (entry) => items.push(readTrade(entry, decoding.place)));
  groupBySymbol(items, (symbol, trades) => {
    if (!isOldestFirst(trades)) trades.sort(compareTradeIds);
    decoding.messages.push({
      type: type === 'snapshot' ? 'trades.snapshot' : 'trades.update',
      symbol,
      trades,
    });
  });
}

function readTrade(entry: RawObject, place: Place): { symbol: string; item: Trade } {
  const price = readDecimal(entry, 'price', place);
  const size = readDecimal(entry, 'qty', place);
  return {
    symbol: readSymbol(entry, 'symbol', place),
    item: {
      tradeId: readWholeNumber(entry, 'trade_id', place),
      price,
      size,
      priceNumber: Number(price),
      sizeNumber: Number(size),
      side: readTakerSide(entry, place),
      tradedAtMs: readTimeMs(entry, 'timestamp', place),
    },
  };
}

/** The wire names the taker's side, as we do (websocket-v2/trade). */
function readTakerSide(entry: RawObject, place: Place): 'buy' | 'sell' {
  const side = entry['side'];
  if (side === 'buy' || side === 'sell') return side;
  throw faultAt(place, 'side', ['"buy" or "sell"', side]);
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
