/** What fast readers of trades have in common: a frame is a head, a list of trades and a tail. */
import type { Trade } from '../model/market.js';
import { readFrame, readItems, skipLast, type Cursor, type FixedText } from './byte-cursor.js';
import type { DecimalText } from './decimal-text.js';
import type { FrameFacts, TradeScanner } from './frame-scan.js';
import type { SymbolItem, UpdateKind } from './market.js';

/** How a venue spells its frames of trades, read at the cursor of the scanner. */
export interface TradeListReader {
  /** Reads up to the first trade; undefined where the frame is not for it. */
  readHead(facts: FrameFacts): UpdateKind | undefined;
  /** Undefined where the trade is spelled otherwise. */
  readTrade(): SymbolItem<Trade> | undefined;
  /** What ends the frame, after the `]` of the list. */
  readonly tail: FixedText;
}

/** Makes a scanner of such frames. */
export function createTradeListScanner(cursor: Cursor, reader: TradeListReader): TradeScanner {
  return {
    scan(bytes, trades, facts) {
      const readOne = (): boolean => {
        const trade = reader.readTrade();
        if (trade) trades.push(trade);
        return trade !== undefined;
      };
      return readFrame(cursor, bytes, () => {
        const kind = reader.readHead(facts);
        const isRead =
          kind !== undefined && readItems(cursor, readOne) && skipLast(cursor, reader.tail);
        return isRead ? kind : undefined;
      });
    },
  };
}

/** A trade of which price and size have just been read. */
export function makeTradeItem(
  symbol: string,
  { price, size }: { readonly price: DecimalText; readonly size: DecimalText },
  { tradeId, side, tradedAtMs }: Pick<Trade, 'tradeId' | 'side' | 'tradedAtMs'>,
): SymbolItem<Trade> {
  const item: Trade = {
    tradeId,
    price: price.text,
    size: size.text,
    priceNumber: price.number,
    sizeNumber: size.number,
    side,
    tradedAtMs,
  };
  return { symbol, item };
}
