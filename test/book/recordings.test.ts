import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ASK,
  BID,
  createBook,
  createLevelColumns,
  type Book,
  type BookMessage,
} from '../../src/book/index.js';
import { readSample, readSampleLines, samplesAbsent } from './samples.js';
import { spell } from './test-books.js';

interface WireUpdate {
  readonly side: 'bid' | 'offer';
  readonly price_level: string;
  readonly new_quantity: string;
}

interface WireEvent {
  readonly type: 'snapshot' | 'update';
  readonly product_id: string;
  readonly updates: readonly WireUpdate[];
}

interface WireFrame {
  readonly channel: string;
  readonly events: readonly WireEvent[];
}

const columns = createLevelColumns();

function toMessage(event: WireEvent): BookMessage {
  columns.clear();
  for (const update of event.updates) {
    const side = update.side === 'bid' ? BID : ASK;
    expect(columns.pushText(side, update.price_level, update.new_quantity)).toBe(true);
  }
  return {
    type: event.type === 'snapshot' ? 'book.snapshot' : 'book.delta',
    symbol: event.product_id,
    venueAtMs: NaN,
    columns,
    firstNumber: NaN,
    lastNumber: NaN,
    checksum: NaN,
  };
}

function createWholeBook(symbol: string): Book {
  return createBook({ venue: 'test', symbol, depth: 'whole', verifiedDepth: 'none', sinceAtMs: 0 });
}

/** SHA-256 over the best 50 bids, then the best 50 asks. */
function hashBook(book: Book): string {
  const { bids, asks } = book.top(50);
  const text = [...spell(bids), ...spell(asks)].join('\n');
  return createHash('sha256').update(text).digest('hex');
}

describe.skipIf(samplesAbsent)(
  'a recorded session of whole books (skipped without samples)',
  () => {
    it('ends with the books of the recording, to the last digit', () => {
      const path = 'coinbase/advtrade-cryptofeed-2026-08-09-trimmed250.jsonl';
      const books = new Map<string, Book>();
      for (const line of readSampleLines(path)) {
        const { dir, data } = JSON.parse(line) as { dir: string; data: string };
        const frame = dir === 'recv' ? (JSON.parse(data) as WireFrame) : undefined;
        if (frame?.channel !== 'l2_data') continue;
        for (const event of frame.events) {
          const book = books.get(event.product_id) ?? createWholeBook(event.product_id);
          books.set(event.product_id, book);
          const message = toMessage(event);
          const outcome =
            event.type === 'snapshot'
              ? book.applySnapshot(message, 1)
              : book.applyDelta(message, 1);
          expect(outcome).toEqual({ kind: 'applied' });
        }
      }
      expect([...books].map(([symbol, book]) => `${symbol} ${hashBook(book)}`).sort()).toEqual([
        'BTC-USD 1f3c580f9ef4008ff8b3dde39350f55df0d786ee756f6bfe6c9cb7e90e118715',
        'ETH-USD a8d16811265078a3d20c134106cdb64cba91622e8c94daa7ba4702b238bf1230',
      ]);
    });

    it('holds a whole snapshot of 23,334 levels as it was sent', () => {
      const text = readSample('coinbase/advtrade-l2-snapshot-ETH-USD-untrimmed.json');
      const event = (JSON.parse(text) as WireFrame).events[0]!;
      const book = createWholeBook('ETH-USD');
      expect(book.applySnapshot(toMessage(event), 1)).toEqual({ kind: 'applied' });
      expect([book.bidCount, book.askCount]).toEqual([6935, 16399]);
      const sent = (side: string): string[] =>
        event.updates
          .filter((update) => update.side === side)
          .map((update) => `${update.price_level} ${update.new_quantity}`);
      const top = book.top(Infinity);
      expect(spell(top.bids)).toEqual(sent('bid'));
      expect(spell(top.asks)).toEqual(sent('offer'));
      expect(typeof book.levels.asks.priceAt(0)).toBe('number');
    });
  },
);
