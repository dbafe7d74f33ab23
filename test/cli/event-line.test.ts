import { describe, expect, it } from 'vitest';
import { formatEventLine } from '../../src/cli/event-line.js';
import { ConnectionError } from '../../src/model/error.js';
import type { BookChanged, FeedEvent } from '../../src/model/event.js';

const base = { venue: 'coinbase', symbol: 'BTC-USD', venueAtMs: 1.5, receivedAtMs: 2 };
const parse = (event: FeedEvent, depth = 1): unknown => JSON.parse(formatEventLine(event, depth));

describe('events as lines', () => {
  it('show a book as its top levels in exact digits', () => {
    const levels = (price: string, size: string) => [
      { price, size, priceNumber: Number(price), sizeNumber: Number(size) },
    ];
    const depths: number[] = [];
    const book = {
      state: { status: 'live', sinceAtMs: 0 },
      top(depth: number) {
        depths.push(depth);
        return { bids: levels('65083.66', '0.20'), asks: levels('138991023.41000001', '1') };
      },
    } as unknown as BookChanged['book'];
    const changes = {} as BookChanged['changes'];
    expect(parse({ ...base, type: 'book.changed', kind: 'delta', book, changes }, 7)).toEqual({
      ...base,
      type: 'book.changed',
      kind: 'delta',
      status: 'live',
      bids: [['65083.66', '0.20']],
      asks: [['138991023.41000001', '1']],
    });
    expect(depths).toEqual([7]);
  });

  it('show an error as code, message and whether to try again', () => {
    const error = new ConnectionError('CONNECTION_CLOSED', 'It ended.', { cause: new Error('x') });
    const event = { ...base, type: 'session.closed', session: 's', error } as const;
    expect(parse({ ...event, symbol: '', venueAtMs: NaN })).toEqual({
      ...base,
      type: 'session.closed',
      symbol: '',
      venueAtMs: null,
      session: 's',
      error: { code: 'CONNECTION_CLOSED', message: 'It ended.', retryable: true },
    });
  });

  it('begin with the type and leave doubles out', () => {
    const trade = {
      tradeId: '7',
      price: '1.10',
      size: '2',
      priceNumber: 1.1,
      sizeNumber: 2,
      side: 'buy',
      tradedAtMs: 3,
    } as const;
    const line = formatEventLine({ ...base, type: 'trade.printed', recovered: false, ...trade }, 1);
    expect(line).toMatch(/^\{"type":"trade\.printed",/);
    expect(line).toContain('"price":"1.10"');
    expect(line).not.toContain('Number');
    expect(line).not.toContain('\n');
  });
});
