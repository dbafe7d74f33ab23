/** A fast reader of `trade` frames of protocol v2, in the fields' order of the recordings. */
import type { Trade } from '../../model/market.js';
import {
  createCursor,
  readTimeMs,
  readWholeText,
  skip,
  skipPlainText,
  toFixed,
} from '../../wire/byte-cursor.js';
import { DecimalText } from '../../wire/decimal-text.js';
import type { TradeScanner } from '../../wire/frame-scan.js';
import type { SymbolItem, UpdateKind } from '../../wire/market.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { createTradeListScanner, makeTradeItem } from '../../wire/trade-list.js';

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
const TAIL = toFixed('}');

/** Makes a scanner. */
export function createTradeScanner(): TradeScanner {
  const cursor = createCursor();
  const price = new DecimalText(cursor);
  const size = new DecimalText(cursor);
  const symbols = new SymbolCache();

  function readHead(): UpdateKind | undefined {
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
    if (!price.readBare() || !skip(cursor, SIZE) || !size.readBare()) return undefined;
    if (!skip(cursor, ORDER_TYPE) || !skipPlainText(cursor, WORD_BYTES_MAX)) return undefined;
    if (!skip(cursor, TRADE_ID)) return undefined;
    const tradeId = readWholeText(cursor);
    if (tradeId === '' || !skip(cursor, TIMESTAMP)) return undefined;
    const tradedAtMs = readTimeMs(cursor);
    if (Number.isNaN(tradedAtMs) || !skip(cursor, TRADE_END)) return undefined;
    return makeTradeItem(symbol, { price, size }, { tradeId, side, tradedAtMs });
  }

  return createTradeListScanner(cursor, { readHead, readTrade, tail: TAIL });
}
