/**
 * What the exchange writes: event bodies and the envelope around them. Pure. Key order and number
 * texts are those of the recorded traffic (2026-08).
 */
import type {
  ListedInstrument,
  MarketCandle,
  MarketLevel,
  MarketTrade,
  VenueFields,
} from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import type { RawEventType, RawPositions, RawTicker } from '../messages.js';

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const NANOSECOND_DIGITS = 9;

/** What the envelope of one frame is made of. */
export interface EnvelopeParts {
  readonly channel: string;
  /** Whether `"client_id":""` stands second, as on the user host. */
  readonly clientId: boolean;
  readonly timestamp: string;
  readonly number: number;
  /** The events' texts. */
  readonly bodies: readonly string[];
}

/** Writes a whole frame. */
export function encodeFrame(parts: EnvelopeParts): string {
  const clientId = parts.clientId ? '"client_id":"",' : '';
  const head = `{"channel":${JSON.stringify(parts.channel)},${clientId}`;
  const stamp = `"timestamp":"${parts.timestamp}","sequence_num":${parts.number}`;
  return `${head}${stamp},"events":[${parts.bodies.join(',')}]}`;
}

/** Writes an error frame: no envelope, no number, no echo of the request. */
export function encodeError(message: string): string {
  return JSON.stringify({ type: 'error', message });
}

/** Plain decimal text in the venue's form: no trailing zeros, no trailing point. */
function trimDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

interface Level2Parts {
  readonly type: RawEventType;
  readonly symbol: string;
  readonly time: string;
  readonly levels: readonly MarketLevel[];
}

/** Writes a `level2` event; the levels stand in the order given. */
export function encodeLevel2(parts: Level2Parts): string {
  return JSON.stringify({
    type: parts.type,
    product_id: parts.symbol,
    updates: parts.levels.map(({ side, price, size }) => ({
      side: side === 'bid' ? 'bid' : 'offer',
      event_time: parts.time,
      price_level: trimDecimal(price),
      new_quantity: trimDecimal(size),
    })),
  });
}

/**
 * Writes a `market_trades` event. On the wire the side is the maker's, the opposite of the taker's.
 */
export function encodeTrades(
  type: RawEventType,
  symbol: string,
  trades: readonly MarketTrade[],
): string {
  return JSON.stringify({
    type,
    trades: trades.map((trade) => ({
      product_id: symbol,
      trade_id: trade.tradeId,
      price: trimDecimal(trade.price),
      size: trimDecimal(trade.size),
      time: trade.time,
      side: trade.side === 'buy' ? 'SELL' : 'BUY',
    })),
  });
}

interface TickerParts {
  readonly type: RawEventType;
  readonly symbol: string;
  readonly ticker: Ticker;
  /** `ticker_batch` leaves the touch out (websocket-channels). */
  readonly withTouch: boolean;
}

/** Writes a `ticker` or `ticker_batch` event; what is unknown is `"0"`. */
export function encodeTicker({ type, symbol, ticker, withTouch }: TickerParts): string {
  const decimal = (text: string | undefined): string => trimDecimal(text ?? '0');
  const raw: RawTicker = {
    type: 'ticker',
    product_id: symbol,
    price: decimal(ticker.last),
    volume_24_h: decimal(ticker.volume24h),
    low_24_h: decimal(ticker.low24h),
    high_24_h: decimal(ticker.high24h),
    low_52_w: decimal(ticker.low52w),
    high_52_w: decimal(ticker.high52w),
    price_percent_chg_24_h: decimal(ticker.changePercent24h),
    ...(withTouch && {
      best_bid: decimal(ticker.bid),
      best_ask: decimal(ticker.ask),
      best_bid_quantity: decimal(ticker.bidSize),
      best_ask_quantity: decimal(ticker.askSize),
    }),
  };
  return JSON.stringify({ type, tickers: [raw] });
}

/** Writes a `candles` event, oldest first. */
export function encodeCandles(
  type: RawEventType,
  symbol: string,
  candles: readonly MarketCandle[],
): string {
  return JSON.stringify({
    type,
    candles: candles.map((candle) => ({
      start: String(candle.openedAtSeconds),
      high: trimDecimal(candle.high),
      low: trimDecimal(candle.low),
      open: trimDecimal(candle.open),
      close: trimDecimal(candle.close),
      volume: trimDecimal(candle.volume),
      product_id: symbol,
    })),
  });
}

/** Writes a `status` event. */
export function encodeStatus(type: RawEventType, instruments: readonly ListedInstrument[]): string {
  return JSON.stringify({
    type,
    products: instruments.map((one) => ({
      product_type: one.kind ?? 'SPOT',
      id: one.symbol,
      base_currency: one.base,
      quote_currency: one.quote,
      base_increment: one.sizeIncrement ?? '0.00000001',
      quote_increment: one.priceIncrement ?? '0.01',
      display_name: one.displayName ?? `${one.base}/${one.quote}`,
      status: one.status,
      status_message: one.statusMessage ?? '',
      min_market_funds: one.minCost ?? '1',
    })),
  });
}

const NO_POSITIONS: Required<RawPositions> = {
  perpetual_futures_positions: [],
  expiring_futures_positions: [],
  prediction_market_positions: [],
};

/** Writes a `user` event; all three lists of positions are always there. */
export function encodeUser(
  type: RawEventType,
  orders: readonly VenueFields[],
  positions: RawPositions = {},
): string {
  return JSON.stringify({ type, orders, positions: { ...NO_POSITIONS, ...positions } });
}

/** Writes a `futures_balance_summary` event. */
export function encodeBalance(type: RawEventType, summary: Readonly<Record<string, unknown>>) {
  return JSON.stringify({ type, fcm_balance_summary: summary });
}

/** Writes a `subscriptions` event: the whole set held, channels in alphabetical order. */
export function encodeSubscriptions(held: ReadonlyMap<string, readonly string[]>): string {
  const channels = [...held].sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({ subscriptions: Object.fromEntries(channels) });
}

/**
 * Writes a `heartbeats` event. The time is Go's default text, in which `m=` is the uptime of the
 * server's process with nine digits; the counter is its whole seconds (recorded 2026-08).
 */
export function encodeHeartbeat(time: string, uptimeNanoseconds: bigint): string {
  const seconds = uptimeNanoseconds / NANOSECONDS_PER_SECOND;
  const rest = String(uptimeNanoseconds % NANOSECONDS_PER_SECOND).padStart(NANOSECOND_DIGITS, '0');
  const clock = time.replace('T', ' ').replace(/Z$/, ' +0000 UTC');
  return JSON.stringify({
    current_time: `${clock} m=+${seconds}.${rest}`,
    heartbeat_counter: Number(seconds),
  });
}
