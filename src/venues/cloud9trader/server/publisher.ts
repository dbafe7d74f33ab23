/**
 * Makes frames of what a market tells, and answers of what it is. Each instrument's book has one
 * row of numbers for all who read it, which rises by one with each change; a snapshot carries the
 * number of the last change it holds, so that the change after it is the next one.
 */
import type { MarketBook, MarketSource, MarketUpdate } from '../../../model/exchange.js';
import type { PublicFamily } from '../messages.js';
import { encodeBook, encodePrice, encodeTicker, encodeTrades, type Touch } from './encode.js';

/** What a publisher is made of. */
export interface PublisherOptions {
  readonly source: MarketSource;
  /** The present, RFC 3339. */
  readonly timeText: () => string;
  /** The number of a book before its first change. */
  readonly firstSequence: number;
  readonly publish: (family: PublicFamily, symbol: string, data: string) => void;
  /** Whether anyone holds this topic: some news are not worth making otherwise. */
  readonly isHeld: (family: PublicFamily, symbol: string) => boolean;
}

/** News of a market as data of topics. */
export interface Publisher {
  onUpdate(update: MarketUpdate): void;
  /** The present state; `null` as text where nothing is known yet. */
  describe(family: PublicFamily, symbol: string): string;
  /** The broker's feed begins to count anew, on open sockets. */
  restartSequences(): void;
}

/** Trades that a request lists; the length is on no page. */
const RECENT_TRADES_MAX = 100;

/** Makes the publisher of one server. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { source, publish, isHeld, timeText } = options;
  const sequences = createSequences(options.firstSequence);
  const touches = new Map<string, Touch>();

  const publishTouch = (symbol: string): void => {
    if (!isHeld('price', symbol)) return;
    const touch = findTouch(source, symbol);
    const last = touches.get(symbol);
    if (!touch || (touch.bid === last?.bid && touch.ask === last.ask)) return;
    touches.set(symbol, touch);
    publish('price', symbol, encodePrice(symbol, timeText(), touch));
  };

  const onUpdate = (update: MarketUpdate): void => {
    switch (update.type) {
      case 'book.changed': {
        const { symbol, snapshot, levels } = update;
        // A book that was replaced has no change to tell: a number is left out, readers ask anew.
        const sequence = sequences.advance(symbol, snapshot ? 2 : 1);
        publish('order-book', symbol, encodeBook(sequence, snapshot ? [] : levels));
        return publishTouch(symbol);
      }
      case 'trades.printed':
        return publish('trades', update.symbol, encodeTrades(update.trades));
      case 'ticker.changed': {
        const { symbol } = update;
        const ticker = source.ticker(symbol) ?? update.ticker;
        publish('ticker', symbol, encodeTicker(symbol, timeText(), ticker));
        return publishTouch(symbol);
      }
      case 'frame.recorded':
        return update.changes.forEach(onUpdate);
      case 'candles.changed':
      case 'instruments.changed':
      case 'orders.changed':
      case 'heartbeat.due':
        return;
    }
  };

  return {
    onUpdate,
    describe(family, symbol) {
      switch (family) {
        case 'order-book':
          return encodeBook(sequences.last(symbol), source.book(symbol)?.levels ?? []);
        case 'trades':
          return encodeTrades(source.trades(symbol).slice(0, RECENT_TRADES_MAX));
        case 'ticker': {
          const ticker = source.ticker(symbol);
          return ticker ? encodeTicker(symbol, timeText(), ticker) : 'null';
        }
        case 'price': {
          const touch = findTouch(source, symbol);
          return touch ? encodePrice(symbol, timeText(), touch) : 'null';
        }
      }
    },
    restartSequences: () => sequences.restart(),
  };
}

/** The row of numbers of each book. */
interface Sequences {
  last(symbol: string): number;
  advance(symbol: string, by: number): number;
  restart(): void;
}

function createSequences(first: number): Sequences {
  const lasts = new Map<string, number>();
  const last = (symbol: string): number => lasts.get(symbol) ?? first;
  return {
    last,
    advance(symbol, by) {
      lasts.set(symbol, last(symbol) + by);
      return last(symbol);
    },
    restart() {
      for (const symbol of lasts.keys()) lasts.set(symbol, 0);
    },
  };
}

function findTouch(source: MarketSource, symbol: string): Touch | undefined {
  const book: MarketBook | undefined = source.book(symbol);
  const ticker = source.ticker(symbol);
  const best = (side: 'bid' | 'ask'): string | undefined =>
    book?.levels.find((level) => level.side === side)?.price ?? ticker?.[side];
  const bid = best('bid');
  const ask = best('ask');
  return bid === undefined || ask === undefined ? undefined : { bid, ask };
}
