/**
 * What the exchange writes in protocol v1. Pure. All decimals and times are strings, with decimals
 * of v1's own (recorded 2021-04).
 */
import type { MarketTrade } from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import { vwapOf, type CandleState } from './candles.js';
import { isMarketOrder, splitSides } from './encode-v2.js';
import { printDecimal, printUnits } from './number-text.js';
import type { Pair } from './pairs.js';
import { secondsToTime, toSeconds } from './time-text.js';
import type { Channel } from './topic.js';
import type { BookEntry, BookLevel } from './window-book.js';

const VERSION = '1.9.6';
const LOT_DECIMALS = 3;
const SECONDS_PER_MINUTE = 60;
/** Each channel of a pair has a number of its own, to which that of the option is added. */
const CHANNEL_OFFSETS: Partial<Record<Channel, number>> = {
  book: 0,
  trade: 8,
  ticker: 9,
  spread: 10,
  ohlc: 16,
};

/** A channel as v1 names it in acks and data: `book-10`. */
export function toChannelName(channel: Channel, option: string): string {
  return option === '' ? channel : `${channel}-${option}`;
}

/** The deprecated number of a channel of a pair. */
export function toChannelId(pair: Pair, channel: Channel, optionIndex: number): number {
  return pair.channelBase + (CHANNEL_OFFSETS[channel] ?? 0) + optionIndex;
}

/** Where an array message belongs. */
export interface Place {
  readonly pair: Pair;
  readonly channel: Channel;
  readonly option: string;
  /** Which of the channel's options it is, from 0. */
  readonly optionIndex: number;
}

function encodeArray(place: Place, payloads: readonly string[]): string {
  const { pair, channel, option, optionIndex } = place;
  const name = toChannelName(channel, option);
  const id = toChannelId(pair, channel, optionIndex);
  return `[${id},${payloads.join(',')},"${name}","${pair.v1Symbol}"]`;
}

/** Writes the engine's status; the id passes 2^53. */
export function encodeSystemStatus(status: string, connectionId: string): string {
  return (
    `{"connectionID":${connectionId},"event":"systemStatus",` +
    `"status":${JSON.stringify(status)},"version":"${VERSION}"}`
  );
}

/** The sign of life. */
export const HEARTBEAT = '{"event":"heartbeat"}';

/** Writes an event; the id that the client sent goes last, digit by digit. */
export function encodeEvent(
  fields: Readonly<Record<string, unknown>>,
  requestId: string | undefined,
): string {
  const text = JSON.stringify(fields);
  return requestId === undefined ? text : `${text.slice(0, -1)},"reqid":${requestId}}`;
}

/** Writes a pong. */
export function encodePong(requestId: string | undefined): string {
  return encodeEvent({ event: 'pong' }, requestId);
}

/** Writes an error that concerns no subscription. */
export function encodeError(errorMessage: string, requestId: string | undefined): string {
  return encodeEvent({ errorMessage, event: 'error' }, requestId);
}

/** What the status of a subscription tells; absent fields are left out. */
export interface SubscriptionStatusParts {
  readonly channelID?: number | undefined;
  readonly channelName?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly pair?: string | undefined;
  readonly status: 'subscribed' | 'unsubscribed' | 'error';
  readonly subscription: Readonly<Record<string, unknown>>;
}

/** Writes the status of one pair's subscription. */
export function encodeSubscriptionStatus(
  parts: SubscriptionStatusParts,
  requestId: string | undefined,
): string {
  const { channelID, channelName, errorMessage, pair, status, subscription } = parts;
  const event = 'subscriptionStatus';
  const fields = { channelID, channelName, errorMessage, event, pair, status, subscription };
  return encodeEvent(fields, requestId);
}

/** A level's price and volume as v1 prints them, for messages and for the checksum. */
export function printLevel(
  pair: Pair,
  { price, size }: Pick<BookLevel, 'price' | 'size'>,
): readonly [price: string, size: string] {
  return [printDecimal(price, pair.v1.price), printDecimal(size, pair.v1.size)];
}

function encodeLevel(pair: Pair, level: BookLevel, isRepublished: boolean): string {
  const [price, size] = printLevel(pair, level);
  const mark = isRepublished ? ',"r"' : '';
  return `["${price}","${size}","${toSeconds(level.time)}"${mark}]`;
}

/** Writes the snapshot of a book, which has no checksum. */
export function encodeBookSnapshot(
  place: Place,
  { bids, asks }: { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] },
): string {
  const list = (levels: readonly BookLevel[]): string =>
    levels.map((level) => encodeLevel(place.pair, level, false)).join(',');
  return encodeArray(place, [`{"as":[${list(asks)}],"bs":[${list(bids)}]}`]);
}

