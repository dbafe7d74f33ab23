/**
 * Reads one recorded event as a change of the market. Pure; for recordings only, not for clients.
 */
import type {
  ListedInstrument,
  MarketCandle,
  MarketChange,
  MarketLevel,
  MarketTrade,
  VenueFields,
} from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import type { RawCandle, RawProduct, RawTicker, RawTrade } from '../messages.js';

/** Prices are sorted exactly; anything else would fail only when somebody asks for the book. */
const PRICE = /^(0|[1-9]\d{0,39})(\.\d{1,40})?$/;

/** An event as parsed from JSON. */
export type EventFields = Readonly<Record<string, unknown>>;

/** What is wrong with an event, in words that follow "the frame". */
export class EventDefect extends Error {}

/** The changes in one event of a data channel; none where the channel changes no state. */
export function readEvent(channel: string, event: EventFields): MarketChange[] {
  switch (channel) {
    case 'l2_data':
      return [readBook(event)];
    case 'market_trades':
      return readBySymbol(event, 'trades', (raw) => raw.product_id).map(([symbol, list]) => ({
        type: 'trades.printed',
        symbol,
        trades: list.map(readTrade),
      }));
    case 'ticker':
    case 'ticker_batch':
      return readBySymbol(event, 'tickers', (raw) => raw.product_id).map(([symbol, list]) => ({
        type: 'ticker.changed',
        symbol,
        ticker: readTicker(list.at(-1) ?? {}),
      }));
    case 'candles':
      return readBySymbol(event, 'candles', (raw) => raw.product_id).map(([symbol, list]) => ({
        type: 'candles.changed',
        symbol,
        candles: list.map(readCandle),
      }));
    case 'status':
      return [
        { type: 'instruments.changed', instruments: listOf(event, 'products').map(readProduct) },
      ];
    case 'user':
      return [{ type: 'orders.changed', orders: listOf(event, 'orders') as VenueFields[] }];
    default:
      return [];
  }
}

/** The products that an event concerns. */
export function symbolsOf(changes: readonly MarketChange[]): string[] {
  return changes.flatMap((change) => {
    if ('symbol' in change) return [change.symbol];
    return change.type === 'instruments.changed' ? change.instruments.map((one) => one.symbol) : [];
  });
}

/** An instrument of which no more is known than its name. */
export function instrumentNamed(symbol: string): ListedInstrument {
  const [base = symbol, quote = ''] = symbol.split('-');
  return { symbol, base, quote, status: 'online', aliases: [] };
}

function text(fields: EventFields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new EventDefect(`has no text "${name}"`);
  return value;
}

function listOf(event: EventFields, name: string): EventFields[] {
  const value = event[name];
  const isList =
    Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
  if (!isList) throw new EventDefect(`has no list "${name}"`);
  return value as EventFields[];
}

function readBySymbol(
  event: EventFields,
  name: string,
  symbolOf: (raw: EventFields) => unknown,
): [string, EventFields[]][] {
  const bySymbol = new Map<string, EventFields[]>();
  for (const raw of listOf(event, name)) {
    const symbol = symbolOf(raw);
    if (typeof symbol !== 'string') throw new EventDefect('has no text "product_id"');
    const list = bySymbol.get(symbol);
    if (list) list.push(raw);
    else bySymbol.set(symbol, [raw]);
  }
  return [...bySymbol];
}

function readBook(event: EventFields): MarketChange {
  const updates = listOf(event, 'updates');
  return {
    type: 'book.changed',
    symbol: text(event, 'product_id'),
    snapshot: event.type === 'snapshot',
    time: updates[0] ? text(updates[0], 'event_time') : '1970-01-01T00:00:00Z',
    levels: updates.map(readLevel),
  };
}

function readLevel(raw: EventFields): MarketLevel {
  const side = text(raw, 'side');
  if (side !== 'bid' && side !== 'offer') throw new EventDefect('has a level of an unknown side');
  const price = text(raw, 'price_level');
  if (!PRICE.test(price)) throw new EventDefect('has a price that is no plain decimal');
  return {
    side: side === 'bid' ? 'bid' : 'ask',
    price,
    size: text(raw, 'new_quantity'),
  };
}

function readTrade(fields: EventFields): MarketTrade {
  const raw = fields as unknown as RawTrade;
  return {
    tradeId: text(fields, 'trade_id'),
    price: text(fields, 'price'),
    size: text(fields, 'size'),
    // The wire names the maker's side.
    side: raw.side === 'SELL' ? 'buy' : 'sell',
    time: text(fields, 'time'),
  };
}

const TICKER_FIELDS: readonly (readonly [keyof Ticker, keyof RawTicker])[] = [
  ['last', 'price'],
  ['volume24h', 'volume_24_h'],
  ['low24h', 'low_24_h'],
  ['high24h', 'high_24_h'],
  ['low52w', 'low_52_w'],
  ['high52w', 'high_52_w'],
  ['changePercent24h', 'price_percent_chg_24_h'],
  ['bid', 'best_bid'],
  ['ask', 'best_ask'],
  ['bidSize', 'best_bid_quantity'],
  ['askSize', 'best_ask_quantity'],
];

function readTicker(raw: EventFields): Ticker {
  return Object.fromEntries(
    TICKER_FIELDS.flatMap(([name, wire]) =>
      typeof raw[wire] === 'string' ? [[name, raw[wire]]] : [],
    ),
  );
}

function readCandle(fields: EventFields): MarketCandle {
  const raw = fields as unknown as RawCandle;
  const openedAtSeconds = Number(text(fields, 'start'));
  if (!Number.isSafeInteger(openedAtSeconds)) throw new EventDefect('has a candle without a start');
  const { open, high, low, close, volume } = raw;
  return { openedAtSeconds, open, high, low, close, volume };
}

function readProduct(fields: EventFields): ListedInstrument {
  const raw = fields as unknown as RawProduct;
  return {
    ...instrumentNamed(text(fields, 'id')),
    kind: raw.product_type,
    base: raw.base_currency,
    quote: raw.quote_currency,
    sizeIncrement: raw.base_increment,
    priceIncrement: raw.quote_increment,
    displayName: raw.display_name,
    status: raw.status,
    statusMessage: raw.status_message,
    minCost: raw.min_market_funds,
  };
}
