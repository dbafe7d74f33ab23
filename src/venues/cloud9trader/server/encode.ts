/**
 * What the exchange writes. Pure. Prices are JSON numbers with the digits of the market: whoever
 * reads them with care gets what was meant, and everyone else a double.
 */
import type { ListedInstrument, MarketLevel, MarketTrade } from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import type { AccountRow } from './account.js';

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** Writes `[topic, data]`. */
export function encodeData(topic: string, data: string): string {
  return `[${JSON.stringify(topic)},${data}]`;
}

/** Writes `[requestId, null, data]`: an answer, the error first and absent. */
export function encodeAnswer(requestId: string, data: string): string {
  return `[${JSON.stringify(requestId)},null,${data}]`;
}

/** Writes `[requestId, text]`, or `["error", text]` where the request had no id. */
export function encodeFailure(requestId: string | undefined, text: string): string {
  return JSON.stringify([requestId ?? 'error', text]);
}

/** A decimal as a JSON number, without zeros that say nothing; `null` for what is none. */
function encodeNumber(text: string | undefined): string {
  if (text === undefined || !DECIMAL.test(text)) return 'null';
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A time as JavaScript writes it, to the millisecond. */
function encodeTime(time: string): string {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return JSON.stringify(`${whole}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
}

/** Writes a book, or the levels of it that changed; best first is the caller's business. */
export function encodeBook(sequence: number, levels: readonly MarketLevel[]): string {
  const side = (name: MarketLevel['side']): string =>
    levels
      .filter((level) => level.side === name)
      .map(({ price, size }) => `[${encodeNumber(price)},${encodeNumber(size)}]`)
      .join(',');
  return `{"sequence":${sequence},"bids":[${side('bid')}],"asks":[${side('ask')}]}`;
}

/** Writes trades; they are given newest first and leave oldest first. */
export function encodeTrades(trades: readonly MarketTrade[]): string {
  const rows = trades.map(
    ({ tradeId, time, price, size, side }) =>
      `{"id":${JSON.stringify(tradeId)},"time":${encodeTime(time)},` +
      `"price":${encodeNumber(price)},"quantity":${encodeNumber(size)},"side":"${side === 'buy' ? 'BUY' : 'SELL'}"}`,
  );
  return `[${rows.reverse().join(',')}]`;
}

/** The best bid and ask. */
export interface Touch {
  readonly bid: string;
  readonly ask: string;
}

/** Writes a price. */
export function encodePrice(symbol: string, time: string, { bid, ask }: Touch): string {
  return (
    `{"time":${encodeTime(time)},"instrumentId":${JSON.stringify(symbol)},` +
    `"bid":${encodeNumber(bid)},"ask":${encodeNumber(ask)},"open":true}`
  );
}

/** The wire's field → ours. */
const TICKER_FIELDS: readonly (readonly [string, keyof Ticker])[] = [
  ['priceChange', 'change24h'],
  ['priceChangePercent', 'changePercent24h'],
  ['currentDayClose', 'last'],
  ['open', 'open24h'],
  ['high', 'high24h'],
  ['low', 'low24h'],
  ['volume', 'volume24h'],
  ['vwap', 'vwap24h'],
  ['bid', 'bid'],
  ['ask', 'ask'],
  ['bidQuantity', 'bidSize'],
  ['askQuantity', 'askSize'],
];

/** Writes a ticker; what is unknown is left out, as brokers leave it out. */
export function encodeTicker(symbol: string, time: string, ticker: Ticker): string {
  const fields = TICKER_FIELDS.flatMap(([name, field]) => {
    const value = ticker[field];
    return value === undefined ? [] : [`"${name}":${encodeNumber(value)}`];
  });
  const own = symbol.slice(0, symbol.lastIndexOf(':'));
  return `{${[`"symbol":${JSON.stringify(own)}`, `"time":${encodeTime(time)}`, ...fields].join()}}`;
}

/** Fields of rows that are texts whatever they look like; the library's types say so. */
const TEXT_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'orderId',
  'brokerOrderId',
  'clientOrderId',
  'accountNo',
  'positionId',
  'sessionId',
  'symbol',
  'instrumentId',
  'detail',
  'averagePrice',
  'icebergQuantity',
]);

/** Fields of rows that are flags. */
const FLAG_FIELDS: ReadonlySet<string> = new Set(['maker']);

/** Writes rows of the owner's data; the past is marked, live rows are not (never `false`). */
export function encodeRows(rows: readonly AccountRow[], isPast: boolean): string {
  const texts = rows.map((row) => {
    const fields = Object.entries(row).map(([name, value]) => {
      return `${JSON.stringify(name)}:${encodeField(name, value)}`;
    });
    return `{${[...fields, ...(isPast ? ['"snapshot":true'] : [])].join(',')}}`;
  });
  return `[${texts.join(',')}]`;
}

function encodeField(name: string, value: string): string {
  if (FLAG_FIELDS.has(name)) return String(value === 'true');
  const isNumber = !TEXT_FIELDS.has(name) && DECIMAL.test(value);
  return isNumber ? encodeNumber(value) : JSON.stringify(value);
}

/** Writes what the HTTP interface lists of an instrument. */
export function encodeInstrument(one: ListedInstrument): object {
  const colon = one.symbol.lastIndexOf(':');
  const decimals = one.priceIncrement?.split('.')[1]?.length ?? 0;
  return {
    id: one.symbol,
    broker: one.symbol.slice(colon + 1),
    symbol: one.symbol.slice(0, Math.max(0, colon)),
    displayName: one.displayName ?? `${one.base}/${one.quote}`,
    displaySymbol: `${one.base}/${one.quote}`,
    product: one.kind ?? 'SPOT',
    dealt: one.base,
    quote: one.quote,
    pip: one.priceIncrement ?? '1',
    precision: decimals,
    pipPrecision: decimals,
  };
}
