import type { VenueMessage } from '../../../model/message.js';
import type { Candle, Ticker, Trade } from '../../../model/market.js';
import { toObject } from '../../../wire/fields.js';
import { makeTrade } from '../../../wire/market.js';
import { enter, faultAt, type Place } from '../../../wire/place.js';
import { readCountAt, readDecimalAt, readSecondsAt, toItems, type RawItems } from './items.js';

const MS_PER_MINUTE = 60_000;

/** One array message, its parts found from the end. */
export interface V1Data {
  /** The payloads; a book that changed on both sides has two. */
  readonly payloads: readonly unknown[];
  readonly symbol: string;
  /** The option in the channel's name: minutes of a candle, depth of a book. */
  readonly option: number;
}

/** Decodes one array message of a channel; throws FieldFault. */
export type V1Decoder = (data: V1Data, place: Place, messages: VenueMessage[]) => void;

/**
 * Decodes `trade`. There are no ids, and nothing marks history: none was seen (recorded 2021-04).
 */
export function decodeV1Trades(data: V1Data, place: Place, messages: VenueMessage[]): void {
  enter(place, '[1]');
  const list = toItems(data.payloads[0], '', { place, least: 0 });
  const trades = list.map((raw, index) => {
    enter(place, `[1][${index}]`);
    return readTrade(toItems(raw, '', { place, least: 4 }), place);
  });
  messages.push({ type: 'trades.update', symbol: data.symbol, trades });
}

/** `["354.11000000","0.89594024","1618678142.557535","s","l",""]`: the side is the taker's. */
function readTrade(items: RawItems, place: Place): Trade {
  const where = { place, field: '' };
  const price = readDecimalAt(items, 0, where);
  const size = readDecimalAt(items, 1, where);
  const side = items[3];
  if (side !== 'b' && side !== 's') throw faultAt(place, '[3]', ['"b" or "s"', side]);
  return makeTrade({
    tradeId: '',
    price,
    size,
    side: side === 'b' ? 'buy' : 'sell',
    tradedAtMs: readSecondsAt(items, 2, where),
  });
}

/** Our field → the wire's field, the position in it, and how many items it has at least. */
const TICKER_FIELDS: readonly (readonly [keyof Ticker, string, number])[] = [
  ['last', 'c', 0],
  ['bid', 'b', 0],
  ['ask', 'a', 0],
  ['bidSize', 'b', 2],
  ['askSize', 'a', 2],
  // Position 0 is today, which began at midnight UTC; 1 is the last 24 hours (websocket-v1/ticker).
  ['open24h', 'o', 1],
  ['high24h', 'h', 1],
  ['low24h', 'l', 1],
  ['volume24h', 'v', 1],
  ['vwap24h', 'p', 1],
];

/** Decodes `ticker`, which has no time. */
export function decodeV1Ticker(data: V1Data, place: Place, messages: VenueMessage[]): void {
  enter(place, '[1]');
  const payload = toObject(data.payloads[0], place);
  const ticker: { -readonly [Field in keyof Ticker]: Ticker[Field] } = {};
  for (const [field, name, index] of TICKER_FIELDS) {
    const items = toItems(payload[name], name, { place, least: index + 1 });
    ticker[field] = readDecimalAt(items, index, { place, field: name });
  }
  const { symbol } = data;
  messages.push({ type: 'ticker.update', channel: 'ticker', symbol, venueAtMs: NaN, ticker });
}

/**
 * Decodes `spread`: `["5698.40000","5700.00000","1542057299.545897","1.01234567","0.98765432"]`.
 */
export function decodeV1Spread(data: V1Data, place: Place, messages: VenueMessage[]): void {
  enter(place, '[1]');
  const where = { place, field: '' };
  const items = toItems(data.payloads[0], '', { place, least: 5 });
  messages.push({
    type: 'ticker.update',
    channel: 'top-of-book',
    symbol: data.symbol,
    venueAtMs: readSecondsAt(items, 2, where),
    ticker: {
      bid: readDecimalAt(items, 0, where),
      ask: readDecimalAt(items, 1, where),
      bidSize: readDecimalAt(items, 3, where),
      askSize: readDecimalAt(items, 4, where),
    },
  });
}

/**
 * Decodes `ohlc-N`: `[time, end, open, high, low, close, vwap, volume, count]`, where `time` is the
 * last change and `end` the end of the candle (websocket-v1/ohlc). One candle a message. The
 * beginning is computed from the end, cut to the minute because the vendor's example shows an end
 * beside one.
 */
export function decodeV1Candle(data: V1Data, place: Place, messages: VenueMessage[]): void {
  enter(place, '[1]');
  const where = { place, field: '' };
  const items = toItems(data.payloads[0], '', { place, least: 9 });
  const intervalMs = data.option * MS_PER_MINUTE;
  if (!(intervalMs > 0)) {
    throw faultAt({ ...place, entry: '' }, '[2]', ['a channel with its minutes', 'none']);
  }
  const candle: Candle = {
    openedAtMs: floorToMinute(readSecondsAt(items, 1, where)) - intervalMs,
    intervalMs,
    open: readDecimalAt(items, 2, where),
    high: readDecimalAt(items, 3, where),
    low: readDecimalAt(items, 4, where),
    close: readDecimalAt(items, 5, where),
    vwap: readDecimalAt(items, 6, where),
    volume: readDecimalAt(items, 7, where),
    tradeCount: readCountAt(items, 8, where),
  };
  messages.push({ type: 'candles.update', symbol: data.symbol, candles: [candle] });
}

function floorToMinute(timeMs: number): number {
  return Math.floor(timeMs / MS_PER_MINUTE) * MS_PER_MINUTE;
}
