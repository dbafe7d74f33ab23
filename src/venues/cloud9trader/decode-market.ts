import type { Trade } from '../../model/market.js';
import { readDecimal } from '../../wire/decimals.js';
import { findTimeMs, isSymbol, readTimeMs, toList, toObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { makeTrade, readTicker, type TickerFields } from '../../wire/market.js';
import { faultAt, type Place } from '../../wire/place.js';
import { readSide, type TopicData } from './decoding.js';

/** Whether an answer says that there is nothing yet: its data is optional (message-structure). */
function isEmptyAnswer({ data, isAnswer }: TopicData): boolean {
  return isAnswer && (data === undefined || data === null);
}

/** Decodes `price`: the touch, without the day's figures. */
export function decodePrice(topic: TopicData, { place, messages }: Decoding): void {
  if (isEmptyAnswer(topic)) return;
  const price = toObject(topic.data, place);
  messages.push({
    type: 'ticker.update',
    channel: 'top-of-book',
    symbol: topic.symbol,
    venueAtMs: findTimeMs(price, 'time', place),
    ticker: { bid: readDecimal(price, 'bid', place), ask: readDecimal(price, 'ask', place) },
  });
}

/**
 * Our field → the wire's. `currentDayClose` is the price of the last trade by the way that the
 * brokers behind it use the word; no page says so.
 */
const TICKER_FIELDS: TickerFields = [
  ['last', 'currentDayClose'],
  ['bid', 'bid'],
  ['ask', 'ask'],
  ['bidSize', 'bidQuantity'],
  ['askSize', 'askQuantity'],
  ['open24h', 'open'],
  ['high24h', 'high'],
  ['low24h', 'low'],
  ['volume24h', 'volume'],
  ['vwap24h', 'vwap'],
  ['change24h', 'priceChange'],
  ['changePercent24h', 'priceChangePercent'],
];

/** Decodes `ticker`. Brokers fill it in part, so that no field is required. */
export function decodeTicker(topic: TopicData, { place, messages }: Decoding): void {
  if (isEmptyAnswer(topic)) return;
  const raw = toObject(topic.data, place);
  messages.push({
    type: 'ticker.update',
    channel: 'ticker',
    symbol: topic.symbol,
    venueAtMs: findTimeMs(raw, 'time', place),
    ticker: readTicker(raw, TICKER_FIELDS, place),
  });
}

/** Decodes `trades`: a list, oldest first (public-channels/trades), which is made sure of. */
export function decodeTrades(topic: TopicData, { place, messages }: Decoding): void {
  const isEmpty = isEmptyAnswer(topic);
  const trades = isEmpty
    ? []
    : toList(topic.data, place).map((raw, at) => readTrade(raw, at, place));
  const isOldestFirst = trades.every(
    ({ tradedAtMs }, at) => at === 0 || trades[at - 1]!.tradedAtMs <= tradedAtMs,
  );
  if (!isOldestFirst) trades.sort((left, right) => left.tradedAtMs - right.tradedAtMs);
  messages.push({
    type: topic.isAnswer ? 'trades.snapshot' : 'trades.update',
    symbol: topic.symbol,
    trades,
  });
}

/** No page says whose side it is; it is taken as the taker's, as most venues mean it. */
function readTrade(value: unknown, index: number, place: Place): Trade {
  place.item = index;
  const raw = toObject(value, place);
  const tradeId = raw['id'];
  if (!isSymbol(tradeId)) throw faultAt(place, 'id', ['an id', tradeId]);
  return makeTrade({
    tradeId,
    price: readDecimal(raw, 'price', place),
    size: readDecimal(raw, 'quantity', place),
    side: readSide(raw, 'side', place),
    tradedAtMs: readTimeMs(raw, 'time', place),
  });
}
