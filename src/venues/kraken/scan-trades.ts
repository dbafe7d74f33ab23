/** A fast reader of `trade` frames of protocol v2, in the fields' order of the recordings. */
import { createDecimalReader } from '../../book/decimal.js';
import type { Trade } from '../../model/market.js';
import {
  closeFrame,
  createCursor,
  openFrame,
  readBareDecimal,
  readTimeMs,
  readWholeText,
  skip,
  skipByte,
  skipPlainText,
  sliceText,
  toFixed,
} from '../../wire/byte-cursor.js';
import type { TradeScanner } from '../../wire/frame-scan.js';
import { toDouble, type SymbolItem, type UpdateKind } from '../../wire/market.js';
import { SymbolCache } from '../../wire/symbol-cache.js';

const COMMA = 44;
const WORD_BYTES_MAX = 40;

const HEAD = toFixed('{"channel":"trade","type":"');
const UPDATE = toFixed('update","data":[');
const SNAPSHOT = toFixed('snapshot","data":[');
const SYMBOL = toFixed('{"symbol":"');
const TAKER_BUYS = toFixed('","side":"buy","price":');
const TAKER_SELLS = toFixed('","side":"sell","price":');
const SIZE = toFixed(',"qty":');
const ORDER_TYPE = toFixed(',"ord_type":"');
const TRADE_ID = toFixed('","trade_id":');
const TIMESTAMP = toFixed(',"timestamp":"');
const TRADE_END = toFixed('"}');
const TAIL = toFixed(']}');

/** Makes a scanner with a cursor and readers of its own, which it reuses. */
export function createTradeScanner(): TradeScanner {
  const cursor = createCursor();
  const decimals = createDecimalReader();
  const symbols = new SymbolCache();

  function readKind(): UpdateKind | undefined {
    if (!skip(cursor, HEAD)) return undefined;
    if (skip(cursor, UPDATE)) return 'update';
    return skip(cursor, SNAPSHOT) ? 'snapshot' : undefined;
  }

  function readTrade(): SymbolItem<Trade> | undefined {
    if (!skip(cursor, SYMBOL)) return undefined;
    const symbol = symbols.read(cursor);
    if (symbol === '') return undefined;
    const side = skip(cursor, TAKER_BUYS) ? 'buy' : 'sell';
    if (side === 'sell' && !skip(cursor, TAKER_SELLS)) return undefined;
    const priceAt = cursor.at;
    if (!readBareDecimal(cursor, decimals)) return undefined;
    const price = sliceText(cursor, priceAt, cursor.at);
    const priceNumber = toDouble(decimals, price);
    if (!skip(cursor, SIZE)) return undefined;
    const sizeAt = cursor.at;
    if (!readBareDecimal(cursor, decimals)) return undefined;
    const size = sliceText(cursor, sizeAt, cursor.at);
    const sizeNumber = toDouble(decimals, size);
    if (!skip(cursor, ORDER_TYPE) || !skipPlainText(cursor, WORD_BYTES_MAX)) return undefined;
    if (!skip(cursor, TRADE_ID)) return undefined;
    const tradeId = readWholeText(cursor);
    if (tradeId === '' || !skip(cursor, TIMESTAMP)) return undefined;
    const tradedAtMs = readTimeMs(cursor);
    if (Number.isNaN(tradedAtMs) || !skip(cursor, TRADE_END)) return undefined;
    return { symbol, item: { tradeId, price, size, priceNumber, sizeNumber, side, tradedAtMs } };
  }

  function readTrades(trades: SymbolItem<Trade>[]): boolean {
    do {
      const trade = readTrade();
      if (!trade) return false;
      trades.push(trade);
    } while (skipByte(cursor, COMMA));
    return true;
  }

  return {
    scan(frame, trades) {
      openFrame(cursor, frame);
      const kind = readKind();
      const isRead = kind !== undefined && readTrades(trades) && skip(cursor, TAIL);
      return closeFrame(cursor) && isRead ? kind : undefined;
    },
  };
}
