/** A fast reader of `market_trades` frames of one event, in the fields' order of the recordings. */
import type { Trade } from '../../model/market.js';
import { createCursor, readTimeMs, readWholeText, skip, toFixed } from '../../wire/byte-cursor.js';
import { DecimalText } from '../../wire/decimal-text.js';
import type { FrameFacts, TradeScanner } from '../../wire/frame-scan.js';
import type { SymbolItem, UpdateKind } from '../../wire/market.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { createTradeListScanner, makeTradeItem } from '../../wire/trade-list.js';
import { readEnvelope } from './scan-envelope.js';

const HEAD = toFixed('{"channel":"market_trades",');
const UPDATE = toFixed('update","trades":[');
const SNAPSHOT = toFixed('snapshot","trades":[');
const PRODUCT = toFixed('{"product_id":"');
const TRADE_ID = toFixed('","trade_id":"');
const PRICE = toFixed('","price":"');
const SIZE = toFixed('","size":"');
const TIME = toFixed('","time":"');
const MAKER_BUYS = toFixed('","side":"BUY"}');
const MAKER_SELLS = toFixed('","side":"SELL"}');
const TAIL = toFixed('}]}');

/** Makes a scanner. */
export function createTradeScanner(): TradeScanner {
  const cursor = createCursor();
  const price = new DecimalText(cursor);
  const size = new DecimalText(cursor);
  const symbols = new SymbolCache();

  function readHead(facts: FrameFacts): UpdateKind | undefined {
    if (!readEnvelope(cursor, HEAD, facts)) return undefined;
    if (skip(cursor, UPDATE)) return 'update';
    return skip(cursor, SNAPSHOT) ? 'snapshot' : undefined;
  }

  function readTrade(): SymbolItem<Trade> | undefined {
    if (!skip(cursor, PRODUCT)) return undefined;
    const symbol = symbols.read(cursor);
    if (symbol === '' || !skip(cursor, TRADE_ID)) return undefined;
    const tradeId = readWholeText(cursor);
    if (tradeId === '' || !skip(cursor, PRICE)) return undefined;
    if (!price.readQuoted() || !skip(cursor, SIZE) || !size.readQuoted()) return undefined;
    if (!skip(cursor, TIME)) return undefined;
    const tradedAtMs = readTimeMs(cursor);
    if (Number.isNaN(tradedAtMs)) return undefined;
    // The wire names the maker's side: see decode-trades.ts.
    const side = skip(cursor, MAKER_BUYS) ? 'sell' : 'buy';
    if (side === 'buy' && !skip(cursor, MAKER_SELLS)) return undefined;
    return makeTradeItem(symbol, { price, size }, { tradeId, side, tradedAtMs });
  }

  return createTradeListScanner(cursor, { readHead, readTrade, tail: TAIL });
}