/** Writes an update of a book: an object for each side that changed, the checksum in the last. */
export function encodeBookUpdate(
  place: Place,
  entries: readonly BookEntry[],
  checksum: number,
): string {
  const { bids, asks } = splitSides(entries);
  const list = (levels: readonly BookEntry[]): string =>
    levels.map((level) => encodeLevel(place.pair, level, level.isRepublished)).join(',');
  const sides = [
    ...(asks.length > 0 ? [`"a":[${list(asks)}]`] : []),
    ...(bids.length > 0 ? [`"b":[${list(bids)}]`] : []),
  ];
  const payloads = sides.map((side, index) =>
    index === sides.length - 1 ? `{${side},"c":"${checksum}"}` : `{${side}}`,
  );
  return encodeArray(place, payloads);
}

/** A ticker with the count of trades behind it. */
export interface TickerParts {
  readonly ticker: Ticker;
  readonly lastSize: string;
  readonly tradeCount: number;
}

/** Writes a ticker; today and the last 24 hours are the same here. */
export function encodeTicker(place: Place, { ticker, lastSize, tradeCount }: TickerParts): string {
  const { price: priceDecimals, size: sizeDecimals } = place.pair.v1;
  const price = (value = '0'): string => `"${printDecimal(value, priceDecimals)}"`;
  const size = (value = '0'): string => `"${printDecimal(value, sizeDecimals)}"`;
  const twice = (value: string): string => `[${value},${value}]`;
  const touch = (level: string | undefined, lots = '0'): string => {
    const [whole = '0', fraction = ''] = lots.split('.');
    const cut = `${whole}.${fraction.slice(0, LOT_DECIMALS).padEnd(LOT_DECIMALS, '0')}`;
    return `[${price(level)},${whole},"${cut}"]`;
  };
  return encodeArray(place, [
    `{"a":${touch(ticker.ask, ticker.askSize)},"b":${touch(ticker.bid, ticker.bidSize)},` +
      `"c":[${price(ticker.last)},${size(lastSize)}],"v":${twice(size(ticker.volume24h))},` +
      `"p":${twice(price(ticker.vwap24h))},"t":${twice(String(tradeCount))},` +
      `"l":${twice(price(ticker.low24h))},"h":${twice(price(ticker.high24h))},` +
      `"o":${twice(price(ticker.open24h))}}`,
  ]);
}

/** Writes trades, oldest first; there are no ids. */
export function encodeTrades(place: Place, trades: readonly MarketTrade[]): string {
  const list = trades.map((trade) => {
    const [price, size] = printLevel(place.pair, trade);
    const side = trade.side === 'buy' ? 'b' : 's';
    const type = isMarketOrder(trade) ? 'm' : 'l';
    return `["${price}","${size}","${toSeconds(trade.time)}","${side}","${type}",""]`;
  });
  return encodeArray(place, [`[${list.join(',')}]`]);
}

/** Writes a candle: time of the last change, end, prices, mean, volume, count. */
export function encodeCandle(place: Place, candle: CandleState): string {
  const { price: priceDecimals } = place.pair.v1;
  const { price: unitDecimals, size: sizeUnitDecimals } = place.pair.v2;
  const price = (units: bigint): string =>
    `"${printDecimal(printUnits(units, unitDecimals), priceDecimals)}"`;
  const volume = printDecimal(printUnits(candle.volume, sizeUnitDecimals), place.pair.v1.size);
  const endsAtSeconds = candle.openedAtSeconds + Number(place.option) * SECONDS_PER_MINUTE;
  return encodeArray(place, [
    `["${candle.changedAtSeconds.toFixed(6)}","${toSeconds(secondsToTime(endsAtSeconds))}",` +
      `${price(candle.open)},${price(candle.high)},${price(candle.low)},${price(candle.close)},` +
      `${price(vwapOf(candle))},"${volume}",${candle.tradeCount}]`,
  ]);
}

/** Writes the touch. */
export function encodeSpread(place: Place, ticker: Ticker, time: string): string {
  const { pair } = place;
  const [bid, bidSize] = printLevel(pair, {
    price: ticker.bid ?? '0',
    size: ticker.bidSize ?? '0',
  });
  const [ask, askSize] = printLevel(pair, {
    price: ticker.ask ?? '0',
    size: ticker.askSize ?? '0',
  });
  return encodeArray(place, [`["${bid}","${ask}","${toSeconds(time)}","${bidSize}","${askSize}"]`]);
}
