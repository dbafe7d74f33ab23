/** A fast reader of `market_trades` frames of one event, in the fields' order of the recordings. */
import { createDecimalReader } from '../../book/decimal.js';
import type { Trade } from '../../model/market.js';
import {
  closeFrame,
  createCursor,
  openFrame,
  readQuotedDecimal,
  readTimeMs,
  readWholeNumber,
  readWholeText,
  skip,
  skipByte,
  sliceText,
  toFixed,
} from '../../wire/byte-cursor.js';
import type { FrameFacts, TradeScanner } from '../../wire/frame-scan.js';
import { toDouble, type SymbolItem, type UpdateKind } from '../../wire/market.js';
import { SymbolCache } from '../../wire/symbol-cache.js';

const COMMA = 44;
const LIST_END = 93;

const HEAD = toFixed('{"channel":"market_trades",');
const CLIENT_ID = toFixed('"client_id":"",');
const TIMESTAMP = toFixed('"timestamp":"');
const SEQUENCE_NUM = toFixed('","sequence_num":');
const EVENTS = toFixed(',"events":[{"type":"');
const UPDATE = toFixed('update","trades":[');
const SNAPSHOT = toFixed('snapshot","trades":[');
const PRODUCT = toFixed('{"product_id":"');
const TRADE_ID = toFixed('","trade_id":"');
const PRICE = toFixed('","price":"');
const SIZE = toFixed('","size":"');
const TIME = toFixed('","time":"');
const MAKER_BUYS = toFixed('","side":"BUY"}');
const MAKER_SELLS = toFixed('","side":"SELL"}');
const TAIL = toFixed(']}]}');

/** Makes a scanner with a cursor and readers of its own, which it reuses. */
export function createTradeScanner(): TradeScanner {
  const cursor = createCursor();
  const decimals = createDecimalReader();
  const symbols = new SymbolCache();

  function readHead(facts: FrameFacts): UpdateKind | undefined {
    if (!skip(cursor, HEAD)) return undefined;
    skip(cursor, CLIENT_ID);
    if (!skip(cursor, TIMESTAMP)) return undefined;
    facts.sentAtMs = readTimeMs(cursor);
    if (Number.isNaN(facts.sentAtMs) || !skip(cursor, SEQUENCE_NUM)) return undefined;
    facts.number = readWholeNumber(cursor);
    if (Number.isNaN(facts.number) || !skip(cursor, EVENTS)) return undefined;
    if (skip(cursor, UPDATE)) return 'update';
    return skip(cursor, SNAPSHOT) ? 'snapshot' : undefined;
  }

  function readTrade(): SymbolItem<Trade> | undefined {
    if (!skip(cursor, PRODUCT)) return undefined;
    const symbol = symbols.read(cursor);
    if (symbol === '' || !skip(cursor, TRADE_ID)) return undefined;
    const tradeId = readWholeText(cursor);
    if (tradeId === '' || !skip(cursor, PRICE)) return undefined;
    const priceAt = cursor.at;
    if (!readQuotedDecimal(cursor, decimals)) return undefined;
    const price = sliceText(cursor, priceAt, cursor.at);
    const priceNumber = toDouble(decimals, price);
    if (!skip(cursor, SIZE)) return undefined;
    const sizeAt = cursor.at;
    if (!readQuotedDecimal(cursor, decimals)) return undefined;
    const size = sliceText(cursor, sizeAt, cursor.at);
    const sizeNumber = toDouble(decimals, size);
    if (!skip(cursor, TIME)) return undefined;
    const tradedAtMs = readTimeMs(cursor);
    if (Number.isNaN(tradedAtMs)) return undefined;
    // The wire names the maker's side: see decode-trades.ts.
    const side = skip(cursor, MAKER_BUYS) ? 'sell' : 'buy';
    if (side === 'buy' && !skip(cursor, MAKER_SELLS)) return undefined;
    return { symbol, item: { tradeId, price, size, priceNumber, sizeNumber, side, tradedAtMs } };
  }

  function readTrades(trades: SymbolItem<Trade>[]): boolean {
    if (cursor.bytes[cursor.at] === LIST_END) return true;
    do {
      const trade = readTrade();
      if (!trade) return false;
      trades.push(trade);
    } while (skipByte(cursor, COMMA));
    return true;
  }

  return {
    scan(frame, trades, facts) {
      openFrame(cursor, frame);
      const kind = readHead(facts);
      const isRead = kind !== undefined && readTrades(trades) && skip(cursor, TAIL);
      return closeFrame(cursor) && isRead ? kind : undefined;
    },
  };
}
