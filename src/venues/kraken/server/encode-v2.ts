/**
 * What the exchange writes in protocol v2. Pure. Control frames have their keys in alphabetical
 * order and data frames begin with channel and type, as recorded 2024-05.
 */
import type { ListedInstrument, MarketTrade } from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import { vwapOf, type CandleState } from './candles.js';
import { quote as text, writeObject as fields, type JsonField } from './json-text.js';
import { countDecimals, printDecimal, printUnits } from './number-text.js';
import type { Pair } from './pairs.js';
import { secondsToTime, toMicroseconds, toNanoseconds } from './time-text.js';
import type { Channel } from './topic.js';
import type { BookEntry, BookLevel } from './window-book.js';

/** Snapshot or update. */
export type FrameType = 'snapshot' | 'update';

const VERSION = '2.0.10';
const PERCENT_DECIMALS = 2;
const SECONDS_PER_MINUTE = 60;
/** Currencies of governments are kept with four decimals, others with ten (recorded 2024-05). */
const FIAT: ReadonlySet<string> = new Set(['USD', 'EUR', 'GBP', 'CAD', 'JPY', 'CHF', 'AUD']);

/** What a reply tells beside its outcome. */
export interface ReplyParts {
  readonly method: string | undefined;
  /** The digits of the request's `req_id`. */
  readonly requestId: string | undefined;
  readonly timeIn: string;
  readonly timeOut: string;
}

function times(parts: ReplyParts): (readonly [string, string])[] {
  return [
    ['time_in', text(toMicroseconds(parts.timeIn))],
    ['time_out', text(toMicroseconds(parts.timeOut))],
  ];
}

/** Writes a pong, which says nothing of success. */
export function encodePong(parts: ReplyParts): string {
  return fields([['method', '"pong"'], ['req_id', parts.requestId], ...times(parts)]);
}

/** Writes the ack of one symbol; `result` in the order given. */
export function encodeAck(parts: ReplyParts, result: readonly JsonField[]): string {
  return encodeReply(parts, { result: fields(result) });
}

/** What a success tells, in JSON; a batch of cancels has its count beside the result. */
export interface ReplyResult {
  readonly result: string;
  readonly canceled?: string | undefined;
}

/** Writes a success. */
export function encodeReply(parts: ReplyParts, { result, canceled }: ReplyResult): string {
  return fields([
    ['method', parts.method === undefined ? undefined : text(parts.method)],
    ['orders_cancelled', canceled],
    ['req_id', parts.requestId],
    ['result', result],
    ['success', 'true'],
    ...times(parts),
  ]);
}

/** Writes a refusal; the symbol where it is about one. */
export function encodeRefusal(parts: ReplyParts, error: string, symbol?: string): string {
  return fields([
    ['error', text(error)],
    ['method', parts.method === undefined ? undefined : text(parts.method)],
    ['req_id', parts.requestId],
    ['success', 'false'],
    ['symbol', symbol === undefined ? undefined : text(symbol)],
    ...times(parts),
  ]);
}

/** Writes the engine's status; the id passes 2^53, and is absent from frames about maintenance. */
export function encodeStatus(system: string, connectionId: string | undefined): string {
  const data = fields([
    ['api_version', '"v2"'],
    ['connection_id', connectionId],
    ['system', text(system)],
    ['version', text(VERSION)],
  ]);
  return `{"channel":"status","data":[${data}],"type":"update"}`;
}

/** The sign of life. */
export const HEARTBEAT = '{"channel":"heartbeat"}';

/** Writes a frame of data; `extra` are further fields of the envelope. */
export function encodeData(
  channel: Channel,
  type: FrameType,
  { data, extra = '' }: { readonly data: string; readonly extra?: string },
): string {
  return `{"channel":"${channel}","type":"${type}",${extra}"data":${data}}`;
}

/** What a book frame is made of; the levels stand in the order given. */
export interface BookParts {
  readonly pair: Pair;
  readonly type: FrameType;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  readonly checksum: number;
  readonly time: string;
}

/** Writes a `book` frame. */
export function encodeBook(parts: BookParts): string {
  const { pair, type, bids, asks, checksum, time } = parts;
  const { price: priceDecimals, size: sizeDecimals } = pair.v2;
  const list = (levels: readonly BookLevel[]): string =>
    levels
      .map(({ price, size }) => {
        const printed = printDecimal(size, sizeDecimals);
        return `{"price":${printDecimal(price, priceDecimals)},"qty":${printed}}`;
      })
      .join(',');
  const data =
    `[{"symbol":${text(pair.symbol)},"bids":[${list(bids)}],"asks":[${list(asks)}],` +
    `"checksum":${checksum},"timestamp":"${toMicroseconds(time)}"}]`;
  return encodeData('book', type, { data });
}

/** Splits entries by side, each side in the order it happened. */
export function splitSides<One extends Pick<BookEntry, 'side'>>(
  entries: readonly One[],
): { readonly bids: One[]; readonly asks: One[] } {
  return {
    bids: entries.filter(({ side }) => side === 'bid'),
    asks: entries.filter(({ side }) => side === 'ask'),
  };
}

