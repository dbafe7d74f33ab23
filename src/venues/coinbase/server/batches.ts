/**
 * Gathers what a market tells into frames at the venue's pace (recorded 2026-08): level2 merged for
 * 50 ms, trades for 100 ms, the ticker on each trade and on a 250 ms grid, and so on.
 */
import { sortLevels } from '../../../book/level-order.js';
import type {
  MarketCandle,
  MarketChange,
  MarketLevel,
  MarketTrade,
} from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import type { CancelTimer, Clock, Timers } from '../../../model/runtime.js';
import { LEVEL2_DATA_CHANNEL, type RequestChannel } from '../messages.js';
import {
  encodeCandles,
  encodeLevel2,
  encodeStatus,
  encodeTicker,
  encodeTrades,
  encodeUser,
} from './encode.js';
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
  const { pace, publish } = options;
  const update = (channel: RequestChannel, symbol: string, body: string): void => {
    const name = channel === 'level2' ? LEVEL2_DATA_CHANNEL : channel;
    publish(channel, symbol, { channel: name, kind: 'update', symbol, bodies: [body] });
  };
  const lanes = {
    level2: createLane<PendingBook>(options, pace.level2Ms, (symbol, { time, levels }) =>
      update(
        'level2',
        symbol,
        encodeLevel2({ type: 'update', symbol, time, levels: sortLevels(levels.values()) }),
      ),
    ),
    market_trades: createLane<readonly MarketTrade[]>(options, pace.tradesMs, (symbol, trades) =>
      update('market_trades', symbol, encodeTrades('update', symbol, trades)),
    ),
    ticker: createLane<Ticker>({ ...options, isGrid: true }, pace.tickerMs, (symbol, ticker) =>
      update('ticker', symbol, encodeTicker({ type: 'update', symbol, ticker, withTouch: true })),
    ),
    ticker_batch: createLane<Ticker>(
      { ...options, isGrid: true },
      pace.tickerBatchMs,
      (symbol, ticker) =>
        update(
          'ticker_batch',
          symbol,
          encodeTicker({ type: 'update', symbol, ticker, withTouch: false }),
        ),
    ),
    candles: createLane<ReadonlyMap<number, MarketCandle>>(
      { ...options, isGrid: true },
      pace.candlesMs,
      (symbol, candles) =>
        update('candles', symbol, encodeCandles('update', symbol, [...candles.values()])),
    ),
  };
  /** A trade sends the ticker that follows it at once. */
  const tradedSymbols = new Set<string>();

  return {
    onChange(change) {
      switch (change.type) {
        case 'book.changed': {
          const held = lanes.level2.pending(change.symbol);
          const book: PendingBook = held ?? { time: change.time, levels: new Map() };
          book.time = change.time;
          for (const level of change.levels) book.levels.set(`${level.side}:${level.price}`, level);
          return lanes.level2.put(change.symbol, book);
        }
        case 'trades.printed': {
          const held = lanes.market_trades.pending(change.symbol) ?? [];
          lanes.market_trades.put(change.symbol, [...change.trades, ...held]);
          tradedSymbols.add(change.symbol);
          return;
        }
        case 'ticker.changed':
          lanes.ticker.put(change.symbol, change.ticker);
          lanes.ticker_batch.put(change.symbol, change.ticker);
          if (tradedSymbols.delete(change.symbol)) lanes.ticker.flush(change.symbol);
          return;
        case 'candles.changed': {
          const held = lanes.candles.pending(change.symbol) ?? new Map<number, MarketCandle>();
          const fresh = change.candles.map((one): [number, MarketCandle] => [
            one.openedAtSeconds,
            one,
          ]);
          return lanes.candles.put(change.symbol, new Map([...held, ...fresh]));
        }
        case 'instruments.changed':
          for (const one of change.instruments)
            update('status', one.symbol, encodeStatus('update', [one]));
          return;
        case 'orders.changed':
          return update('user', '', encodeUser('update', change.orders));
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
