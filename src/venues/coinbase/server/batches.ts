/**
 * Gathers what a market tells into frames at the venue's pace (recorded 2026-08): level2 merged for
 * 50 ms, trades for 100 ms, the ticker on each trade and on a 250 ms grid, and so on.
 */
import { sortLevels } from '../../../book/level-order.js';
import type {
  MarketBookChange,
  MarketCandle,
  MarketChange,
  MarketLevel,
  MarketTrade,
} from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import type { CancelTimer, Clock, Timers } from '../../../model/runtime.js';
import { LEVEL2_DATA_CHANNEL, type RequestChannel } from '../messages.js';
import { encodeCandles, encodeLevel2, encodeStatus, encodeTicker, encodeTrades } from './encode.js';
import type { UnnumberedFrame } from './fault-frames.js';

/** How often each kind of frame is due. */
export interface BatchPace {
  readonly level2Ms: number;
  readonly tradesMs: number;
  readonly tickerMs: number;
  readonly tickerBatchMs: number;
  readonly candlesMs: number;
}

/** The venue's pace (recorded 2026-08; ticker_batch by websocket-channels). */
export const VENUE_PACE: BatchPace = {
  level2Ms: 50,
  tradesMs: 100,
  tickerMs: 250,
  tickerBatchMs: 5_000,
  candlesMs: 10_000,
};

/** A frame for everyone who holds this channel and product. */
export type PublishFrame = (
  channel: RequestChannel,
  symbol: string,
  frame: UnnumberedFrame,
) => void;

/** Pending frames of a whole server. */
export interface Batches {
  onChange(change: MarketChange): void;
  /** Sends at once what is pending, so that a snapshot made next leaves no seam. */
  flush(channel: RequestChannel, symbol: string): void;
  close(): void;
}

/** What batches are made of. */
export interface BatchOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly pace: BatchPace;
  readonly publish: PublishFrame;
}

interface PendingBook {
  time: string;
  readonly levels: Map<string, MarketLevel>;
}

/** Makes the batches of one server. */
export function createBatches(options: BatchOptions): Batches {
  const lanes = createLanes(options);
  /** A trade sends the ticker that follows it at once. */
  const tradedSymbols = new Set<string>();

  const onTicker = (symbol: string, ticker: Ticker): void => {
    lanes.ticker.put(symbol, ticker);
    lanes.ticker_batch.put(symbol, ticker);
    if (tradedSymbols.delete(symbol)) lanes.ticker.flush(symbol);
  };

  return {
    onChange(change) {
      switch (change.type) {
        case 'book.changed':
          return lanes.level2.put(change.symbol, mergeBook(lanes.level2, change));
        case 'trades.printed': {
          const { symbol, trades } = change;
          const held = lanes.market_trades.pending(symbol) ?? [];
          lanes.market_trades.put(symbol, [...trades, ...held]);
          tradedSymbols.add(symbol);
          return;
        }
        case 'ticker.changed':
          return onTicker(change.symbol, change.ticker);
        case 'candles.changed': {
          const { symbol, candles } = change;
          const held = lanes.candles.pending(symbol) ?? new Map<number, MarketCandle>();
          const fresh = candles.map((one) => [one.openedAtSeconds, one] as const);
          return lanes.candles.put(symbol, new Map([...held, ...fresh]));
        }
        case 'instruments.changed':
          for (const one of change.instruments) {
            publishUpdate(
              options,
              { channel: 'status', symbol: one.symbol },
              encodeStatus('update', [one]),
            );
          }
          return;
        case 'orders.changed':
          // Private data is no batch: each connection picks what concerns it.
          return;
      }
    },
    flush(channel, symbol) {
      if (channel in lanes) lanes[channel as keyof typeof lanes].flush(symbol);
    },
    close() {
      for (const lane of Object.values(lanes)) lane.close();
    },
  };
}

interface Place {
  readonly channel: RequestChannel;
  readonly symbol: string;
}

function publishUpdate({ publish }: BatchOptions, { channel, symbol }: Place, body: string): void {
  const name = channel === 'level2' ? LEVEL2_DATA_CHANNEL : channel;
  publish(channel, symbol, { channel: name, kind: 'update', symbol, bodies: [body] });
}

/** Last value per level; levels born and gone within the window stay, as deletes. */
function mergeBook(lane: Lane<PendingBook>, change: MarketBookChange): PendingBook {
  const book = lane.pending(change.symbol) ?? { time: change.time, levels: new Map() };
  book.time = change.time;
  for (const level of change.levels) book.levels.set(`${level.side}:${level.price}`, level);
  return book;
}

function createLanes(options: BatchOptions) {
  const { pace } = options;
  const grid = { ...options, isGrid: true };
  const sender =
    <Pending>(channel: RequestChannel, encode: (symbol: string, pending: Pending) => string) =>
    (symbol: string, pending: Pending): void =>
      publishUpdate(options, { channel, symbol }, encode(symbol, pending));
  const tickerBody =
    (withTouch: boolean) =>
    (symbol: string, ticker: Ticker): string =>
      encodeTicker({ type: 'update', symbol, ticker, withTouch });
  const bookBody = (symbol: string, { time, levels }: PendingBook): string =>
    encodeLevel2({ type: 'update', symbol, time, levels: sortLevels(levels.values()) });
  const tradesBody = (symbol: string, trades: readonly MarketTrade[]): string =>
    encodeTrades('update', symbol, trades);
  const candlesBody = (symbol: string, candles: ReadonlyMap<number, MarketCandle>): string =>
    encodeCandles('update', symbol, [...candles.values()]);
  return {
    level2: createLane(options, pace.level2Ms, sender('level2', bookBody)),
    market_trades: createLane(options, pace.tradesMs, sender('market_trades', tradesBody)),
    ticker: createLane(grid, pace.tickerMs, sender('ticker', tickerBody(true))),
    ticker_batch: createLane(grid, pace.tickerBatchMs, sender('ticker_batch', tickerBody(false))),
    candles: createLane(grid, pace.candlesMs, sender('candles', candlesBody)),
  };
}

interface Lane<Pending> {
  pending(symbol: string): Pending | undefined;
  /** Replaces what is pending and arms the timer where nothing was. */
  put(symbol: string, pending: Pending): void;
  flush(symbol: string): void;
  close(): void;
}

type LaneOptions = BatchOptions & { readonly isGrid?: boolean };

/** One kind of frame: what is pending per product, sent after a window or on a grid of time. */
function createLane<Pending>(
  options: LaneOptions,
  periodMs: number,
  send: (symbol: string, pending: Pending) => void,
): Lane<Pending> {
  const { clock, timers, isGrid = false } = options;
  const waiting = new Map<string, { value: Pending; readonly cancel: CancelTimer }>();
  const flush = (symbol: string): void => {
    const one = waiting.get(symbol);
    if (!one) return;
    one.cancel();
    waiting.delete(symbol);
    send(symbol, one.value);
  };
  return {
    pending: (symbol) => waiting.get(symbol)?.value,
    put(symbol, value) {
      const one = waiting.get(symbol);
      if (one) {
        one.value = value;
        return;
      }
      const delayMs = isGrid ? periodMs - (clock.monotonicMs() % periodMs) : periodMs;
      waiting.set(symbol, { value, cancel: timers.after(delayMs, () => flush(symbol)) });
    },
    flush,
    close() {
      for (const { cancel } of waiting.values()) cancel();
      waiting.clear();
    },
  };
}
