import type { Candle, Ticker, Trade } from '../model/market.js';
import type { VenueMessage } from '../model/message.js';
import { findDecimal } from './decimals.js';
import type { RawObject } from './fields.js';
import type { Place } from './place.js';

/** Whether a frame is a whole state or a change. */
export type UpdateKind = 'snapshot' | 'update';

/** Something of a list, and the symbol it is about. */
export interface SymbolItem<Item> {
  readonly symbol: string;
  readonly item: Item;
}

/**
 * Sorts the items of a list by symbol, in the order in which the symbols first appear. One symbol a
 * list is all that was ever recorded.
 */
function groupBySymbol<Item>(items: readonly SymbolItem<Item>[]): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const { symbol, item } of items) {
    const group = groups.get(symbol);
    if (group === undefined) groups.set(symbol, [item]);
    else group.push(item);
  }
  return groups;
}

/** Trade ids are whole numbers that may one day pass 2^53. */
function compareTradeIds({ tradeId: a }: Trade, { tradeId: b }: Trade): number {
  // Without leading zeros, the longer number is the greater one.
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isOldestFirst(trades: readonly Trade[]): boolean {
  return trades.every((trade, index) => {
    const before = trades[index - 1];
    return before === undefined || compareTradeIds(before, trade) <= 0;
  });
}

/** A trade with its doubles. */
export function makeTrade(trade: Omit<Trade, 'priceNumber' | 'sizeNumber'>): Trade {
  const { tradeId, price, size, side, tradedAtMs } = trade;
  const [priceNumber, sizeNumber] = [Number(price), Number(size)];
  return { tradeId, price, size, priceNumber, sizeNumber, side, tradedAtMs };
}

/** Adds the trades of each symbol, whose ids must be whole numbers, oldest first. */
export function pushTrades(
  messages: VenueMessage[],
  kind: UpdateKind,
  items: readonly SymbolItem<Trade>[],
): void {
  const type = kind === 'snapshot' ? 'trades.snapshot' : 'trades.update';
  for (const [symbol, trades] of groupBySymbol(items)) {
    if (!isOldestFirst(trades)) trades.sort(compareTradeIds);
    messages.push({ type, symbol, trades });
  }
}

/** Adds the candles of each symbol, oldest first. */
export function pushCandles(
  messages: VenueMessage[],
  kind: UpdateKind,
  items: readonly SymbolItem<Candle>[],
): void {
  const type = kind === 'snapshot' ? 'candles.snapshot' : 'candles.update';
  for (const [symbol, candles] of groupBySymbol(items)) {
    candles.sort((a, b) => a.openedAtMs - b.openedAtMs);
    messages.push({ type, symbol, candles });
  }
}

/** Our field of a ticker → the wire's. */
export type TickerFields = readonly (readonly [keyof Ticker, string])[];

/** What the wire says of a ticker; what it does not say is absent. */
export function readTicker(from: RawObject, fields: TickerFields, place: Place): Ticker {
  const ticker: { -readonly [Field in keyof Ticker]: Ticker[Field] } = {};
  for (const [field, wireField] of fields) {
    const value = findDecimal(from, wireField, place);
    if (value !== undefined) ticker[field] = value;
  }
  return ticker;
}
