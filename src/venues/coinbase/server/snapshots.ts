/** The frames that answer a new subscription, made of the market's present state. Pure. */
import type { MarketSource } from '../../../model/exchange.js';
import { LEVEL2_DATA_CHANNEL, ORDERS_PER_BATCH, type RequestChannel } from '../messages.js';
import {
  encodeBalance,
  encodeCandles,
  encodeLevel2,
  encodeStatus,
  encodeTicker,
  encodeTrades,
  encodeUser,
} from './encode.js';
import type { UnnumberedFrame } from './fault-frames.js';
import type { UserAccount } from './user-account.js';

const LISTED_MAX = 100;

/** What snapshots are made of. */
export interface SnapshotParts {
  readonly source: MarketSource;
  readonly channel: RequestChannel;
  /** The products newly held. */
  readonly symbols: readonly string[];
  /** Whether an order of this product concerns the subscriber of the user channel. */
  readonly isUserSymbol: (symbol: string) => boolean;
  readonly account: UserAccount;
}

/** One frame per product; none for a product of which nothing is known yet. */
export function makeSnapshots(parts: SnapshotParts): UnnumberedFrame[] {
  const { channel, symbols } = parts;
  const frame = (symbol: string, body: string | undefined): UnnumberedFrame[] => {
    const name = channel === 'level2' ? LEVEL2_DATA_CHANNEL : channel;
    return body === undefined ? [] : [{ channel: name, kind: 'snapshot', symbol, bodies: [body] }];
  };
  if (symbols.length === 0) return [];
  switch (channel) {
    case 'heartbeats':
      return [];
    case 'status':
      return frame('', statusBody(parts));
    case 'user':
      return userBodies(parts).flatMap((body) => frame('', body));
    case 'futures_balance_summary':
      return frame('', encodeBalance('snapshot', parts.account.balanceSummary));
    case 'level2':
    case 'market_trades':
    case 'ticker':
    case 'ticker_batch':
    case 'candles':
      return symbols.flatMap((symbol) => frame(symbol, productBody(parts.source, channel, symbol)));
  }
}

type ProductChannel = 'level2' | 'market_trades' | 'ticker' | 'ticker_batch' | 'candles';

function productBody(
  source: MarketSource,
  channel: ProductChannel,
  symbol: string,
): string | undefined {
  switch (channel) {
    case 'level2': {
      const book = source.book(symbol);
      return book && encodeLevel2({ type: 'snapshot', symbol, ...book });
    }
    case 'market_trades': {
      const trades = source.trades(symbol).slice(0, LISTED_MAX);
      return trades.length > 0 ? encodeTrades('snapshot', symbol, trades) : undefined;
    }
    case 'candles': {
      const candles = source.candles(symbol).slice(-LISTED_MAX);
      return candles.length > 0 ? encodeCandles('snapshot', symbol, candles) : undefined;
    }
    case 'ticker':
    case 'ticker_batch': {
      const ticker = source.ticker(symbol);
      const withTouch = channel === 'ticker';
      return ticker && encodeTicker({ type: 'snapshot', symbol, ticker, withTouch });
    }
  }
}

function statusBody({ source, symbols }: SnapshotParts): string {
  const wanted = new Set(symbols);
  return encodeStatus(
    'snapshot',
    source.instruments.filter((one) => wanted.has(one.symbol)),
  );
}

/**
 * Batches of 50; the first one with fewer says that it was the last (user channel page). Positions
 * come with the first.
 */
function userBodies({ account, isUserSymbol }: SnapshotParts): string[] {
  const orders = account.orders().filter((order) => isUserSymbol(order.product_id ?? ''));
  const bodies: string[] = [];
  for (let start = 0; start <= orders.length; start += ORDERS_PER_BATCH) {
    const batch = orders.slice(start, start + ORDERS_PER_BATCH);
    bodies.push(encodeUser('snapshot', batch, start === 0 ? account.positions : undefined));
  }
  return bodies;
}
