import { expect, it } from 'vitest';
import { createBook } from '../../src/book/book.js';
import { createLevelChanges } from '../../src/book/level-changes.js';
import { createLevelColumns } from '../../src/book/level-columns.js';
import { copyBookColumns } from '../../src/feed/book-columns.js';
import { createBookView } from '../../src/feed/book-view.js';
import { createReportMemory } from '../../src/feed/report-memory.js';
import { ASK, BID } from '../../src/model/levels.js';

function createFilledBook() {
  const columns = createLevelColumns();
  columns.pushText(BID, '65083.67', '0.5');
  columns.pushText(BID, '0.01', '301727260.79999999');
  columns.pushText(ASK, '65083.7', '1505');
  columns.pushText(ASK, '138991023.41', '123456789012345678901234567890.5');
  const book = createBook({
    venue: 'fake',
    symbol: 'A',
    depth: 'whole',
    verifiedDepth: 'none',
    sinceAtMs: 0,
  });
  const numbers = { firstNumber: NaN, lastNumber: NaN, checksum: NaN, venueAtMs: 5 };
  book.applySnapshot({ type: 'book.snapshot', symbol: 'A', columns, ...numbers }, 0);
  return book;
}

it('a book is copied into columns with exact numbers, best levels first', () => {
  const changes = createLevelChanges(copyBookColumns(createFilledBook().levels));
  expect(changes.toArray().map(({ side, price, size }) => [side, price, size])).toEqual([
    ['bid', '65083.67', '0.5'],
    ['bid', '0.01', '301727260.79999999'],
    ['ask', '65083.7', '1505'],
    ['ask', '138991023.41', '123456789012345678901234567890.5'],
  ]);
});

it('a view shows the book under another name and offers nothing to change it', () => {
  const view = createBookView(createFilledBook(), 'A-ALIAS');
  expect(view).toMatchObject({ symbol: 'A-ALIAS', bidCount: 2, askCount: 2, venueAtMs: 5 });
  expect(view.state.status).toBe('live');
  expect(view.bestBid()?.price).toBe('65083.67');
  expect(view.bestAsk()?.price).toBe('65083.7');
  expect(view.top(1).bids).toHaveLength(1);
  expect(view.sizeAt('ask', '65083.70')).toBe('1505');
  expect(view.evidence().snapshotsApplied).toBe(1);
  expect(view).not.toHaveProperty('applySnapshot');
});

it('a repeated report is no news, and the oldest is forgotten first', () => {
  const memory = createReportMemory(2);
  const tell = (key: string, state: number): boolean => memory.isNews(key, { state });
  expect([tell('a', 1), tell('a', 1), tell('a', 2), tell('a', 1)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect([tell('b', 1), tell('c', 1), tell('a', 1), tell('c', 1)]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