/** Writes a `ticker` frame. */
export function encodeTicker(pair: Pair, type: FrameType, parts: TickerParts): string {
  const { ticker, time } = parts;
  const price = (value = '0'): string => printDecimal(value, pair.v2.price);
  const size = (value = '0'): string => printDecimal(value, pair.v2.size);
  const [sign, percent = '0'] = splitSign(ticker.changePercent24h ?? '0');
  const [changeSign, change = '0'] = splitSign(ticker.change24h ?? '0');
  const data = fields([
    ['symbol', text(pair.symbol)],
    ['bid', price(ticker.bid)],
    ['bid_qty', size(ticker.bidSize)],
    ['ask', price(ticker.ask)],
    ['ask_qty', size(ticker.askSize)],
    ['last', price(ticker.last)],
    ['volume', size(ticker.volume24h)],
    ['vwap', price(ticker.vwap24h)],
    ['low', price(ticker.low24h)],
    ['high', price(ticker.high24h)],
    ['change', changeSign + price(change)],
    ['change_pct', sign + Number(percent).toFixed(PERCENT_DECIMALS)],
    ['timestamp', text(toMicroseconds(time))],
  ]);
  return encodeData('ticker', type, { data: `[${data}]` });
}

/** A ticker and when it was true. */
export interface TickerParts {
  readonly ticker: Ticker;
  readonly time: string;
}

function splitSign(value: string): [string, string] {
  return value.startsWith('-') ? ['-', value.slice(1)] : ['', value];
}

/** Writes a `trade` frame, oldest first. Some takers sent a limit order, others a market order. */
export function encodeTrades(pair: Pair, type: FrameType, trades: readonly MarketTrade[]): string {
  const list = trades.map((trade) =>
    fields([
      ['symbol', text(pair.symbol)],
      ['side', text(trade.side)],
      ['price', printDecimal(trade.price, pair.v2.price)],
      ['qty', printDecimal(trade.size, pair.v2.size)],
      ['ord_type', isMarketOrder(trade) ? '"market"' : '"limit"'],
      ['trade_id', trade.tradeId],
      ['timestamp', text(toMicroseconds(trade.time))],
    ]),
  );
  return encodeData('trade', type, { data: `[${list.join(',')}]` });
}

/** The market does not say how an order came; the last digit of the id decides, for good. */
export function isMarketOrder({ tradeId }: MarketTrade): boolean {
  return '369'.includes(tradeId.at(-1) ?? '0');
}

/** What an `ohlc` frame is made of. */
export interface CandleParts {
  readonly type: FrameType;
  readonly minutes: number;
  readonly candles: readonly CandleState[];
  /** Of the envelope. */
  readonly time: string;
}

/** Writes an `ohlc` frame. The deprecated `timestamp` holds the end of the candle. */
export function encodeCandles(pair: Pair, parts: CandleParts): string {
  const { price, size } = pair.v2;
  const { minutes } = parts;
  const list = parts.candles.map((candle) => {
    const endsAtSeconds = candle.openedAtSeconds + minutes * SECONDS_PER_MINUTE;
    return fields([
      ['symbol', text(pair.symbol)],
      ['open', printUnits(candle.open, price)],
      ['high', printUnits(candle.high, price)],
      ['low', printUnits(candle.low, price)],
      ['close', printUnits(candle.close, price)],
      ['trades', String(candle.tradeCount)],
      ['volume', printUnits(candle.volume, size)],
      ['vwap', printUnits(vwapOf(candle), price)],
      ['interval_begin', text(toNanoseconds(secondsToTime(candle.openedAtSeconds)))],
      ['interval', String(minutes)],
      ['timestamp', text(toMicroseconds(secondsToTime(endsAtSeconds)))],
    ]);
  });
  const extra = `"timestamp":"${toNanoseconds(parts.time)}",`;
  return encodeData('ohlc', parts.type, { data: `[${list.join(',')}]`, extra });
}

/** Writes an `instrument` frame: `data` is an object. */
export function encodeInstruments(type: FrameType, pairs: readonly Pair[]): string {
  const ids = new Set(pairs.flatMap(({ instrument }) => [instrument.base, instrument.quote]));
  const assets = [...ids].map((id) =>
    fields([
      ['id', text(id)],
      ['status', '"enabled"'],
      ['precision', String(assetPrecision(id))],
      ['precision_display', FIAT.has(id) ? '2' : '5'],
      ['borrowable', 'false'],
      ['collateral_value', '1.00'],
    ]),
  );
  const data = `{"assets":[${assets.join(',')}],"pairs":[${pairs.map(encodePair).join(',')}]}`;
  return encodeData('instrument', type, { data });
}

/** How many decimals amounts of an asset have in the ledger. */
export function assetPrecision(asset: string): number {
  return FIAT.has(asset) ? 4 : 10;
}

function encodePair({ instrument, symbol, v2 }: Pair): string {
  const increment = (decimals: number): string => printUnits(1n, decimals);
  const minCost = instrument.minCost ?? '0.5';
  return fields([
    ['symbol', text(symbol)],
    ['base', text(instrument.base)],
    ['quote', text(instrument.quote)],
    ['status', text(instrument.status)],
    ['qty_precision', String(v2.size)],
    ['qty_increment', increment(v2.size)],
    ['price_precision', String(v2.price)],
    ['cost_precision', String(Math.max(v2.price, countDecimals(minCost)))],
    ['marginable', 'false'],
    ['has_index', 'true'],
    ['cost_min', printDecimal(minCost, 2)],
    ['tick_size', increment(v2.price)],
    ['price_increment', increment(v2.price)],
    ['qty_min', printDecimal(minSizeOf(instrument, v2.size), v2.size)],
  ]);
}

function minSizeOf(instrument: ListedInstrument, decimals: number): string {
  return instrument.minSize ?? printUnits(1n, decimals);
}
